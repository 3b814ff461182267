import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { shown } from '../../reading/fields.ts'
import { parseJson } from '../../reading/json.ts'
import { type PageFormat, parseItems } from '../../reading/pageFormat.ts'
import { ignoredIn, parseDailyItem, submittedDay } from './paper.ts'

/**
 * The answer of `GET https://huggingface.co/api/daily_papers`: a bare JSON array, `[]` on a day without papers. Its
 * items may be of several days (without `date=`), so each has its own.
 */
export const hfDailyApi: PageFormat = {
  name: 'hf-daily-api',
  detect: (page) =>
    /^\s*\[\s*\]\s*$/.test(page) || (/^\s*\[\s*\{/.test(page) && /"paper"\s*:\s*\{/.test(page)),
  parse,
}

function parse(page: string): Listing {
  const items = parseJson(page, 'a daily_papers answer')
  if (!Array.isArray(items)) {
    throw new PermanentError(`expected the JSON array of a daily_papers answer, got ${shown(items)}`)
  }
  const { entries, rejects } = parseItems(items, parseItem)
  const days = new Set(entries.map((entry) => entry.listedOn))
  return {
    format: hfDailyApi.name,
    listedOn: days.size === 1 ? entries[0]?.listedOn : undefined,
    entries,
    rejects,
    ignored: ignoredIn(items),
  }
}

function parseItem(item: unknown, index: number): Entry | Reject {
  const result = parseDailyItem(item, `[${index}]`, index + 1)
  return 'reason' in result ? result : { ...result, listedOn: submittedDay(item) }
}
