import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { arxivOai } from '../../../../src/sources/formats/arxiv/oai.ts'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { cuts, describeShared, golden, readFixture, readShared } from '../../fixture.ts'

const NAMES = ['arxiv-oai', 'arxiv-oai-raw', 'arxiv-oai-dc']

function answer(content: string): string {
  return `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-03T07:00:00Z</responseDate>${content}</OAI-PMH>`
}

function record(metadata: string, header = '<identifier>oai:arXiv.org:2611.00201</identifier>'): string {
  return answer(
    `<GetRecord><record><header>${header}</header><metadata>${metadata}</metadata></record></GetRecord>`,
  )
}

describe('the next part', () => {
  const list = (token: string) => answer(`<ListRecords>${token}</ListRecords>`)
  test.each([
    ['none', '', undefined],
    ['an empty token ends the list', '<resumptionToken/>', undefined],
    [
      'an empty token with its size',
      '<resumptionToken cursor="1000" completeListSize="1090"> </resumptionToken>',
      undefined,
    ],
    [
      'a token of before 2025',
      '<resumptionToken cursor="0" completeListSize="1090">6460044|1001</resumptionToken>',
      '6460044|1001',
    ],
    ['a token of today', '<resumptionToken>verb%3DListRecords</resumptionToken>', 'verb%3DListRecords'],
  ])('%s', (_name, token, next) => {
    expect(arxivOai.parse(list(token)).next).toBe(next)
  })
})

describe('errors', () => {
  test('no records match: a day without changes', () => {
    expect(golden(arxivOai.parse(answer('<error code="noRecordsMatch">No records match.</error>')))).toEqual({
      format: 'arxiv-oai',
      observedAt: '2026-11-03T07:00:00.000Z',
      entries: [],
      rejects: [],
    })
  })

  test.each([
    [
      '<error code="badResumptionToken">The token\n has expired.</error>',
      'badResumptionToken: "The token has expired."',
    ],
    ['<error code="badVerb"/>', 'badVerb: ""'],
    ['<error>What?</error>', 'undefined: "What?"'],
  ])('%s', (error, words) => {
    expect(() => arxivOai.parse(answer(error))).toThrow(
      `expected records from the OAI-PMH interface, got its error ${words}: correct the request`,
    )
  })

  test('another answer of the interface', () => {
    expect(() => arxivOai.parse(answer('<Identify/>'))).toThrow('expected the records of an OAI-PMH answer')
  })
})

describe('a record', () => {
  test('deleted: no entry, no reject', () => {
    const deleted = answer('<ListRecords><record><header status="deleted"/></record></ListRecords>')
    expect(arxivOai.parse(deleted)).toMatchObject({ entries: [], rejects: [] })
  })

  test.each([
    ['no metadata', '', 'expected metadata, got nothing (oai:arXiv.org:2611.00201)'],
    ['other metadata', '<marc/>', 'expected metadata as arXiv, arXivRaw or oai_dc, got "marc"'],
    ['no title', '<arXiv><id>2611.00201</id></arXiv>', 'expected a title, got nothing (paper 2611.00201)'],
    [
      'another id',
      '<arXiv><id>2611.00202</id><title>T</title></arXiv>',
      'expected one arXiv id, got 2611.00201 and 2611.00202',
    ],
  ])('with %s is rejected', (_name, metadata, reason) => {
    expect(arxivOai.parse(record(metadata))).toMatchObject({
      entries: [],
      rejects: [{ where: 'record[0]', reason }],
    })
  })

  test('of another archive is rejected', () => {
    const other = record('<dc><title>T</title></dc>', '<identifier>oai:elsewhere.example:1</identifier>')
    expect(arxivOai.parse(other).rejects).toEqual([
      {
        where: 'record[0]',
        reason: 'expected an arXiv id, a DOI or an address, got "oai:elsewhere.example:1"',
      },
    ])
  })

  test.each([
    [
      'a name in parts',
      '<authors><author><keyname>A</keyname></author><author/></authors>',
      { authors: ['A'] },
    ],
    ['names without any part', '<authors><author> </author></authors>', { authors: undefined }],
    ['a day that is none', '<created>2026-13-01</created>', { publishedAt: undefined }],
    ['categories', '<categories> a  b </categories>', { categories: ['a', 'b'] }],
  ])('%s', (_name, xml, expected) => {
    const [entry] = arxivOai.parse(record(`<arXiv><title>T</title>${xml}</arXiv>`)).entries
    expect(entry).toMatchObject({ title: 'T', arxivId: '2611.00201', ...expected })
  })
})

test.each(NAMES)('%s that breaks off is refused, wherever', (name) => {
  for (const cut of cuts(readFixture(`${name}.xml`)))
    expect(() => arxivOai.parse(cut)).toThrow(PermanentError)
})

describeShared('real answers', () => {
  test.each([
    ['arxiv_response_listrecords_cs.xml', 46],
    ['arxiv_response_listrecords_physics.xml', 150],
    ['arxiv_response.xml', 1],
    ['oai_dc_response.xml', 1],
    ['empty_response.xml', 0],
  ])('%s: %i papers', (file, count) => {
    const page = readShared(`fixtures/arxiv_oai/${file}`)
    const listing = parsePage(page, 'auto')
    expect([listing.format, listing.entries.length, listing.rejects]).toEqual(['arxiv-oai', count, []])
    expect(listing.entries.map(({ arxivId }) => arxivId)).toEqual(
      Array.from(page.matchAll(/<identifier>oai:arXiv\.org:(.*?)<\/identifier>/g), (match) => match[1]),
    )
    expect(
      listing.entries.every(({ abstract, authors, publishedAt }) => abstract && authors && publishedAt),
    ).toBe(true)
  })

  test('the same record in two formats is one paper', () => {
    const [own] = parsePage(readShared('fixtures/arxiv_oai/arxiv_response.xml'), 'auto').entries
    const [core] = parsePage(readShared('fixtures/arxiv_oai/oai_dc_response.xml'), 'auto').entries
    expect([core?.arxivId, core?.authors, core?.publishedAt]).toEqual([
      own?.arxivId,
      own?.authors,
      own?.publishedAt,
    ])
    expect(core?.authors).toEqual(['J. E. Young', 'Rachel Kuzio de Naray', 'Sharon X. Wang'])
  })
})
