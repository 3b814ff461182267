import { load } from 'cheerio/slim'
import { PermanentError } from '../../errors.ts'
import { textOf } from './fields.ts'

/**
 * Reads XML, strict about its structure and lenient about its text. A parser that repairs a broken tag could give one
 * paper another's text, so a truncated or damaged document is refused as a whole. Entities are decoded exactly once,
 * and what is not an entity stays as it is. Documents that define entities are refused; external entities are never
 * fetched.
 */
export interface XmlElement {
  /** Without prefix: `doi` for `arxiv:doi`. */
  name: string
  attributes: Record<string, string>
  nodes: (XmlElement | string)[]
}

const MAX_LENGTH = 50_000_000
/** Feeds are about six levels deep. The call stack can hold far more than this limit. */
const MAX_DEPTH = 100
/** An answer of 2,000 papers has about 80,000 elements. Each takes a few hundred bytes of memory. */
const MAX_ELEMENTS = 1_000_000

/**
 * The root element, which must have the given name. `what` names the document in errors: `an arXiv feed`.
 * Throws PermanentError, with the line, for a document that is truncated, damaged, nested too deeply, defines
 * entities, or has another root.
 */
export function parseXml(page: string, name: string, what: string): XmlElement {
  refuseDamage(page, what)
  const root = load(page, { xml: true })
    .root()
    .children()
    .toArray()
    .map((element) => toElement(element as DomNode))[0]
  if (typeof root === 'object' && root.name === name) return root
  const got = typeof root === 'object' ? root.name.slice(0, 60) : 'nothing'
  throw new PermanentError(`expected ${what} (<${name}>), got XML of another kind (<${got}>)`)
}

/**
 * The name of the first element, with its prefix, and the text before the first of the given tags. There a feed says
 * what it is.
 */
export function headOf(page: string, until: RegExp): { root: string; head: string } | undefined {
  const start = page.slice(0, 20_000)
  const prolog = /^(?:\s+|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^>[]*>)*/i.exec(start)![0]
  const root = /^<([A-Za-z][\w:.-]*)[\s>/]/.exec(start.slice(prolog.length))?.[1]
  return root === undefined ? undefined : { root, head: start.split(until, 1)[0]! }
}

/** The first child with that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return children(element, name)[0]
}

/** All children with that name, in order. */
export function children(element: XmlElement | undefined, name: string): XmlElement[] {
  return (element?.nodes ?? []).filter(
    (node) => typeof node === 'object' && node.name === name,
  ) as XmlElement[]
}

/** The text of the first child with that name, white space collapsed. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const found = child(element, name)
  return found && textOf(rawText(found))
}

/** All text in an element, unchanged. */
export function rawText(element: XmlElement): string {
  return element.nodes.map((node) => (typeof node === 'string' ? node : rawText(node))).join('')
}

interface DomNode {
  type: string
  name?: string
  data?: string
  attribs?: Record<string, string>
  children?: DomNode[]
}

function toElement(node: DomNode): XmlElement | string {
  if (node.type === 'text') return node.data ?? ''
  if (node.type === 'comment' || node.type === 'directive') return ''
  const nodes = (node.children ?? []).map(toElement)
  if (node.type === 'cdata') return nodes.join('')
  return { name: localName(node.name ?? ''), attributes: node.attribs ?? {}, nodes }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** A comment, a CDATA section, an instruction, or a tag with its attributes. Any other `<` is damage. */
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*>|<(\/?)([\p{L}_:][^\s<>/"'=!?&]*)(?:\s+[^\s<>/"'=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|</gu

/**
 * Refuses XML whose structure is not complete (https://www.w3.org/TR/xml/#sec-well-formed): every tag closed in
 * order, one root, no text outside it, limited nesting. It passes through the text once, whatever the nesting.
 */
export function refuseDamage(page: string, what: string): void {
  if (page.length > MAX_LENGTH) {
    throw new PermanentError(`expected ${what} of at most ${MAX_LENGTH} characters, got ${page.length}`)
  }
  const open: string[] = []
  let rootEnd: number | undefined
  let end = 0
  let elements = 0
  for (const match of page.matchAll(TOKEN)) {
    const between = page.slice(end, match.index)
    end = match.index + match[0].length
    if (open.length === 0 && between.trim() !== '')
      throw damage(page, match.index, what, 'text outside of the root')
    const [token, closing, name, selfClosing] = match
    if (name === undefined) {
      if (token === '<') throw brokenTag(page, match.index, what)
      continue
    }
    if (rootEnd !== undefined) throw damage(page, match.index, what, `a second root <${closing}${name}>`)
    if (closing) {
      const expected = open.pop()
      if (name !== expected)
        throw damage(
          page,
          match.index,
          what,
          `</${name}> where ${expected ? `</${expected}>` : 'nothing'} is open`,
        )
    } else if (!selfClosing && open.push(name) > MAX_DEPTH) {
      throw damage(page, match.index, what, `elements nested deeper than ${MAX_DEPTH}`)
    }
    if (!closing) elements += 1
    if (elements > MAX_ELEMENTS) throw damage(page, match.index, what, `more than ${MAX_ELEMENTS} elements`)
    if (open.length === 0) rootEnd = end
  }
  if (open.length > 0 || rootEnd === undefined) throw truncation(page, what, open.at(-1))
  if (page.slice(end).trim() !== '') throw damage(page, end, what, 'text behind the root')
}

function brokenTag(page: string, at: number, what: string): PermanentError {
  const rest = page.slice(at)
  if (/^<!(?:DOCTYPE|ENTITY)/i.test(rest)) return damage(page, at, what, 'a definition of entities')
  return rest.includes('>') ? damage(page, at, what, 'a broken tag') : truncation(page, what, undefined)
}

function truncation(page: string, what: string, open: string | undefined): PermanentError {
  const unclosed = open === undefined ? '' : ` (<${open.slice(0, 60)}> is not closed)`
  const line = lineOf(page, page.trimEnd().length)
  return new PermanentError(
    `expected whole XML of ${what}, got truncated XML at line ${line}${unclosed}: fetch or copy it again`,
  )
}

function damage(page: string, at: number, what: string, got: string): PermanentError {
  return new PermanentError(
    `expected well-formed XML of ${what}, got ${got.slice(0, 200)} at line ${lineOf(page, at)}`,
  )
}

function lineOf(page: string, at: number): number {
  return page.slice(0, at).split('\n').length
}
