import { createHash } from 'node:crypto'
import type { Reject } from '../../domain.ts'
import { PermanentError, reasonOf } from '../../errors.ts'
import { pageFormats, parsePage } from '../formats/formats.ts'
import { decodePage } from '../reading/decode.ts'
import type { Batch, PageBatch } from './batch.ts'
import type { Bytes } from './containers/bytes.ts'
import { type WarcPage, type WarcRecord, warcRecords } from './webArchives/warc.ts'

/**
 * Pages of these types are rejected if they cannot be read. Everything else in an archive is no listing and is skipped.
 */
const PAPER_SITES =
  /^https?:\/\/(?:huggingface\.co\/(?:api\/daily_)?papers\b|(?:[\w-]+\.)?arxiv\.org\/(?:rss|atom|oai|api\/query|list)\b)/i

/** The pages of a web archive that any listing format recognises, each with the time of its fetch. */
export async function* warcBatches(bytes: Bytes, skip: number): AsyncGenerator<Batch> {
  let count = 0
  let found = skip > 0
  for await (const record of warcRecords(bytes, skip)) {
    count = record.number
    const batch = record.page && readWarcPage(record, record.page)
    if (batch === undefined) continue
    found = true
    yield batch
  }
  if (!found) {
    throw new PermanentError(
      `expected a web archive with pages of papers, got ${count} records and none of them is one`,
    )
  }
}

function readWarcPage(record: WarcRecord, page: WarcPage): Batch | undefined {
  const { address, fetchedAt, contentType, body } = page
  try {
    if (body === undefined) throw new PermanentError('expected a page of at most 64 MB, got a larger one')
    const text = decodePage(body, contentType)
    if (!pageFormats.some((format) => format.detect(text)))
      return passOver(record, page, 'no format of listings recognises it')
    const batch: PageBatch = {
      kind: 'page',
      listing: parsePage(text, 'auto'),
      body,
      contentType,
      done: record.number,
    }
    return address && fetchedAt ? { ...batch, captured: { address, at: fetchedAt } } : batch
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    return passOver(record, page, reasonOf(error))
  }
}

function passOver(record: WarcRecord, page: WarcPage, reason: string): Batch | undefined {
  if (!PAPER_SITES.test(page.address ?? '')) return undefined
  const reject: Reject = { where: `record ${record.number} (byte ${record.offset}), ${page.address}`, reason }
  const digest = createHash('sha256').update(reject.where).digest()
  return {
    kind: 'records',
    format: 'web-archive',
    entries: [],
    rejects: [reject],
    ignored: new Map(),
    digest,
    done: record.number,
  }
}
