/** What jobs are looked for: the numbers that their payloads may have, by the payload's field. */
export interface JobWish {
  sourceId?: number[]
  pageId?: number[]
  digestIds?: number[]
  subscriberId?: number[]
  fileId?: number[]
}

/** The field of a step's payload that names its object, for the steps whose jobs can be looked for. */
export const JOB_FIELDS: Record<string, keyof JobWish> = {
  fetchPage: 'sourceId',
  ingestPage: 'pageId',
  composeDigests: 'digestIds',
  sendDigests: 'digestIds',
  sendConfirmation: 'subscriberId',
  replayFile: 'fileId',
}

/** A job that stands in a queue. */
export interface FoundJob {
  step: string
  id: string
  /** What the board calls it. */
  name: string
  state: 'active' | 'waiting' | 'delayed' | 'failed' | 'completed'
  addedAt: Date
  attempts: number
  /** Why its last attempt failed, in one line. */
  reason: string | undefined
}
