import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain.ts'
import { entryKeys } from '../../../src/papers/keys/entryKeys.ts'
import type { IngestPlan } from '../../../src/papers/planning/ingestPlan.ts'
import { planIngest } from '../../../src/papers/planning/plan.ts'
import { strongIds } from '../../../src/papers/profile/strongIds.ts'
import { partsOf } from '../../../src/sources/dumps/parts.ts'
import { readPart } from '../../../src/sources/dumps/readPart.ts'
import { collectUntilError } from '../../support/dumps.ts'

const FOLDERS = ['../shared/fixtures', '../shared/dumps']
const NOTHING_KNOWN = { papers: [], keys: [], merges: [], apart: [] }

describe.skipIf(!existsSync(FOLDERS[0]!))('all real archives together', () => {
  let entries: Entry[]
  let plan: IngestPlan
  beforeAll(async () => {
    entries = (await Promise.all(FOLDERS.flatMap(filesIn).map(entriesIn))).flat()
    plan = planAll(entries)
  })

  test('are some thousand entries', () => {
    expect(entries.length).toBeGreaterThan(3000)
    expect(plan.papers.length).toBeLessThan(entries.length)
  })

  test('no two different arXiv ids are one paper, and no arXiv id is two papers', () => {
    expect(arxivClashes(entries, plan)).toEqual({ merged: [], twice: [] })
  })

  test('nor when they come in another order', () => {
    const reversed = [...entries].reverse()
    expect(arxivClashes(reversed, planAll(reversed))).toEqual({ merged: [], twice: [] })
  })

  test('without their ids, none are taken for one but a talk and its article by the same author', () => {
    const known = entries.filter((entry) => strongIds(entry).arxiv !== undefined)
    const anonymous = known.map(({ arxivId: _, doi: __, ...entry }) => entry)
    const { merged } = arxivClashes(known, planAll(anonymous))
    expect(merged).toEqual([['1306.4664', '1106.3680']])
  })
})

/** Which arXiv ids went into one paper, and which into two. */
function arxivClashes(entries: Entry[], { paperOf }: IngestPlan): { merged: string[][]; twice: string[] } {
  const idsOf = new Map<number, Set<string>>()
  const papersOf = new Map<string, Set<number>>()
  entries.forEach((entry, index) => {
    const { arxiv } = strongIds(entry)
    if (arxiv === undefined) return
    const paper = paperOf[index]!
    idsOf.set(paper, (idsOf.get(paper) ?? new Set()).add(arxiv))
    papersOf.set(arxiv, (papersOf.get(arxiv) ?? new Set()).add(paper))
  })
  const many = <T>(sets: Iterable<[T, Set<unknown>]>) => [...sets].filter(([, set]) => set.size > 1)
  return {
    merged: many(idsOf).map(([paper]) => [...idsOf.get(paper)!]),
    twice: many(papersOf).map(([id]) => id),
  }
}

function planAll(entries: Entry[]): IngestPlan {
  const keyed = entries.map((entry) => ({ entry, keys: entryKeys(entry) }))
  return planIngest(keyed, () => ({ format: 'hf-page', at: new Date('2026-01-01') }), NOTHING_KNOWN)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort()
}

/** What can be read of a file; some of them are there because they cannot. */
async function entriesIn(path: string): Promise<Entry[]> {
  const dump = { name: basename(path), size: undefined, bytes: createReadStream(path) }
  const { items } = await collectUntilError(entriesOf(dump))
  return items
}

async function* entriesOf(dump: Parameters<typeof partsOf>[0]): AsyncGenerator<Entry> {
  for await (const part of partsOf(dump, () => true)) {
    for await (const batch of readPart(part, { format: 'auto' }, 0)) {
      yield* batch.kind === 'page' ? batch.listing.entries : batch.entries
    }
  }
}
