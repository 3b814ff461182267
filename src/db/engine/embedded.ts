import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { PermanentError, reasonOf } from '../../errors.ts'
import { makePrivateFolder } from '../../privateFolder.ts'
import { embeddedAddress } from './embeddedAddress.ts'
import { makeDatabaseIfNew } from './emptyDatabase.ts'
import { watchForFailure } from './failure.ts'
import { lockDataDir } from './lock.ts'
import { keepQueriesWhole } from './wholeQueries.ts'

/** A database with an address to connect to and a way to release it. */
export interface DatabaseServer {
  url: string
  /** True if another process runs the database and this one only uses it. */
  shared: boolean
  /** Aborted, with a PermanentError as its reason, when a database in this process can store nothing more. */
  failed: AbortSignal
  close(): Promise<void>
}

const MAX_SOCKET_PATH = 100

/**
 * The files' pages are kept by the system's cache anyway. PostgreSQL's default of 128 MB more costs each process that much
 * memory and makes no query faster.
 */
const SHARED_BUFFERS = '32MB'

/**
 * Runs PostgreSQL inside this process (PGlite) on a data folder. Ordinary clients reach it on a unix socket in that
 * folder. If another process runs it already, returns that process's address.
 */
export async function openEmbedded(dataDir: string): Promise<DatabaseServer> {
  const folder = resolve(dataDir)
  const socketDir = socketDirFor(folder)
  await makePrivate(folder)
  if (socketDir !== folder) await makePrivateElsewhere(socketDir)
  const lock = await lockDataDir(folder, socketDir)
  if (lock.kind === 'held') return { ...elsewhere(embeddedAddress(lock.by.socketDir)), shared: true }
  try {
    const failure = new AbortController()
    const fail = (reason: string) => failure.abort(failureOf(folder, reason))
    const stop = await serve(join(folder, 'db'), join(socketDir, '.s.PGSQL.5432'), fail)
    const close = () => stop().finally(lock.release)
    return { url: embeddedAddress(socketDir), shared: false, failed: failure.signal, close }
  } catch (error) {
    await lock.release()
    throw new PermanentError(
      `DATA_DIR: expected a database folder of this version in "${folder}", got one that does not open; restore a backup or set DATA_DIR to another folder`,
      { cause: error },
    )
  }
}

/** A database that another process runs. */
export function elsewhere(url: string): DatabaseServer {
  return { url, shared: false, failed: new AbortController().signal, close: async () => {} }
}

function failureOf(folder: string, reason: string): PermanentError {
  return new PermanentError(
    `DATA_DIR: expected a database in "${folder}" that can store, got ${reason}; see that the disk has room, then start again`,
  )
}

async function serve(
  files: string,
  socket: string,
  fail: (reason: string) => void,
): Promise<() => Promise<void>> {
  await makeDatabaseIfNew(files)
  const startParams = [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`]
  const database = await PGlite.create(files, { startParams })
  watchForFailure(database, fail)
  // One session serves all clients and ignores their own search_path. This one suits both schemas, because their
  // names are distinct.
  await database.exec('CREATE SCHEMA IF NOT EXISTS bullmq; SET search_path = public, bullmq')
  keepQueriesWhole(database)
  await rm(socket, { force: true })
  const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: 100 })
  await server.start()
  await chmod(socket, 0o600)
  return async () => {
    await server.stop()
    await database.close()
    await rm(socket, { force: true })
  }
}

async function makePrivate(folder: string): Promise<void> {
  try {
    await makePrivateFolder(folder)
    await mkdir(join(folder, 'db'), { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } catch (error) {
    throw new PermanentError(
      `DATA_DIR: expected a folder that can be made or used, got "${folder}": ${reasonOf(error)}; set DATA_DIR to another folder`,
      { cause: error },
    )
  }
}

/**
 * Anyone could have made a folder of that name in the temporary folder first, and would then own the socket in it.
 */
async function makePrivateElsewhere(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new PermanentError(
      `DATA_DIR: expected "${folder}" (its socket's folder) to be this user's, got another's; remove it or set DATA_DIR to a shorter path`,
    )
  }
  await chmod(folder, 0o700)
}

/**
 * The folder of the socket: the data folder itself or, if its path is too long for a unix socket's name (sun_path), a
 * private folder in the temporary folder.
 */
function socketDirFor(folder: string): string {
  if (join(folder, '.s.PGSQL.5432').length <= MAX_SOCKET_PATH) return folder
  const short = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join(tmpdir(), `paperboy-${process.getuid?.() ?? 0}-${short}`)
}
