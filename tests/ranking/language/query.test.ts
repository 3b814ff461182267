import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clause } from '../../../src/ranking/language/clauses.ts'
import { MAX_QUERY_LENGTH, parseQuery, queryFromText } from '../../../src/ranking/language/query.ts'
import { QueryError } from '../../../src/ranking/language/queryError.ts'

/** A clause in one line: sign, field, variants, weight. */
function brief(clause: Clause): string {
  const sign = { should: '', must: '+', never: '-' }[clause.occurrence]
  const weight = clause.weight === 1 ? '' : `^${clause.weight}`
  const what =
    clause.kind === 'text'
      ? clause.variants.map((stems) => stems.join(' ')).join(' | ')
      : `${clause.kind}${clause.prefers ? '~' : ''}:${clause.text}`
  const within = clause.kind === 'text' && clause.within !== undefined ? `${clause.within}:` : ''
  return `${sign}${within}${what}${weight}`
}

function errorOf(text: string): QueryError {
  try {
    parseQuery(text)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  throw new Error(`Expected ${text} to be refused`)
}

describe('parseQuery', () => {
  test.each<[string, string[]]>([
    ['diffusion transformer', ['diffus', 'transform']],
    ['  diffusion,\ttransformers;\n', ['diffus', 'transform']],
    ['"graph neural network"', ['graph neural network']],
    ['“graph neural network”', ['graph neural network']],
    ['„graph neural network“', ['graph neural network']],
    ['protein^3', ['protein^3']],
    ['"protein folding"^0.5', ['protein fold^0.5']],
    ['-survey', ['-survey']],
    ['−survey –review', ['-survey', '-review']],
    ['-"literature review"', ['-literatur review']],
    ['+robot arm', ['+robot', 'arm']],
    ['+"robot arm"^2', ['+robot arm^2']],
    ['author:"Yann LeCun"', ['author:Yann LeCun']],
    ['AUTHOR: LeCun', ['author:LeCun']],
    ['author:"Yann LeCun"^2', ['author~:Yann LeCun^2']],
    ['-author:Smith', ['-author:Smith']],
    ['cat:cs.CL -cat:cs.CV', ['category:cs.CL', '-category:cs.CV']],
    ['+org:deepmind', ['+organization:deepmind']],
    ['x-ray', ['x ray | xray']],
    ['"chest x-ray"', ['chest x ray | chest xray']],
    ['protein - folding', ['protein', 'fold']],
    ['the state of the art', ['state', 'art']],
    ['"the state of the art"', ['the state of the art']],
    ['image/text', ['imag', 'text']],
    ['C++ c#', ['c++', 'c#']],
    ['LLMs GNNs', ['llm', 'gnn']],
    ['Schrödinger', ['schroding']],
    ['图神经', ['图神 神经']],
    ['一二三四五六七', ['一二', '二三', '三四', '四五', '五六', '六七']],
    ['التعلم العميق', ['التعلم', 'العميق']],
    ['(.*)+? [a-z]', ['a z | az']],
    ['^start', ['start']],
    ['title:diffusion ti:"flow matching"', ['title:diffus', 'title:flow match']],
    ['abs:diffusion -abstract:survey all:protein', ['abstract:diffus', '-abstract:survey', 'protein']],
    ['au:LeCun', ['author:LeCun']],
    ['BERT: Pre-training', ['bert', 'pre train | pretrain']],
    ['arXiv:2401', ['arxiv 2401']],
    ['diffusion NOT video', ['diffus', '-video']],
    ['diffusion AND NOT video', ['+diffus', '-video']],
    ['diffusion ANDNOT video', ['+diffus', '-video']],
    ['NOT video', ['-video']],
    ['NOT NOT video', ['+video']],
    ['robot AND navigation', ['+robot', '+navig']],
    ['robot and navigation', ['robot', 'navig']],
    ['"AND" robot', ['and', 'robot']],
    ['robot OR drone', ['robot', 'drone']],
    ['cat:cs.CL OR cat:cs.LG', ['category:cs.CL', 'category:cs.LG']],
    ['(robot) (arm)', ['robot', 'arm']],
    ['-(survey review)', ['-survey', '-review']],
    ['+(robot)', ['+robot']],
    ['robot NOT (video OR survey)', ['robot', '-video', '-survey']],
    ['robot) arm', ['robot', 'arm']],
    ['((robot', ['robot']],
    ['zzzzunknown', ['zzzzunknown']],
  ])('%s', (text, expected) => {
    expect(parseQuery(text).clauses.map(brief)).toEqual(expected)
  })

  test.each([
    ['min:20', 20],
    ['diffusion min:5 min:8', 8],
    ['diffusion', 0],
  ])('%s needs %i upvotes', (text, expected) => {
    expect(parseQuery(text).minUpvotes).toBe(expected)
  })

  test.each<[string, number, RegExp]>([
    ['', 0, /Expected a word.*got none/],
    [' ,;() ', 0, /got none/],
    ['the of and', 0, /without a subject.*“the”/],
    ['graph "neural network', 6, /closing quote.*position 6/],
    ['“graph', 0, /closing quote/],
    ['protein^1e9', 8, /weight from 0.1 to 10 after \^, got “1e9”/],
    ['protein^0', 8, /to rule a word out, write -word/],
    ['protein^-2', 8, /weight/],
    ['protein^', 8, /got nothing/],
    ['protein^abc', 8, /got “abc”/],
    ['protein^1..2', 8, /weight/],
    ['min:many', 0, /whole number/],
    ['diffusion -min:3', 10, /no sign/],
    ['min:3^2', 0, /weight/],
    ['author:', 7, /Expected a value after the field.*author:"Yann LeCun"/],
    ['robot cat:', 10, /cat:cs.CL/],
    ['robot titel:diffusion', 6, /field that exists, got “titel:” at position 6.*title:.*in quotes/],
    ['author:Ng '.repeat(51), 500, /at most 50 fields.*got 51/],
    ['month:2024', 0, /field that exists/],
    ['robot year:soon', 6, /a year or two after year:.*got “soon” at position 6.*year:2026/],
    ['year:2024^2', 0, /without a weight/],
    ['since:', 6, /since:2026-04/],
    ['since:2026-13', 0, /a day, month or year after since:.*got “2026-13”/],
    ['since:yesterday', 0, /a day, month or year after since:/],
    ['AND', 0, /before AND at position 0/],
    ['robot OR', 6, /after OR at position 6/],
    ['OR robot', 0, /before OR/],
    ['robot AND OR arm', 6, /after AND/],
    ['NOT NOT NOT', 8, /after NOT at position 8/],
    ['(robot AND) arm', 7, /after AND/],
    [`${'('.repeat(51)}robot`, 50, /at most 50 parentheses/],
    ['x'.repeat(10_000), MAX_QUERY_LENGTH, /at most 4,000 characters, got 10,000/],
  ])('%s is refused with its position and advice', (text, position, message) => {
    const error = errorOf(text)
    expect(error.position).toBe(position)
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('\n')
  })

  test('what turns the reading direction, and control characters, are no part of a text', () => {
    const texts = parseQuery('\u202egraph\u2069 \x1b[31mred "a\x07 \u200ephrase"').clauses.map(
      ({ text }) => text,
    )
    expect(texts).toEqual(['graph', '[31mred', 'a phrase'])
  })

  test('fifty nested parentheses are read', () => {
    expect(parseQuery(`${'('.repeat(50)}robot${')'.repeat(50)}`).clauses.map(brief)).toEqual(['robot'])
  })

  test('operators without operands are left out of a pasted text', () => {
    const text = `Odds were higher (OR = 2.5) in adults ${'with asthma '.repeat(20)}`
    expect(parseQuery(text).clauses.map(brief)).toEqual(
      expect.arrayContaining(['odd', 'higher', 'adult', 'asthma']),
    )
  })

  test('only exclusions, and only filters, are queries', () => {
    expect(parseQuery('-survey').clauses).toHaveLength(1)
    expect(parseQuery('cat:cs.CL').clauses).toHaveLength(1)
  })

  test('any text is read or refused with a position inside it', () => {
    const piece = fc.constantFrom(
      '"',
      '“',
      '^',
      '-',
      '+',
      ':',
      'min:',
      'cat:',
      'title:',
      '(',
      ')',
      ' AND ',
      ' OR ',
      'NOT ',
      ' ',
      'word',
      '3',
      '网络',
      '\0',
      '😀',
      '\\',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => {
          try {
            const { clauses, minUpvotes, conditions = [] } = parseQuery(text)
            expect(clauses.length + minUpvotes + conditions.length).toBeGreaterThan(0)
            for (const { weight } of clauses) expect(weight).toBeGreaterThan(0)
          } catch (error) {
            if (!(error instanceof QueryError)) throw error
            expect(error.position).toBeGreaterThanOrEqual(0)
            expect(error.position).toBeLessThanOrEqual(text.length)
            expect(error.message).not.toMatch(/[\n\r]/)
          }
        },
      ),
    )
  })
})

test('a word demanded or ruled out again and again is so once; a wish said twice counts twice', () => {
  const briefs = (text: string) => parseQuery(text).clauses.map(brief)
  expect(briefs(Array(400).fill('otter').join(' AND '))).toEqual(['+otter'])
  expect(briefs('title:otter AND title:otter AND abstract:otter')).toEqual([
    '+title:otter',
    '+abstract:otter',
  ])
  expect(briefs('-mink otter -mink')).toEqual(['-mink', 'otter'])
  expect(briefs('otter mink otter')).toEqual(['otter', 'mink', 'otter'])
})

test('queryFromText reads operators as plain text', () => {
  const clauses = queryFromText('Can -programming be "liberated" author:Backus^9 from min:4?').clauses
  expect(clauses.map(brief)).toEqual(['program', 'liber', 'author', 'backus', '9', 'min', '4'])
})
