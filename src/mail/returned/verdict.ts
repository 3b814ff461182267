/** What a bounce, or a refusal, says about the mailbox, by its enhanced status code. */
export type BounceClass =
  /** There is no such mailbox. One such bounce is enough. */
  | 'gone'
  /** The mailbox takes no mail, as far as one report can tell. A second mail must bounce too. */
  | 'refusing'
  /** The mailbox is full or could not be reached for days. Many bounces over a long time are needed. */
  | 'soft'
  /** It is about this mail: its size or its content. */
  | 'mail'
  /** It is about us: authentication, policy, reputation. Nobody is suppressed for it. */
  | 'ours'

/** RFC 3463 §3.2, RFC 7505: bad mailbox, bad syntax, moved, null MX. */
const GONE = /^5\.1\.(?:1|3|6|10)$/
/** RFC 3463 §3.8 (security, policy) and the sender's address of §3.2. */
const OURS = /^[45]\.(?:7\.\d+|1\.[78])$/
/** Full (§3.3), system full, network trouble and expired (§3.5). */
const SOFT = /^(?:4\.|5\.(?:2\.2|3\.1|4\.[02-7])$)/
/** Length and capabilities (§3.3, §3.4), content (§3.7), and commands (§3.6). */
const MAIL = /^5\.(?:2\.3|3\.[2-5]|5\.\d+|6\.\d+)$/

/** Classifies a status code such as `5.1.1`. A bounce without one counts as a refusing mailbox. */
export function classOf(status: string | null): BounceClass {
  if (status === null) return 'refusing'
  if (OURS.test(status)) return 'ours'
  if (GONE.test(status)) return 'gone'
  if (MAIL.test(status)) return 'mail'
  return SOFT.test(status) ? 'soft' : 'refusing'
}

/** A mail that bounced, or that the relay refused for good. */
export interface Bounce {
  status: string | null
  at: Date
}

const DAY = 24 * 60 * 60 * 1000
/** Older bounces no longer count. */
const COUNTED = 30 * DAY
const REFUSING_LIMIT = 2
const SOFT_LIMIT = 5
const SOFT_SPAN = 10 * DAY

/**
 * Whether these bounces of one address are reason to send it no more mail: one of a mailbox that does not exist; two
 * mails that the mailbox refused; or five that it could not take, over ten days or more. All within thirty days.
 * Undefined if not, else the reason for people. `bounces`: one for each mail.
 */
export function reasonToSuppress(bounces: Bounce[], now: Date): string | undefined {
  const counted = bounces.filter(({ at }) => now.getTime() - at.getTime() < COUNTED)
  const of = (wanted: BounceClass) => counted.filter(({ status }) => classOf(status) === wanted)
  const gone = of('gone')
  if (gone.length > 0) return `there is no such mailbox (${gone[0]!.status})`
  const refusing = of('refusing')
  if (refusing.length >= REFUSING_LIMIT) return `${refusing.length} mails were refused for good`
  const soft = of('soft')
  const times = soft.map(({ at }) => at.getTime())
  const span = Math.max(...times) - Math.min(...times)
  if (soft.length < SOFT_LIMIT || span < SOFT_SPAN) return undefined
  return `${soft.length} mails could not be delivered within ${Math.round(span / DAY)} days`
}
