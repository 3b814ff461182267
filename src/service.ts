import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import type { NewSource } from './db/engine/schema.ts'
import { PermanentError, reasonOf, UsageError, unlessAborted } from './errors.ts'
import { parseQuietHours } from './health/alerts/quietHours.ts'
import { startWatch } from './health/alerts/watch.ts'
import { startHeartbeat } from './health/heartbeat.ts'
import { startReturnServer } from './mail/returned/returnServer.ts'
import { BUILTIN_SOURCES } from './sources/builtin.ts'
import { takeReturnedMail } from './subscribers/returned.ts'
import { openToolbox, type Toolbox } from './toolbox.ts'
import type { NextJob } from './tools.ts'
import { openQueues, type Queues } from './workers/queues.ts'
import { keepSchedules } from './workers/schedules.ts'
import { openTraces, type Traces } from './workers/telemetry.ts'
import { startWorkers } from './workers/workers.ts'

export type Role = 'all' | 'web' | 'worker'

/** A running Paperboy. */
export interface Service {
  toolbox: Toolbox
  /** The address of the web server; undefined for a worker. */
  url: string | undefined
  enqueue(jobs: NextJob[]): Promise<void>
  /** Takes no new work, finishes jobs or returns them to the queue, and closes. Takes at most ten seconds. */
  stop(): Promise<void>
}

/**
 * Starts the parts of a role. `sources` are those that a new installation begins with.
 * @throws PermanentError that names the part that does not start, or why the embedded database can store nothing.
 */
export async function startService(
  config: Config,
  role: Role,
  sources: NewSource[] = [...BUILTIN_SOURCES],
): Promise<Service> {
  refuseHalfAService(config, role)
  const toolbox = await openToolbox(config, sources)
  if (toolbox.shared) {
    await toolbox.close()
    throw new PermanentError(
      `DATA_DIR: expected a folder of its own, got "${config.dataDir}", which a running Paperboy uses; stop that one, or set DATA_DIR to another folder`,
    )
  }
  return unlessAborted(toolbox.failed, startParts(config, role, toolbox))
}

async function startParts(config: Config, role: Role, toolbox: Toolbox): Promise<Service> {
  const stops: (() => Promise<void>)[] = [() => toolbox.close()]
  try {
    const traces = config.otlpEndpoint === undefined ? undefined : await openTraces(config.otlpEndpoint)
    if (traces) stops.unshift(() => traces.close())
    const queues = await openQueuesOf(config, toolbox, traces?.telemetry)
    stops.unshift(() => queues.close())
    // Open the port first, so that a busy port is reported before any work begins.
    const web = role === 'worker' ? undefined : await startWeb(config, toolbox, queues)
    let stopWorking: (() => Promise<void>) | undefined
    const bounces = role === 'worker' ? undefined : await startReceiving(config, toolbox)
    // Pages and workers stop at the same time, before the parts that both use.
    stops.unshift(async () => {
      await Promise.all([web?.close(), bounces?.close(), stopWorking?.()])
    })
    if (role !== 'web') stopWorking = await startWorking(queues, toolbox)
    const watch = startWatching(config, toolbox, queues)
    stops.unshift(() => watch.stop())
    return {
      toolbox,
      url: web?.url,
      enqueue: (jobs) => queues.enqueue(jobs),
      async stop() {
        for (const stop of stops) await stop()
      },
    }
  } catch (error) {
    for (const stop of stops) await stop()
    throw error
  }
}

/** The parts of one Paperboy on several machines must share a database and a secret. */
function refuseHalfAService(config: Config, role: Role): void {
  if (role === 'all') return
  for (const [name, value] of [
    ['DATABASE_URL', config.databaseUrl],
    ['SECRET', config.secret],
  ] as const) {
    if (value !== undefined) continue
    throw new UsageError(
      `--role ${role}: expected ${name} to be set, got none; web and worker must share it: set it for both, or start without --role`,
    )
  }
}

async function openQueuesOf(
  config: Config,
  toolbox: Toolbox,
  telemetry: Traces['telemetry'] | undefined,
): Promise<Queues> {
  const { redisUrl, queuePrefix: prefix } = config
  try {
    return await openQueues({ redisUrl, databaseUrl: toolbox.databaseUrl, prefix, telemetry })
  } catch (error) {
    const name = redisUrl === undefined ? 'DATABASE_URL' : 'REDIS_URL'
    throw new PermanentError(
      `${name}: expected a queue that answers, got "${reasonOf(error)}"; see that the server runs and is reachable`,
    )
  }
}

