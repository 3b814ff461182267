import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Clause,
  MAX_QUERY_LENGTH,
  parseQuery,
  queryFromText,
} from '../../../src/ranking/language/query.ts'
import { QueryError } from '../../../src/ranking/language/queryError.ts'

/** A clause in one line: sign, field, variants, weight. */
function brief(clause: Clause): string {
  const sign = { should: '', must: '+', never: '-' }[clause.occurrence]
  const weight = clause.weight === 1 ? '' : `^${clause.weight}`
  const what =
    clause.kind === 'text'
      ? clause.variants.map((stems) => stems.join(' ')).join(' | ')
      : `${clause.kind}${clause.prefers ? '~' : ''}:${clause.text}`
  return `${sign}${what}${weight}`
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
    ['title:diffusion', ['titl diffus']],
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
            const { clauses, minUpvotes } = parseQuery(text)
            expect(clauses.length + minUpvotes).toBeGreaterThan(0)
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

test('queryFromText reads operators as plain text', () => {
  const clauses = queryFromText('Can -programming be "liberated" author:Backus^9 from min:4?').clauses
  expect(clauses.map(brief)).toEqual(['program', 'liber', 'author', 'backus', '9', 'min', '4'])
})
