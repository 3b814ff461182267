import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { connect, type Db } from './db/engine/connect.ts'
import { openDatabaseClock } from './db/engine/databaseClock.ts'
import { type DatabaseServer, elsewhere, openEmbedded } from './db/engine/embedded.ts'
import { migrate } from './db/engine/migrate.ts'
import type { NewSource } from './db/engine/schema.ts'
import { findRobotsFile, upsertRobotsFile } from './db/fetching/robotsFiles.ts'
import { ensureSource } from './db/fetching/sources.ts'
import { insertCapturedMail } from './db/mail/capturedMails.ts'
import { takeTurns } from './db/mail/mailLimits.ts'
import { PermanentError, reasonOf } from './errors.ts'
import { createLog } from './health/log.ts'
import { createPace } from './ingest/hostTurns.ts'
import { startCaptureServer } from './mail/captured/captureServer.ts'
import { parseDomainLimits } from './mail/deliver/domainLimits.ts'
import { openRelay } from './mail/deliver/relay.ts'
import { createMailer } from './mail/deliver/transport.ts'
import { loadSecrets, makeDataDir, type Secrets } from './secrets.ts'
import { BUILTIN_SOURCES } from './sources/builtin.ts'
import { createFetcher } from './sources/fetching/fetch.ts'
import type { Tools } from './tools.ts'
import { VERSION } from './version.ts'

/** Everything that a command needs, opened. One call closes all of it. */
export interface Toolbox {
  tools: Tools
  config: Config
  secrets: Secrets
  databaseUrl: string
  /** True when another process runs the embedded database. */
  shared: boolean
  /** Aborted, with the reason, when the embedded database can store nothing more. */
  failed: AbortSignal
  close(): Promise<void>
}

/**
 * Opens database (migrated), fetcher and mailer as the settings say. @throws PermanentError that names what does not
 * open.
 */
export async function openToolbox(
  config: Config,
  sources: NewSource[] = [...BUILTIN_SOURCES],
): Promise<Toolbox> {
  await makeDataDir(config.dataDir)
  const secrets = await loadSecrets(config)
  const log = createLog(config.logLevel)
  const server = await openDatabase(config)
  const db = connect(server.url)
  await prepare(db, sources)
  const post = await openPost(config, db, log)
  const { publicUrl, mailFrom, mailOnDoubt, bounceAddress, thumbnails, keep } = config
  const clock = await openDatabaseClock(db)
  const { now } = clock
  const fetcher = createFetcher({
    userAgent: userAgentOf(publicUrl, mailFrom),
    allowPrivate: config.allowPrivateSources,
    pace: createPace(db),
    robots: {
      find: (origin) => findRobotsFile(db, origin, now()),
      save: (origin, file) => upsertRobotsFile(db, origin, file, now()),
    },
  })
  return {
    tools: {
      db,
      now,
      fetcher,
      mailer: post.mailer,
      publicUrl,
      mailFrom,
      bounceAddress,
      mailOnDoubt,
      thumbnails,
      keep,
      limitOf: config.domainLimits === undefined ? () => undefined : parseDomainLimits(config.domainLimits),
      secret: secrets.secret,
      log,
    },
    config,
    secrets,
    databaseUrl: server.url,
    shared: server.shared,
    failed: server.failed,
    async close() {
      clock.stop()
      await fetcher.close()
      await post.close()
      await db.destroy()
      await server.close()
    },
  }
}

/** Opens the database that the settings name, without looking at what is in it. */
export function openDatabase(config: Config): Promise<DatabaseServer> {
  if (config.databaseUrl === undefined) return openEmbedded(config.dataDir)
  return Promise.resolve(elsewhere(config.databaseUrl))
}

/** Brings the database to this version's schema and adds the built-in sources. */
async function prepare(db: Db, sources: NewSource[]): Promise<void> {
  try {
    await migrate(db)
    for (const source of sources) await ensureSource(db, source)
  } catch (error) {
    await db.destroy()
    if (error instanceof PermanentError) throw error
    throw new PermanentError(
      `DATABASE_URL: expected a database that answers and lets its tables be made, got "${reasonOf(error)}"; see that it runs and that the user may create tables`,
    )
  }
}

/** Opens the way out for mail: the relay, or without one an SMTP server in this process that fills the inbox page. */
async function openPost(config: Config, db: Db, log: Logger) {
  if (config.smtpUrl !== undefined) {
    const mailer = await openRelay({ ...config, smtpUrl: config.smtpUrl }, (...what) =>
      takeTurns(db, ...what),
    )
    return { mailer, close: () => mailer.close() }
  }
  const captureServer = await startCaptureServer({
    now: () => new Date(),
    onMail: (mail) => insertCapturedMail(db, mail).then(() => {}),
  })
  const mailer = createMailer({ smtpUrl: captureServer.url })
  log.debug({ smtp: captureServer.url }, 'mail goes to the inbox page')
  return {
    mailer,
    async close() {
      await mailer.close()
      await captureServer.close()
    },
  }
}

/** The User-Agent: the program, its address and a contact address, as catalogues ask of their users. */
function userAgentOf(publicUrl: string, mailFrom: string): string {
  const address = /[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+/.exec(mailFrom)?.[0]
  const contact = address === undefined ? '' : `; mailto:${address}`
  return `Paperboy/${VERSION} (+${publicUrl}${contact})`
}
