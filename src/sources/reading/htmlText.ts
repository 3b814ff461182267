import { load } from 'cheerio/slim'

/** Reads the text of HTML fragments, as feeds have them in descriptions. */

const BLOCKS = new Set(
  'address article blockquote br dd div dl dt figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul'.split(
    ' ',
  ),
)
const UNSEEN = new Set(['script', 'style', 'template', 'noscript', 'head', 'title'])
const INLINE =
  'a abbr b bdi cite code del em font i img ins kbd mark q s samp small span strike strong sub sup tt u var'
const TAGS = new RegExp(
  `<(?!/?(?:${[...BLOCKS, ...UNSEEN, ...INLINE.split(' ')].join('|')})[\\s>/]|!--)`,
  'gi',
)

const MAX_LENGTH = 200_000
/** Each tag may nest; the call stack can hold many more. */
const MAX_TAGS = 2_000

interface DomNode {
  type: string
  name?: string
  data?: string
  children?: DomNode[]
}

/**
 * The lines that a reader sees: white space collapsed, entities decoded once, empty lines left out. Text that looks
 * like a tag but is not one of HTML, such as `<tool_call>`, is text. A fragment that is absurdly long or nested gives
 * none.
 */
export function htmlLines(html: string): string[] {
  if (html.length > MAX_LENGTH) return []
  const fragment = html.replace(TAGS, '&lt;')
  // Text without tags has its own line ends.
  if (!fragment.includes('<')) return linesOf(fragment.includes('&') ? load(fragment).text() : fragment)
  if (fragment.split('<').length > MAX_TAGS) return []
  const root = load(fragment).root()[0] as unknown as DomNode
  return linesOf(shown(root))
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.replace(/\s+/g, ' ').trim() || [])
}

/** The whole fragment as one text; undefined if it has none. */
export function htmlText(html: string | undefined): string | undefined {
  const text = htmlLines(html ?? '').join(' ')
  return text === '' ? undefined : text
}

function shown(node: DomNode): string {
  if (node.type === 'text') return (node.data ?? '').replace(/\s+/g, ' ')
  if (node.type === 'comment' || UNSEEN.has(node.name ?? '')) return ''
  const inner = (node.children ?? []).map(shown).join('')
  return BLOCKS.has(node.name ?? '') ? `\n${inner}\n` : inner
}
