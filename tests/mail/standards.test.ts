import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type CanIEmailOptions, caniemail } from 'caniemail'
import { HtmlValidate } from 'html-validate'
import { describe, expect, test } from 'vitest'
import { encodeMail, writeHeader } from '../../src/mail/compose/mime.ts'
import { ALL_MAILS } from './allMails.ts'

/** Every kind of mail, held against what others wrote down: validators, data on mail programs, filters, RFCs. */
const NAMES = Object.keys(ALL_MAILS)

async function written(name: string) {
  const mail = await ALL_MAILS[name]!()
  const encoded = encodeMail(mail)
  return { mail, encoded, raw: writeHeader(encoded.header) + encoded.body }
}

describe('html-validate', () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    rules: {
      // Outlook lays out by tables and their old attributes, reads conditional comments, and no program keeps style sheets apart.
      'no-deprecated-attr': 'off',
      'no-conditional-comment': 'off',
      'no-inline-style': 'off',
      // MJML writes role="article", for programs that drop unknown elements.
      'prefer-native-element': 'off',
      'prefer-tbody': 'off',
      'doctype-style': 'off',
      // The title is the subject, which search engines never see.
      'long-title': 'off',
    },
  })

  test.each(NAMES)('%s', async (name) => {
    const { mail } = await written(name)
    const report = await validator.validateString(mail.html)
    const said = report.results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
    )
    expect(said).toEqual([])
  })
})

/**
 * What some of the programs leave out, and why the mail is right without it. Gmail's mobile web page and Outlook for Windows
 * leave out most: there a mail is its tables, inline styles and text.
 */
const HARMLESS: Record<string, string> = {
  '<style> element': 'all that matters is inline; the sheet adds the dark and the telephone',
  '<body> element': 'replaced by an element with the same attributes',
  '@media': 'adds the dark and the telephone',
  'Class selector': 'used in @media alone',
  'Chaining selectors': 'used in @media alone',
  'Descendant combinator': 'used in @media alone',
  'ID selector': 'the reset for Outlook’s own elements',
  'Type selector': 'resets',
  'aria-label attribute': 'the bar of upvotes has its number beside it',
  'role attribute': 'tables of layout are read as tables',
  'target attribute': 'every program opens links in a browser',
  'border-radius': 'corners are square',
  'display:none': 'the preview stands in white, small and without height too',
  'height property': 'buttons have padding',
  'overflow-wrap': 'titles break between words',
  'text-underline-offset': 'lines are nearer to words',
  'white-space': 'the preview’s filling',
  'word-break': 'titles break between words',
  'word-spacing': 'the preview’s filling',
  cursor: 'the arrow stays an arrow',
  opacity: 'the preview’s filling',
  outline: 'links keep the program’s own',
  overflow: 'the preview’s filling',
  transform: 'a link does not move when it is pressed',
}

describe('what mail programs support (caniemail.com)', () => {
  const clients: CanIEmailOptions['clients'] = ['gmail.*', 'outlook.*', 'apple-mail.*', 'yahoo.*']

  test.each(NAMES)('%s needs nothing that one of them leaves out', async (name) => {
    const { mail } = await written(name)
    const { issues } = caniemail({ clients, html: mail.html })
    const titles = new Set([...issues.errors.values()].flat().map(({ title }) => title))
    expect([...titles].filter((title) => !(title in HARMLESS))).toEqual([])
  })
})

const SPAMASSASSIN = '/usr/bin/spamassassin'
describe.skipIf(!existsSync(SPAMASSASSIN))('SpamAssassin without a network', () => {
  /** Rules that speak of this test, where nothing was received, or of every mail with HTML. */
  const NOT_OURS = /^(?:NO_RECEIVED|NO_RELAYS|HTML_MESSAGE|MAILING_LIST_MULTI|DKIM_\w+|ALL_TRUSTED)$/

  test.each(NAMES)('%s: at most 0.5, and no rule about its content', { timeout: 60_000 }, async (name) => {
    const { raw } = await written(name)
    const judged = await new Promise<string>((resolve, reject) => {
      const child = execFile(SPAMASSASSIN, ['-L', '-t'], (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      )
      child.stdin!.end(raw, 'latin1')
    })
    const [, points] = /Content analysis details:\s+\((-?[\d.]+) points/.exec(judged)!
    expect(Number(points)).toBeLessThanOrEqual(0.5)
    const rules = [...judged.matchAll(/^ *(-?\d+\.\d) ([A-Z][A-Z0-9_]+)\b/gm)].map(([, , rule]) => rule!)
    expect(rules.filter((rule) => !NOT_OURS.test(rule))).toEqual([])
  })
})

describe('headers', () => {
  /** Grammar of each field as its RFC has it, for a value that was unfolded. */
  const GRAMMAR: Record<string, RegExp> = {
    // RFC 5322 §3.4: a name-addr or an addr-spec.
    From: /^(?:(?:"[^"\r\n]*"|[\w .=?-]+) <[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/,
    To: /^[^<>\s@,]+@[^<>\s@,]+$/,
    // RFC 5322 §2.2: printable ASCII; RFC 2047 §2: encoded words of at most 75 characters.
    Subject:
      /^(?:(?!=\?)[\x21-\x7E]+|=\?utf-8\?[BQ]\?[^ ?]{1,60}\?=)(?: (?:(?!=\?)[\x21-\x7E]+|=\?utf-8\?[BQ]\?[^ ?]{1,60}\?=))*$/i,
    // RFC 5322 §3.3
    Date: /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/,
    // RFC 5322 §3.6.4
    'Message-ID': /^<[\w.+-]+@[\w.-]+>$/,
    // RFC 2369 §2 and RFC 8058 §3.1
    'List-Unsubscribe': /^<https:\/\/[^<>\s,]+>(?:, <mailto:[^<>\s,]+>)?$/,
    'List-Unsubscribe-Post': /^List-Unsubscribe=One-Click$/,
    // RFC 2919 §3
    'List-Id': /^(?:"[^"]+" )?<[a-z0-9-]+(?:\.[a-z0-9-]+)+>$/,
    // RFC 3834 §5
    'Auto-Submitted': /^auto-generated$/,
    Precedence: /^bulk$/,
    // Gmail's: four parts, the last one the sender's, 5 to 15 characters.
    'Feedback-ID': /^[^:\s]*:[^:\s]*:[^:\s]+:[\w-]{5,15}$/,
    // RFC 2045 §4, RFC 2046 §5.1.1: a boundary of at most 70 characters.
    'MIME-Version': /^1\.0$/,
    'Content-Type': /^multipart\/alternative; boundary="[^"]{1,70}"$/,
  }
  /** RFC 5322 §3.6: exactly once. */
  const ONCE = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type']

  test.each(NAMES)('%s: each field as its RFC has it, and no other', async (name) => {
    const { encoded } = await written(name)
    const names = encoded.header.map(([field]) => field)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(ONCE))
    for (const [field, value] of encoded.header) {
      expect(value.replace(/\r\n(?=[ \t])/g, '')).toMatch(GRAMMAR[field] ?? /^no such field is expected$/)
    }
  })

  test.each(NAMES)('%s: lines end with CRLF, in ASCII, none too long (RFC 5322 §2.1.1)', async (name) => {
    const { raw } = await written(name)
    expect(raw).toMatch(/^[\x20-\x7E\r\n\t]*$/)
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
  })
})
