import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Paper } from '../../../src/domain.ts'
import type { MailedDigest, Recipient } from '../../../src/mail/compose/digestView.ts'
import { buildConfirmationMail, buildPreferencesMail } from '../../../src/mail/compose/message.ts'
import {
  MAX_HTML_BYTES,
  renderDigestHtml,
  renderDigestMail,
  renderDigestText,
} from '../../../src/mail/compose/render.ts'
import { BARE_PAPER, ENVELOPE, PAPER, paperWith, said, sampleDigest } from '../sampleMail.ts'

const LETTER = {
  ...ENVELOPE,
  siteName: 'Paperboy',
  publicUrl: 'https://digest.example.org',
  to: 'ann@reader.example',
  unsubscribeUrl: 'https://digest.example.org/unsubscribe/leave-token',
  expiresAt: new Date('2026-07-26T05:00:00Z'),
}
const confirmation = { ...LETTER, confirmUrl: 'https://digest.example.org/confirm/yes-token' }

function golden(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/mail/${name}`, import.meta.url), 'utf8')
}

function withTitle(title: string): MailedDigest {
  return sampleDigest({ papers: [paperWith({ title })] })
}

function papers(count: number, fields: Partial<Paper> = {}, item: Partial<typeof PAPER> = {}): MailedDigest {
  return sampleDigest({
    papers: Array.from({ length: count }, (_, i) =>
      paperWith({ title: `Paper number ${i + 1} on hearts`, ...fields }, item),
    ),
  })
}

describe('the text part', () => {
  test('of a digest', async () => {
    const robots = {
      ...BARE_PAPER,
      topic: 'Robots',
      paper: { ...BARE_PAPER.paper, title: 'Hands 🤖 & <Feet>', upvotes: 1 },
    }
    const feet = { ...robots, paper: { ...robots.paper, authors: ['Ann Lee'], title: 'Feet' } }
    const digest = sampleDigest({
      note: 'This digest comes late.',
      papers: [PAPER, BARE_PAPER, robots, feet],
    })
    expect(await renderDigestText(digest)).toBe(await golden('digest.txt'))
  })

  test('of a confirmation', async () => {
    expect((await buildConfirmationMail(confirmation)).text).toBe(await golden('confirmation.txt'))
  })

  test('of a link to the preferences', async () => {
    const preferencesUrl = 'https://digest.example.org/preferences/manage-token'
    expect((await buildPreferencesMail({ ...LETTER, preferencesUrl })).text).toBe(
      await golden('preferences.txt'),
    )
  })
})

describe('the subject', () => {
  test.each<[string, MailedDigest, string]>([
    ['of one paper', withTitle('Short title'), '1 paper: Short title'],
    ['of two', sampleDigest(), '2 papers: One Beat Ahead: Predicting One-Year Mortality from… and 1 more'],
    ['of a long title', withTitle('word '.repeat(100)), `1 paper: ${'word '.repeat(13).trim()}…`],
    ['of no title', withTitle(' \u202E '), '1 paper: (no title)'],
  ])('%s', async (_name, content, expected) => {
    expect((await renderDigestMail(content)).subject).toBe(expected)
  })
})

describe('the opening', () => {
  test('says what is in it, and the preview what the best paper says', async () => {
    const agents = paperWith({ id: 3, title: 'Agents that plan' }, { topic: 'Agents' })
    const { html, text } = await renderDigestMail(sampleDigest({ papers: [PAPER, agents, BARE_PAPER] }))
    expect(text.split('\n').slice(0, 2)).toEqual(['3 papers for you', 'Health 2 · Agents 1'])
    expect(html).toMatch(/Electrocardiograms are cheap[^<]*(?:&#847;|<)/)
    expect(html.indexOf('Electrocardiograms')).toBeLessThan(html.indexOf('<h1'))
  })

  test('takes the source’s own summary before the abstract', async () => {
    const { html, text } = await renderDigestMail(
      sampleDigest({ papers: [paperWith({ aiSummary: 'Hearts tell.' })] }),
    )
    expect(html + text).toContain('Hearts tell.')
    expect(html + text).not.toContain('Electrocardiograms')
  })
})

test('upvotes and their speed are a bar without an image, and are said once', async () => {
  const { html, text } = await renderDigestMail(sampleDigest())
  expect(html).toMatch(/<td class="gauge" style="width:160px;background-color:#[^"]*">&nbsp;<\/td>/)
  for (const body of [html, text]) expect(body.match(/upvotes/g)).toHaveLength(1)
  expect(text).toContain('41 upvotes, 41 a day')
})

describe('the HTML part', () => {
  test('is ASCII in lines that a mail may have as they are', async () => {
    const { html } = await renderDigestMail(
      papers(12, { title: 'Größe 🤖 '.repeat(10), abstract: 'Fast words of a long text. '.repeat(40) }),
    )
    expect(html).toMatch(/^[\n\x20-\x7E]*$/)
    expect(Math.max(...html.split('\n').map((line) => line.length))).toBeLessThan(990)
    expect(html).not.toMatch(/^[.F]/m)
  })

  test('has the same links as the text part, and no others', async () => {
    const { html, text } = await renderDigestMail(sampleDigest())
    // The text has one link for the three answers to a paper.
    const ofHtml = new Set(
      Array.from(html.matchAll(/href="([^"]*)"/g), ([, link]) => link!.replace(/\?say=\w+$/, '')),
    )
    const ofText = new Set(text.match(/https?:\S+/g))
    ofHtml.delete('https://digest.example.org/')
    expect([...ofHtml].sort()).toEqual([...ofText].sort())
  })

  test('asks of each paper what the subscriber thinks of it, its title leading to the paper itself', async () => {
    const { html } = await renderDigestMail(sampleDigest())
    const links = Array.from(html.matchAll(/href="([^"]*\/papers\/12[^"]*)"[^>]*>([^<]*)</g), (m) =>
      m.slice(1),
    )
    const home = 'https://digest.example.org/preferences/manage-token/papers/12'
    expect(links).toEqual([
      ['https://digest.example.org/papers/12', PAPER.paper.title],
      [`${home}?say=more`, 'More like this'],
      [`${home}?say=less`, 'Less like this'],
      [`${home}?say=saved`, 'Save'],
    ])
  })

  test('is one document with language, title, one heading and both color schemes', async () => {
    const { html } = await renderDigestMail(sampleDigest())
    expect(html).toMatch(/^<!doctype html>\s*<html lang="en" dir="ltr"/)
    expect(html).toContain('<title>2 papers: One Beat Ahead')
    expect(html.match(/<h1\b/g)).toHaveLength(1)
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    expect(html).toContain('@media (prefers-color-scheme: dark)')
    expect(html).not.toContain('<%')
  })

  test('loads nothing and runs nothing', async () => {
    const { html } = await renderDigestMail(sampleDigest())
    expect(html).not.toMatch(
      /<(img|script|link|iframe|object|form|video|audio|base)\b|@import|@font-face|url\(|\bon\w+=/i,
    )
  })

  test.each([
    ['a script', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['an attribute', '"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'],
    [
      'a conditional comment',
      '<!--[if mso]><b>x</b><![endif]-->',
      '&lt;!--[if mso]&gt;&lt;b&gt;x&lt;/b&gt;&lt;![endif]--&gt;',
    ],
    ['an entity', '&lt;b&gt; AT&T', '&amp;lt;b&amp;gt; AT&amp;T'],
    ['a template tag', '<%= it.personal.unsubscribeUrl %>', '&lt;%= it.personal.unsubscribeUrl %&gt;'],
    ['quotes', `'one' "two" \`three\``, '&#39;one&#39; &quot;two&quot; `three`'],
  ])('shows %s as text, wherever it comes from', async (_name, hostile, shown) => {
    const everywhere = paperWith(
      { title: hostile, authors: [hostile], abstract: hostile },
      { topic: hostile, reasons: [said(hostile)] },
    )
    const digest = sampleDigest({ siteName: hostile, note: hostile, papers: [everywhere, everywhere] })
    const { html, text } = await renderDigestMail(digest)
    const plain = (await renderDigestMail(sampleDigest({ note: 'x' }))).html
    expect(html.split(shown).length).toBeGreaterThan(12)
    expect(html.match(/<script|<img|<!--|<b>/g)).toEqual(plain.match(/<script|<img|<!--|<b>/g))
    expect(text).toContain(hostile)
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'https://user@evil.test/', 'ftp://x.test/'])(
    'leaves the link %s out',
    async (url) => {
      const digest = sampleDigest({ papers: [paperWith({ arxivId: null, url })] })
      const { html, text } = await renderDigestMail(digest)
      expect(html + text).not.toContain(url)
      expect(text).toContain('Code at github.com: https://github.com/example/one-beat')
    },
  )
})

