import { Redis } from 'ioredis'

/**
 * What Redis does when memory runs out, in its own word (`unknown` where it does not tell), and whether it keeps
 * its data on disk. @throws if it does not answer.
 */
export async function lookAtRedis(redisUrl: string): Promise<{ policy: string; persists: boolean }> {
  const redis = new Redis(redisUrl, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const memory = await redis.info('memory')
    const persistence = await redis.info('persistence')
    const field = (text: string, name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1]
    const savesSnapshots = async () => {
      const answer = (await redis.config('GET', 'save').catch(() => [])) as string[]
      return (answer[1] ?? '') !== ''
    }
    return {
      policy: field(memory, 'maxmemory_policy') ?? 'unknown',
      persists: field(persistence, 'aof_enabled') === '1' || (await savesSnapshots()),
    }
  } finally {
    redis.disconnect()
  }
}
