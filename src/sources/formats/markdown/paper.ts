import type { Entry } from '../../../domain.ts'
import { linkOf } from '../../reading/fields.ts'
import { markdownLinks, plainMarkdown } from '../../reading/linkedText.ts'
import { plainText } from '../../reading/markup.ts'
import { arxivIdOf, arxivUrl, doiOf } from '../../reading/paperIds.ts'

/** What a piece of Markdown says about the paper that it links to. */

export interface PaperLink {
  /** The link's text; the address itself for a bare address. */
  text: string
  url: string
  arxivId?: string
  doi?: string
}

/** Pages of one paper each, whose address has no id that others know. */
const PAPER_PAGE =
  /^https?:\/\/(?:www\.)?(?:openreview\.net\/(?:forum|pdf)\?id=[\w-]{6,}|openreview\.net\/pdf\/\w{20,}|aclanthology\.org\/[A-Z\d][\w.-]{5,}|proceedings\.mlr\.press\/v\d+\/[\w-]+|openaccess\.thecvf\.com\/content\S*\/(?:html|papers)\/|(?:papers\.nips\.cc|proceedings\.neurips\.cc|papers\.neurips\.cc)\/paper)/i

const BARE = /https?:\/\/[^\s<>()[\]|"'*]+/g

/**
 * The links to papers in a text: to arXiv, Hugging Face Papers, with a DOI, or to a paper's page at a conference. `isCut`: the text may end inside an
 * address, so an address at its very end does not count.
 */
export function paperLinks(text: string, isCut = false): PaperLink[] {
  if (!mayLink(text)) return []
  return allLinks(text, isCut).flatMap(({ text: words, url }) => {
    const arxivId = arxivIdOf(url)
    const doi = arxivId === undefined && /doi\.org\//i.test(url) ? doiOf(url) : undefined
    const isPaper = arxivId !== undefined || doi !== undefined || PAPER_PAGE.test(url)
    return isPaper ? { text: words, url, arxivId, doi } : []
  })
}

/** The address of the one code repository that a text links to. */
export function codeLink(text: string): string | undefined {
  if (!text.includes('github.com/')) return undefined
  const links = allLinks(text, true).map(({ url }) => url)
  const repositories = new Set(
    links.filter((url) => /^https?:\/\/(?:www\.)?github\.com\/[^/]+\/[^/?#]+/.test(url)),
  )
  return repositories.size === 1 ? linkOf([...repositories][0]) : undefined
}

function mayLink(text: string): boolean {
  return text.includes('](') || text.includes('http')
}

function allLinks(text: string, isCut: boolean): { text: string; url: string }[] {
  const links = markdownLinks(text)
  let rest = ''
  let end = 0
  for (const link of links) {
    rest += `${text.slice(end, link.start)} `
    end = link.end
  }
  rest += text.slice(end)
  if (!rest.includes('http')) return links
  const bare = Array.from(rest.matchAll(BARE))
    .filter((match) => !isCut || match.index + match[0].length < rest.length)
    .map((match) => ({ text: match[0], url: match[0] }))
  return [...links, ...bare]
}

/** The ids of the paper that all links name; a sentence about the contradiction if they name several papers. */
export function onePaper(links: PaperLink[]): Pick<Entry, 'arxivId' | 'doi' | 'url'> | string {
  const ids = new Set(links.flatMap(({ arxivId }) => arxivId ?? []))
  const dois = new Set(links.flatMap(({ doi }) => doi ?? []))
  if (ids.size > 1 || dois.size > 1)
    return `expected one paper, got ${[...ids, ...dois].slice(0, 3).join(' and ')}`
  const [arxivId] = ids
  const [doi] = dois
  if (arxivId !== undefined) return { arxivId, doi, url: arxivUrl(arxivId) }
  return { arxivId, doi, url: linkOf(doi === undefined ? links[0]?.url : `https://doi.org/${doi}`) }
}

/** Link texts that are not titles. */
const GENERIC =
  /^\W*(?:(?:arxiv|openreview|read|view|full|the|pdf|papers?|lists?|contents|overview|introduction|resources|references|link|abs|abstract|html|here|more|code|doi|page|project|homepage|source|preprint|download|url|web ?site|github|hugging ?face|hf|text|oral|poster|spotlight|slides?|video|dataset|data|model|models|demo|bibtex|cite|blog|tweet|supplement\w*|appendix|openaccess|cvf|ieee|acm|springer|elsevier|alphaxiv|scholar|talk|notes?)\W*)+$/i
const GENERIC_EAST_ASIAN =
  /^\P{L}*(?:论文|論文|代码|链接|鏈接|项目|主页|原文|摘要|全文|阅读|下载|リンク|コード|논문|링크)\P{L}*(?:链接|地址|主页)?$/u
/** Scripts that write words without blanks between them. */
const UNSPACED = /(?:[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}ー].*){4}/u
/** A name made up for a method: `LanternNet`, `GPT-4`, `R2D2`. */
const COINED = /\p{Ll}\p{Lu}|\p{L}.*[\d+]|\p{L}-\p{L}/u

/**
 * A title is no address, no id and no "Read more". Emphasis and markup around it are removed. It has two words at least,
 * is of a script without blanks, or looks like a coined name; in a place for titles alone (`isField`) any word is one.
 */
export function titleIn(markdown: string | undefined, isField = false): string | undefined {
  const text = plainText(plainMarkdown(markdown ?? '').replace(/\*\*|__/g, ''))?.replace(
    /^([*_])(.*)\1$/,
    '$2',
  )
  if (text === undefined || text.length > 500 || /https?:|^[,;:.)\]|]/.test(text)) return undefined
  if (GENERIC.test(text) || GENERIC_EAST_ASIAN.test(text) || arxivIdOf(text) !== undefined) return undefined
  const isTitle = isField || /\S\s+\S/.test(text) || UNSPACED.test(text) || COINED.test(text)
  return isTitle && /\p{L}.*\p{L}.*\p{L}/u.test(text) ? text : undefined
}

/** The words of a cell or line, without link addresses and emphasis. */
export function wordsOf(markdown: string): string | undefined {
  let words = ''
  let end = 0
  for (const link of markdownLinks(markdown)) {
    words += markdown.slice(end, link.start) + link.text
    end = link.end
  }
  return plainText(plainMarkdown(words + markdown.slice(end)).replace(/\*\*|__/g, ''))
}
