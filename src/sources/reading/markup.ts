import { decodeEntities } from '../../text/entities.ts'
import { textOf } from './fields.ts'
import { withoutMathml } from './mathml.ts'

/** Text out of the HTML, JATS and MathML that catalogues and tables have in their titles and abstracts. */

const BLOCKS =
  'address article aside blockquote br center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main ' +
  'ol p pre section summary table tbody td tfoot th thead tr ul sec title disp-formula disp-quote list list-item abstract'
const INLINE =
  'a abbr b bdi bdo big cite code del dfn em font i img inf ins kbd mark q s samp scp small span strike strong sub sup tt u ' +
  'var wbr italic bold underline sc monospace named-content ext-link xref inline-formula tex-math alternatives inline-graphic'
const PREFIX = '(?:jats:|xhtml:|html:)?'
/** Attributes have values, so that the comparison in `a <b and c> d` is no tag. */
const ATTRIBUTES = String.raw`(?:\s{1,9}(?:open|hidden|nowrap|[\w:.-]{1,40}\s?=\s?(?:"[^"<>]{0,2000}"|'[^'<>]{0,2000}'|[^\s<>"']{1,2000}))){0,20}`
const BLOCK_TAG = new RegExp(
  String.raw`<\/?${PREFIX}(?:${BLOCKS.split(' ').join('|')})${ATTRIBUTES}\s{0,9}\/?>`,
  'gi',
)
const INLINE_TAG = new RegExp(
  String.raw`<\/?${PREFIX}(?:${INLINE.split(' ').join('|')})${ATTRIBUTES}\s{0,9}\/?>`,
  'gi',
)
const UNSEEN = /<!\[CDATA\[|\]\]>|<!--.*?-->|<(script|style|template)\b[^<>]{0,2000}>.*?<\/\1\s*>/gis
/** What opens and closes in an abstract is not the abstract's: `<summary>Show</summary>`. */
const SUMMARY = /<summary\b[^<>]{0,2000}>[^<]{0,200}<\/summary\s*>/gi
/** An entity that was escaped once more shows its tags only when it is decoded. */
const MOST_ESCAPES = 2

/** Whether a text may hold tags or entities. */
export function mayHoldMarkup(text: string): boolean {
  return text.includes('<') || text.includes('&')
}

/**
 * The lines that a reader sees of a text that may hold markup and entities, escaped once or twice. White space is
 * collapsed and empty lines are left out. Text that looks like a tag but is none, such as `<tool_call>`, stays.
 */
export function markupLines(text: string): string[] {
  if (!mayHoldMarkup(text)) return linesOf(text.replace(/\s+/g, ' '))
  let shown = text.replace(/\s+/g, ' ')
  for (let times = 0; times < MOST_ESCAPES; times += 1) {
    const bare = decodeEntities(withoutTags(shown))
    if (bare === shown) break
    shown = bare
  }
  return linesOf(shown)
}

function withoutTags(text: string): string {
  if (!text.includes('<')) return text
  const seen =
    text.includes('</') || text.includes('<!') ? text.replace(UNSEEN, ' ').replace(SUMMARY, '\n') : text
  return withoutMathml(seen).replace(INLINE_TAG, '').replace(BLOCK_TAG, '\n')
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => textOf(line) ?? [])
}

/** All of it as one text; undefined if there is none. */
export function plainText(value: unknown): string | undefined {
  const text = textOf(value)
  return text === undefined || !mayHoldMarkup(text) ? text : textOf(markupLines(text).join(' '))
}
