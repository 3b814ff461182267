/** The connection could not be made, or broke (Node.js, `errno(3)`). */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
])
/** Connection exceptions, too many connections, shutting down and starting up (PostgreSQL 15 documentation, appendix A). */
const STATES = /^(?:08...|53300|57P0[123])$/
/** node-postgres gives these no code. */
const LOST =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Whether an error of a query says that the database cannot be reached now: the same query may work in a minute. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return syscall === 'connect'
  return (code !== undefined && (NETWORK.has(code) || STATES.test(code))) || LOST.test(error.message)
}
