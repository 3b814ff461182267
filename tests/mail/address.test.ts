import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressProblem, domainOf, needsUtf8, parseAddress, parseSender } from '../../src/mail/address.ts'

describe('parseAddress', () => {
  test.each([
    ['ann@example.org', 'ann@example.org'],
    ['  ann@example.org\n', 'ann@example.org'],
    ['Ann.Lee+papers@Example.ORG', 'Ann.Lee+papers@example.org'],
    ["o'neil_{x}@sub.example.co", "o'neil_{x}@sub.example.co"],
    ['ann@münchen.example', 'ann@xn--mnchen-3ya.example'],
    ['ann@例え.テスト', 'ann@xn--r8jz45g.xn--zckzah'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    ['a..b@docomo.ne.jp', 'a..b@docomo.ne.jp'],
    ['name.@ezweb.ne.jp', 'name.@ezweb.ne.jp'],
    ['user＠example.com', 'user@example.com'],
  ])('%j is one address', (text, expected) => {
    expect(parseAddress(text)).toBe(expected)
  })

  test.each([
    ['nothing', ''],
    ['no domain', 'ann@'],
    ['no local part', '@example.org'],
    ['no at sign', 'ann.example.org'],
    ['a list', 'ann@y.test, evil@x.test'],
    ['a list without space', 'ann@y.test,evil@x.test'],
    ['a list with semicolon', 'ann@y.test; evil@x.test'],
    ['two at signs', 'ann@y.test@x.test'],
    ['a quoted local part', '"evil@x.test"@y.test'],
    ['a quoted local part hiding another address', '"ann@y.test, evil"@x.test'],
    ['a display name', 'Ann <ann@example.org>'],
    ['angle brackets', '<ann@example.org>'],
    ['a comment', 'ann(evil)@example.org'],
    ['a group', 'friends:ann@example.org;'],
    ['a source route', '@hop.test:ann@example.org'],
    ['a percent route to elsewhere', 'ann@evil%2etest'],
    ['a line break and a command', 'ann@y.test\r\nRCPT TO:<evil@x.test>'],
    ['a line break in the local part', 'an\nn@example.org'],
    ['a NUL', 'ann\0@example.org'],
    ['a space', 'an n@example.org'],
    ['a tab in the domain', 'ann@exa\tmple.org'],
    ['an emoji', '😀@example.org'],
    ['an invisible character in the local part', 'an\u200Bn@example.org'],
    ['a bidi control in the local part', 'a\u202En@example.org'],
    ['a local part of 65 bytes', `${'é'.repeat(33)}@example.org`],
    ['a full-width local part', 'ａnn@example.org'],
    ['an invisible character', 'ann@exam\u00ADple.org'],
    ['a bidi control', 'ann@\u202Eexample.org'],
    ['a dot at the start', '.ann@example.org'],
    ['a dot at the end', 'ann.@example.org'],
    ['two dots', 'an..n@example.org'],
    ['a domain of one label', 'root@localhost'],
    ['an address literal', 'ann@[127.0.0.1]'],
    ['an IPv4 address', 'ann@127.0.0.1'],
    ['a short IPv4 address', 'ann@127.1'],
    ['a hexadecimal IPv4 address', 'ann@0x7f.0x1'],
    ['a port', 'ann@example.org:25'],
    ['a path', 'ann@example.org/x'],
    ['a label that begins with a hyphen', 'ann@-example.org'],
    ['an underscore', 'ann@exa_mple.org'],
    ['an empty label', 'ann@example..org'],
    ['a final dot', 'ann@example.org.'],
    ['a broken A-label', 'ann@xn--a.org'],
    ['a local part of 65', `${'a'.repeat(65)}@example.org`],
    ['a label of 64', `ann@${'a'.repeat(64)}.org`],
    ['an address of 255', `ann@${'b.'.repeat(124)}org`],
    ['a domain of 254', `a@${'b.'.repeat(125)}orgg`],
    ['a megabyte', `${'a'.repeat(1_000_000)}@example.org`],
  ])('%s is none', (_name, text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  test('is total, and what it gives it takes again unchanged', () => {
    const addressLike = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.string(), fc.domain()).map(([local, domain]) => `${local}@${domain}`),
    )
    fc.assert(
      fc.property(addressLike, (text) => {
        const address = parseAddress(text)
        if (address === undefined) return
        expect(address).toMatch(/^[^\s\p{C}]+@[a-z0-9.-]+$/u)
        expect(address.match(/@/g)).toHaveLength(1)
        expect(Buffer.byteLength(address)).toBeLessThanOrEqual(254)
        expect(parseAddress(address)).toBe(address)
      }),
    )
  })
})

describe('parseSender', () => {
  test.each([
    ['Paperboy <digest@example.org>', { name: 'Paperboy', address: 'digest@example.org' }],
    ['digest@example.org', { name: '', address: 'digest@example.org' }],
    ['<digest@example.org>', { name: '', address: 'digest@example.org' }],
    ['"Papers, daily" <digest@example.org>', { name: 'Papers, daily', address: 'digest@example.org' }],
    ['Paperboy <paperboy@localhost>', { name: 'Paperboy', address: 'paperboy@localhost' }],
    ['Pa\r\nBcc: x@y.test <digest@example.org>', { name: 'Pa Bcc: x@y.test', address: 'digest@example.org' }],
  ])('%j', (text, expected) => {
    expect(parseSender(text)).toEqual(expected)
  })

  test.each(['', 'Paperboy', 'a@b.test, c@d.test', 'Paperboy <a@b.test> <c@d.test>', '"x" a@b.test'])(
    '%j is refused in one line',
    (text) => {
      expect(() => parseSender(text)).toThrow(/^MAIL_FROM: expected "Name <address>", got ".*"; correct it/)
    },
  )
})

test('letters beyond ASCII before the @ are taken, in one Unicode form; only some mail servers take them', () => {
  expect(parseAddress('jose\u0301@example.com')).toBe('jos\u00E9@example.com')
  expect(parseAddress('用户@例子.中国')).toBe('用户@xn--fsqu00a.xn--fiqs8s')
  expect(['jos\u00E9@example.com', 'jose@xn--fsqu00a.xn--fiqs8s'].map(needsUtf8)).toEqual([true, false])
  expect(() => parseSender('jos\u00E9@example.com')).toThrow(/^MAIL_FROM/)
})

test('domainOf', () => {
  expect(domainOf('ann@example.org')).toBe('example.org')
})

test.each([
  ['me@localhost', /whole domain after the @.*localhost/],
  ['.@docomo.ne.jp', /typing mistakes/],
  ['ann example.org', /typing mistakes/],
])('%s is refused with the true reason', (text, reason) => {
  expect(parseAddress(text)).toBeUndefined()
  expect(addressProblem(text)).toMatch(reason)
})

test('the name of a sender may be quoted, with a comma and quotes in it', () => {
  expect(parseSender('"Papers, Daily" <a@b.example>')).toEqual({
    name: 'Papers, Daily',
    address: 'a@b.example',
  })
  expect(parseSender('"The \\"Papers\\"" <a@b.example>').name).toBe('The "Papers"')
})
