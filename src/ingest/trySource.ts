import { addDays, localDateAt } from '../calendar.ts'
import type { Listing } from '../domain.ts'
import { PermanentError, reasonOf } from '../errors.ts'
import { addressFor } from '../sources/datedSource.ts'
import { parsePage } from '../sources/formats/formats.ts'
import { nextPartAddress } from '../sources/nextPart.ts'
import { decodePage } from '../sources/reading/decode.ts'
import type { Tools } from '../tools.ts'
import { mayBeEmpty } from './fetchOutcome.ts'

type Trier = Pick<Tools, 'fetcher' | 'now'>

/** A dated address may have no list for today yet, and none for a weekend. Then the days before are tried. */
const DAYS_TO_TRY = 5

/** What an address lists now. */
export interface Found {
  listing: Listing
  warning?: string
}

/** Fetches an address and parses it. @throws PermanentError if nothing can be read from it. */
export async function trySource(tools: Trier, template: string): Promise<Found> {
  const today = localDateAt(tools.now(), 'UTC')
  const tries = template.includes('{date}') ? DAYS_TO_TRY : 1
  const days = Array.from({ length: tries }, (_, back) => addDays(today, -back))
  let found: Found | undefined
  for (const day of days) {
    found = await fetchPapers(tools, addressFor(template, day))
    if (found.listing.entries.length > 0) return found
  }
  refuseNothing(template, found!.listing)
  return found!
}

/** A first part may only say where the papers are. */
async function fetchPapers(tools: Trier, address: string): Promise<Found> {
  const found = await fetchListing(tools, address)
  const { entries, rejects, next } = found.listing
  if (entries.length + rejects.length > 0 || next === undefined) return found
  const part = nextPartAddress(address, next)
  return part === undefined ? found : fetchListing(tools, part)
}

async function fetchListing(tools: Trier, address: string): Promise<Found> {
  const answer = await tools.fetcher.get(address)
  if (answer.kind === 'unchanged') throw new PermanentError(`${address}: expected a page, got "unchanged"`)
  try {
    const listing = parsePage(decodePage(answer.body, answer.contentType), 'auto')
    return { listing, warning: answer.warning }
  } catch (error) {
    throw new PermanentError(`${address}: ${reasonOf(error)}`)
  }
}

/** A feed may be empty for a day. A page without papers is probably the wrong page. */
function refuseNothing(address: string, listing: Listing): void {
  if (mayBeEmpty(listing)) return
  const [first] = listing.rejects
  const reason =
    first === undefined ? 'an empty list' : `none that could be read (${first.where}: ${first.reason})`
  throw new PermanentError(
    `${address}: expected a list of papers, got ${reason}; open it in a browser and check that it lists papers`,
  )
}
