import { fieldsOf } from '../../reading/fields.ts'
import { namesIn, type RecordFormat } from '../../reading/recordFormat.ts'
import { hfDailyApi } from './dailyApi.ts'
import { parseDailyItem, submittedDay } from './paper.ts'

/** Items of `daily_papers` answers, collected over many days as JSON lines or one list. */
export const hfDailyRecord: RecordFormat = {
  name: hfDailyApi.name,
  reads: namesIn(
    'paper title summary thumbnail numComments organization publishedAt submittedBy isAuthorParticipating',
  ),
  detect: (record) => typeof fieldsOf(fieldsOf(record)?.paper)?.id === 'string',
  parse(record, where) {
    const item = parseDailyItem(record, where, 1)
    // The place in such a collection is not the place on a day's list.
    return 'reason' in item ? item : { ...item, rank: undefined, listedOn: submittedDay(record) }
  },
}
