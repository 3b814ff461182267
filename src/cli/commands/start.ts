import type { Config } from '../../config.ts'
import { UsageError, unlessAborted } from '../../errors.ts'
import { markPasswordShown } from '../../secrets.ts'
import { type Role, type Service, startService } from '../../service.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { complain, print } from '../terminal/print.ts'

/** Process managers wait ten seconds for a shutdown. */
const STOP_WITHIN_MS = 9_500

/**
 * Runs the service until SIGTERM or SIGINT.
 * @throws PermanentError when the embedded database can store nothing more. Nothing is left to stop in good order then.
 */
export async function runStart(config: Config, options: { role: Role; port?: string }): Promise<ExitCode> {
  const asked = stopSignal()
  const starting = startService(withPort(config, options.port), options.role)
  // Whoever asks to end while the service starts waits for nothing.
  const service = await Promise.race([starting, asked.then(() => undefined)])
  if (service === undefined) return 0
  await announce(service, config)
  await unlessAborted(service.toolbox.failed, asked)
  return stopInTime(service)
}

function withPort(config: Config, port: string | undefined): Config {
  if (port === undefined) return config
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65535) return { ...config, port: Number(port) }
  throw new UsageError(`--port: expected a number from 0 to 65535, got "${port}"`)
}

async function announce({ url, toolbox }: Service, config: Config): Promise<void> {
  if (url === undefined) {
    print('Paperboy runs as a worker: it fetches, composes and sends.')
    return
  }
  print(`Paperboy is at ${url}`)
  print(`  administration and queues: ${url}/admin`)
  if (config.smtpUrl === undefined) print(`  SMTP_URL is not set: all mail goes to ${url}/admin/inbox`)
  if (toolbox.secrets.newPassword !== undefined) {
    print(`  password for /admin (shown once; ADMIN_PASSWORD sets another): ${toolbox.secrets.newPassword}`)
    await markPasswordShown(config)
  }
}

/** Resolves when the process is asked to end. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

/** Stops a service. Returns 1 if that takes too long; then the unfinished jobs run again after the next start. */
export async function stopInTime(service: Service): Promise<ExitCode> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<ExitCode>((resolve) => {
    timer = setTimeout(() => {
      complain('stopping took longer than ten seconds; unfinished jobs run again after the next start')
      resolve(1)
    }, STOP_WITHIN_MS)
  })
  const stopped = service.stop().then((): ExitCode => 0)
  const code = await Promise.race([stopped, late])
  clearTimeout(timer)
  return code
}
