import { type DestinationStream, type Logger, pino } from 'pino'
import { maskAddresses } from '../text/maskAddress.ts'

/**
 * The log of a process: JSON lines with ISO times, or one readable line each where a person reads on a terminal. Mail
 * addresses are masked in every line, whoever wrote them there.
 */
export function createLog(
  level: string,
  isTerminal = process.stderr.isTTY,
  stream: DestinationStream = pino.destination(2),
): Logger {
  const streamWrite = (line: string) => maskAddresses(isTerminal ? readable(line) : line)
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks: { streamWrite } }, stream)
}

/** `09:00:00 WARN  job failed  step=sendDigests reason="550 no"`. */
function readable(line: string): string {
  const { level, time, msg = '', err, ...rest } = JSON.parse(line) as Record<string, unknown>
  const word = (pino.levels.labels[Number(level)] ?? 'info').toUpperCase().padEnd(5)
  const details = Object.entries(rest).map(([name, value]) => `${name}=${shown(value)}`)
  const stack = (err as { stack?: string } | undefined)?.stack
  const text = [`${time}`.slice(11, 19), word, msg, details.length > 0 ? ` ${details.join(' ')}` : '']
  return `${text.join(' ').trimEnd()}${stack === undefined ? '' : `\n${stack}`}\n`
}

function shown(value: unknown): string {
  return typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value)
}