describe('the size', () => {
  test.each([1, 25, 50])(
    'of %i papers with long texts stays within the limit, all papers there',
    async (count) => {
      const long = {
        abstract: 'A long abstract of many words. '.repeat(200),
        title: 'A long title '.repeat(40),
      }
      const { html } = await renderDigestMail(papers(count, long))
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_HTML_BYTES)
      expect(html.match(/<h3\b/g)).toHaveLength(count)
      expect(html).toContain('/unsubscribe/leave-token')
    },
  )

  test('the first three papers are in full, the others in two lines', async () => {
    const abstract = 'word '.repeat(400)
    const { html, text } = await renderDigestMail(papers(8, { abstract }))
    for (const body of [html, text]) expect(body.match(/\bword\b/g)!.length).toBeGreaterThan(3 * 90)
    expect(text.match(/^ Mira Okafor and 5 more · 41 upvotes, 41 a day · matches “ecg”/gm)).toHaveLength(5)
  })

  test('of hostile text of every kind stays within the limit, and what is left out is said', async () => {
    const hostile = '👨‍👩‍👧‍👦"&<'.repeat(3000)
    const fields = {
      title: hostile,
      authors: [hostile],
      abstract: hostile,
      arxivId: null,
      url: `https://example.org/${'é'.repeat(90)}`,
      codeUrl: `https://example.org/${'é'.repeat(90)}`,
    }
    const digest = papers(50, fields, { reasons: [said(hostile), said(hostile)] })
    digest.publicUrl = `https://example.org/${'a'.repeat(500)}`
    const { html, text, subject } = await renderDigestMail(digest)
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_HTML_BYTES)
    expect(subject.length).toBeLessThan(78 * 16)
    expect(html).toMatch(/Read the other \d+ papers in the browser/)
    expect(text).toMatch(/Read the other \d+ papers in the browser:\nhttps:\/\/digest\.example\.org\/digests/)
    expect(html).toContain('50 papers for you')
  })
})

