import { insertAudit, insertAudits } from '../../db/audit.ts'
import type { Db, Tx } from '../../db/engine/connect.ts'
import { listSuppressions } from '../../db/mail/suppressions.ts'
import { findKnownSubscribers, type KnownSubscriber } from '../../db/subscribers/lists/importRows.ts'
import { emailKey } from '../../db/subscribers/subscribers.ts'
import { addressHash } from '../../mail/addressHash.ts'
import type { Bytes } from '../../sources/dumps/containers/bytes.ts'
import type { Row } from '../../sources/dumps/records/rows.ts'
import type { NextJob } from '../../tools.ts'
import type { Actor, Context } from '../membership.ts'
import { unmailable } from '../preferences.ts'
import { type ListDefaults, type ListedPerson, readPerson } from './listedPerson.ts'
import { openList } from './readList.ts'
import { writePeople } from './writePeople.ts'

/** Taken: as what. `confirmation`: pending, and a mail asks for confirmation. */
const TAKEN = ['active', 'paused', 'confirmation', 'unsubscribed', 'suppressed'] as const
type Taken = (typeof TAKEN)[number]
/** Not taken: `invalid` row, `repeated` address, `known` here already, or `refused`: this address said no here. */
export type NotTaken = 'invalid' | 'repeated' | 'known' | 'refused'

/** What becomes of a row. */
export interface Verdict {
  line: number
  /** As typed, if it is no address. */
  email: string
  outcome: Taken | NotTaken
  /** Why, for a row that is not taken. */
  reason?: string
}

/** Whether a row is taken. */
export function isTaken({ outcome }: Verdict): boolean {
  return (TAKEN as readonly string[]).includes(outcome)
}

export interface ImportOptions {
  actor: Actor
  /** Where people gave consent whose row does not say it. */
  consent?: string | undefined
  /** Only says what would happen. */
  dryRun: boolean
  takesUtf8(): Promise<boolean>
  /** Puts the jobs of confirmations on their queue; called after their rows are written. */
  enqueue(jobs: NextJob[]): Promise<void>
}

/** A judged row with what is to be written. */
type Judged = { verdict: Verdict; person?: ListedPerson; known?: KnownSubscriber }

/**
 * Imports a list of subscribers, and gives out what becomes of each row, a batch at a time; each batch is one transaction.
 * Nobody who is known here changes, with these exceptions: a pending subscriber becomes active if the list names their consent;
 * what the list says of bounces and complaints holds for everybody; and its unsubscribes hold for whoever came by a list. An
 * address that is suppressed or unsubscribed here stays so. Within a list a no counts, wherever it stands. So the same list again
 * changes nothing.
 * @throws PermanentError if the list cannot be read; batches before that stay.
 */
export async function importList(
  context: Context,
  file: Bytes,
  options: ImportOptions,
): Promise<{ ignored: string[]; verdicts: AsyncGenerator<Verdict[]> }> {
  const { columns, ignored, batches } = await openList(file)
  const seen = new Map<string, number>()
  async function* judgeAll(): AsyncGenerator<Verdict[]> {
    const counts: Record<string, number> = {}
    for await (const rows of batches) {
      const defaults = { consent: options.consent, now: context.now() }
      const read = await Promise.all(
        rows.map((row) => judgeAlone(row, { columns, defaults, seen, takesUtf8: options.takesUtf8 })),
      )
      const verdicts = await takeBatch(context, withoutTakenBack(read), options)
      for (const { outcome } of verdicts) counts[outcome] = (counts[outcome] ?? 0) + 1
      yield verdicts
    }
    if (!options.dryRun) {
      const { actor } = options
      await insertAudit(context.db, { at: context.now(), actor, action: 'imported a list', details: counts })
    }
  }
  return { ignored, verdicts: judgeAll() }
}

