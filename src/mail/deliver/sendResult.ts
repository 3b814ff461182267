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
      blame: Blame
      /** SMTP reply code (RFC 5321 §4.2). */
      code?: number
      /** Enhanced status code (RFC 3463), for example `5.1.1`. */
      status?: string
      reason: string
    }
  /** The mail was not sent, and the mail server did not judge it: it was withheld, or the mailer is closing. */
  | { kind: 'withheld'; reason: string }
  /** The connection ended while the mail was under way: it may or may not have been taken. */
  | { kind: 'unknown'; reason: string }

/**
 * What a refusal concerns. `mail`: this mail or its recipient. `domain`: all mail to the recipient's domain for now.
 * `sender`: us, for every recipient: our address, name, network, quota or login. `server`: the mail server is away, or
 * accepts no connection.
 */
export type Blame = 'mail' | 'domain' | 'sender' | 'server'

/** Steps of a session in which a negative reply concerns this mail, not the connection or the login. */
const MAIL_COMMANDS = new Set(['MAIL FROM', 'RCPT TO', 'DATA'])

/** RFC 3463 §3.2, §3.3 and RFC 7505: no such mailbox, no such domain, mailbox moved or disabled, domain takes no mail. */
const HARD_BOUNCES = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])

/** RFC 3463 §3.2 (the sender's address) and §3.8 (security, policy, authentication): these concern the sender. */
const SENDER_STATUS = /^5\.(?:7\.\d+|1\.[78])$/

/** Replies without a status code that concern the sender: its address, name, network, quota or permissions. */
const SPEAKS_OF_SENDER =
  /sender|relay|spam|block|black ?list|denied|prohibited|administrative|policy|reputation|rbl|dnsbl|authenti|authori[sz]ation|not authori[sz]ed|spf|dkim|dmarc|banned|\b(?:helo|ehlo|ptr|rdns)\b|reverse dns|(?:daily|hourly|sending|message|rate) (?:sending )?(?:quota|limit)|too many (?:messages|connections)/i

/** Replies without a status code that say clearly that there is no such mailbox. */
const SPEAKS_OF_MAILBOX =
  /no such (?:user|mailbox|recipient|address|person|account)|unknown (?:user|recipient|mailbox|account|address)|(?:user|recipient|mailbox|account|address)(?: is| was)? (?:unknown|not found|invalid|disabled|inactive|unavailable|not available)|invalid (?:user|recipient|mailbox)|(?:does not|doesn['’]t|not) exist|no mailbox|not a (?:valid|known) (?:user|mailbox|recipient)|takes no mail/i

/**
 * What a refusal for good says of the mailbox: a status code that `reasonToSuppress` counts, or null if it says nothing.
 * Words that clearly speak of the mailbox, without a code, become 5.1.0 (RFC 3463: other address status).
 */
export function refusedMailbox(refusal: SendResult & { kind: 'refused' }): {
  status: string | null
  reason: string
} {
  return { status: refusal.status ?? (refusal.hardBounce ? '5.1.0' : null), reason: refusal.reason }
}

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
  const refusesMail = speaksOfMail && (code === undefined ? isUnsendable(error) : code >= 500 && code !== 503)
  const status = statusOf(error.response)
  const blame = blameFor(error, status, refusesMail)
  const hardBounce = refusesMail && blame === 'mail' && isHardBounce(error, status)
  return {
    kind: 'refused',
    permanent: refusesMail && blame === 'mail',
    hardBounce,
    blame,
    ...(code && { code }),
    ...(status && { status }),
    reason,
  }
}

function blameFor(error: SmtpError, status: string | undefined, refusesMail: boolean): Blame {
  // A mail that was refused for now, for whatever reason, is tried again. So is a mail refused before its recipient was
  // named.
  if (isAboutDomain(error, status)) return 'domain'
  if (!refusesMail) return isAboutServer(error) ? 'server' : 'mail'
  if (error.responseCode === undefined) return 'mail'
  if (error.command === 'MAIL FROM') return status?.startsWith('5.3.') ? 'mail' : 'sender'
  if (status !== undefined) return SENDER_STATUS.test(status) ? 'sender' : 'mail'
  return SPEAKS_OF_SENDER.test(error.response ?? '') ? 'sender' : 'mail'
}

/** After its recipient was named, a mail is put off by 421 or for policy (RFC 3463 §3.8): the domain wants less mail. */
function isAboutDomain(error: SmtpError, status: string | undefined): boolean {
  const { command, responseCode } = error
  if (isClosingInSession(error)) return true
  if (command !== 'RCPT TO' && command !== 'DATA') return false
  return responseCode === 421 || (status?.startsWith('4.7.') ?? false)
}

/**
 * When commands are sent together (PIPELINING), nodemailer names no command for a 421 to RCPT or DATA. One to MAIL or EHLO is
 * named, and one to the connection has another code.
 */
function isClosingInSession({ code, command, responseCode }: SmtpError): boolean {
  return responseCode === 421 && command === 'CONN' && code === 'ECONNECTION'
}

/** There was no session, or it ended before this mail was mentioned. Every other mail would fail in the same way. */
function isAboutServer({ command = '', responseCode }: SmtpError): boolean {
  const namesMail = command === 'RCPT TO' || command === 'DATA' || command === 'API'
  return !namesMail || responseCode === undefined
}

/** An error reply to this mail says that the server did not accept it, even if the connection broke afterwards. */
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
  if (responseCode === undefined) return false
  if (status !== undefined) return HARD_BOUNCES.has(status)
  return command === 'RCPT TO' && responseCode === 550 && SPEAKS_OF_MAILBOX.test(response)
}

function statusOf(response = ''): string | undefined {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
}
