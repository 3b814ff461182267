import type { WriteStream } from 'node:tty'
import { SingleBar } from 'cli-progress'

/** What a person at a terminal sees while dumps are read. */
export interface ReplayProgress {
  read(bytes: number): void
  stored(entries: number): void
  /** Removes the bar, so that a line of text can be printed. */
  clear(): void
  stop(): void
}

const MEGABYTE = 1024 * 1024

/**
 * A progress bar on a terminal: bytes, entries a second, and the time left if the total is known. Elsewhere nothing
 * is written.
 */
export function startProgress(terminal: WriteStream, total: number): ReplayProgress {
  if (!terminal.isTTY) return { read() {}, stored() {}, clear() {}, stop() {} }
  const started = performance.now()
  const known = total > 0 ? `{percentage}% of ${megabytes(total)} MB, {eta_formatted} left` : '{megabytes} MB'
  const bar = new SingleBar({
    stream: terminal,
    format: `{bar} ${known}, {entries} entries, {rate}/s`,
    hideCursor: false,
    clearOnComplete: true,
    etaBuffer: 200,
    fps: 4,
    barsize: 24,
  })
  let bytes = 0
  let entries = 0
  const update = () => {
    const rate = Math.round(entries / Math.max(0.001, (performance.now() - started) / 1000))
    bar.update(Math.min(bytes, total), { megabytes: megabytes(bytes), entries, rate })
  }
  bar.start(total, 0, { megabytes: '0', entries: 0, rate: 0 })
  return {
    read(count) {
      bytes += count
      update()
    },
    stored(count) {
      entries += count
      update()
    },
    clear() {
      terminal.clearLine(0)
      terminal.cursorTo(0)
    },
    stop: () => bar.stop(),
  }
}

function megabytes(bytes: number): string {
  const size = bytes / MEGABYTE
  return size < 10 ? size.toFixed(1) : `${Math.round(size)}`
}
