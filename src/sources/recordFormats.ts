import { arxivDaily, arxivSnapshot } from './arxivRecord.ts'
import { papersWithCode } from './pwcRecord.ts'
import type { RecordFormat } from './recordFormat.ts'

/** All kinds of records; the first that claims a record reads it. */
export const recordFormats: readonly RecordFormat[] = [arxivSnapshot, arxivDaily, papersWithCode]
