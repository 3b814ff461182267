import { load } from 'cheerio/slim'

/** The text of HTML fragments, as feeds have them in descriptions. */

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
/** Each may nest; a call stack holds many more. */
const MAX_TAGS = 2_000

interface DomNode {
  type: string
  name?: string
  data?: string
  children?: DomNode[]
}

/**
 * The lines that a reader sees, white space collapsed, entities decoded once, empty ones left out. What looks like a
 * tag and is none of HTML's, such as `<tool_call>`, is text. None for a fragment that is absurdly long or nested.
 */
export function htmlLines(html: string): string[] {
  if (html.length > MAX_LENGTH) return []
  const fragment = html.replace(TAGS, '&lt;')
  // Text without a tag has lines of its own.
  if (!fragment.includes('<')) return linesOf(fragment.includes('&') ? load(fragment).text() : fragment)
  if (fragment.split('<').length > MAX_TAGS) return []
  const root = load(fragment).root()[0] as unknown as DomNode
  return linesOf(shown(root))
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.replace(/\s+/g, ' ').trim() || [])
}

/** All of it as one text; undefined where there is none. */
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
