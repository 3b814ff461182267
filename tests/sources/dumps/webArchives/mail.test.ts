import { describe, expect, test } from 'vitest'
import { readFixture } from '../../fixture.ts'
import { papersIn } from '../tables/papersIn.ts'

/** arXiv's mailing as mail programs save it. */

const PLAIN = readFixture('arxiv-mailing.txt')
const TITLES = async (mail: string) => {
  const { entries, error } = await papersIn(Buffer.from(mail))
  return error ?? entries.map(({ title }) => title)
}
const header = (...lines: string[]) =>
  [
    'Date: Fri, 1 May 2026 01:12:00 -0400',
    'From: no-reply@arxiv.org',
    'Subject: cs daily',
    ...lines,
    '',
    '',
  ].join('\n')

describe('a mail', () => {
  test('in base64, or with the text as one of several parts, says what its text says', async () => {
    const expected = await TITLES(PLAIN)
    expect(expected).not.toEqual([])
    const base64 = Buffer.from(PLAIN)
      .toString('base64')
      .replace(/(.{76})/g, '$1\n')
    const encoded = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64']
    expect(await TITLES(header(...encoded) + base64)).toEqual(expected)
    const parts = `--x\nContent-Type: text/plain; charset=utf-8\n\n${PLAIN}\n--x\nContent-Type: text/html\n\n<p>other</p>\n--x--\n`
    expect(
      await TITLES(header('MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary=x') + parts),
    ).toEqual(expected)
  })

  test('without a text, or about something else, is refused in one line', async () => {
    const encoded = header('Content-Transfer-Encoding: base64')
    expect(await TITLES(encoded)).toMatch(/^expected a mail with a text, got one without[^\n]*$/)
    expect(await TITLES(`${encoded}${Buffer.from('Lunch?').toString('base64')}\n`)).toMatch(
      /^expected a paper listing[^\n]*$/,
    )
  })
})