describe('the page in the browser', () => {
  test('shows the same papers without the subscriber or their links', async () => {
    const html = await renderDigestHtml(sampleDigest({ judgeUrl: undefined }))
    expect(html).toContain(PAPER.paper.title)
    expect(html).toContain(BARE_PAPER.paper.title)
    expect(html).not.toMatch(/ann@|unsubscribe|preferences|view-token/i)
  })

  test('leads on, a subscriber back to their preferences and others to the site', async () => {
    const homeUrl = 'https://digest.example.org/preferences/manage-token'
    const own = await renderDigestHtml(sampleDigest({ homeUrl }))
    expect(own).toContain(`<a href="${homeUrl}" style="color:#1f4e79;">Back to my preferences</a>`)
    const open = await renderDigestHtml(sampleDigest({ judgeUrl: undefined }))
    expect(open).toContain('<a href="https://digest.example.org/trending"')
    expect(open).toContain('<a href="https://digest.example.org/#subscribe"')
  })

  test('asks for a judgement only where it is told the page for it, as on the subscriber’s own', async () => {
    const html = await renderDigestHtml(sampleDigest())
    expect(html).toContain('/preferences/manage-token/papers/12?say=more')
    expect(html).not.toMatch(/ann@|unsubscribe|view-token/i)
  })

  test('shows every paper, however many', async () => {
    const html = await renderDigestHtml(papers(120))
    expect(html.match(/<h3\b/g)).toHaveLength(120)
    expect(html).not.toContain('view-token')
  })
})

describe('a letter', () => {
  test('has one button, tells until when, and how to end it', async () => {
    const { html, subject } = await buildConfirmationMail(confirmation)
    expect(subject).toBe('Confirm your subscription to Paperboy')
    expect(html).toContain('26 July 2026 at 05:00 UTC')
    const links = Array.from(html.matchAll(/href="([^"]*)"/g), ([, link]) => link)
    expect([...new Set(links)]).toEqual([
      'https://digest.example.org/',
      'https://digest.example.org/confirm/yes-token',
      'https://digest.example.org/unsubscribe/leave-token',
    ])
  })

  test('repeats nothing of the sign-up form, not even the address', async () => {
    const { html, text, subject } = await buildConfirmationMail({
      ...confirmation,
      to: 'visit.evil.example@reader.example',
    })
    expect(html + text + subject).not.toContain('evil')
  })
})

test.each<[string, Partial<MailedDigest>, Partial<Recipient>, RegExp]>([
  ['no paper', { papers: [] }, {}, /^digest of 2026-07-24: expected at least one paper, got none/],
  ['no address', {}, { email: 'a@b.test, c@d.test' }, /^recipient.email: expected one mail address/],
  [
    'a script for a view link',
    { viewUrl: 'javascript:alert(1)' },
    {},
    /^viewUrl: expected an http\(s\) address/,
  ],
  ['no way out', {}, { unsubscribeUrl: '' }, /^unsubscribeUrl: expected an http\(s\) address/],
])('a digest with %s is refused', async (_name, changes, recipient, message) => {
  await expect(renderDigestMail(sampleDigest(changes, recipient))).rejects.toThrow(message)
})
