import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PermanentError } from '../../errors.ts'
import {
  type AddedExamples,
  addExamples,
  dropExample,
  forgetTerm,
  rememberTerm,
  resetTaste,
  takeBackFeedback,
} from '../../subscribers/feedback.ts'
import { displayLine } from '../../text/displayLine.ts'
import { plural } from '../../text/plural.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { field, fields } from '../site/form.ts'
import { type Site, show } from '../site/site.ts'
import { kindOf } from './judgePage.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'

/** More than is read, so that what is too long is answered beside its field, with a limit in words. */
const BODY_LIMIT = 1024 * 1024
/** Looking papers up costs more than a page does. */
const REQUESTS = { max: 20, timeWindow: '10 minutes' }

/** Correcting what Paperboy has learned, and teaching it with what was read elsewhere. */
export function addTastePages(server: FastifyInstance, site: Site): void {
  server.post<TokenParams>('/preferences/:token/taste', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const done = await correct(site, holder.subscriber.id, request)
    return reply.redirect(`/preferences/${request.params.token}/taste?done=${done}#taste`, 303)
  })

  server.register(async (scope) => {
    const limits = { fileSize: BODY_LIMIT, fieldSize: BODY_LIMIT, files: 1, fields: 4, parts: 5 }
    await scope.register(multipart, { limits })

    scope.get<TokenParams>('/preferences/:token/examples', async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      return show(site, reply, 'examples', { home: `/preferences/${request.params.token}`, typed: '' })
    })

    scope.post<TokenParams>(
      '/preferences/:token/examples',
      { bodyLimit: BODY_LIMIT, config: { rateLimit: REQUESTS } },
      async (request, reply) => {
        const holder = await holderOf(site, 'manage', request)
        return holder ? takeExamples(site, holder.subscriber.id, request, reply) : showDeadLink(site, reply)
      },
    )
  })
}

/** Does what one button of the section asks for; gives its word for the page that follows. */
async function correct(site: Site, subscriberId: number, request: FastifyRequest): Promise<string> {
  const stem = field(request, 'forget')
  const [, kind, paper] = /^(\w+) ([1-9]\d{0,14})$/.exec(field(request, 'undo')) ?? []
  const undone = kindOf(kind ?? '')
  if (field(request, 'reset') === 'everything') {
    await resetTaste(site.db, subscriberId)
    return 'reset'
  }
  if (undone) {
    await takeBackFeedback(site.db, { subscriberId, paperId: Number(paper), kind: undone })
    return 'undone'
  }
  const [remembered] = fields(request, 'remember')
  if (remembered !== undefined) {
    await rememberTerm(site.db, subscriberId, remembered.replaceAll('\0', ''))
    return 'remembered'
  }
  const key = field(request, 'drop')
  if (/^[0-9a-f]{32}$/.test(key)) {
    await dropExample(site.db, subscriberId, key)
    return 'undone'
  }
  if (stem === '') return ''
  await forgetTerm(site.db, subscriberId, stem)
  return 'forgotten'
}

async function takeExamples(
  site: Site,
  subscriberId: number,
  request: FastifyRequest<TokenParams>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const home = `/preferences/${request.params.token}`
  const { text, file } = await readForm(request).catch((error) => {
    // What the multipart reader cannot make sense of is the sender's mistake, not ours.
    throw Object.assign(error, { statusCode: error.statusCode ?? 400 })
  })
  const typed = typeof text === 'string' ? text : ''
  const pasted = [typed, readable(file)].filter((part) => part.trim() !== '').join('\n\n')
  try {
    if (pasted.includes('\0')) throw new PermanentError(NOT_TEXT)
    const added = await addExamples(site.db, subscriberId, pasted, site.now())
    return show(site, reply, 'examples', { home, typed: '', added: viewAdded(added) })
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    return show(site, reply, 'examples', { home, typed, error: sentence(error.message) }, 422)
  }
}

/** The fields of the form, whether sent with a file or without. */
async function readForm(request: FastifyRequest): Promise<{ text?: unknown; file?: unknown }> {
  if (!request.isMultipart()) return (request.body ?? {}) as { text?: unknown; file?: unknown }
  const read: { text?: unknown; file?: unknown } = {}
  for await (const part of request.parts()) {
    if (part.type === 'file') read.file = await part.toBuffer()
    else if (part.fieldname === 'text') read.text = part.value
  }
  return read
}

const NOT_TEXT = 'expected text such as a .bib file, got a file of another kind; choose another one'

/** A file's text: UTF-8, else as older reference managers write it (Windows-1252, which reads any bytes). */
function readable(file: unknown): string {
  if (!Buffer.isBuffer(file)) return typeof file === 'string' ? file : ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    return new TextDecoder('windows-1252').decode(file)
  }
}

function sentence(line: string): string {
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`
}

/** At most this many of the parts that could not be read are listed. */
const LISTED = 50

/** What became of the text, in words. */
function viewAdded({ found, kept, unread, left }: AddedExamples) {
  const parts = [
    `Found ${plural(found.length, 'paper')}, saved now`,
    `kept the text of ${plural(kept, 'other')}`,
    `could not read ${unread.toLocaleString('en')}`,
  ]
  const papers = found.map(({ paperId, title }) => ({
    id: paperId,
    title: displayLine(texToUnicode(title), 200),
  }))
  const listed = left.slice(0, LISTED).map(({ where, reason }) => ({
    where: `${where.charAt(0).toUpperCase()}${where.slice(1)}`,
    reason: displayLine(reason, 300),
  }))
  return { words: `${parts.join('; ')}.`, papers, left: listed, others: left.length - listed.length, unread }
}
