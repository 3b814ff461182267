import { displayLine } from '../../text/displayLine.ts'

/** An error from nodemailer. */
export interface SmtpError extends Error {
  /** Nodemailer's code: EENVELOPE, EMESSAGE, ECONNECTION, ETIMEDOUT, EAUTH … */
  code?: string
  /** The system's code, if there is one: ECONNREFUSED … */
  originalCode?: string
  timeoutType?: string
  /** The SMTP command that was answered; `CONN` for the connection, `API` before the session. */
  command?: string
  response?: string
  responseCode?: number
}

/** What happened and what to do, by the system's code, the kind of timeout or nodemailer's code. */
const PLAIN_WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused; check that the mail server of SMTP_URL runs and the port is right',
  EHOSTUNREACH: 'no route to it; check the network and SMTP_URL',
  ENETUNREACH: 'no route to it; check the network and SMTP_URL',
  CONNECT_TIMEOUT: 'no connection in time; check the network and SMTP_URL',
  GREETING_TIMEOUT:
    'no greeting in time; check that SMTP_URL names a mail server, and whether its port wants smtps:// (TLS from the first byte, as 465)',
  SOCKET_TIMEOUT: 'no answer in time',
  EDNS: 'its name was not found; check SMTP_URL',
  EAUTH: 'the login was refused; check user name and password in SMTP_URL',
  ETLS: 'no secure connection; check its certificate and the scheme of SMTP_URL',
  EUNTRUSTED:
    'a certificate that is not trusted; name its file, or that of its authority, in SMTP_TLS_CA, or set SMTP_TLS=insecure-local for a relay on this machine or network',
  ENOTLS: 'no TLS at once; check the scheme: smtp:// for a port that begins in the clear (587, 25)',
  EABORT: 'no end in time',
}

/** One line for people. The recipient's address is removed, because the line is stored and logged. */
export function lineOf(error: SmtpError, recipient: string): string {
  const words = [tlsTrouble(error), error.originalCode, error.timeoutType, error.code]
    .map((key) => PLAIN_WORDS[key ?? ''])
    .find(Boolean)
  const reply = error.response === undefined ? undefined : `"${displayLine(error.response, 300)}"`
  const came =
    reply === undefined
      ? (words ?? displayLine(error.message, 300))
      : [reply, words].filter(Boolean).join('; ')
  const line = `expected the mail server to take the mail, got ${came}${stepOf(error)}`
  return recipient === '' ? line : line.replaceAll(anyCase(recipient), 'the recipient')
}

/** Whether the certificate is not trusted, or the port speaks no TLS. Only OpenSSL's words in the message tell. */
function tlsTrouble({ message, originalCode = '' }: SmtpError): string | undefined {
  const told = `${originalCode} ${message}`
  if (/self.?signed|unable to (?:verify|get)|UNABLE_TO|CERT_|certificate|altname/i.test(told))
    return 'EUNTRUSTED'
  return /wrong version number|WRONG_VERSION_NUMBER|packet length too long/i.test(told) ? 'ENOTLS' : undefined
}

function stepOf({ command = '' }: SmtpError): string {
  return command === '' || command === 'API' || command === 'CONN' ? '' : ` (${command})`
}

function anyCase(text: string): RegExp {
  return new RegExp(text.replace(/[^A-Za-z0-9@]/g, '\\$&'), 'gi')
}
