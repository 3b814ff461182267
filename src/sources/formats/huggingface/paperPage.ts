import type { Listing } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { countOf, fieldsOf } from '../../reading/fields.ts'
import { outermost, parseHtml } from '../../reading/html.ts'
import { parseJson } from '../../reading/json.ts'
import type { PageFormat } from '../../reading/pageFormat.ts'
import { parseDailyItem, submittedDay } from './paper.ts'

/**
 * The page of one paper on Hugging Face: `<div data-target="PaperContent" data-props="{…}">`. It says on which day
 * and at which place the paper was listed (`dailyPaperRank`), but lists no day. Its comments are a discussion that
 * includes events, so their number is not the number that listings show.
 */
export const hfPaperPage: PageFormat = { name: 'hf-paper-page', detect, parse }

const TARGET = /\bdata-target\s*=\s*["']?PaperContent["'\s>]/i

function detect(page: string): boolean {
  return /^\s*</.test(page) && TARGET.test(page)
}

function parse(page: string): Listing {
  const isDocument = /<(?:html|!doctype)\b/i.test(page.slice(0, 10_000))
  const [target] = outermost(parseHtml(page), ({ attribs }) => attribs['data-target'] === 'PaperContent')
  const data = target?.attribs['data-props']
  if (data === undefined || (isDocument && !/<\/html\s*>/i.test(page))) {
    throw new PermanentError('expected a whole paper page, got truncated HTML: fetch or save it again')
  }
  const props = fieldsOf(parseJson(data, 'the paper data (data-props)'))
  const rank = countOf(props?.dailyPaperRank) || undefined
  const result = parseDailyItem({ paper: props?.paper, organization: props?.organization }, 'paper', 1)
  if ('reason' in result) throw new PermanentError(`expected a paper in the page's data: ${result.reason}`)
  const listedOn = submittedDay(props)
  const entry = { ...result, listedOn, rank: listedOn === undefined ? undefined : rank }
  return { format: hfPaperPage.name, entries: [entry], rejects: [] }
}
