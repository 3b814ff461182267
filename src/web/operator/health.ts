import type { FastifyInstance } from 'fastify'
import { pingDatabase } from '../../db/counts.ts'
import { reasonOf } from '../../errors.ts'
import { gatherFacts } from '../../health/gatherFacts.ts'
import { judge } from '../../health/verdict.ts'
import { healthSources, type Site } from '../site/site.ts'
import { refuseStranger } from './watcher.ts'

const PATIENCE_MS = 3000

/** Health checks for monitoring. Probes come often and from one address, so they have no rate limit. */
export function addHealth(server: FastifyInstance, site: Site): void {
  const options = { config: { rateLimit: false } } as const
  server.get('/healthz', options, async () => ({ status: 'up' }))

  // Strangers learn yes or no; what is wrong is for whoever may see the desk.
  server.get<{ Querystring: { full?: string } }>('/readyz', options, async (request, reply) => {
    const [database, queue] = await Promise.all([answers(pingDatabase(site.db)), answers(site.queueStates())])
    const ready = database === 'answers' && queue === 'answers'
    const status = ready ? 'ready' : 'not ready'
    reply.code(ready ? 200 : 503)
    if (request.query.full === undefined) return { status }
    // Sessions are in the database: without it only a password opens this.
    const refusal = await refuseStranger(site, request, reply)
    if (refusal) return refusal
    if (database !== 'answers') return { status, database, queue }
    return { status, database, queue, ...judge(await gatherFacts(healthSources(site))) }
  })
}

/** `answers`, or why not. A part that hangs counts as one that does not answer. */
async function answers(question: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`expected an answer within ${PATIENCE_MS} ms, got none`)),
      PATIENCE_MS,
    )
  })
  try {
    await Promise.race([question, late])
    return 'answers'
  } catch (error) {
    return reasonOf(error)
  } finally {
    clearTimeout(timer)
  }
}
