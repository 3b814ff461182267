import { size, span } from '../text/quantities.ts'
import type { Facts, QueueState } from './facts.ts'
import type { Check, Item } from './item.ts'

const MINUTE = 60 * 1000
const HOUR = 60 * MINUTE
const STUCK_AFTER = 30 * MINUTE
const DISK = { warning: 0.1, bad: 0.03 }
const DATABASE = { warning: 0.85, bad: 0.97 }

/** Queues that do not answer, were stopped by a person, or do not move. */
export const queueCheck: Check<Facts> = {
  name: 'queue',
  look({ queues, now }) {
    if ('away' in queues) {
      const advice = 'start it; what is due stands in the database and is taken up then'
      const title = 'The queue does not answer'
      return [
        {
          kind: 'queue away',
          key: 'queue away',
          severity: 'bad',
          title,
          reason: queues.away,
          since: now,
          advice,
        },
      ]
    }
    return queues.flatMap((queue) => itemOfQueue(queue, now))
  },
  tell({ queues }) {
    if ('away' in queues) return 'away'
    const sum = (state: 'waiting' | 'active' | 'failed') =>
      queues.reduce((total, queue) => total + queue[state], 0)
    return `${sum('waiting')} waiting, ${sum('active')} active, ${sum('failed')} failed`
  },
}

function itemOfQueue({ step, paused, oldest, waiting }: QueueState, now: Date): Item[] {
  const since = oldest ?? now
  if (paused) {
    const reason = `somebody stopped this queue in the board; ${waiting} jobs wait`
    const title = `Queue ${step} is paused`
    const advice = 'resume it at /admin'
    return [
      {
        kind: 'queue paused',
        key: `queue paused: ${step}`,
        severity: 'bad',
        title,
        reason,
        since,
        advice,
        about: { step },
      },
    ]
  }
  if (oldest === undefined || now.getTime() - oldest.getTime() < STUCK_AFTER) return []
  const reason = `${waiting} jobs wait, the oldest for ${span(now.getTime() - oldest.getTime())}`
  const title = `Queue ${step} does not move`
  const advice = 'see that a worker runs and what it logs; more workers go faster'
  return [
    {
      kind: 'queue stuck',
      key: `queue stuck: ${step}`,
      severity: 'warning',
      title,
      reason,
      since,
      advice,
      about: { step },
    },
  ]
}

/** Nobody fetches, composes or sends. */
export const workerCheck: Check<Facts> = {
  name: 'worker',
  look({ workers, now }) {
    if (workers.alive > 0 || !workers.expected) return []
    const { lastSeen } = workers
    const reason =
      lastSeen === undefined
        ? 'no worker has ever reported'
        : `the last one was seen ${span(now.getTime() - lastSeen.getTime())} ago`
    return [
      {
        kind: 'worker gone',
        key: 'worker gone',
        severity: 'bad',
        title: 'No worker runs: nothing is fetched, composed or sent',
        reason,
        since: lastSeen ?? now,
        advice: 'start one: paperboy start, or paperboy start --role worker',
      },
    ]
  },
  tell: ({ workers }) =>
    workers.alive === 0 ? 'none has to run now' : `${workers.alive} worker${workers.alive === 1 ? '' : 's'}`,
}

/** The disk or the database is nearly full. */
export const spaceCheck: Check<Facts> = {
  name: 'space',
  look: (facts) => [...diskItems(facts), ...databaseItems(facts)],
  tell({ disk, database }) {
    const free = disk === undefined ? '' : `, ${size(disk.freeBytes)} free on disk`
    return `database ${size(database.bytes)}${free}`
  },
}

function diskItems({ disk, now }: Facts): Item[] {
  if (disk === undefined) return []
  const share = disk.freeBytes / disk.totalBytes
  if (share >= DISK.warning) return []
  return [
    {
      kind: 'disk full',
      key: 'disk full',
      severity: share < DISK.bad ? 'bad' : 'warning',
      title: 'The disk of DATA_DIR is nearly full',
      reason: `${size(disk.freeBytes)} of ${size(disk.totalBytes)} are free`,
      since: now,
      advice: 'make room on the disk of DATA_DIR',
    },
  ]
}

function databaseItems({ database: { bytes, limitBytes }, now }: Facts): Item[] {
  if (limitBytes === undefined || bytes / limitBytes < DATABASE.warning) return []
  return [
    {
      kind: 'database full',
      key: 'database full',
      severity: bytes / limitBytes >= DATABASE.bad ? 'bad' : 'warning',
      title: 'The database is nearly full',
      reason: `${size(bytes)} of the ${size(limitBytes)} of DATABASE_LIMIT are used`,
      since: now,
      advice: 'give the database more room and raise DATABASE_LIMIT',
    },
  ]
}

/** The last backup is older than the operator wants. */
export const backupCheck: Check<Facts> = {
  name: 'backup',
  look({ backup: { last, everyHours }, now }) {
    if (everyHours === undefined) return []
    const age = last === undefined ? undefined : now.getTime() - last.getTime()
    if (age !== undefined && age <= everyHours * HOUR) return []
    return [
      {
        kind: 'backup old',
        key: 'backup old',
        severity: 'warning',
        title: age === undefined ? 'There is no backup' : 'The last backup is too old',
        reason: `${age === undefined ? 'none was made' : `it is ${span(age)} old`}; BACKUP_EVERY asks for one every ${everyHours} h`,
        since: last ?? now,
        advice: 'paperboy backup FILE',
      },
    ]
  },
  tell: ({ backup: { last }, now }) =>
    last === undefined ? 'no backup made yet' : `backup ${span(now.getTime() - last.getTime())} old`,
}
