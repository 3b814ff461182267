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
  const nesting: Nesting = { open: [], elements: 0, hasRoot: false }
  let end = 0
  for (const match of page.matchAll(TOKEN)) {
    const at = match.index
    if (nesting.open.length === 0 && page.slice(end, at).trim() !== '')
      throw damage(page, at, what, 'text outside of the root')
    if (match[0] === '<') throw brokenTag(page, at, what)
    const fault = match[2] === undefined ? undefined : nest(nesting, match)
    if (fault !== undefined) throw damage(page, at, what, fault)
    end = at + match[0].length
  }
  if (!nesting.hasRoot) throw truncation(page, what, nesting.open.at(-1))
  if (page.slice(end).trim() !== '') throw damage(page, end, what, 'text behind the root')
}

/** How far the tags of a text have been followed. */
interface Nesting {
  /** Names of the elements that are open, the innermost last. */
  open: string[]
  /** How many elements there were. */
  elements: number
  /** The root has been closed. */
  hasRoot: boolean
}

/** Follows a tag. Gives what is wrong with it. */
function nest(nesting: Nesting, [, closing, name = '', selfClosing]: RegExpMatchArray): string | undefined {
  if (nesting.hasRoot) return `a second root <${closing}${name}>`
  const fault = closing ? closeElement(nesting, name) : openElement(nesting, name, selfClosing !== '')
  nesting.hasRoot = nesting.open.length === 0
  return fault
}

function closeElement({ open }: Nesting, name: string): string | undefined {
  const expected = open.pop()
  if (name === expected) return undefined
  return `</${name}> where ${expected ? `</${expected}>` : 'nothing'} is open`
}

function openElement(nesting: Nesting, name: string, isEmpty: boolean): string | undefined {
  if (!isEmpty && nesting.open.push(name) > MAX_DEPTH) return `elements nested deeper than ${MAX_DEPTH}`
  nesting.elements += 1
  return nesting.elements > MAX_ELEMENTS ? `more than ${MAX_ELEMENTS} elements` : undefined
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
