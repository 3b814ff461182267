import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type AddressLink,
  confirmAddress,
  findAddressLink,
  refuseAddressChange,
  requestAddressChange,
} from '../../../subscribers/addressChange.ts'
import { type FieldError, parseEmail, unmailable } from '../../../subscribers/preferences.ts'
import { field, showErrors } from '../../site/form.ts'
import { ME, signIn } from '../../site/signIn.ts'
import { type Message, type Site, show, showMessage } from '../../site/site.ts'
import { holderOf, showDeadLink, type TokenParams } from '../links.ts'

/** Two mails to whatever address is typed: few people need it, and nobody needs it often. */
const ASKED = { max: 10, timeWindow: '10 minutes' }

/**
 * Another address for the digest: the form among the preferences, and the pages to which the two mails lead. Opening a page
 * changes nothing; its button does.
 */
export function addAddressPages(server: FastifyInstance, site: Site): void {
  addForm(server, site)
  addConfirmations(server, site)
}

function addForm(server: FastifyInstance, site: Site): void {
  server.get<TokenParams>('/preferences/:token/address', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    return holder ? showForm(site, request, reply, holder.subscriber.email) : showDeadLink(site, reply)
  })

  server.post<TokenParams>(
    '/preferences/:token/address',
    { config: { rateLimit: ASKED } },
    async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      const { id, email: current } = holder.subscriber
      const typed = field(request, 'email')
      const parsed = parseEmail(typed)
      if ('errors' in parsed) return showForm(site, request, reply, current, typed, parsed.errors)
      const unmailed = await unmailable(parsed.values, site.takesUtf8)
      if (unmailed) return showForm(site, request, reply, current, typed, [unmailed])
      const { outcome, next } = await requestAddressChange(site.context, id, parsed.values, {
        actor: 'subscriber',
      })
      await site.enqueue(next)
      if (outcome === 'same') {
        const message = 'Your digest comes to this address already; expected another one.'
        return showForm(site, request, reply, current, typed, [{ field: 'email', message }])
      }
      return showMessage(site, reply, ASKED_FOR[outcome === 'throttled' ? 'throttled' : 'asked'])
    },
  )
}

const ASKED_FOR: Record<'asked' | 'throttled', Message> = {
  asked: {
    title: 'Two mails are on their way',
    text: 'One goes to your present address, one to the new one. Press the button in each: then your digest comes to the new address. Until then nothing changes.',
  },
  throttled: {
    title: 'Not so soon',
    text: 'One of the two mailboxes was mailed a short while ago, or too often today. Look for that mail, or try again later.',
  },
}

function addConfirmations(server: FastifyInstance, site: Site): void {
  server.get<TokenParams>('/address/:token', async (request, reply) => {
    const link = await findAddressLink(site.context, request.params.token)
    return link ? showLink(site, request, reply, link) : showDeadLink(site, reply)
  })

  server.post<TokenParams>('/address/:token', async (request, reply) => {
    const { outcome, subscriberId } = await confirmAddress(site.context, request.params.token)
    if (outcome === 'dead') return showDeadLink(site, reply)
    if (subscriberId !== undefined) await signIn(site, reply, subscriberId)
    return showMessage(site, reply, CONFIRMED[outcome])
  })

  server.get<TokenParams>('/address/:token/never', async (request, reply) => {
    const link = await findAddressLink(site.context, request.params.token)
    return link ? showLink(site, request, reply, link) : showDeadLink(site, reply)
  })

  server.register(async (scope) => {
    // Mail programs send their one click here too (RFC 8058), with a body of any kind that says nothing.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, _body, done) =>
      done(null, undefined),
    )
    scope.post<TokenParams>('/address/:token/never', async (request, reply) => {
      const isDone = await refuseAddressChange(site.context, request.params.token)
      return isDone ? showMessage(site, reply, REFUSED) : showDeadLink(site, reply)
    })
  })
}

const BODY_LIMIT = 16 * 1024
const REFUSED: Message = {
  title: 'No mail comes here',
  text: 'Nothing changes for the subscription, and no mail goes to this address any more.',
}

const CONFIRMED: Record<'changed' | 'waits' | 'taken', Message> = {
  changed: {
    title: 'Your digest comes to the new address',
    text: 'Topics, taste and archive are as they were. Links to your preferences in earlier mails work no more.',
    links: [{ label: 'Open my preferences', url: `/preferences/${ME}` }],
  },
  waits: {
    title: 'One of two',
    text: 'This mailbox has confirmed. Now press the button in the mail to the other one; until then nothing changes.',
  },
  taken: {
    title: 'The new address has a subscription of its own',
    text: 'An address can have one. Delete the data of one of the two subscriptions, then ask for the change again.',
    links: [{ label: 'Mail me a link to my preferences', url: '/preferences' }],
  },
}

function showForm(
  site: Site,
  request: FastifyRequest<TokenParams>,
  reply: FastifyReply,
  current: string,
  typed = '',
  errors: FieldError[] = [],
): FastifyReply {
  const data = { home: `/preferences/${request.params.token}`, current, typed, errors: showErrors(errors) }
  return show(site, reply, 'address', data, errors.length > 0 ? 422 : 200)
}

function showLink(
  site: Site,
  request: FastifyRequest<TokenParams>,
  reply: FastifyReply,
  { mailbox, email, isConfirmed }: AddressLink,
): FastifyReply {
  return show(site, reply, 'confirmAddress', {
    home: `/address/${request.params.token}`,
    isNew: mailbox === 'new',
    email,
    isConfirmed,
  })
}
