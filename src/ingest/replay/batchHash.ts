import { createHash } from 'node:crypto'
import type { Columns } from '../../sources/formats/table/columns.ts'
import { VERSION } from '../../version.ts'
import type { Arrival } from '../arrival.ts'

/**
 * To be raised whenever the same entries would be stored otherwise: by other keys, matching, merging or sightings.
 * tests/ingest/ingestVersion.test.ts notices; what a parser reads otherwise is another entry, and needs no new version.
 */
export const INGEST_VERSION = 4

/**
 * Says which raw records these are, by their digest, how they are read (`columns` of a table, where a person named them;
 * the parsers are those of this version of Paperboy) and how they arrive, 32 bytes of SHA-256: what was stored whole under
 * the same digest need not be looked up entry by entry again.
 */
export function batchHash(
  records: Buffer,
  { format, columns }: { format: string; columns?: Columns },
  arrival: Arrival,
): Buffer {
  const told = JSON.stringify([VERSION, INGEST_VERSION, format, columns ?? null, arrival])
  return createHash('sha256').update(told).update(records).digest()
}
