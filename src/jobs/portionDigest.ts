import { createHash } from 'node:crypto'
import type { Listing } from '../domain.ts'
import type { Arrival } from './ingest.ts'

/**
 * To be raised whenever the same entries would be stored otherwise: by other keys, matching, merging or sightings.
 * tests/jobs/ingestVersion.test.ts notices; what a parser reads otherwise is another entry, and needs no new version.
 */
export const INGEST_VERSION = 1

/**
 * Says which entries these are and how they arrive, 32 bytes of SHA-256: what was stored whole under the same digest need
 * not be looked up entry by entry again.
 */
export function portionDigest({ format, entries }: Listing, arrival: Arrival): Buffer {
  const told = [INGEST_VERSION, format, arrival, entries]
  return createHash('sha256').update(JSON.stringify(told)).digest()
}