/** What can be said of a row without the database. */
async function judgeAlone(
  row: Row,
  given: {
    columns: Parameters<typeof readPerson>[0]
    defaults: ListDefaults
    /** The line of each address so far. */
    seen: Map<string, number>
    takesUtf8(): Promise<boolean>
  },
): Promise<Judged> {
  const { line, cells } = row
  const typed = (cells[given.columns.indexOf('email')] ?? '').trim()
  const invalid = (reason: string): Judged => ({
    verdict: { line, email: typed, outcome: 'invalid', reason },
  })
  if (row.isDamaged) return invalid('Expected cells whose quotes end, got text after a closing quote.')
  const read = readPerson(given.columns, cells, given.defaults)
  if ('reason' in read) return invalid(read.reason)
  const { email } = read.person
  const key = emailKey(email)
  const before = given.seen.get(key)
  if (before !== undefined && !saysNo(read.person))
    return { verdict: { line, email, outcome: 'repeated', reason: `Line ${before} has the same address.` } }
  given.seen.set(key, line)
  const unmailed = await unmailable(email, given.takesUtf8)
  if (unmailed) return invalid(unmailed.message)
  const { status } = read.person
  const outcome = status === 'pending' ? 'confirmation' : status
  return { verdict: { line, email, outcome }, person: read.person }
}

const saysNo = ({ status }: ListedPerson) => status === 'unsubscribed' || status === 'suppressed'

/** Leaves out the rows of a batch whose address says no in a later row. In an earlier batch it is stored already, and is known then. */
function withoutTakenBack(read: Judged[]): Judged[] {
  const noes = new Map<string, number>()
  for (const { person, verdict } of read)
    if (person && saysNo(person)) noes.set(emailKey(person.email), verdict.line)
  return read.map((one) => {
    const line = one.person && noes.get(emailKey(one.person.email))
    if (line === undefined || line === one.verdict.line) return one
    const reason = `Line ${line} has the same address, and says that it wants no mail.`
    return { verdict: { ...one.verdict, outcome: 'repeated', reason } }
  })
}

async function takeBatch(context: Context, read: Judged[], options: ImportOptions): Promise<Verdict[]> {
  if (options.dryRun) return (await judgeStored(context.db, context, read)).map(({ verdict }) => verdict)
  const { judged, next } = await context.db.transaction().execute(async (tx) => {
    const judged = await judgeStored(tx, context, read)
    const taken = judged.flatMap(({ person, known }) => (person ? [{ person, known }] : []))
    const { audit, next } = await writePeople(tx, context, taken, options.actor)
    await insertAudits(tx, audit)
    return { judged, next }
  })
  await options.enqueue(next)
  return judged.map(({ verdict }) => verdict)
}

/** Judges the rows that can be read against what is stored, in two queries. */
async function judgeStored(db: Db | Tx, { secret }: Context, read: Judged[]): Promise<Judged[]> {
  const emails = read.flatMap(({ person }) => (person ? [person.email] : []))
  const hashes = emails.map((email) => addressHash(email, secret))
  const known = new Map((await findKnownSubscribers(db, emails)).map((one) => [one.emailKey, one]))
  const suppressed = new Set((await listSuppressions(db, hashes)).map((found) => found.addressHash))
  return read.map(({ verdict, person }) => {
    if (person === undefined) return { verdict }
    const isSuppressed = suppressed.has(addressHash(person.email, secret))
    return judgeAgainst(verdict, person, known.get(emailKey(person.email)), isSuppressed)
  })
}

/** What the database says of a row that can be read. Only a row to be written keeps its person. */
function judgeAgainst(
  verdict: Verdict,
  person: ListedPerson,
  known: KnownSubscriber | undefined,
  isSuppressed: boolean,
): Judged {
  const not = (outcome: NotTaken, reason: string): Judged => ({ verdict: { ...verdict, outcome, reason } })
  if (isSuppressed) return not('refused', 'The address is suppressed here; lift that first.')
  if (known?.status === 'unsubscribed') return not('refused', 'The person has unsubscribed here.')
  const cameByList = known?.consentSource.startsWith('import')
  if (known && saysNo(person) && (person.status === 'suppressed' || cameByList))
    return { verdict, person, known }
  const confirms = known?.status === 'pending' && person.status === 'active'
  if (known && !confirms)
    return not('known', `The person is known here (${known.status}); nothing is changed.`)
  return { verdict, person, ...(known ? { known } : {}) }
}
