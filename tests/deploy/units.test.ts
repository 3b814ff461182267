import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const SYSTEMD = '/usr/bin/systemd-analyze'
const UNITS = ['paperboy@.service', 'paperboy-backup.service', 'paperboy-backup.timer']
const read = (name: string) => readFileSync(new URL(`../../docs/deploy/${name}`, import.meta.url), 'utf8')
/** Of systemd's own measure from 0 (safe) to 10: the lower end of "OK". */
const MOST_EXPOSED = 2

let folder: string

/** Needs no running systemd: the files are looked at by systemd's own reader. */
describe.skipIf(!existsSync(SYSTEMD))('the systemd units of docs/deploy', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paperboy-units-'))
    // Node may be elsewhere on this machine.
    for (const name of UNITS)
      await writeFile(join(folder, name), read(name).replaceAll('/usr/bin/node', process.execPath))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('are read without a complaint', async () => {
    const { stdout, stderr } = await run(SYSTEMD, [
      'verify',
      '--man=no',
      ...UNITS.map((name) => join(folder, name)),
    ])
    expect(stdout + stderr).toBe('')
  })

  test.each(['paperboy@.service', 'paperboy-backup.service'])(
    '%s gives the process hardly anything',
    async (name) => {
      const { stdout } = await run(SYSTEMD, ['security', '--offline=true', '--no-pager', join(folder, name)])
      const [, exposure] = /Overall exposure level for \S+: (\d+\.\d+)/.exec(stdout)!
      expect(Number(exposure)).toBeLessThan(MOST_EXPOSED)
    },
  )
})

test('a unit starts the command as the README does, and gives it the time to stop that it needs', () => {
  const unit = read('paperboy@.service')
  expect(unit).toContain('\nExecStart=/usr/bin/node dist/main.js start --role %i\n')
  expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)![1])).toBeGreaterThan(10)
})
