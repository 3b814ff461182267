import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PermanentError, RefusedError, UsageError } from '../../../src/errors.ts'
import { parsePage } from '../../../src/sources/formats/formats.ts'
import { describeShared, readFixture, readShared } from '../fixture.ts'

const FIXTURES = [
  ['hf-page-2024.html', 'hf-page', 3],
  ['hf-page-2026.html', 'hf-page', 3],
  ['hf-page-saved.html', 'hf-page', 3],
  ['hf-page-cards.html', 'hf-page', 3],
  ['hf-daily-api.json', 'hf-daily-api', 3],
  ['hf-day-archive.json', 'hf-day-archive', 2],
  ['text-dump.txt', 'text-dump', 4],
] as const

describe('a page is recognised by its content', () => {
  test.each(FIXTURES)('%s is %s', (file, format, entries) => {
    const page = readFixture(file)
    expect(parsePage(page, 'auto')).toMatchObject({ format, entries: { length: entries } })
    expect(parsePage(page, format)).toEqual(parsePage(page, 'auto'))
  })
})

describe('a page that is none is refused in one line that says what came', () => {
  test.each([
    ['nothing', '', 'an empty page'],
    ['white space', ' \n\t ', 'an empty page'],
    [
      'a challenge',
      '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>',
      'a challenge page (bot check) with no papers',
    ],
    [
      'another challenge',
      '<html><script src="https://x.edge.sdk.awswaf.com/challenge.js"></script></html>',
      'a challenge page (bot check) with no papers',
    ],
    [
      'another page',
      '<html><head><title> My\nBlog </title></head><p>Hi</p></html>',
      'HTML without a paper listing (its title: "My Blog")',
    ],
    [
      'a page that breaks off early',
      '<!doctype html><html><head><title>Daily Pap',
      'truncated HTML without a paper listing',
    ],
    ['an object', '{"models": [], "spaces": 1}', 'JSON without papers (top-level keys: "models", "spaces")'],
    ['a list of other things', '[{"a":1},{"a":2}]', 'JSON without papers (a list of 2)'],
    ['JSON that breaks off', '{"models": [1, 2', 'truncated JSON at character 16'],
    ['JSON that breaks off in a string', '{\n"models": "x', 'truncated JSON at line 2, column 13'],
    ['broken JSON', '{"models": }', "text that is no JSON: unexpected '}'"],
    ['text after JSON', '{"models":\n1} x', 'text that is no JSON at line 2, column 4'],
    ['a PDF', '%PDF-1.7 …', 'a PDF file'],
    [
      'the feeds of a reader',
      '<?xml version="1.0"?>\n<opml version="2.0"><body><outline xmlUrl="https://example.org/a.xml"/><outline xmlUrl="https://example.org/b.xml"/></body></opml>',
      'a list of 2 feeds (OPML), which has no papers in it; add those that list papers, such as: paperboy sources add https://example.org/a.xml',
    ],
  ])('%s', (_name, page, came) => {
    const error = errorOf(page)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(/^expected [^\n]*$/)
    expect(error.message).toContain(`got ${came}`)
  })

  test('a very long line', () => {
    const error = errorOf('x'.repeat(20_000_000))
    expect(error.message).toMatch(/got text of 20000000 characters that alternates no titles and abstracts/)
    expect(error.message.length).toBeLessThan(1_000)
  })

  test('a format that does not exist is wrong use', () => {
    expect(() => parsePage('x', 'hf-pages')).toThrow(UsageError)
    expect(() => parsePage('x', 'hf-pages')).toThrow(
      /^expected a format \(auto, .*hf-page, .*\), got "hf-pages"$/,
    )
  })
})

describe('a refusal said with 200 is a refusal, no change of the layout', () => {
  test.each([
    'Rate exceeded.',
    'Too Many Requests',
    '{"message": "API rate limit exceeded", "code": 429}',
    '{"error": {"message": "Quota exceeded"}}',
    '<html><head><title>Access Denied</title></head><body></body></html>',
    '<html><head><title>Sign in</title></head><form><input type="password" name="p"></form></html>',
    '<!doctype html><html><head><title>Just a moment...</title></head></html>',
    '<html><h1>403 Forbidden</h1></html>',
  ])('%s', (page) => {
    expect(errorOf(page)).toBeInstanceOf(RefusedError)
  })

  test.each([
    'Dear diary, it rained.',
    '<html><title>My Blog</title></html>',
    '{"models": 1}',
    'Rates of change in owls',
  ])('%s is none', (page) => {
    expect(errorOf(page)).not.toBeInstanceOf(RefusedError)
  })
})

