import { connect } from '../dist/db/engine/connect.js'
import { composeJobs } from '../dist/digests/composeJobs.js'
import { composeDigests } from '../dist/jobs/composeDigests.js'

/**
 * A worker with nothing else to do, running the built program. `composeProcess.mjs DATABASE_URL NOW` runs the step
 * composeDigests for all planned digests, job after job, and prints the time taken and the process's peak memory.
 */
const [url, now] = process.argv.slice(2)
const db = connect(url)
const planned = await db
  .selectFrom('digests')
  .select('id')
  .where('status', '=', 'planned')
  .orderBy('id')
  .execute()
const started = performance.now()
for (const { payload } of composeJobs(planned.map(({ id }) => id)))
  await composeDigests.run(payload, { db, now: () => new Date(now) })
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage()
const items = await db
  .selectFrom('digest_items')
  .select((eb) => eb.fn.countAll().as('count'))
  .executeTakeFirstOrThrow()
const peakMegabytes = process.resourceUsage().maxRSS / 1024
console.log(
  JSON.stringify({
    seconds,
    processorSeconds: (user + system) / 1e6,
    digests: planned.length,
    items: Number(items.count),
    peakMegabytes,
  }),
)
await db.destroy()
