import { type Opml, parseOpml } from 'feedsmith'
import { PermanentError, reasonOf } from '../errors.ts'
import { type NamedAddress, nameOf } from './shorthand.ts'

type Outline = NonNullable<NonNullable<Opml.Document<string>['body']>['outlines']>[number]

/** Feed readers nest their folders. A list that nests deeper was made to exhaust whoever reads it. */
const DEEPEST = 20
const MOST_FEEDS = 1_000

/**
 * The feeds of an OPML list (http://opml.org/spec2.opml), as feed readers export it, each address once, named as its
 * outline is. @throws PermanentError if the text is none, or lists no feed.
 */
export function feedsOf(text: string): NamedAddress[] {
  const outlines = readOpml(text)
  const byAddress = new Map<string, NamedAddress>()
  for (const { xmlUrl, title, text: shown } of flat(outlines, 0)) {
    const address = xmlUrl?.trim() ?? ''
    if (address === '' || byAddress.has(address)) continue
    byAddress.set(address, { address, name: nameOf(title || shown || address) })
  }
  if (byAddress.size === 0)
    throw new PermanentError('expected an OPML list of feeds, got one without an xmlUrl; export it again')
  if (byAddress.size > MOST_FEEDS)
    throw new PermanentError(
      `expected an OPML list of at most ${MOST_FEEDS} feeds, got ${byAddress.size}; add it in parts`,
    )
  return [...byAddress.values()]
}

function readOpml(text: string): Outline[] {
  try {
    return parseOpml(text).body?.outlines ?? []
  } catch (error) {
    throw new PermanentError(
      `expected an OPML list of feeds, got something else (${reasonOf(error)}); export it again`,
    )
  }
}

function flat(outlines: Outline[], depth: number): Outline[] {
  if (depth > DEEPEST) return []
  return outlines.flatMap((outline) => [outline, ...flat(outline.outlines ?? [], depth + 1)])
}
