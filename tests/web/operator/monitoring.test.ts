import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSite, type TestSite, VIEWER_PASSWORD } from '../../support/web.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/monitoring/', import.meta.url))
const PROMTOOL = '/usr/bin/promtool'
const read = (name: string) => readFileSync(`${FOLDER}${name}`, 'utf8')

let site: TestSite
let offered: Set<string>

beforeAll(async () => {
  site = await openTestSite()
  const authorization = `Basic ${btoa(`x:${VIEWER_PASSWORD}`)}`
  const { body } = await site.server.inject({ url: '/metrics', headers: { authorization } })
  offered = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!))
})
afterAll(() => site.close())

/** The metrics that a text names, without what a histogram adds to its name. */
const namesIn = (text: string) =>
  [...new Set(text.match(/\b(?:paperboy|nodejs|process)_[a-z0-9_]+/g))].map((name) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  )

test('/metrics has every metric that the dashboard, the alert rules and the docs name', () => {
  const { panels } = JSON.parse(read('grafana.json')) as { panels: { targets: { expr: string }[] }[] }
  const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n')
  const docs = readFileSync(`${FOLDER}../operations.md`, 'utf8')
  for (const text of [asked, read('alerts.yml'), docs]) {
    const names = namesIn(text)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !offered.has(name))).toEqual([])
  }
})

test.skipIf(!existsSync(PROMTOOL))(
  'Prometheus reads the alert rules and they fire as they should',
  async () => {
    const promtool = (...args: string[]) => promisify(execFile)(PROMTOOL, args, { cwd: FOLDER })
    expect((await promtool('check', 'rules', 'alerts.yml')).stdout).toContain('SUCCESS: 3 rules found')
    expect((await promtool('test', 'rules', 'alerts.test.yml')).stdout).toContain('SUCCESS')
  },
)
