import { arxivDaily, arxivSnapshot } from '../../formats/arxiv/record.ts'
import { papersWithCode } from '../../formats/catalogues/papersWithCode.ts'
import type { RecordFormat } from './recordFormat.ts'

/** All kinds of records; the first that claims a record reads it. */
export const recordFormats: readonly RecordFormat[] = [arxivSnapshot, arxivDaily, papersWithCode]
