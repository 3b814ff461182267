import { PermanentError } from '../../errors.ts'

/** Where mail is handed over, in nodemailer's terms. */
export interface SmtpServer {
  host: string
  port: number
  /** TLS from the first byte; else STARTTLS where the server offers it. */
  secure: boolean
  /** Rather no mail than mail without TLS. */
  requireTLS: boolean
  auth?: { user: string; pass: string }
}

/**
 * Reads `smtp://user:password@host:port` or `smtps://…`, user and password percent-encoded, ports 587 and 465 by
 * default. The one option is `?requireTLS=true`: others of nodemailer could read files or switch off checks.
 * @throws PermanentError, without the address, for it may hold a password.
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
