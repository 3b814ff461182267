import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe } from 'vitest'
import type { Listing } from '../../src/domain.ts'

export const FIXTURES = new URL('../fixtures/sources/', import.meta.url)
const SHARED = new URL('../../../shared/', import.meta.url)

/** Real files of third parties, which are not part of the project: these suites are skipped where they are absent. */
export const describeShared = describe.skipIf(!existsSync(SHARED))

export function readFixture(name: string): string {
  return readFixtureBytes(name).toString()
}

export function readFixtureBytes(name: string): Buffer {
  return readFileSync(new URL(name, FIXTURES))
}

export function readShared(path: string): string {
  return readFileSync(new URL(path, SHARED), 'utf8')
}

export function listShared(folder: string): string[] {
  return existsSync(new URL(folder, SHARED)) ? readdirSync(new URL(folder, SHARED)).sort() : []
}

/** A listing as its golden file holds it: dates as ISO text, no undefined fields. */
export function golden(listing: Listing): unknown {
  return JSON.parse(JSON.stringify(listing))
}

/** The text cut at 20 places, the last of them close to its end. */
export function cuts(text: string): string[] {
  return Array.from({ length: 20 }, (_, index) => text.slice(0, Math.floor((text.length * index) / 19.2)))
}
