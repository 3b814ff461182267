import type { WriteStream } from 'node:tty'

/** What a person at a terminal sees while dumps are read. */
export interface ReplayProgress {
  read(bytes: number): void
  stored(entries: number): void
  /** Removes the bar, so that a line of text can be printed. */
  clear(): void
  stop(): void
}

const MEGABYTE = 1024 * 1024
const BAR_WIDTH = 24
const REDRAW_MS = 250

/**
 * A line on a terminal, drawn again at most four times a second: bytes read, entries, entries a second. If the total
 * in bytes is known (not 0), also a bar and the time left. Nothing is written to anything but a terminal.
 */
export function startProgress(terminal: WriteStream, total: number): ReplayProgress {
  if (!terminal.isTTY) return { read() {}, stored() {}, clear() {}, stop() {} }
  const started = performance.now()
  let drawnAt = Number.NEGATIVE_INFINITY
  let bytes = 0
  let entries = 0
  const clear = () => {
    terminal.cursorTo(0)
    terminal.clearLine(0)
  }
  const draw = () => {
    drawnAt = performance.now()
    const seconds = Math.max(0.001, (drawnAt - started) / 1000)
    clear()
    const read = total > 0 ? shareRead(Math.min(bytes, total), total, seconds) : `${megabytes(bytes)} MB`
    terminal.write(`${read}, ${entries} entries, ${Math.round(entries / seconds)}/s`)
  }
  const update = () => {
    if (performance.now() - drawnAt >= REDRAW_MS) draw()
  }
  draw()
  return {
    read(count) {
      bytes += count
      update()
    },
    stored(count) {
      entries += count
      update()
    },
    clear,
    stop() {
      draw()
      clear()
    },
  }
}

function shareRead(bytes: number, total: number, seconds: number): string {
  const share = bytes / total
  const filled = Math.round(share * BAR_WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
  const left = bytes === 0 ? '?' : duration((seconds * (1 - share)) / share)
  return `${bar} ${Math.floor(share * 100)}% of ${megabytes(total)} MB, ${left} left`
}

/** `5s`, `2m30s`, `1h05m`. */
function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const two = (part: number) => String(part).padStart(2, '0')
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`
}

function megabytes(bytes: number): string {
  const size = bytes / MEGABYTE
  return size < 10 ? size.toFixed(1) : `${Math.round(size)}`
}
