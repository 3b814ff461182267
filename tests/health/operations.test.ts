import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ITEM_KINDS } from '../../src/health/item.ts'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const alerts = /^## Alerts$([\s\S]*?)^## /m.exec(page)![1]!

test('docs/operations.md has a section for each kind of what needs a person, and no other', () => {
  const sections = [...alerts.matchAll(/^### (.+)$/gm)].map(([, title]) => title!)
  expect(sections.toSorted()).toEqual(ITEM_KINDS.toSorted())
})

test('each says how bad it is, and what to do', () => {
  for (const section of alerts.split(/^### /m).slice(1)) {
    expect(section).toMatch(/^.+\n\n_(bad|warning)/)
    expect(section.length).toBeGreaterThan(200)
  }
})
