import { describe, expect, test } from 'vitest'
import type { KnownPaper } from '../../../src/domain.ts'
import { paperFromEntry } from '../../../src/papers/merging/merge.ts'
import { changedBetween, valuesToReturn } from '../../../src/papers/merging/unmerge.ts'

const OLD = { format: 'table', at: '2026-05-01T00:00:00.000Z' }
const NEW = { format: 'arxiv-atom', at: '2026-06-01T00:00:00.000Z' }
const before: KnownPaper = {
  id: 7,
  ...paperFromEntry({ title: 'Owls', upvotes: 3 }, { format: OLD.format, at: new Date(OLD.at) }),
}
const publishedAt = new Date('2026-04-01T00:00:00Z')
const merged: KnownPaper = {
  ...before,
  title: 'Snow Owls',
  publishedAt,
  provenance: { ...before.provenance, title: NEW, publishedAt: NEW },
}
const changed = changedBetween(before, merged)

describe('what a merge changed', () => {
  test('is each value that differs, with both origins', () => {
    expect(changed).toEqual({
      title: { before: { value: 'Owls', origin: OLD }, after: { value: 'Snow Owls', origin: NEW } },
      publishedAt: { before: { value: null, origin: null }, after: { value: publishedAt, origin: NEW } },
    })
  })

  test('is nothing where nothing differs', () => {
    expect(changedBetween(before, before)).toEqual({})
  })
})

describe('a merge that is taken back', () => {
  test('returns values and origins, also from JSON', () => {
    const back = { title: 'Owls', publishedAt: null, provenance: before.provenance }
    expect(valuesToReturn(merged, changed)).toEqual(back)
    expect(valuesToReturn(merged, JSON.parse(JSON.stringify(changed)))).toEqual(back)
  })

  test('leaves alone what has changed since, and what the merge did not touch', () => {
    const since = { ...merged, title: 'Snowy Owls', upvotes: 9 }
    const { publishedAt: _, ...provenance } = since.provenance
    expect(valuesToReturn(since, changed)).toEqual({ publishedAt: null, provenance })
  })

  test('twice changes nothing more', () => {
    const once = { ...merged, ...valuesToReturn(merged, changed) }
    expect(once).toEqual(before)
    expect(valuesToReturn(once, changed)).toEqual({ provenance: before.provenance })
  })
})
