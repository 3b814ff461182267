import { PermanentError, RefusedError } from '../../errors.ts'
import { plural } from '../../text/plural.ts'
import { fieldsOf } from '../reading/fields.ts'
import { readJson } from '../reading/json.ts'

const XML = /^<\?xml|^<(?:rss|feed|rdf:RDF|OAI-PMH)\b/i
const CHALLENGE =
  /awswaf|AwsWafIntegration|challenge-platform|cf-chl|<title>\s*Just a moment|captcha|verify (?:that )?you are (?:a )?human|enable JavaScript and cookies|are you a robot/i

/**
 * The error for a page that no format recognised. `page` is decoded text; `expected` completes "expected …". It is a
 * RefusedError if the page is a bot check or says a refusal: its host turned us away, and the layout of its lists may be what it was.
 */
export function refusePage(page: string, expected: string): PermanentError {
  const reason = `expected ${expected}, got ${describePage(page)}`
  const text = page.slice(0, 1_000_000).trim()
  return isBotCheck(text) || saysRefusal(text) ? new RefusedError(reason) : new PermanentError(reason)
}

const MOST_OF_A_CHALLENGE = 100_000

function isBotCheck(text: string): boolean {
  return text.startsWith('<') && !XML.test(text) && text.length < MOST_OF_A_CHALLENGE && CHALLENGE.test(text)
}

/** "Rate exceeded." and its like, which some hosts say with status 200: as text, in JSON, or as the title of a page. */
const REFUSAL =
  /^\W*(?:\d{3}\W{1,5})?(?:(?:api )?rate ?(?:limit)?(?:s|ed|ing)?(?: has been| was)? ?(?:exceeded|reached)|too many requests|(?:daily |monthly )?quota exceeded|access denied|forbidden|unauthori[sz]ed|(?:you(?:r ip)? (?:have|has) been )?(?:temporarily )?blocked|(?:please |you (?:need|have) to )?(?:log|sign) ?in\b|login required|authentication required|service (?:temporarily )?unavailable|attention required|verif(?:y|ying) (?:that )?you are (?:a )?human)/i
const LOGIN_FORM = /<input\b[^>]{0,300}\btype\s?=\s?["']?password/i
const MOST_OF_A_REFUSAL = 1_000

function saysRefusal(text: string): boolean {
  if (XML.test(text)) return false
  if (text.startsWith('<')) {
    const title = /<(?:title|h1)[^>]{0,200}>([^<]{1,200})/i.exec(text)?.[1] ?? ''
    return text.length < MOST_OF_A_CHALLENGE && (REFUSAL.test(title.trim()) || LOGIN_FORM.test(text))
  }
  if (text.length > MOST_OF_A_REFUSAL) return false
  if (!text.startsWith('{')) return REFUSAL.test(text)
  const said = Object.values(fieldsOf(readJson(text).value) ?? {})
  return said.some((value) => REFUSAL.test(`${fieldsOf(value)?.message ?? value}`))
}

/** What a page is, in a few words for people. */
function describePage(page: string): string {
  const text = page.slice(0, 1_000_000).trim()
  if (text === '') return 'an empty page'
  if (/^[[{]/.test(text)) return describeJson(page)
  if (text.startsWith('<')) return describeMarkup(page, text)
  if (/^%PDF-/.test(text)) return 'a PDF file'
  const longest = page.length === text.length ? '' : ` of ${page.length} characters`
  return `text${longest} that alternates no titles and abstracts (it begins ${JSON.stringify(text.slice(0, 60))})`
}

function describeMarkup(page: string, text: string): string {
  if (OPML.test(text)) return describeFeedList(text)
  if (XML.test(text)) return 'XML that is no known feed'
  if (isBotCheck(text)) return 'a challenge page (bot check) with no papers'
  const title = /<title[^>]{0,200}>([^<]{1,200})/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim()
  const cut = /<html[\s>]/i.test(text) && !/<\/html\s*>/i.test(page) ? 'truncated HTML' : 'HTML'
  return `${cut} without a paper listing${title ? ` (its title: ${JSON.stringify(title)})` : ''}`
}

const OPML = /^(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?<opml[\s>]/i
const FEED_ADDRESS = /\bxmlUrl\s?=\s?["']([^"'\s]{1,2000})["']/gi

/** What feed readers export besides their items. */
function describeFeedList(text: string): string {
  const addresses = Array.from(text.matchAll(FEED_ADDRESS), (match) => match[1]!)
  const such = addresses[0] === undefined ? '' : `, such as: paperboy sources add ${addresses[0]}`
  return `a list of ${plural(addresses.length, 'feed')} (OPML), which has no papers in it; add those that list papers${such}`
}

function describeJson(page: string): string {
  const { value, fault } = readJson(page)
  if (fault !== undefined) {
    const isLines =
      page.includes('\n') && readJson(page.trimStart().split('\n', 1)[0] ?? '').fault === undefined
    return isLines ? 'JSON lines without a known layout' : fault
  }
  if (Array.isArray(value)) return `JSON without papers (a list of ${value.length})`
  const keys = Object.keys(fieldsOf(value) ?? {})
  const quoted = keys.slice(0, 8).map((key) => JSON.stringify(key.slice(0, 40)))
  return `JSON without papers (top-level keys: ${quoted.join(', ') || 'none'}${keys.length > 8 ? ', …' : ''})`
}
