/**
 * The storage that a suite may run on. Embedded (PGlite, queue in the database) is always available. PostgreSQL is,
 * if DATABASE_URL_TEST names a server on which databases may be created; Redis for the queue, if REDIS_URL_TEST names
 * one too.
 */

export const BACKENDS = ['embedded', 'postgres', 'redis'] as const
export type Backend = (typeof BACKENDS)[number]

/** The folders of tests/ whose suites touch the database or the queue. They run once on each backend. */
export const BACKEND_FOLDERS = ['db', 'ingest', 'digests', 'subscribers', 'jobs', 'workers', 'web', 'cli']

/** The suites that open a queue. Only these run with Redis too. */
export const QUEUE_SUITES = [
  'web/operator/admin',
  'web/operator/desk',
  'web/operator/jobs',
  'web/routes',
  'workers/schedules',
  'workers/telemetry',
  'workers/workers',
]

/** What a suite needs to make its own database; made once per run and backend by globalSetup.ts. */
export type Template =
  | { kind: 'embedded'; folder: string }
  | { kind: 'postgres'; run: string; serverUrl: string; database: string; redisUrl: string | undefined }

declare module 'vitest' {
  interface ProvidedContext {
    backend: Backend
    template: Template
  }
}

/** Why a backend does not run here; undefined if it does. */
export function whyMissing(backend: Backend, env = process.env): string | undefined {
  if (backend === 'embedded' || (env.DATABASE_URL_TEST && (backend === 'postgres' || env.REDIS_URL_TEST))) {
    return undefined
  }
  return env.DATABASE_URL_TEST ? 'REDIS_URL_TEST is not set' : 'DATABASE_URL_TEST is not set'
}

const LABELS: Record<Backend, string> = {
  embedded: 'embedded',
  postgres: 'PostgreSQL',
  redis: 'PostgreSQL with Redis',
}

/** One line for people: which backends ran, which did not, and why. `ran`: the names of the projects with results. */
export function describeBackends(ran: ReadonlySet<string>, env = process.env): string {
  const parts = BACKENDS.map((backend) => {
    if (ran.has(backend)) return `${LABELS[backend]} ran`
    const missing = whyMissing(backend, env)
    return `${LABELS[backend]} skipped (${missing ?? 'no suite chosen needs it'})`
  })
  return `Backends: ${parts.join(', ')}.`
}
