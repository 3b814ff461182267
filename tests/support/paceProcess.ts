/**
 * A separate process that fetches at the pace of the installation: `paceProcess.ts DATABASE_URL ADDRESS COUNT
 * GAP_MS`. It prints `{"ready":true}`, fetches, prints `{"fetched":COUNT}`, and runs until it is killed.
 */
import { connect } from '../../src/db/engine/connect.ts'
import { createPace } from '../../src/ingest/hostTurns.ts'
import { createFetcher } from '../../src/sources/fetching/fetch.ts'

const [databaseUrl, address, count, gapMs] = process.argv.slice(2)
const pace = createPace(connect(databaseUrl!), {
  paceOf: ({ host }) => ({ name: host, gapMs: Number(gapMs) }),
})
const fetcher = createFetcher({ userAgent: 'Paperboy tests', allowPrivate: true, pace })
say({ ready: true })
for (let fetched = 0; fetched < Number(count); fetched += 1) await fetcher.get(address!)
say({ fetched: Number(count) })
setInterval(() => {}, 1000)

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
