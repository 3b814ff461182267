import { connect } from '../src/db/connect.ts'
import { composeDigests } from '../src/jobs/composeDigests.ts'
import { composeJobs } from '../src/jobs/composeJobs.ts'
import { toolsFor } from './composeData.ts'

/**
 * A worker that has nothing else to do: `composeProcess.ts DATABASE_URL` runs the step composeDigests for all planned digests,
 * job after job, and prints how long it took and the most memory it had.
 */
const db = connect(process.argv[2]!)
const planned = await db
  .selectFrom('digests')
  .select('id')
  .where('status', '=', 'planned')
  .orderBy('id')
  .execute()
const tools = toolsFor(db)
const started = performance.now()
for (const job of composeJobs(planned.map(({ id }) => id)))
  await composeDigests.run(composeDigests.payload.parse(job.payload), tools)
const seconds = (performance.now() - started) / 1000
const { items } = await db
  .selectFrom('digest_items')
  .select((eb) => eb.fn.countAll<number>().as('items'))
  .executeTakeFirstOrThrow()
const peakMegabytes = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ seconds, digests: planned.length, items, peakMegabytes }))
await db.destroy()
