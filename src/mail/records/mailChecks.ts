import { createPublicKey } from 'node:crypto'
import { isIP } from 'node:net'
import { dkimRecord } from '../deliver/dkim.ts'
import type { DkimKey } from '../deliver/signature.ts'
import { isNearby } from '../deliver/smtpUrl.ts'
import { checkDmarc, isAligned } from './dmarc.ts'
import type { Lookup } from './lookup.ts'
import { checkSpf } from './spf.ts'

/** `LOOK`: mail may arrive all the same; a person should know. */
export interface MailCheck {
  word: 'ok' | 'LOOK' | 'FAIL'
  name: string
  words: string
  /** The record to publish, as a zone file has it. */
  publish?: string
}

export interface MailSettings {
  /** The domain of MAIL_FROM. */
  fromDomain: string
  /** The domain of the envelope: of BOUNCE_ADDRESS, else of MAIL_FROM. */
  envelopeDomain: string
  readsBounces: boolean
  dkimKeys: DkimKey[]
  /** The hosts of the relays. */
  relayHosts: string[]
}

/** Checks what receivers look up about our mail: SPF, DKIM, DMARC, the relay's PTR and where bounces go. */
export async function checkMailRecords(settings: MailSettings, lookup: Lookup): Promise<MailCheck[]> {
  return [
    await spf(settings, lookup),
    ...(await dkim(settings, lookup)),
    ...(await dmarc(settings, lookup)),
    ...(await Promise.all(settings.relayHosts.map((host) => ptr(host, lookup)))),
    ...(settings.readsBounces ? [await mx(settings, lookup)] : []),
  ]
}

async function spf({ envelopeDomain, relayHosts }: MailSettings, lookup: Lookup): Promise<MailCheck> {
  const { problems, record } = await checkSpf(envelopeDomain, lookup)
  const name = `SPF of ${envelopeDomain}`
  if (problems.length === 0) return { word: 'ok', name, words: record! }
  const senders = relayHosts.map((host) => (isIP(host) ? `ip${isIP(host)}:${host}` : `a:${host}`))
  const advice = `allow the addresses from which the relay sends; many relays tell an include: of their own`
  const publish = `${envelopeDomain}. IN TXT "v=spf1 ${senders.join(' ')} -all"`
  return { word: 'FAIL', name, words: `${problems.join('; ')}; ${advice}`, publish }
}

async function dkim({ fromDomain, dkimKeys }: MailSettings, lookup: Lookup): Promise<MailCheck[]> {
  if (dkimKeys.length === 0) {
    const words = 'DKIM_KEYS is not set, so the relay has to sign: look at the headers of a mail that arrived'
    return [{ word: 'LOOK', name: 'DKIM', words }]
  }
  return Promise.all(
    dkimKeys.map(async ({ keySelector, privateKey }): Promise<MailCheck> => {
      const host = `${keySelector}._domainkey.${fromDomain}`
      const records = await lookup.txt(host)
      const name = `DKIM key ${keySelector}`
      const ours = createPublicKey(privateKey as never)
        .export({ type: 'spki', format: 'der' })
        .toString('base64')
      const published = records.map((text) => /(?:^|;)\s*p=([^;]*)/.exec(text)?.[1]?.replace(/\s+/g, ''))
      if (records.length === 1 && published[0] === ours)
        return { word: 'ok', name, words: `published at ${host}` }
      const came =
        records.length === 0 ? 'no record' : records.length > 1 ? `${records.length} records` : 'another key'
      const words = `${came} at ${host}; mail signed with this key fails until it is published`
      return { word: 'FAIL', name, words, publish: dkimRecord(keySelector, fromDomain, privateKey) }
    }),
  )
}

async function dmarc(
  { fromDomain, envelopeDomain, dkimKeys }: MailSettings,
  lookup: Lookup,
): Promise<MailCheck[]> {
  const { problems, record, organization } = await checkDmarc(fromDomain, lookup)
  const name = `DMARC of ${fromDomain}`
  const publish = `_dmarc.${fromDomain}. IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@${fromDomain}"`
  const policy: MailCheck =
    record === undefined
      ? { word: 'FAIL', name, words: 'no DMARC record; large providers want one', publish }
      : { word: problems.length === 0 ? 'ok' : 'LOOK', name, words: [record, ...problems].join('; ') }
  if (isAligned(fromDomain, envelopeDomain, organization)) return [policy]
  const words = `the envelope is of ${envelopeDomain}, which is not of ${organization}: SPF does not count for DMARC, so DKIM must pass`
  return [policy, { word: dkimKeys.length > 0 ? 'LOOK' : 'FAIL', name: 'alignment', words }]
}

async function ptr(relayHost: string, lookup: Lookup): Promise<MailCheck> {
  const name = `PTR of ${relayHost}`
  if (isNearby(relayHost)) {
    return {
      word: 'LOOK',
      name,
      words: 'the relay is on a private network; check the name of the public address it sends from',
    }
  }
  const addresses = isIP(relayHost) ? [relayHost] : await lookup.addresses(relayHost)
  const [address] = addresses
  if (address === undefined) return { word: 'FAIL', name, words: `${relayHost} has no address` }
  const names = await lookup.names(address)
  for (const one of names) {
    if ((await lookup.addresses(one)).includes(address))
      return { word: 'ok', name, words: `${address} is ${one}, and back` }
  }
  const came = names.length === 0 ? 'has no name' : `is called ${names.join(', ')}, which leads elsewhere`
  return {
    word: 'LOOK',
    name,
    words: `${address} ${came}; mail that leaves from it is refused by large providers`,
  }
}

async function mx({ envelopeDomain }: MailSettings, lookup: Lookup): Promise<MailCheck> {
  const name = `bounces to ${envelopeDomain}`
  const exchangers = (await lookup.mx(envelopeDomain)).filter((host) => host !== '')
  if (exchangers.length > 0) return { word: 'ok', name, words: `go to ${exchangers.join(', ')}` }
  const own = await lookup.addresses(envelopeDomain)
  if (own.length > 0) return { word: 'LOOK', name, words: `no MX record; they go to ${own.join(', ')}` }
  const words = 'neither an MX record nor an address, so no bounce can come back'
  return { word: 'FAIL', name, words, publish: `${envelopeDomain}. IN MX 10 THE-MACHINE-THAT-RECEIVES-THEM.` }
}
