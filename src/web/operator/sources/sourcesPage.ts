import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { insertAudit } from '../../../db/audit.ts'
import { ensureSource, findSourceByName, listSources } from '../../../db/fetching/sources.ts'
import { PermanentError, reasonOf, TemporaryError, UsageError } from '../../../errors.ts'
import { gatherFacts } from '../../../health/gatherFacts.ts'
import { trySource } from '../../../ingest/trySource.ts'
import { LOOKBACK_DAYS } from '../../../sources/datedSource.ts'
import { namedAddress } from '../../../sources/shorthand.ts'
import { displayLine } from '../../../text/displayLine.ts'
import { texToUnicode } from '../../../text/texToUnicode.ts'
import { field } from '../../site/form.ts'
import { healthSources, type Site, show } from '../../site/site.ts'
import { toSource } from '../desk/deskView.ts'
import { LEAST_MINUTES, MOST_MINUTES, parseMinutes } from './minutes.ts'
import { addSourcePage } from './sourcePage.ts'

const SHOWN = 5
const DEFAULT_MINUTES = 60

/** What was typed to add a source. */
interface Typed {
  address: string
  name: string
  every: string
}

/** All sources, and the form that adds one: first a look at what the address lists, then the source. */
export function addSources(scope: FastifyInstance, site: Site): void {
  const write = { preHandler: scope.csrfProtection }
  scope.get<{ Querystring: { done?: string } }>('/admin/sources', (request, reply) => {
    const done = request.query.done === 'removed' ? 'The source is removed. What it listed stays.' : undefined
    return showSources(site, reply, { done })
  })
  scope.post('/admin/sources/look', write, (request, reply) => look(site, request, reply))
  scope.post('/admin/sources/add', write, (request, reply) => add(site, request, reply))
  addSourcePage(scope, site)
}

async function look(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const typed = readForm(request)
  const checked = await check(site, typed)
  if ('error' in checked) return showSources(site, reply, { typed, ...checked }, 422)
  try {
    const { listing, warning } = await trySource(site, checked.address)
    const titles = listing.entries.slice(0, SHOWN).map(({ title }) => displayLine(texToUnicode(title)))
    const found = { ...checked, format: listing.format, count: listing.entries.length, titles, warning }
    return showSources(site, reply, { typed, found })
  } catch (error) {
    if (!(error instanceof PermanentError || error instanceof TemporaryError)) throw error
    return showSources(site, reply, { typed, error: reasonOf(error) }, 422)
  }
}

async function add(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const typed = readForm(request)
  const checked = await check(site, typed)
  if ('error' in checked) return showSources(site, reply, { typed, ...checked }, 422)
  const { address, name, minutes } = checked
  const lookback_days = address.includes('{date}') ? LOOKBACK_DAYS : 0
  const source = await ensureSource(site.db, { name, address, every_minutes: minutes, lookback_days })
  await insertAudit(site.db, {
    at: site.now(),
    actor: 'admin',
    action: 'added a source',
    subject: `source ${source.id}`,
  })
  await site.enqueue([
    { name: 'fetchPage', payload: { sourceId: source.id, slot: site.now().toISOString() } },
  ])
  return reply.redirect(`/admin/sources/${source.id}?done=added`, 303)
}

function readForm(request: FastifyRequest): Typed {
  return {
    address: field(request, 'address').trim(),
    name: field(request, 'name').trim(),
    every: field(request, 'every').trim() || `${DEFAULT_MINUTES}`,
  }
}

/** What the form means, or what is wrong with it. */
async function check(
  site: Site,
  { address: given, name: wanted, every }: Typed,
): Promise<{ address: string; name: string; minutes: number } | { error: string }> {
  const minutes = parseMinutes(every)
  if (minutes === undefined)
    return { error: `Minutes: expected ${LEAST_MINUTES} to ${MOST_MINUTES}, got "${every}".` }
  let named: { address: string; name: string }
  try {
    named = namedAddress(given)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { error: reasonOf(error).replace(/^sources add: /, '') }
  }
  const name = wanted === '' ? named.name : wanted
  if (!/^[\w.:+ -]{1,60}$/.test(name))
    return { error: 'Name: expected letters, digits and . : + - of at most 60 signs.' }
  const twin = (await listSources(site.db)).find(({ address }) => address === named.address)
  if (twin) return { error: `The source "${twin.name}" reads this address already.` }
  if (await findSourceByName(site.db, name)) return { error: `The name "${name}" is taken.` }
  return { address: named.address, name, minutes }
}

async function showSources(
  site: Site,
  reply: FastifyReply,
  more: { done?: string | undefined; typed?: Typed; error?: string; found?: object },
  status = 200,
): Promise<FastifyReply> {
  const now = site.now()
  const facts = await gatherFacts(healthSources(site))
  const ticks =
    'away' in facts.queues ? {} : Object.assign({}, ...facts.queues.map((queue) => queue.nextRuns))
  const page = {
    csrf: reply.generateCsrf(),
    typed: { address: '', name: '', every: `${DEFAULT_MINUTES}` },
    sources: facts.sources.map((source) => ({
      ...toSource(source, ticks, now),
      address: source.row.address,
      minutes: source.row.every_minutes,
    })),
    ...more,
  }
  return show(site, reply, 'admin/sources', page, status)
}
