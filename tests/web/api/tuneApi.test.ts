import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runToEnd } from '../../../src/jobs/pipeline.ts'
import { corpusOf } from '../../support/corpusModel.ts'
import { store } from '../../support/listings.ts'
import { thorough } from '../../support/thorough.ts'
import { dumpRows, openTestSite, type TestSite } from '../../support/web.ts'

let site: TestSite
beforeAll(async () => {
  site = await openTestSite()
  await store(site.tools, '2026-11-10', corpusOf(500, 1))
  await store(site.tools, '2026-11-19', corpusOf(60, 1001))
  await runToEnd(
    [{ name: 'trainCorpusModel', payload: { tick: site.tools.now().toISOString() } }],
    site.tools,
  )
})
afterAll(() => site.close())

let visitors = 0

/** Each from an address of its own, so that only the test of the limit meets it. */
const send = (payload: string, type: string, address = `2001:db8:0:${(++visitors).toString(16)}::1`) =>
  site.server.inject({
    method: 'POST',
    url: '/api/tune',
    payload,
    remoteAddress: address,
    headers: { 'content-type': type },
  })
const sendJson = (body: unknown) => send(JSON.stringify(body), 'application/json')

describe('POST /api/tune', () => {
  test('tells what a query brings today and brought in thirty days', async () => {
    const answer = await sendJson({ query: 'glacier "neural network" zyxwv', max: 4 })
    expect(answer.statusCode).toBe(200)
    const tuned = answer.json()
    expect(Object.keys(tuned).sort()).toEqual([
      'digest',
      'hints',
      'papersADay',
      'perDay',
      'spellings',
      'suggestions',
      'unknown',
    ])
    expect(Object.keys(tuned.papersADay)).toEqual(['surely', 'balanced', 'more'])
    expect(tuned.digest).toHaveLength(4)
    expect(tuned.digest[0]).toEqual({
      paperId: expect.any(Number),
      title: expect.any(String),
      topic: expect.any(String),
      score: expect.any(Number),
      reasons: expect.arrayContaining([expect.any(String)]),
      reasonDetails: tuned.digest[0].reasons.map((text: string) =>
        expect.objectContaining({ kind: expect.any(String), text }),
      ),
    })
    expect(tuned.perDay).toHaveLength(30)
    expect(tuned.perDay.at(-1).day).toBe('2026-11-20')
    const days = tuned.perDay.filter((day: { papers: number }) => day.papers > 0)
    expect(days.map(({ day }: { day: string }) => day)).toEqual(['2026-11-10', '2026-11-19'])
    expect(tuned.unknown).toEqual(['zyxwv'])
    expect(tuned.suggestions.length).toBeGreaterThan(0)
    expect(tuned.suggestions[0]).toEqual({ word: expect.any(String), papers: expect.any(Number) })
  })

  test('takes a form as well', async () => {
    const answer = await send('query=glacier&max=2', 'application/x-www-form-urlencoded')
    expect(answer.json().digest).toHaveLength(2)
  })

  test('sees papers of today at once', async () => {
    const entry = {
      title: 'Quokka census',
      abstract: 'Quokkas counted.',
      authors: ['Q'],
      arxivId: '2611.09999',
    }
    await store(site.tools, '2026-11-20', [entry])
    const { digest } = (await sendJson({ query: 'quokka' })).json()
    expect(digest.map(({ title }: { title: string }) => title)).toEqual(['Quokka census'])
  })

  test('says where a query cannot be read, and what to do', async () => {
    const answer = await sendJson({ query: 'glacier "snow' })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({
      error: expect.stringMatching(/^Expected a closing quote .*: add one/),
      position: 8,
    })
  })

  test.each([
    ['no query', '{}', 'application/json', /^Expected a text as query/],
    ['a list', '[1]', 'application/json', /^Expected an object or form with a query/],
    ['max of 0', '{"query":"a b","max":0}', 'application/json', /^Expected 1 or more as max/],
    ['no JSON', '{', 'application/json', /could not be read/],
    ['two queries', 'query=a&query=b', 'application/x-www-form-urlencoded', /^Expected a text as query/],
  ])('says what it expected instead of %s', async (_name, payload, type, error) => {
    const answer = await send(payload, type)
    expect([answer.statusCode, answer.json().error]).toEqual([400, expect.stringMatching(error)])
  })

  test.each([
    ['10,000 characters', 'snow '.repeat(2000), 400],
    ['as many words as are allowed', Array.from({ length: 500 }, (_, n) => `word${n}`).join(' '), 200],
    ['only exclusions', '-snow -ice', 200],
    ['only stop words', 'the of and', 400],
    ['a weight of 1e9', 'snow^1e9', 400],
    ['what looks like a regular expression', '(a+)+$ [x-z]*', 200],
    ['Chinese', '图神经网络', 200],
    ['Arabic', 'الشبكات العصبية', 200],
    ['emoji', '🧊 snow', 200],
  ])('answers %s', async (_name, query, status) => {
    expect((await sendJson({ query })).statusCode).toBe(status)
  })

  test('answers whatever comes with 200 or 400, and changes nothing', async () => {
    const before = await dumpRows(site)
    const queries = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            'snow',
            '"',
            '-',
            '+',
            '^',
            'author:',
            'min:',
            ':',
            '9',
            'e',
            '(',
            ' ',
            '图',
            'é',
            '\0',
          ),
        )
        .map((all) => all.join('')),
    )
    const bodies = fc.oneof(
      fc.record({ query: queries }),
      fc.record({ query: queries, max: fc.anything(), trendWeight: fc.anything() }),
      fc.jsonValue(),
    )
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const answer = await send(
          JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? '',
          'application/json',
        )
        expect([200, 400]).toContain(answer.statusCode)
        if (answer.statusCode === 400) expect(answer.json().error).toMatch(/\S/)
      }),
      { numRuns: thorough(100) },
    )
    expect(await dumpRows(site)).toEqual(before)
  })

  test('is limited for each visitor', async () => {
    const codes: number[] = []
    for (let n = 0; n < 61; n++)
      codes.push((await send('query=ice', 'application/x-www-form-urlencoded', '192.0.2.77')).statusCode)
    expect(codes.slice(0, 60)).toEqual(Array(60).fill(200))
    expect(codes[60]).toBe(429)
  })
})
