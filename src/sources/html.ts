import { type CheerioAPI, load } from 'cheerio/slim'
import { DomHandler, Parser } from 'htmlparser2'
import { PermanentError } from '../errors.ts'

const MAX_LENGTH = 50_000_000
/** Real pages are about 40 deep. The parser's and the selectors' time grows with the square of the depth. */
const MAX_DEPTH = 1_000

/** Parses HTML forgivingly, as browsers do. Throws PermanentError for a page that is too long or nested too deep. */
export function parseHtml(page: string): CheerioAPI {
  if (page.length > MAX_LENGTH) {
    throw new PermanentError(`expected a page of at most ${MAX_LENGTH} characters, got ${page.length}`)
  }
  const handler = shallowHandler()
  new Parser(handler).end(page)
  return load(handler.root)
}

function shallowHandler(): DomHandler {
  const handler = new DomHandler()
  const open = handler.onopentag.bind(handler)
  const close = handler.onclosetag.bind(handler)
  let depth = 0
  handler.onopentag = (name, attributes) => {
    depth += 1
    if (depth > MAX_DEPTH)
      throw new PermanentError(`expected HTML nested at most ${MAX_DEPTH} deep, got deeper`)
    open(name, attributes)
  }
  handler.onclosetag = () => {
    depth -= 1
    close()
  }
  return handler
}
