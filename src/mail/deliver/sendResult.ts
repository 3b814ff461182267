import { lineOf, type SmtpError } from './smtpError.ts'

/** The result of one attempt to hand a mail to the mail server. */
export type SendResult =
  | { kind: 'accepted'; response: string }
  | {
      kind: 'refused'
      /** Trying the same mail again cannot help. */
      permanent: boolean
      /** The address does not exist or accepts no mail: never write to it again. */
      hardBounce: boolean
      /** SMTP reply code (RFC 5321 §4.2). */
      code?: number
      /** Enhanced status code (RFC 3463), for example `5.1.1`. */
      status?: string
      reason: string
    }
  /** The connection ended while the mail was being sent. The server may or may not have accepted it. */
  | { kind: 'unknown'; reason: string }

/** The commands whose refusal is about this mail, not about the connection or the login. */
const MAIL_COMMANDS = new Set(['MAIL FROM', 'RCPT TO', 'DATA'])

/** RFC 3463 §3.2, §3.3 and RFC 7505: no such mailbox, no such domain, mailbox moved or disabled, domain takes no mail. */
const HARD_BOUNCES = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])

/**
 * A bare 550 often means the sender: a block list, a relay that refuses, a policy. It says nothing about the mailbox.
 */
const SPEAKS_OF_SENDER =
  /relay|spam|block|black ?list|denied|policy|reputation|rbl|dnsbl|authenti|spf|dkim|dmarc|banned/i

/**
 * Judges a failed attempt.
 * @param begun whether any part of the message itself had been sent. Only then can it have been delivered.
 * @param recipient is removed from the reason.
 */
export function judgeFailure(error: SmtpError, begun: boolean, recipient: string): SendResult {
  const reason = lineOf(error, recipient)
  if (begun && !isReplyToMail(error)) return { kind: 'unknown', reason }
  const code = error.responseCode
  const speaksOfMail = MAIL_COMMANDS.has(error.command ?? '') || error.command === 'API'
  const permanent = speaksOfMail && (code === undefined ? isUnsendable(error) : code >= 500 && code !== 503)
  const status = statusOf(error.response)
  const hardBounce = permanent && isHardBounce(error, status)
  return { kind: 'refused', permanent, hardBounce, ...(code && { code }), ...(status && { status }), reason }
}

/**
 * An error reply to this mail is the server's word that it did not accept the mail, even if the connection broke
 * next.
 */
function isReplyToMail({ code, responseCode }: SmtpError): boolean {
  const isFailure = responseCode !== undefined && responseCode >= 400 && responseCode < 600
  return isFailure && (code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'ECONNECTION')
}

/** Refused before the session began: an impossible envelope, or a message larger than the server accepts. */
function isUnsendable({ code }: SmtpError): boolean {
  return code === 'EENVELOPE' || code === 'EMESSAGE'
}

function isHardBounce(
  { command, response = '', responseCode }: SmtpError,
  status: string | undefined,
): boolean {
  if (command === 'MAIL FROM' || responseCode === undefined) return false
  if (status !== undefined) return HARD_BOUNCES.has(status)
  return command === 'RCPT TO' && responseCode === 550 && !SPEAKS_OF_SENDER.test(response)
}

function statusOf(response = ''): string | undefined {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
}
