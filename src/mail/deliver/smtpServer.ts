import { PermanentError } from '../../errors.ts'

/** A mail server, in nodemailer's terms. */
export interface SmtpServer {
  host: string
  port: number
  /** TLS from the first byte. If false: STARTTLS if the server offers it. */
  secure: boolean
  /** Send no mail without TLS. */
  requireTLS: boolean
  auth?: { user: string; pass: string }
}

/**
 * Reads `smtp://user:password@host:port` or `smtps://…`, with percent-encoded user and password; the default ports
 * are 587 and 465. The only option is `?requireTLS=true`, because other options of nodemailer could read files or
 * switch off checks.
 * @throws PermanentError that leaves out the address, which may contain a password.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isServer = url !== undefined && /^smtps?:$/.test(url.protocol) && url.hostname !== ''
  if (
    !isServer ||
    !['', '?requireTLS=true'].includes(url.search) ||
    !isPercentEncoded(url.username + url.password)
  ) {
    throw new PermanentError(
      'SMTP_URL: expected smtp://user:password@host:587 or smtps://user:password@host:465, with no option but ?requireTLS=true, got something else; correct it',
    )
  }
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: url.search !== '',
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
  }
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
