import { PassThrough } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { startProgress } from '../../../src/cli/replay/progressBar.ts'

const MEGABYTE = 1024 * 1024

/** What a terminal of 120 columns is sent, without the codes that move its cursor. */
function terminal(isTTY: boolean) {
  let written = ''
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 120,
    clearLine: () => true,
    cursorTo: () => true,
    moveCursor: () => true,
  })
  stream.on('data', (chunk) => {
    written += chunk
  })
  return {
    stream: stream as unknown as WriteStream,
    text: () => written.replace(/\u001b\[[\d;?]*[A-Za-z]/g, ''),
  }
}

test('a terminal sees bytes, entries, their rate and the time left', () => {
  const { stream, text } = terminal(true)
  const progress = startProgress(stream, 40 * MEGABYTE)
  progress.read(10 * MEGABYTE)
  progress.stored(500)
  progress.stop()
  expect(text()).toMatch(/25% of 40 MB, \S+ left, 500 entries, \d+\/s/)
})

test('where nobody knows the end, it shows how much was read', () => {
  const { stream, text } = terminal(true)
  const progress = startProgress(stream, 0)
  progress.read(3 * MEGABYTE)
  progress.stored(20)
  progress.stop()
  expect(text()).toMatch(/3\.0 MB, 20 entries, \d+\/s/)
})

test('anything but a terminal is sent nothing', () => {
  const { stream, text } = terminal(false)
  const progress = startProgress(stream, MEGABYTE)
  progress.read(100)
  progress.stored(1)
  progress.clear()
  progress.stop()
  expect(text()).toBe('')
})