const GRACE_MS = 60 * 1000

/** Looks once a minute for what needs a person, and tells it. @throws PermanentError for quiet hours that are none. */
function startWatching(config: Config, { tools }: Toolbox, queues: Queues) {
  const quiet = config.alertQuiet === undefined ? undefined : parseQuietHours(config.alertQuiet)
  if (config.alertQuiet !== undefined && quiet === undefined) {
    throw new PermanentError(
      `ALERT_QUIET: expected hours and a time zone such as 22:00-07:00 Europe/Berlin, got "${config.alertQuiet}"; correct it in the environment, or unset it`,
    )
  }
  const sources = {
    db: tools.db,
    now: tools.now,
    queueStates: () => queues.states(),
    dataDir: config.dataDir,
    databaseLimit: config.databaseLimit,
    backupEveryHours: config.backupEvery,
    expectsWorker: true,
  }
  const options = { mail: config.alertMail, webhooks: config.alertWebhooks, quiet, graceMs: GRACE_MS }
  return startWatch(sources, options, tools)
}

async function startWorking(queues: Queues, toolbox: Toolbox): Promise<() => Promise<void>> {
  const workers = await startWorkers(queues, toolbox.tools)
  const schedules = await keepSchedules(queues, toolbox.tools)
  const heartbeat = await startHeartbeat(toolbox.tools.db)
  return async () => {
    schedules.stop()
    await heartbeat.stop()
    // The mailer first lets go of what it has not begun to send: those jobs return to the queue at once.
    await Promise.all([workers.stop(), toolbox.tools.mailer.close()])
  }
}

/** Opens the port for bounces and complaints, if the settings name one. */
async function startReceiving(config: Config, { tools, secrets }: Toolbox) {
  const { bounceAddress, bouncePort: port, host } = config
  if (port === undefined) return undefined
  if (bounceAddress === undefined) {
    throw new PermanentError(
      'BOUNCE_PORT: expected BOUNCE_ADDRESS to be set too, got none; set it to the address to which bounces come',
    )
  }
  const key = { bounceAddress, secret: secrets.secret }
  try {
    return await startReturnServer({
      host,
      port,
      key,
      async onMail(mail) {
        const outcome = await takeReturnedMail(tools, key, mail)
        tools.log.info({ outcome, bytes: mail.raw.length }, 'a mail came back')
      },
    })
  } catch (error) {
    throw new PermanentError(
      `BOUNCE_PORT: expected a free port on ${host}, got ${port}: ${reasonOf(error)}; set BOUNCE_PORT to another`,
    )
  }
}

const LINGER_MS = 3000

/** Takes no more requests; running requests have a few seconds to end. */
async function closeSoon(server: FastifyInstance): Promise<void> {
  const impatient = setTimeout(() => server.server.closeAllConnections(), LINGER_MS)
  await server.close()
  clearTimeout(impatient)
}

async function startWeb(config: Config, toolbox: Toolbox, queues: Queues) {
  // Loaded here, because a worker needs neither pages nor their memory.
  const [{ buildServer }, { createBoard }, { keepReady }] = await Promise.all([
    import('./web/server.ts'),
    import('./workers/board.ts'),
    import('./web/papers/readiness.ts'),
  ])
  const { db, now, log } = toolbox.tools
  const server = await buildServer({
    db,
    config,
    secrets: toolbox.secrets,
    now,
    log,
    board: createBoard(queues, '/admin/queues'),
    fetcher: toolbox.tools.fetcher,
    takesUtf8: () => toolbox.tools.mailer.takesUtf8(),
    queueStates: () => queues.states(),
    findJobs: (wish) => queues.find(wish),
    resumeQueue: (step) => queues.resume(step),
    // The rows are written already. If a job cannot be enqueued now, the sweep finds its row.
    enqueue: (jobs) =>
      queues.enqueue(jobs).catch((error) => log.warn({ reason: reasonOf(error) }, 'could not enqueue')),
  })
  try {
    await server.listen({ host: config.host, port: config.port })
  } catch (error) {
    await server.close()
    throw new PermanentError(
      `PORT: expected a free port on ${config.host}, got ${config.port}: ${reasonOf(error)}; set PORT to another`,
    )
  }
  const { port } = server.server.address() as AddressInfo
  const host = config.host === '0.0.0.0' || config.host === '127.0.0.1' ? 'localhost' : config.host
  const stopPreparing = keepReady(db, now, log)
  const close = async () => {
    stopPreparing()
    await closeSoon(server)
  }
  return { url: `http://${host}:${port}`, close }
}
