import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SubscriberStatus } from '../../../domain.ts'
import { type DirectoryQuery, listDirectory, type SubscriberEntry } from '../../../subscribers/directory.ts'
import { maskAddress, maskAddresses } from '../../../text/maskAddress.ts'
import { parseId } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'
import { addLists } from './listsPage.ts'
import { addSubscriberPage } from './subscriberPage.ts'

const PER_PAGE = 50
const STATUSES: SubscriberStatus[] = ['pending', 'active', 'paused', 'unsubscribed']

type Query = { search?: string; status?: string; suppressed?: string; before?: string; done?: string }

/** Who gets digests: found by a part of the address, by state, or by being suppressed. Addresses are masked. */
export async function addSubscribers(scope: FastifyInstance, site: Site): Promise<void> {
  scope.get<{ Querystring: Query }>('/admin/subscribers', (request, reply) => showList(site, request, reply))
  await addLists(scope, site, queryOf)
  addSubscriberPage(scope, site)
}

/** The filter of an address or a form. */
function queryOf(given: Record<string, unknown>): Omit<DirectoryQuery, 'limit' | 'before'> {
  const search = typeof given.search === 'string' ? given.search.trim().slice(0, 200) : ''
  const status = STATUSES.find((known) => known === given.status)
  return {
    ...(search === '' ? {} : { search }),
    ...(status === undefined ? {} : { status }),
    suppressed: given.suppressed !== undefined,
  }
}

async function showList(
  site: Site,
  request: FastifyRequest<{ Querystring: Query }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const given = request.query
  const query = queryOf(given)
  const { search = '', status, suppressed } = query
  const before = parseId(given.before)
  const found = await listDirectory(site.context, {
    ...query,
    ...(before === undefined ? {} : { before }),
    limit: PER_PAGE + 1,
  })
  const filter = { search, status: status ?? '', ...(suppressed ? { suppressed: 'on' } : {}) }
  const more = found.length > PER_PAGE
  return show(site, reply, 'admin/subscribers', {
    done: given.done === 'deleted' ? 'The subscriber and everything kept of them is deleted.' : undefined,
    csrf: reply.generateCsrf(),
    filter,
    statuses: STATUSES,
    found: found.slice(0, PER_PAGE).map(toRow),
    older: more
      ? `/admin/subscribers?${new URLSearchParams({ ...filter, before: `${found[PER_PAGE - 1]!.id}` })}`
      : undefined,
    newest: before === undefined ? undefined : `/admin/subscribers?${new URLSearchParams(filter)}`,
  })
}

function toRow(entry: SubscriberEntry) {
  const { suppression } = entry
  return {
    ...entry,
    email: maskAddress(entry.email),
    suppression: suppression && maskAddresses(suppression.reason),
  }
}
