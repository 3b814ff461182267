import { readFile } from 'node:fs/promises'
import type { Config } from '../../config.ts'
import { insertAudit } from '../../db/audit.ts'
import type { SourceRow } from '../../db/engine/schema.ts'
import {
  ensureSource,
  findSourceByName,
  listFetchedSources,
  listSources,
  removeSource,
  setSourceEnabled,
} from '../../db/fetching/sources.ts'
import { reasonOf, UsageError } from '../../errors.ts'
import { trySource } from '../../ingest/trySource.ts'
import { runToEnd } from '../../jobs/pipeline.ts'
import { LOOKBACK_DAYS } from '../../sources/datedSource.ts'
import { feedsOf } from '../../sources/opml.ts'
import { type NamedAddress, namedAddress } from '../../sources/shorthand.ts'
import { plural } from '../../text/plural.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import type { Tools } from '../../tools.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseCount } from '../terminal/options.ts'
import { complain, print, utcMinute } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

/** Lists every source with the outcome of its last fetch. */
export function listAllSources(config: Config, options: { json?: boolean }): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    for (const source of await listSources(tools.db)) {
      print(options.json ? JSON.stringify(source) : inWords(source))
    }
    return 0
  })
}

function inWords(source: SourceRow): string {
  if (source.address === null) return `${source.name}  (replayed dumps)`
  const timer = source.enabled ? `every ${source.every_minutes} min` : 'disabled'
  const at = source.outcome_at && utcMinute(source.outcome_at)
  const outcome = source.outcome === null ? 'not fetched yet' : `${source.outcome} at ${at}`
  const detail = source.outcome_detail === null ? '' : `: ${source.outcome_detail}`
  return `${source.name}  ${source.address}  ${timer}  ${outcome}${detail}`
}

/**
 * Fetches the address once, shows the first three entries, and stores the source. The same for each feed of an OPML
 * list, `given` as its file.
 */
export function addSource(
  config: Config,
  given: string,
  options: { name?: string; every: string },
): Promise<ExitCode> {
  const every = parseCount('--every', options.every) ?? 60
  if (/^(?!https?:).*\.opml$/i.test(given)) return addFeeds(config, given, options.name, every)
  const named = { ...namedAddress(given), ...(options.name ? { name: options.name } : {}) }
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const twin = await readerOf(tools, named.address)
    if (twin !== undefined) {
      throw new UsageError(
        `sources add: expected a new address, got "${named.address}", which the source "${twin}" reads already`,
      )
    }
    if (await findSourceByName(tools.db, named.name)) {
      throw new UsageError(`--name: expected a new name, got "${named.name}", which is taken; give another`)
    }
    await tryAndAdd(tools, named, every)
    print(`Added; fetched every ${every} minutes.`)
    return 0
  })
}

/** Adds the feeds that no source reads yet. One that cannot be read is one line and stops none of the others. */
async function addFeeds(
  config: Config,
  file: string,
  name: string | undefined,
  every: number,
): Promise<ExitCode> {
  if (name !== undefined)
    throw new UsageError('--name: expected no name for a list of feeds, which have their own; leave it out')
  const feeds = feedsOf(await readFile(file, 'utf8').catch((error) => Promise.reject(noFile(file, error))))
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const counts = { added: 0, known: 0, failed: 0 }
    for (const feed of feeds) counts[await addFeed(tools, feed, every)] += 1
    const { added, known, failed } = counts
    print(
      `${plural(added, 'feed')} added, fetched every ${every} minutes; ${known} read already, ${failed} not added.`,
    )
    return failed === 0 ? 0 : 1
  })
}

function noFile(file: string, error: unknown): UsageError {
  return new UsageError(`sources add: expected an OPML file, got ${JSON.stringify(file)}: ${reasonOf(error)}`)
}

