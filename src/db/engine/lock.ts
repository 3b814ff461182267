import { createHash, randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** The holder of a data folder, as written in its file `lock`. */
export interface LockHolder {
  pid: number
  /** The folder of the unix socket `.s.PGSQL.5432`. */
  socketDir: string
}

export type LockResult = { kind: 'acquired'; release(): Promise<void> } | { kind: 'held'; by: LockHolder }

const STARTUP_MS = 30_000

/**
 * Takes a data folder for this process, or says who has it. A holder counts as alive when its socket answers, or
 * while its process exists and may still be starting. A lock left by a killed process is taken over.
 */
export async function lockDataDir(dataDir: string, socketDir: string): Promise<LockResult> {
  const file = join(dataDir, 'lock')
  // The nonce makes every lock unique, even if process ids repeat.
  const mine = JSON.stringify({ pid: process.pid, socketDir, nonce: randomUUID() })
  const acquired: LockResult = { kind: 'acquired', release: () => release(file, mine) }
  for (;;) {
    if (await writeNew(file, mine)) return acquired
    const found = await read(file)
    if (found === undefined) continue
    const holder = parseHolder(found)
    if (holder && (await isAlive(holder))) return { kind: 'held', by: holder }
    if (await takeOver(file, found, mine)) return acquired
    await delay(20)
  }
}

/** Writes a file that appears with its whole content or not at all, so that nobody reads a half-written lock. */
async function writeNew(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}.draft`
  await writeFile(draft, content, { mode: 0o600 })
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Replaces a stale lock by `mine`; false if someone else was faster. Several processes may find the same lock stale.
 * Only the process that holds the claim, a file named after the stale content, may replace the lock, by renaming the
 * claim. A claim whose process was killed is taken over in the same way.
 */
async function takeOver(file: string, stale: string, mine: string): Promise<boolean> {
  const claim = `${file}.${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`
  if (!(await writeNew(claim, mine))) {
    const other = await read(claim)
    if (other === undefined) return false
    const claimant = parseHolder(other)
    if (claimant && claimant.pid !== process.pid && processExists(claimant.pid)) return false
    if (!(await takeOver(claim, other, mine))) return false
  }
  if ((await read(file)) === stale) {
    await rename(claim, file)
    return true
  }
  await rm(claim, { force: true })
  return false
}

/** Removes our lock. If another process took it meanwhile, the lock stays. */
async function release(file: string, mine: string): Promise<void> {
  if ((await read(file)) === mine) await rm(file, { force: true })
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(text) as LockHolder
    return Number.isInteger(holder.pid) && typeof holder.socketDir === 'string' ? holder : undefined
  } catch {
    return undefined
  }
}

async function isAlive(holder: LockHolder): Promise<boolean> {
  const until = Date.now() + STARTUP_MS
  do {
    if (await answers(join(holder.socketDir, '.s.PGSQL.5432'))) return true
    // In a container every start may have the same process id, so our own id in the file may be our predecessor's.
    if (holder.pid === process.pid || !processExists(holder.pid)) return false
    await delay(100)
  } while (Date.now() < until)
  return false
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether something accepts connections on a unix socket. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
