import { readFile } from 'node:fs/promises'
import { PermanentError, reasonOf } from '../../errors.ts'
import { domainOf, parseSender } from '../address.ts'
import { loadDkimKeys } from './dkim.ts'
import { parseRelays } from './relayList.ts'
import { createRelays } from './relays.ts'
import type { TakeTurns } from './relayTurns.ts'
import { parseSmtpUrl } from './smtpUrl.ts'
import { createMailer, type Mailer } from './transport.ts'

/** The settings of a relay, as the environment gives them. */
export interface RelaySettings {
  /** The address of a relay, or a list of relays (`parseRelays`). */
  smtpUrl: string
  /** File with certificates that are trusted. */
  smtpTlsCa: string | undefined
  smtpTls: 'insecure-local' | undefined
  smtpEhlo: string | undefined
  dkimKeys: string | undefined
  publicUrl: string
  mailFrom: string
}

/** Opens the mailer of one relay, or of several. @throws PermanentError naming the setting that cannot be used, and what to do. */
export async function openRelay(settings: RelaySettings, takeTurns: TakeTurns): Promise<Mailer> {
  const domain = domainOf(parseSender(settings.mailFrom).address)
  const options = {
    ehloName: settings.smtpEhlo ?? ehloNameFor(settings.publicUrl, domain),
    tls: {
      insecure: settings.smtpTls === 'insecure-local',
      ...(settings.smtpTlsCa !== undefined && { ca: await readCertificates(settings.smtpTlsCa) }),
    },
    dkimKeys: settings.dkimKeys === undefined ? [] : await loadDkimKeys(settings.dkimKeys, domain),
  }
  const relays = parseRelays(settings.smtpUrl).map(({ smtpUrl, ...share }) => ({
    ...share,
    name: relayName(smtpUrl),
    mailer: createMailer({ ...options, smtpUrl }),
  }))
  const [only] = relays
  const isPlain = relays.length === 1 && only!.perSecond === undefined && only!.perHour === undefined
  return isPlain ? only!.mailer : createRelays(relays, takeTurns)
}

/** Names a relay's account, without its password. */
function relayName(smtpUrl: string): string {
  const { host, port, auth } = parseSmtpUrl(smtpUrl)
  return `relay ${auth === undefined ? '' : `${auth.user}@`}${host}:${port}`
}

/** A public domain of this installation (RFC 5321 §4.1.1.1), not a container's name or a loopback address. */
function ehloNameFor(publicUrl: string, senderDomain: string): string | undefined {
  return [new URL(publicUrl).hostname, senderDomain].find((name) => /\.[a-z][a-z\d-]*$/i.test(name))
}

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new PermanentError(
      `SMTP_TLS_CA: expected a readable file, got ${reasonOf(error)}; give the file of the relay’s certificate or of its authority`,
      { cause: error },
    )
  }
}
