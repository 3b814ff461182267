/**
 * A separate process on an embedded data folder, for suites that kill one: `embeddedProcess.ts FOLDER DEED`. It
 * prints JSON lines: first the result of openEmbedded, then that of the deed. It runs until it is killed.
 */
import pg from 'pg'
import { openEmbedded } from '../../src/db/engine/embedded.ts'

const DEEDS: Record<string, (client: pg.Client) => Promise<void>> = {
  /** Only keeps the folder open. */
  hold: async () => {},
  /** Commits rows one after the other, and prints a line after each commit. */
  write: async (client) => {
    for (let id = 1; ; id++) {
      await client.query('INSERT INTO notes (id) VALUES ($1)', [id])
      say({ committed: id })
    }
  },
  /** Commits one row. */
  writeOnce: async (client) => {
    await client.query('INSERT INTO notes (id) VALUES (1)')
    say({ committed: 1 })
  },
  /** Stops in the middle of a transaction. */
  halfway: async (client) => {
    await client.query('BEGIN')
    await client.query('INSERT INTO notes (id) VALUES (-1)')
    say({ uncommitted: -1 })
  },
}

const [folder, deed] = process.argv.slice(2)
const server = await openEmbedded(folder!)
say({ pid: process.pid, url: server.url, shared: server.shared })
const client = new pg.Client({ connectionString: server.url })
await client.connect()
await DEEDS[deed!]!(client)
setInterval(() => {}, 1000)

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
