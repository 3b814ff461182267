import { createHash } from 'node:crypto'
import type { Entry } from '../domain.ts'
import type { Arrival } from './ingest.ts'

/**
 * To be raised whenever the same entries would be stored otherwise: by other keys, matching, merging or sightings.
 * tests/jobs/ingestVersion.test.ts notices; what a parser reads otherwise is another entry, and needs no new version.
 */
export const INGEST_VERSION = 3

/** Says which entries these are, 32 bytes of SHA-256. */
export function entriesDigest(entries: Entry[]): Buffer {
  return createHash('sha256').update(JSON.stringify(entries)).digest()
}

/**
 * Says which entries these are, by their digest, and how they arrive, 32 bytes of SHA-256: what was stored whole under
 * the same digest need not be looked up entry by entry again.
 */
export function portionDigest(entries: Buffer, format: string, arrival: Arrival): Buffer {
  const told = JSON.stringify([INGEST_VERSION, format, arrival])
  return createHash('sha256').update(told).update(entries).digest()
}
