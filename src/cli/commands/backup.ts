import { createHmac } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Config } from '../../config.ts'
import { dumpDatabase } from '../../db/backup/dumpDatabase.ts'
import { holdsData, loadDatabase, parseHeader } from '../../db/backup/loadDatabase.ts'
import { insertBackup } from '../../db/health/space.ts'
import { PermanentError, reasonOf } from '../../errors.ts'
import { loadSecrets, makeDataDir } from '../../secrets.ts'
import { size } from '../../text/quantities.ts'
import { openDatabase } from '../../toolbox.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { complain, print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

/**
 * Writes everything that is worth keeping into one file, as it is at one moment; the service may run meanwhile. The file
 * appears when it is whole: what a killed backup leaves is called `FILE.part`. `-`: to standard output.
 */
export async function runBackup(config: Config, file: string): Promise<ExitCode> {
  return withTools(config, async ({ tools, secrets, databaseUrl }): Promise<ExitCode> => {
    const at = tools.now()
    const lines = dumpDatabase(databaseUrl, {
      at: at.toISOString(),
      secretFingerprint: fingerprint(secrets.secret),
    })
    const bytes = file === '-' ? await writeOut(lines) : await writeFile(file, lines)
    await insertBackup(tools.db, { at, bytes })
    if (file !== '-') print(`${file}: ${size(bytes)}. Keep SECRET with it.`)
    return 0
  })
}

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

async function writeOut(lines: AsyncIterable<string>): Promise<number> {
  const gzip = createGzip()
  let bytes = 0
  gzip.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await pipeline(Readable.from(ended(lines)), gzip, process.stdout, { end: false })
  return bytes
}

async function writeFile(file: string, lines: AsyncIterable<string>): Promise<number> {
  const part = `${file}.part`
  try {
    await pipeline(Readable.from(ended(lines)), createGzip(), createWriteStream(part, { mode: 0o600 }))
    const handle = await open(part, 'r+')
    await handle.sync()
    await handle.close()
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw new PermanentError(`backup: expected to write "${file}", got ${reasonOf(error)}; give another file`)
  }
  return (await stat(file)).size
}

/**
 * Makes the database what a backup says. It may be of the other kind: moving from the embedded database to PostgreSQL is
 * a backup and a restore. Refuses a database that holds something, unless `replace` is given, and one that is in use.
 */
export async function runRestore(
  config: Config,
  file: string,
  options: { replace?: boolean; otherSecret?: boolean },
): Promise<ExitCode> {
  const lines = readLines(file)
  const first = await lines.next().catch((error) => {
    throw new PermanentError(
      `restore: expected a backup in "${file}", got ${reasonOf(error)}; give another file`,
    )
  })
  const header = parseHeader(first.done ? undefined : first.value)
  await makeDataDir(config.dataDir)
  const { secret } = await loadSecrets(config)
  refuseOtherSecret(header.secretFingerprint, secret, options)
  const server = await openDatabase(config)
  try {
    if (server.shared) {
      throw new PermanentError(
        `restore: expected a database that nobody uses, got "${config.dataDir}", which a running Paperboy uses; stop it first`,
      )
    }
    if (!options.replace && (await holdsData(server.url))) {
      throw new PermanentError(
        'restore: expected an empty database, got one with papers or subscribers; give --replace to lose what it holds, or name another database',
      )
    }
    const rows = await loadDatabase(server.url, header, lines)
    print(`Restored ${rows.toLocaleString('en')} rows of ${header.at}.`)
    return 0
  } finally {
    await server.close()
  }
}

function refuseOtherSecret(expected: string, secret: string, options: { otherSecret?: boolean }): void {
  if (fingerprint(secret) === expected) return
  if (options.otherSecret) {
    complain('another SECRET: sessions and links end, and suppressed addresses are not recognised any more')
    return
  }
  throw new PermanentError(
    'SECRET: expected the one with which the backup was made, got another; set it (it may be in secrets.json of the old DATA_DIR), or give --other-secret and lose sessions, links and suppressions',
  )
}

/** Tells two secrets apart and gives neither away. */
function fingerprint(secret: string): string {
  return createHmac('sha256', secret).update('paperboy backup').digest('hex').slice(0, 16)
}

async function* readLines(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  const unzipped = createGunzip()
  const reading = pipeline(input, unzipped)
  // Told below, once the lines before it are read.
  reading.catch(() => {})
  try {
    yield* createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY })
  } finally {
    unzipped.destroy()
  }
  await reading
}
