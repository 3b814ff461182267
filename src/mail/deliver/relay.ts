import { readFile } from 'node:fs/promises'
import { PermanentError, reasonOf } from '../../errors.ts'
import { domainOf, parseSender } from '../address.ts'
import { loadDkimKeys } from './dkim.ts'
import { createMailer, type Mailer } from './transport.ts'

/** The settings of a relay, as the environment gives them. */
export interface RelaySettings {
  smtpUrl: string
  /** File with certificates that are trusted. */
  smtpTlsCa: string | undefined
  smtpTls: 'insecure-local' | undefined
  smtpEhlo: string | undefined
  dkimKeys: string | undefined
  publicUrl: string
  mailFrom: string
}

/** Opens the mailer of a relay. @throws PermanentError naming the setting that cannot be used, and what to do. */
export async function openRelay(settings: RelaySettings): Promise<Mailer> {
  const domain = domainOf(parseSender(settings.mailFrom).address)
  return createMailer({
    smtpUrl: settings.smtpUrl,
    ehloName: settings.smtpEhlo ?? ehloNameFor(settings.publicUrl, domain),
    tls: {
      insecure: settings.smtpTls === 'insecure-local',
      ...(settings.smtpTlsCa !== undefined && { ca: await readCertificates(settings.smtpTlsCa) }),
    },
    dkimKeys: settings.dkimKeys === undefined ? [] : await loadDkimKeys(settings.dkimKeys, domain),
  })
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