async function addFeed(
  tools: Tools,
  { address, name }: NamedAddress,
  every: number,
): Promise<'added' | 'known' | 'failed'> {
  try {
    // A list may have short forms, such as arxiv:cs.CL.
    const whole = namedAddress(address)
    const twin = await readerOf(tools, whole.address)
    if (twin !== undefined) {
      print(`${name}: ${twin} reads it already`)
      return 'known'
    }
    const isTaken = (await findSourceByName(tools.db, name)) !== undefined
    await tryAndAdd(tools, isTaken ? whole : { ...whole, name }, every)
    return 'added'
  } catch (error) {
    complain(`${name}: ${reasonOf(error)}`)
    return 'failed'
  }
}

/** The name of the source that reads an address; undefined if none does. */
async function readerOf(tools: Tools, address: string): Promise<string | undefined> {
  return (await listSources(tools.db)).find((source) => source.address === address)?.name
}

async function tryAndAdd(tools: Tools, { address, name }: NamedAddress, every: number): Promise<void> {
  const { listing, warning } = await trySource(tools, address)
  const lookback_days = address.includes('{date}') ? LOOKBACK_DAYS : 0
  await ensureSource(tools.db, { name, address, every_minutes: every, lookback_days })
  const count = listing.entries.length
  print(`${name}: ${listing.format}, ${count === 0 ? 'no papers at the moment' : plural(count, 'paper')}`)
  for (const entry of listing.entries.slice(0, 3)) print(`  ${texToUnicode(entry.title)}`)
  if (warning !== undefined) complain(warning)
}

/** Switches a source's timer on or off. */
export function switchSource(config: Config, name: string, enabled: boolean): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    if (!(await setSourceEnabled(tools.db, name, enabled))) throw noSuchSource(name)
    print(`${name} is ${enabled ? 'enabled' : 'disabled'}.`)
    return 0
  })
}

/** Stops fetching a source for good. What it listed stays. @throws UsageError for one that is built in, or not there. */
export function removeOne(config: Config, name: string): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const source = await findSourceByName(tools.db, name)
    if (source === undefined || source.address === null) throw noSuchSource(name)
    if (source.builtin) {
      throw new UsageError(
        `sources remove: expected a source that was added, got "${name}", which is built in and would come back; paperboy sources disable ${name} stops it`,
      )
    }
    await removeSource(tools.db, source.id)
    const at = tools.now()
    await insertAudit(tools.db, {
      at,
      actor: 'command line',
      action: 'removed a source',
      subject: `source ${source.id}`,
    })
    print(`${name} is removed. What it listed stays.`)
    return 0
  })
}

function noSuchSource(name: string): UsageError {
  return new UsageError(`expected the name of a source, got "${name}"; paperboy sources list shows them`)
}

async function cannotFetch(tools: Tools, name: string): Promise<UsageError> {
  const source = await findSourceByName(tools.db, name)
  if (source === undefined) return noSuchSource(name)
  if (source.address === null)
    return new UsageError(
      `expected a source with an address, got "${name}", which is a source of replayed dumps`,
    )
  return new UsageError(
    `expected an enabled source, got "${name}", which is disabled; paperboy sources enable ${name}`,
  )
}

/** Fetches now and stores the result, without the queue. */
export function fetchSources(config: Config, name: string | undefined): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const enabled = await listFetchedSources(tools.db)
    const chosen = name === undefined ? enabled : enabled.filter((source) => source.name === name)
    if (name !== undefined && chosen.length === 0) throw await cannotFetch(tools, name)
    let failures = 0
    for (const { id } of chosen) {
      if (!(await fetchSource(tools, id))) failures += 1
    }
    return failures === 0 ? 0 : 1
  })
}

/** Fetches one source and prints the outcome; false if it failed. */
async function fetchSource(tools: Tools, id: number): Promise<boolean> {
  const payload = { sourceId: id, slot: tools.now().toISOString() }
  const failed = await runToEnd([{ name: 'fetchPage', payload }], tools).then(
    () => undefined,
    (error) => reasonOf(error),
  )
  const after = (await listSources(tools.db)).find((source) => source.id === id)!
  if (failed === undefined) print(inWords(after))
  else complain(`${after.name}: ${after.outcome ?? 'failed'}: ${failed}`)
  return failed === undefined
}
