import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Eta, type TemplateFunction } from 'eta'
import { keepPromise, newPromiseCache } from '../../caching.ts'
import {
  type Detail,
  type Digest,
  type DigestView,
  type MailedDigest,
  shortenDigest,
  viewDigest,
} from './digestView.ts'
import type { LetterView } from './letter.ts'

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
  { papers: 50, title: 300, authors: 160, abstract: 480, why: 300, answers: 3 },
  { papers: 50, title: 240, authors: 120, abstract: 320, why: 240, answers: 3 },
  { papers: 50, title: 200, authors: 100, abstract: 220, why: 200, answers: 3 },
  { papers: 50, title: 160, authors: 80, abstract: 150, why: 150, answers: 1 },
  { papers: 50, title: 140, authors: 60, abstract: 80, why: 120, answers: 1 },
  { papers: 50, title: 120, authors: 0, abstract: 0, why: 100, answers: 1 },
  { papers: 20, title: 120, authors: 0, abstract: 0, why: 60, answers: 1 },
  { papers: 10, title: 120, authors: 0, abstract: 0, why: 60, answers: 1 },
]

const FOLDER = new URL('../../../templates/mail/', import.meta.url)
/** What `npm run build` makes of the MJML templates (scripts/compileMails.mjs), beside src/ and dist/mail/ alike. */
const COMPILED = new URL('../../../dist/templates/', import.meta.url)
const htmlEngine = new Eta({ autoEscape: true })
const textEngine = new Eta({ autoEscape: false, autoTrim: false })

interface Template {
  html(data: object): string
  text(data: object): string
}

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
  const html = await readFile(new URL(`${name}.eta`, COMPILED), 'utf8').catch((cause: unknown) => {
    const path = fileURLToPath(COMPILED)
    throw new Error(`${path}: expected ${name}.eta, got no such file; run "npm run build"`, { cause })
  })
  const text = await readFile(new URL(`${name}.txt`, FOLDER), 'utf8')
  return {
    html: bind(htmlEngine.compile(html), htmlEngine),
    text: bind(textEngine.compile(text), textEngine),
  }
}

function bind(template: TemplateFunction, engine: Eta): (data: object) => string {
  return (data) => engine.render(template, data)
}

/** Breaks a line between words at 72 columns, each line indented; a longer word stands alone. */
function wrap(text: string, indent = 0): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line === '') lines[lines.length - 1] = word
    else if (indent + line.length + 1 + word.length <= 72) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n')
}
