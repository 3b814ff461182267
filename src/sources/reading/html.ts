import { DomHandler, DomUtils, Parser } from 'htmlparser2'
import { PermanentError } from '../../errors.ts'

export type HtmlDocument = DomHandler['root']
export type HtmlElement = ReturnType<typeof DomUtils.getElementsByTagName>[number]

const MAX_LENGTH = 50_000_000
/** Real pages are about 40 levels deep. The parser's time grows with the square of the depth. */
const MAX_DEPTH = 1_000
/** A listing page has about 10,000 elements, comments and attributes. Each takes a few hundred bytes of memory. */
const MAX_NODES = 1_000_000

/**
 * Parses HTML as forgivingly as browsers do. Throws PermanentError for a page that is too long, too full or nested
 * too deeply.
 */
export function parseHtml(page: string): HtmlDocument {
  if (page.length > MAX_LENGTH) {
    throw new PermanentError(`expected a page of at most ${MAX_LENGTH} characters, got ${page.length}`)
  }
  const handler = boundedHandler()
  new Parser(handler).end(page)
  return handler.root
}

function boundedHandler(): DomHandler {
  const handler = new DomHandler()
  const open = handler.onopentag.bind(handler)
  const close = handler.onclosetag.bind(handler)
  const comment = handler.oncomment.bind(handler)
  let depth = 0
  let nodes = 0
  const count = () => {
    nodes += 1
    if (nodes > MAX_NODES)
      throw new PermanentError(`expected HTML of at most ${MAX_NODES} elements and attributes, got more`)
  }
  handler.onopentag = (name, attributes) => {
    count()
    depth += 1
    if (depth > MAX_DEPTH)
      throw new PermanentError(`expected HTML nested at most ${MAX_DEPTH} deep, got deeper`)
    open(name, attributes)
  }
  handler.onclosetag = () => {
    depth -= 1
    close()
  }
  handler.oncomment = (text) => {
    count()
    comment(text)
  }
  return Object.assign(handler, { onattribute: count })
}

/**
 * The elements below a node that pass a test, in the page's order, without those inside an element that passed. Each
 * node is visited once. Selectors would take time by the square of the number of siblings.
 */
export function outermost(
  below: HtmlDocument | HtmlElement,
  test: (element: HtmlElement) => boolean,
): HtmlElement[] {
  const found: HtmlElement[] = []
  const waiting = below.children.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!DomUtils.isTag(node)) continue
    if (test(node)) found.push(node)
    else for (let at = node.children.length - 1; at >= 0; at -= 1) waiting.push(node.children[at]!)
  }
  return found
}

/** All text in an element, entities decoded. */
export function htmlTextOf(element: HtmlElement | undefined): string {
  return element === undefined ? '' : DomUtils.textContent(element)
}
