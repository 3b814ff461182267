import type { Logger } from 'pino'
import type { Db } from '../../db/engine/connect.ts'
import { prepareTuning } from '../../digests/tuneTopic.ts'
import { reasonOf } from '../../errors.ts'

const EVERY_MINUTE = 60 * 1000

/**
 * Keeps the indexes ready on which visitors try topics: makes them now, and looks once a minute whether papers or the corpus model have
 * changed. A failure is logged; whoever tries a topic then waits for them. Returns what ends it.
 */
export function keepReady(db: Db, now: () => Date, log: Logger): () => void {
  let isBusy = false
  let isStopped = false
  const prepare = async () => {
    if (isBusy) return
    isBusy = true
    await prepareTuning(db, now()).catch((error) => {
      // When the process stops, the database closes under this work, and nobody needs it any more.
      if (!isStopped) log.warn({ reason: reasonOf(error) }, 'could not prepare the indexes of topics')
    })
    isBusy = false
  }
  void prepare()
  const timer = setInterval(prepare, EVERY_MINUTE)
  return () => {
    isStopped = true
    clearInterval(timer)
  }
}
