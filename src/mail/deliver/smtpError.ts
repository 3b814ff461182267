import { displayLine } from '../../text/displayText.ts'

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
  GREETING_TIMEOUT: 'no greeting in time; check that SMTP_URL names a mail server',
  SOCKET_TIMEOUT: 'no answer in time',
  EDNS: 'its name was not found; check SMTP_URL',
  EAUTH: 'the login was refused; check user name and password in SMTP_URL',
  ETLS: 'no secure connection; check its certificate and the scheme of SMTP_URL',
  EABORT: 'no end in time',
}

/** One line for people. The recipient's address is removed, because the line is stored and logged. */
export function lineOf(error: SmtpError, recipient: string): string {
  const words = [error.originalCode, error.timeoutType, error.code]
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

function stepOf({ command = '' }: SmtpError): string {
  return command === '' || command === 'API' || command === 'CONN' ? '' : ` (${command})`
}

function anyCase(text: string): RegExp {
  return new RegExp(text.replace(/[^A-Za-z0-9@]/g, '\\$&'), 'gi')
}
