import { existsSync, readdirSync } from 'node:fs'
import type { Batch } from '../../../src/sources/dumps/batch.ts'
import { listsPapers } from '../../../src/sources/dumps/dumpKind.ts'
import { partsOf } from '../../../src/sources/dumps/parts.ts'
import { readPart } from '../../../src/sources/dumps/readPart.ts'
import { pipeOf } from '../../support/dumps.ts'
import { FIXTURES, readFixture, readFixtureBytes } from '../fixture.ts'

const WANTED = { format: 'auto' }
const anyPapers = (names: string[]) => listsPapers(names, WANTED)

/** All files that were written for these tests; what each says stands beside it, as `<name>.expected.json`. */
export function goldenFiles(): string[] {
  return readdirSync(FIXTURES)
    .filter((name) => !name.endsWith('.expected.json'))
    .sort()
}

/** The name of the golden file that belongs to a file; undefined where there is none. */
export function expectedName(file: string): string | undefined {
  const name = `${file.replace(/\.[a-z0-9]+$/, '')}.expected.json`
  return existsSync(new URL(name, FIXTURES)) ? name : undefined
}

export function readExpected(name: string): unknown {
  return JSON.parse(readFixture(name))
}

/** What a file says, read as `paperboy replay` reads it: one listing, or a list of all there are. */
export async function readGolden(file: string): Promise<unknown> {
  const { batches, error } = await batchesUntilError(readFixtureBytes(file))
  if (error !== undefined) throw error
  const listings = batches.map(listingOf)
  // Dates become text, and what is undefined is absent.
  return JSON.parse(JSON.stringify(listings.length === 1 ? listings[0] : listings))
}

/** The batches of a dump of these bytes, whose name tells nothing, up to what it failed with. */
export async function batchesUntilError(
  bytes: Uint8Array | string,
): Promise<{ batches: Batch[]; error?: Error }> {
  const batches: Batch[] = []
  try {
    for await (const part of partsOf(pipeOf('dump', bytes), anyPapers)) {
      for await (const batch of readPart(part, WANTED, 0)) batches.push(batch)
    }
    return { batches }
  } catch (error) {
    return { batches, error: error as Error }
  }
}

function listingOf(batch: Batch): object {
  if (batch.kind === 'page') return { ...batch.listing, captured: batch.captured }
  const { format, entries, rejects } = batch
  return { format, entries, rejects }
}
