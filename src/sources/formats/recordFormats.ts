import type { RecordFormat } from '../reading/recordFormat.ts'
import { arxivDaily, arxivSnapshot } from './arxiv/record.ts'
import { papersWithCode } from './catalogues/papersWithCode.ts'

/** All record formats. The first that claims a record reads it. */
export const recordFormats: readonly RecordFormat[] = [arxivSnapshot, arxivDaily, papersWithCode]
