import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { momentOf } from '../../reading/dates/dates.ts'
import { shown } from '../../reading/fields.ts'
import { type PageFormat, separate } from '../../reading/pageFormat.ts'
import { child, children, childText, headOf, parseXml, rawText, type XmlElement } from '../../reading/xml.ts'
import { parseMetadata } from './oaiMetadata.ts'

/**
 * Answers of the OAI-PMH interface of arXiv (https://info.arxiv.org/help/oa) and of any repository (protocol:
 * https://www.openarchives.org/OAI/openarchivesprotocol.html): the records changed since a day, in parts. They say
 * when a record changed, never on which day a paper was listed. A deletion is neither an entry nor a reject, because
 * absence never erases.
 */
export const arxivOai: PageFormat = {
  name: 'arxiv-oai',
  detect: isAnswer,
  parse: (page) => parse(page, 'arxiv-oai'),
  mayBeEmpty: true,
}

/** The same of any other repository, in `oai_dc`. Its words are not always the authors' own, as arXiv's are. */
export const repositoryOai: PageFormat = {
  name: 'repository-oai',
  detect: (page) => isAnswer(page) && isElsewhere(page.slice(0, 20_000)),
  parse: (page) => parse(page, 'repository-oai'),
  mayBeEmpty: true,
}

function isAnswer(page: string): boolean {
  return headOf(page, /<record[\s>]/)?.root.endsWith('OAI-PMH') ?? false
}

/** By the address that was asked, which every answer repeats. */
function isElsewhere(head: string): boolean {
  const asked = /<request\b[^>]{0,1000}>\s*https?:\/\/([^\s/<:]{1,200})/i.exec(head)?.[1]
  return asked !== undefined && !/(?:^|\.)arxiv\.org$/i.test(asked)
}

function parse(page: string, format: string): Listing {
  const answer = parseXml(page, 'OAI-PMH', 'an OAI-PMH answer')
  const observedAt = momentOf(childText(answer, 'responseDate'))
  const error = child(answer, 'error')
  const records = child(answer, 'ListRecords') ?? child(answer, 'GetRecord')
  if (error !== undefined) {
    refuseError(error)
    return { format, observedAt, entries: [], rejects: [] }
  }
  if (records === undefined) {
    throw new PermanentError(
      'expected the records of an OAI-PMH answer (ListRecords, GetRecord), got another answer',
    )
  }
  const results = children(records, 'record').flatMap((record, index) => parseRecord(record, index))
  return {
    format,
    observedAt,
    // An empty token ends the list.
    next: childText(records, 'resumptionToken'),
    ...separate(results),
  }
}

/** "No records match" is the valid answer for a day without changes. */
function refuseError(error: XmlElement): void {
  const { code } = error.attributes
  if (code === 'noRecordsMatch') return
  throw new PermanentError(
    `expected records from the OAI-PMH interface, got its error ${code}: ${shown(rawText(error))}: correct the request`,
  )
}

function parseRecord(record: XmlElement, index: number): Entry | Reject | [] {
  const header = child(record, 'header')
  if (header?.attributes.status === 'deleted') return []
  const where = `record[${index}]`
  const identifier = childText(header, 'identifier')
  const metadata = child(record, 'metadata')?.nodes.find((node) => typeof node === 'object')
  if (metadata === undefined)
    return { where, reason: `expected metadata, got nothing (${identifier ?? 'no identifier'})` }
  return parseMetadata(metadata, identifier, where)
}