describe('hostile pages', () => {
  test.each([
    ['an answer of the API', '[{"paper":{}}', '{}', ']'],
    ['a day archive', '{"date":"2026-01-01","papers":[0', '0', ']}'],
    ['a JSON feed', '{"version":"https://jsonfeed.org/version/1.1","items":[{}', '{}', ']}'],
  ])('%s with millions of empty items', (_name, head, item, end) => {
    const page = head + `,${item}`.repeat(2_000_000) + end
    expect(() => parsePage(page, 'auto')).toThrow(
      /^expected a page that lists at most 100000 papers, got 2000001/,
    )
  })

  test('any text is read or refused in one line', () => {
    const pieces = fc.constantFrom(
      '<',
      '<html>',
      '[{"paper":{',
      '"papers":[',
      '{"date":"2026-01-01",',
      '\n',
      'Get trending papers in your email inbox!',
      'data-target="DailyPapers"',
      ' data-props="',
      '"',
      '</html>',
      '<article>',
      '<h3><a href="/papers/',
      '\u0000',
      '\ud800',
      ']',
    )
    const page = fc
      .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 30 })
      .map((parts) => parts.join(''))
    fc.assert(fc.property(page, isReadOrRefused))
  })

  test('any byte flipped in a good page never makes it crash', () => {
    const change = fc.record({
      file: fc.constantFrom(...FIXTURES.map(([file]) => file)),
      at: fc.nat(),
      by: fc.string({ unit: 'binary', minLength: 0, maxLength: 3 }),
    })
    fc.assert(
      fc.property(change, ({ file, at, by }) => {
        const page = readFixture(file)
        const place = at % page.length
        return isReadOrRefused(page.slice(0, place) + by + page.slice(place + 1))
      }),
    )
  })

  test.each([
    ['deep JSON', '['.repeat(200_000)],
    ['deep JSON in an answer', `[{"paper":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}]`],
    ['deep HTML', `<article>/papers/${'<b>'.repeat(200_000)}`],
    ['unclosed comments', `<article>/papers/${'<!--'.repeat(200_000)}`],
    ['unclosed titles', '<title'.repeat(100_000)],
    ['blank lines', '\n'.repeat(2_000_000)],
  ])('%s', (_name, page) => {
    expect(isReadOrRefused(page)).toBe(true)
  })
})

describeShared('other real files are not claimed by mistake', () => {
  test.each([
    'fixtures/arxiv_feeds/rss1-rdf-hep-ex-2018-05-23.xml',
    'fixtures/text_digests/paper_metadata_2024-08-16.txt',
    'fixtures/text_pages/papers-q-source-citations-2026-10-02.firecrawl-md.EXCERPT.md',
    'fixtures/text_pages/papers-q-long-context-asr-2026-06-29.links-style.EXCERPT.txt',
    'fixtures/arxiv_snapshot/arxiv-metadata-oai-snapshot.json',
    'DESIGN.md',
    'eval/score.py',
  ])('%s', (path) => {
    const claimed = ['hf-page', 'hf-daily-api', 'hf-day-archive', 'text-dump']
    const format = isReadOrRefused(readShared(path)) ? formatOf(readShared(path)) : 'crash'
    expect(claimed).not.toContain(format)
  })
})

function formatOf(page: string): string | undefined {
  try {
    return parsePage(page, 'auto').format
  } catch {
    return undefined
  }
}

function errorOf(page: string): Error {
  try {
    parsePage(page, 'auto')
  } catch (error) {
    return error as Error
  }
  throw new Error('Expected a refusal')
}

/** True for a listing whose entries all have a title, and for a one-line refusal. Anything else is a crash. */
function isReadOrRefused(page: string): boolean {
  try {
    return parsePage(page, 'auto').entries.every((entry) => entry.title.trim() !== '')
  } catch (error) {
    return error instanceof PermanentError && !error.message.includes('\n')
  }
}
