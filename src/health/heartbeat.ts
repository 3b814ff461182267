import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Db } from '../db/engine/connect.ts'
import { markWorkerStopped, reportWorker } from '../db/health/workers.ts'

const EVERY = 20 * 1000

/** Reports this process as a worker, now and every twenty seconds, until it stops. */
export async function startHeartbeat(db: Db): Promise<{ stop(): Promise<void> }> {
  const worker = { id: randomUUID(), host: hostname() }
  await reportWorker(db, worker)
  // A database that is away for a moment gets the next report.
  const timer = setInterval(() => reportWorker(db, worker).catch(() => {}), EVERY)
  return {
    async stop() {
      clearInterval(timer)
      await markWorkerStopped(db, worker.id).catch(() => {})
    },
  }
}
