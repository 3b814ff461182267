import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../../config.ts'
import { checkDemo } from '../../demo/check.ts'
import { freePort } from '../../demo/freePort.ts'
import { digestsDelivered, listingsStored } from '../../demo/progress.ts'
import { type SampleSource, startSampleSource } from '../../demo/source/sampleSource.ts'
import { sampleSources } from '../../demo/source/sampleSources.ts'
import { addSubscribers, type DemoSubscriber, preferencesAddress } from '../../demo/subscribers.ts'
import { PermanentError } from '../../errors.ts'
import { type Service, startService } from '../../service.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { complain, print } from '../terminal/print.ts'
import { stopInTime, stopSignal } from './start.ts'

const SECOND = 1000
const PATIENCE = 60 * SECOND

/**
 * Shows Paperboy at work on a bare machine: a sample source on loopback, the real service on its own database, and
 * two subscribers with different interests. With --once it checks the result and ends.
 */
export async function runDemo(config: Config, options: { once?: boolean }): Promise<ExitCode> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paperboy-demo-'))
  const source = await startSampleSource({ today: today(), now: () => new Date() })
  try {
    const own = await demoConfig(config, dataDir)
    const service = await startService(own, 'all', sampleSources(source.url))
    try {
      const subscribers = await deliver(service)
      if (options.once) return await verdict(service, subscribers)
      await showAround(service, source, subscribers)
      await stopSignal()
      return 0
    } finally {
      await stopInTime(service)
    }
  } finally {
    await source.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** The demo ignores the configured database and mail. It has its own database, and its mail reaches nobody. */
async function demoConfig(config: Config, dataDir: string): Promise<Config> {
  const port = await freePort(config.port)
  return {
    ...config,
    databaseUrl: undefined,
    redisUrl: undefined,
    smtpUrl: undefined,
    secret: undefined,
    adminPassword: undefined,
    viewerPassword: undefined,
    dataDir,
    port,
    publicUrl: `http://localhost:${port}`,
    logLevel: config.logLevel === 'info' ? 'error' : config.logLevel,
    allowPrivateSources: true,
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

/** Waits for the listings, adds the subscribers, then waits for their digests. */
async function deliver(service: Service): Promise<DemoSubscriber[]> {
  const { tools } = service.toolbox
  const seconds = () => `${process.uptime().toFixed(1).padStart(5)} s`
  print(`${seconds()}  started; timers fetch the sample listings`)
  await patiently('the sample listings to be fetched and stored', () => listingsStored(tools.db))
  print(`${seconds()}  listings fetched, parsed and stored; two subscribers subscribe`)
  const { subscribers, next } = await addSubscribers(tools)
  await service.enqueue(next)
  await patiently('a digest for each subscriber in the inbox', () => digestsDelivered(tools.db, subscribers))
  print(`${seconds()}  digests delivered to the inbox`)
  return subscribers
}

async function patiently(what: string, done: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + PATIENCE
  while (!(await done())) {
    if (performance.now() > until) {
      throw new PermanentError(
        `demo: expected ${what} within ${PATIENCE / SECOND} s, got none; run it again with LOG_LEVEL=debug`,
      )
    }
    await delay(100)
  }
}

async function verdict(service: Service, subscribers: DemoSubscriber[]): Promise<ExitCode> {
  const { good, missing } = await checkDemo(service, subscribers)
  for (const line of good) print(`ok  ${line}`)
  for (const line of missing) complain(`demo: ${line}`)
  return missing.length === 0 ? 0 : 1
}

async function showAround(
  service: Service,
  source: SampleSource,
  subscribers: DemoSubscriber[],
): Promise<void> {
  const { url, toolbox } = service
  const subscriber = subscribers[0]!
  print()
  print(`Landing page     ${url}/`)
  print(`Inbox            ${url}/admin/inbox`)
  print(`Preferences      ${await preferencesAddress(toolbox.tools, subscriber)}  (${subscriber.email})`)
  print(`Bull Board       ${url}/admin/queues`)
  print(`Sample source    ${source.url}/papers`)
  print()
  print(`The password for /admin is ${toolbox.secrets.newPassword}`)
  print('Stop with Ctrl-C; nothing is kept.')
}
