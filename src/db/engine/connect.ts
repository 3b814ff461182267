import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { isEmbedded } from './embeddedAddress.ts'
import type { Database } from './schema.ts'

export type Db = Kysely<Database>
/** A transaction that the caller opened, for functions that need a lock or change several rows at once. */
export type Tx = Transaction<Database>

const INT8 = 20
const DATE = 1082

/** Reads bigint as number (our ids stay far below 2^53) and date as `YYYY-MM-DD` (a day has no zone). */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && oid === INT8) return Number
    if (format !== 'binary' && oid === DATE) return (text: string) => text
    return pg.types.getTypeParser(oid, format ?? 'text')
  },
} as pg.CustomTypesConfig

/** Opens the typed database at a connection string. `destroy()` closes its connections. */
export function connect(url: string, options: { max?: number } = {}): Db {
  // PostgreSQL would take 70 ms to compile a query, longer than any of these queries runs. Its estimates for lists of
  // keys mislead it.
  const pool = createPool(url, { max: options.max ?? 10, options: '-c jit=off' })
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

/** The queue's own connections, for BullMQ's Postgres backend: its tables live in the schema `bullmq`. */
export function createQueuePool(url: string): pg.Pool {
  const pool = createPool(url, { max: 30, options: '-c search_path=bullmq,public' })
  // Every queue and every worker adds an error listener to the pool.
  pool.setMaxListeners(50)
  if (isEmbedded(url)) passNotificationsOn(pool)
  return pool
}

/**
 * The embedded database is one session behind all connections, so a notification reaches only its sender. The
 * embedded queue has one process, so all its listeners are in this pool: each connection gets the notifications of
 * all.
 */
function passNotificationsOn(pool: pg.Pool): void {
  const clients = new Set<pg.PoolClient>()
  let passing = false
  pool.on('remove', (client) => clients.delete(client))
  pool.on('connect', (client) => {
    clients.add(client)
    client.on('notification', (message) => {
      if (passing) return
      passing = true
      for (const other of clients) if (other !== client) other.emit('notification', message)
      passing = false
    })
  })
}

function createPool(url: string, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, types, connectionTimeoutMillis: 15_000, ...options })
  // A dropped idle connection is replaced at the next query. A dropped busy one fails its query or the next. Without
  // a listener either error would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}
