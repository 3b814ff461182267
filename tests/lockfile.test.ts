import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface LockedPackage {
  version?: string
  dev?: boolean
  resolved?: string
  optional?: boolean
  devOptional?: boolean
  optionalDependencies?: Record<string, string>
}

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
const packages = JSON.parse(text).packages as Record<string, LockedPackage>

describe('package-lock.json', () => {
  // A registry that lacks one of them makes npm write a lock file without it, and then `npm ci` refuses on every machine.
  test('has an entry for every optional package of every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)),
    )
    expect(missing).toEqual([])
  })

  test('names no registry: everybody installs from their own', () => {
    const resolved = Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith('http'))
    expect(resolved.map(([path]) => path)).toEqual([])
  })
})

const MOST_PACKAGES = 200

test(`an installation without development dependencies has at most ${MOST_PACKAGES} packages`, () => {
  const installed = Object.entries(packages).filter(
    ([path, { dev, optional, devOptional }]) => path && !dev && !optional && !devOptional,
  )
  expect(installed.length).toBeLessThanOrEqual(MOST_PACKAGES)
})

test('package.json says why it overrides a version', () => {
  const project = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(Object.keys(project['//overrides'])).toEqual(Object.keys(project.overrides))
})

/** Whether Node's resolution, from a package's folder upwards, finds a locked package of that name. */
function isLocked(name: string, from: string): boolean {
  if (packages[`${from}${from === '' ? '' : '/'}node_modules/${name}`] !== undefined) return true
  return from !== '' && isLocked(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))))
}
