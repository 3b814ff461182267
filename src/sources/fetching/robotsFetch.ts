import { PermanentError, reasonOf, TemporaryError } from '../../errors.ts'
import { type RobotsFile, robotsFile } from './robots.ts'

/** One answer while robots.txt is fetched. */
interface RobotsAnswer {
  status: number
  /** The target of a redirect. */
  target: string | undefined
  body: Buffer | undefined
}

const MAX_REDIRECTS = 5

/**
 * Fetches the robots.txt of an origin by RFC 9309 §2.3: up to five redirects are followed; 4xx allows everything. If
 * it cannot be read, the result names the problem. Throws TemporaryError only if the host asked for no requests now.
 */
export async function readRobots(
  origin: string,
  ask: (address: string) => Promise<RobotsAnswer>,
): Promise<RobotsFile> {
  try {
    return await follow(`${origin}/robots.txt`, ask)
  } catch (error) {
    if (error instanceof TemporaryError && error.retryAfterMs !== undefined) throw error
    return { body: null, problem: reasonOf(error) }
  }
}

async function follow(start: string, ask: (address: string) => Promise<RobotsAnswer>): Promise<RobotsFile> {
  let address = start
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const { status, target, body } = await ask(address)
    if (body !== undefined) return robotsFile(body.toString('utf8'))
    if (target === undefined) {
      // "Too many requests" is about us, not about the file.
      const isAbsent = status >= 400 && status < 500 && status !== 429
      return isAbsent ? robotsFile('') : { body: null, problem: `status ${status}` }
    }
    address = target
  }
  throw new PermanentError(`more than ${MAX_REDIRECTS} redirects`)
}
