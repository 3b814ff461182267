import { fileURLToPath } from 'node:url'
import { keepPromise, newPromiseCache, remembered } from '../../caching.ts'
import { type Digest, type DigestView, type MailedDigest, shortenDigest, viewDigest } from './digestView.ts'
import type { LetterView } from './letter.ts'
import type { Detail } from './paperView.ts'

/** A mail's two bodies and its subject. */
export interface RenderedMail {
  subject: string
  html: string
  text: string
}

/** Mail services clip HTML at about 100 kB, which would hide the unsubscribe link. This limit is well below that. */
export const MAX_HTML_BYTES = 80_000

/** From the most to the least detail. The first that fits is sent. */
const DETAILS: Detail[] = [
  {
    papers: 50,
    full: { title: 300, authors: 160, summary: 600, why: 300 },
    brief: { title: 200, line: 160 },
  },
  { papers: 50, full: { title: 200, authors: 100, summary: 240, why: 200 }, brief: { title: 140, line: 80 } },
  { papers: 25, full: { title: 120, authors: 40, summary: 60, why: 60 }, brief: { title: 100, line: 40 } },
  { papers: 10, full: { title: 120, authors: 0, summary: 0, why: 40 }, brief: { title: 80, line: 20 } },
]

/** What `npm run build` makes of the templates (scripts/compileMails.mjs), beside src/ and dist/mail/ alike. */
const COMPILED = new URL('../../../dist/templates/', import.meta.url)

/** The two bodies of a mail, as functions of what they show. */
interface Template {
  html(data: object): string
  text(data: object): string
}

/** A template as Eta compiles it. `this` holds its settings. */
type Compiled = (this: { config: { escapeFunction(value: unknown): string } }, data: object) => string

const htmlSettings = { config: { escapeFunction: toAsciiHtml } }
const textSettings = { config: { escapeFunction: String } }
const templates = newPromiseCache<string, Template>(2)

/**
 * Renders a digest as a mail: HTML of at most 80 kB, abstracts shortened to fit, and the same in plain text.
 * @throws PermanentError when there is no paper, or a needed link or the address is unusable.
 */
export async function renderDigestMail(digest: MailedDigest): Promise<RenderedMail> {
  const template = await loadTemplate('digest')
  const { view, html } = fitDigest(template, viewDigest(digest))
  return { subject: view.subject, html, text: template.text({ ...view, wrap }) }
}

/** The mail's plain text part alone. */
export async function renderDigestText(digest: MailedDigest): Promise<string> {
  return (await renderDigestMail(digest)).text
}

/**
 * A digest as a page to be shown in a browser, with every paper. It names no subscriber and carries none of their
 * links, so that passing its address on gives nothing away. Where the digest has a `judgeUrl`, as in the subscriber's
 * own archive, papers can be judged.
 */
export async function renderDigestHtml(digest: Digest): Promise<string> {
  const template = await loadTemplate('digest')
  return template.html(viewDigest({ ...digest, recipient: undefined }))
}

/** Renders a short mail with one button. */
export async function renderLetter(letter: LetterView): Promise<RenderedMail> {
  const template = await loadTemplate('letter')
  return { subject: letter.subject, html: template.html(letter), text: template.text({ ...letter, wrap }) }
}

/** The first detail at which the HTML is small enough, or the last one if none is. */
function fitDigest(template: Template, whole: DigestView): { view: DigestView; html: string } {
  let fitted: { view: DigestView; html: string } | undefined
  for (const detail of DETAILS) {
    const view = shortenDigest(whole, detail)
    fitted = { view, html: template.html(view) }
    if (Buffer.byteLength(fitted.html) <= MAX_HTML_BYTES) break
  }
  return fitted!
}

/** Reads a template once in each process, at first use. */
function loadTemplate(name: 'digest' | 'letter'): Promise<Template> {
  return keepPromise(templates, name, () => readTemplate(name))
}

async function readTemplate(name: string): Promise<Template> {
  const file = new URL(`${name}.mjs`, COMPILED)
  const compiled = (await import(/* @vite-ignore */ file.href).catch((cause: unknown) => {
    const path = fileURLToPath(file)
    throw new Error(`expected a compiled template, got none at ${path}; run "npm run build"`, { cause })
  })) as { html: Compiled; text: Compiled }
  return {
    html: (data) => compiled.html.call(htmlSettings, data),
    text: (data) => compiled.text.call(textSettings, data),
  }
}

/** Texts of which the escaped or wrapped form is kept, and the length below which making it anew is as quick. */
const TEXTS_KEPT = 5000
const SHORT = 40

const NEEDS_REFERENCE = /[&<>"'\u0080-\u{10FFFF}]/gu
const REFERENCES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text as HTML in ASCII, with line breaks between words, so that a mail can carry it without an encoding (RFC 2045
 * §2.7). No line begins with a dot or an F, which mail servers may change (RFC 5321 §4.5.2, and `From ` of mailboxes).
 */
function toAsciiHtml(value: unknown): string {
  const text = String(value)
  // Addresses of links have no spaces. Each belongs to one mail, so it is not kept.
  if (!text.includes(' ')) return text.replace(NEEDS_REFERENCE, referenceOf)
  return text.length > SHORT ? keptHtml(text) : escaped(text)
}

function referenceOf(sign: string): string {
  return REFERENCES[sign] ?? `&#${sign.codePointAt(0)};`
}

/** Longer texts are kept: titles and summaries of a day's papers come again in many mails. */
const keptHtml = remembered(TEXTS_KEPT, escaped)

function escaped(text: string): string {
  const html = text.replace(NEEDS_REFERENCE, referenceOf)
  return html.length > 100 ? html.replace(/(.{60}[^ ]*) (?![.F])/g, '$1\n') : html
}

/** Breaks a line between words at 72 columns, each line indented; a longer word stands alone. */
function wrap(text: string, indent: 0 | 1 = 0): string {
  return WRAPPED[indent](text)
}

const WRAPPED = {
  0: remembered(TEXTS_KEPT, (text) => wrapped(text, 0)),
  1: remembered(TEXTS_KEPT, (text) => wrapped(text, 1)),
}

function wrapped(text: string, indent: number): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line === '') lines[lines.length - 1] = word
    else if (indent + line.length + 1 + word.length <= 72) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n')
}
