import { X509Certificate } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, rootCertificates } from 'node:tls'
import { PermanentError } from '../../errors.ts'

/** The mail server, in nodemailer's terms. */
export interface SmtpServer {
  host: string
  port: number
  /** TLS from the first byte; else STARTTLS if the server offers it. */
  secure: boolean
  /** Send nothing if TLS is not available. */
  requireTLS: boolean
  auth?: { user: string; pass: string }
}

/** `scheme://user:password@host:port?requireTLS=true`. The last `@` ends the password, which may contain others. */
const SMTP_URL =
  /^(smtps?):\/\/(?:([^:]*)(?::(.*))?@)?(\[[\da-f:.]+\]|[^\s@:/?#[\]]+)(?::(\d{1,5}))?\/?(\?requireTLS=true)?$/i

/**
 * Reads `smtp://user:password@host:port` or `smtps://…`; the default ports are 587 and 465. User and password may be
 * percent-encoded. A password with `/`, `#`, `?` or a stray `%` is taken as typed. `?requireTLS=true` is the only
 * option allowed, because other options of nodemailer could read files or switch off checks.
 * @throws PermanentError that does not quote the address, because it may contain a password.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const [, scheme = '', user, pass = '', host = '', port, requireTLS] = SMTP_URL.exec(text) ?? []
  if (host === '' || Number(port ?? 1) > 65535) {
    throw new PermanentError(
      'SMTP_URL: expected smtp://user:password@host:587 or smtps://user:password@host:465, with no option but ?requireTLS=true, got something else; correct it, and percent-encode special signs of user and password (/ is %2F, @ is %40, : is %3A)',
    )
  }
  const secure = scheme.toLowerCase() === 'smtps'
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: requireTLS !== undefined,
    ...(user && { auth: { user: decoded(user), pass: decoded(pass) } }),
  }
}

/** Decodes percent-escapes. A text with a stray `%` stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** How the mail server's certificate is checked. */
export interface TlsTrust {
  /** Trusted certificates in PEM: of an authority, or the server's own. */
  ca?: string
  /** No check at all; only for a server on this machine or network. */
  insecure?: boolean
}

/**
 * The TLS settings for a server. If the server presents one of the trusted certificates itself, its name is not
 * checked.
 * @throws PermanentError if checks are switched off for a server that may be far away, or if no certificate can be
 * read.
 */
export function tlsOptions(host: string, trust: TlsTrust): ConnectionOptions {
  if (trust.insecure) {
    if (isNearby(host)) return { rejectUnauthorized: false }
    throw new PermanentError(
      'SMTP_TLS: expected insecure-local only for a relay on this machine or a private network, got one elsewhere; name its certificate in SMTP_TLS_CA instead',
    )
  }
  if (trust.ca === undefined) return {}
  const own = new Set(certificatesOf(trust.ca).map((certificate) => certificate.fingerprint256))
  return {
    ca: [...rootCertificates, trust.ca],
    checkServerIdentity: (name, shown) =>
      own.has(shown.fingerprint256) ? undefined : checkServerIdentity(name, shown),
  }
}

function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block))
  } catch {
    // Reported below.
  }
  throw new PermanentError(
    'SMTP_TLS_CA: expected a file with certificates in PEM, got none; give the file of the relay’s certificate or of its authority',
  )
}

/** This machine, a private address (RFC 1918, RFC 4193), or a name that only a local network can resolve. */
export function isNearby(host: string): boolean {
  if (isIPv4(host)) return /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/.test(host)
  if (host.includes(':')) return host === '::1' || /^f[cd]|^fe[89ab]/i.test(host)
  return !host.includes('.') || /\.(?:local|internal|localhost)$/i.test(host)
}
