import { createPrivateKey, createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDkimKey } from '../../../src/mail/deliver/dkim.ts'
import { askRelayFeatures } from '../../../src/mail/deliver/relayFeatures.ts'
import { parseSmtpUrl } from '../../../src/mail/deliver/smtpUrl.ts'
import { checkDmarc, isAligned } from '../../../src/mail/records/dmarc.ts'
import { createLookup, type Lookup } from '../../../src/mail/records/lookup.ts'
import { checkMailRecords } from '../../../src/mail/records/mailChecks.ts'
import { checkSpf } from '../../../src/mail/records/spf.ts'
import { type DnsServer, openDnsServer, type Zone } from '../../support/dnsServer.ts'
import { openMailServer } from '../../support/smtp.ts'

const privateKey = createPrivateKey(makeDkimKey())
const publicKey = createPublicKey(privateKey as never)
  .export({ type: 'spki', format: 'der' })
  .toString('base64')
const chain = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) => [`c${at}.example TXT`, [`v=spf1 include:c${at + 1}.example -all`]]),
)
const ZONE: Zone = {
  'good.example TXT': ['some=other', 'v=spf1 mx include:relay.example -all'],
  'relay.example TXT': ['v=spf1 ip4:203.0.113.0/24 -all'],
  'open.example TXT': ['v=spf1 +all'],
  'soft.example TXT': ['v=spf1 mx'],
  'two.example TXT': ['v=spf1 -all', 'v=spf1 mx -all'],
  ...chain,
  's1._domainkey.good.example TXT': [[`v=DKIM1; k=rsa; p=${publicKey.slice(0, 200)}`, publicKey.slice(200)]],
  's2._domainkey.good.example TXT': ['v=DKIM1; k=rsa; p=AAAA'],
  '_dmarc.good.example TXT': ['v=DMARC1; p=quarantine; rua=mailto:x@good.example'],
  '_dmarc.old.example TXT': ['v=DMARC1; p=none; pct=50'],
  '_dmarc.test TXT': ['v=DMARC1; p=reject; psd=y'],
  'b.good.example MX': [{ preference: 10, exchange: 'mx.good.example' }],
  'b.good.example TXT': ['v=spf1 mx -all'],
  'mail.relay.example A': ['203.0.113.5'],
  '5.113.0.203.in-addr.arpa PTR': ['mail.relay.example'],
  'lost.relay.example A': ['203.0.113.6'],
}

let dns: DnsServer
let lookup: Lookup
beforeAll(async () => {
  dns = await openDnsServer(ZONE)
  lookup = createLookup(dns.address)
})
afterAll(() => dns.close())

test.each([
  ['good.example', []],
  ['none.example', ['no SPF record']],
  ['open.example', ['it lets everybody send (all without - or ~)']],
  ['soft.example', ['it does not end with -all or ~all']],
  ['two.example', ['2 SPF records; only one is allowed']],
  ['c0.example', ['it needs more than 10 look-ups']],
])('SPF of %s: %j', async (domain, problems) => {
  expect((await checkSpf(domain, lookup)).problems).toEqual(problems)
})

describe('DMARC', () => {
  test.each([
    ['good.example', 'good.example', []],
    ['a.b.c.d.e.f.g.h.i.j.good.example', 'good.example', []],
    ['old.example', 'old.example', ['it has pct, which no longer count; take them out']],
    ['shop.test', 'shop.test', []],
    ['none.example', 'none.example', ['no DMARC record']],
  ])('of %s is of %s: %j', async (domain, organization, problems) => {
    expect(await checkDmarc(domain, lookup)).toMatchObject({ organization, problems })
  })

  test('alignment goes by the organization', () => {
    expect(isAligned('good.example', 'b.good.example', 'good.example')).toBe(true)
    expect(isAligned('good.example', 'evilgood.example', 'good.example')).toBe(false)
  })
})

const key = (keySelector: string) => ({ domainName: 'good.example', keySelector, privateKey })
const SETTINGS = {
  fromDomain: 'good.example',
  envelopeDomain: 'b.good.example',
  readsBounces: true,
  dkimKeys: [key('s1')],
  relayHosts: ['mail.relay.example'],
}

test('an installation that is well published passes', async () => {
  const checks = await checkMailRecords(SETTINGS, lookup)
  expect(checks.map(({ word, name }) => `${word} ${name}`)).toEqual([
    'ok SPF of b.good.example',
    'ok DKIM key s1',
    'ok DMARC of good.example',
    'ok PTR of mail.relay.example',
    'ok bounces to b.good.example',
  ])
})

test('what is missing or wrong is told, with the record to publish', async () => {
  const settings = { ...SETTINGS, fromDomain: 'none.example', envelopeDomain: 'other.example' }
  const checks = await checkMailRecords(
    { ...settings, dkimKeys: [key('s2')], relayHosts: ['lost.relay.example'] },
    lookup,
  )
  expect(checks.map(({ word, name, publish }) => [word, name, publish?.slice(0, 45)])).toEqual([
    ['FAIL', 'SPF of other.example', 'other.example. IN TXT "v=spf1 a:lost.relay.ex'],
    ['FAIL', 'DKIM key s2', 's2._domainkey.none.example. IN TXT ( "v=DKIM1'],
    ['FAIL', 'DMARC of none.example', '_dmarc.none.example. IN TXT "v=DMARC1; p=none'],
    ['LOOK', 'alignment', undefined],
    ['LOOK', 'PTR of lost.relay.example', undefined],
    ['FAIL', 'bounces to other.example', 'other.example. IN MX 10 THE-MACHINE-THAT-RECE'],
  ])
  const wrongKey = await checkMailRecords({ ...SETTINGS, dkimKeys: [key('s2')] }, lookup)
  expect(wrongKey[1]).toMatchObject({ word: 'FAIL', words: expect.stringContaining('another key at s2.') })
})

test('a DNS that does not answer is no missing record', async () => {
  const away = createLookup('127.0.0.1:1')
  await expect(away.txt('good.example')).rejects.toThrow(/expected the DNS to answer for good\.example/)
})

test('a relay is asked what it offers', async () => {
  const server = await openMailServer()
  const features = await askRelayFeatures(parseSmtpUrl(server.url), 'digest.example.org')
  await server.close()
  expect([features.has('PIPELINING'), features.has('STARTTLS')]).toEqual([true, false])
})
