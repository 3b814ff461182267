import type { Listing } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { parseJson } from '../../reading/json.ts'
import type { PageFormat } from '../../reading/pageFormat.ts'
import { parseDailyItem, submittedDay } from './paper.ts'

/**
 * The answer of `GET https://huggingface.co/api/papers/{id}`: the paper itself, without the outer object of listings.
 * `/api/papers/search` answers with items of daily_papers of all days and is read as they are.
 */
export const hfPaperApi: PageFormat = { name: 'hf-paper-api', detect, parse }

/** One object, not a list, with fields that only Hugging Face has. */
function detect(page: string): boolean {
  return (
    /^\s*\{/.test(page) &&
    /"summary"\s*:/.test(page) &&
    /"authors"\s*:\s*\[/.test(page) &&
    /"(?:submittedOnDailyAt|discussionId|upvotes)"\s*:/.test(page)
  )
}

function parse(page: string): Listing {
  const paper = parseJson(page, 'a papers answer')
  const item = { paper }
  const result = parseDailyItem(item, 'paper', 1)
  if ('reason' in result) throw new PermanentError(`expected the paper of a papers answer: ${result.reason}`)
  const entry = { ...result, listedOn: submittedDay(item), rank: undefined }
  return { format: hfPaperApi.name, entries: [entry], rejects: [] }
}
