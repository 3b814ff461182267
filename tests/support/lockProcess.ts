/**
 * A separate process that asks for a folder's lock, for suites with several at once: `lockProcess.ts FOLDER`. It
 * prints `{"ready":true}`, waits for the file `go`, prints its result, answers as a holder does, and runs until it is
 * killed.
 */
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { lockDataDir } from '../../src/db/engine/lock.ts'

const folder = process.argv[2]!
say({ ready: true })
while (!existsSync(join(folder, 'go'))) await setImmediate()
const lock = await lockDataDir(folder, folder)
if (lock.kind === 'acquired') createServer((socket) => socket.end()).listen(join(folder, '.s.PGSQL.5432'))
say({ kind: lock.kind })
setInterval(() => {}, 1000)

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
