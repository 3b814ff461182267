import { createHash } from 'node:crypto'
import type { Columns } from '../../sources/formats/table/columns.ts'
import { VERSION } from '../../version.ts'
import type { Arrival } from '../arrival.ts'

/**
 * Raise this whenever the same entries would be stored differently: by other keys, matching, merging or sightings.
 * tests/ingest/ingestVersion.test.ts notices. If a parser reads a record differently, the entry is another one and
 * needs no new version.
 */
export const INGEST_VERSION = 4

/**
 * The hash of a batch, 32 bytes of SHA-256: of its raw records, of how they are read (`columns` of a table, if a person
 * named them; the version of Paperboy stands for the parsers) and of how they arrive. A batch that was stored whole
 * under the same hash need not be looked up entry by entry again.
 */
export function batchHash(
  records: Buffer,
  { format, columns }: { format: string; columns?: Columns },
  arrival: Arrival,
): Buffer {
  const told = JSON.stringify([VERSION, INGEST_VERSION, format, columns ?? null, arrival])
  return createHash('sha256').update(told).update(records).digest()
}
