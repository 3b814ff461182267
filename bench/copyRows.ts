import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'

/** The time of a bare COPY of the stored rows, in seconds. */
export interface CopyTimes {
  /** Rows of `papers`, with their key, into one table with a primary key and an index on the key. */
  papers: number
  /** The same into a table with the storage parameters of `papers`, which leaves more rows uncompressed. */
  papersAsStored: number
  /** Rows of `papers`, `paper_keys` and `sightings` into tables with the same indexes. */
  allTables: number
}

const PAPERS = `SELECT papers.*, coalesce('arxiv:' || arxiv_id, id::text) AS key FROM papers ORDER BY id`

/**
 * Copies the stored rows into files, and from there into new tables of the same database, with nothing else running.
 */
export async function copyRows(url: string, folder: string): Promise<CopyTimes> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const file = `${folder}/papers.copy`
    await copyOut(client, `(${PAPERS})`, file)
    const papers = await copyPapers(client, file, '')
    const papersAsStored = await copyPapers(client, file, await storageOf(client, 'papers'))
    let allTables = 0
    for (const table of ['papers', 'paper_keys', 'sightings']) {
      await client.query(`CREATE TABLE bare (LIKE ${table} INCLUDING ALL EXCLUDING CONSTRAINTS)`)
      const columns = await ordinaryColumns(client, table)
      await copyOut(client, `(SELECT ${columns} FROM ${table})`, file)
      allTables += await timedCopy(client, `bare (${columns})`, file)
      await client.query('DROP TABLE bare')
    }
    return { papers, papersAsStored, allTables }
  } finally {
    await client.end()
  }
}

/** `storage`: storage parameters of the table, such as `toast_tuple_target=8160`; empty for none. */
async function copyPapers(client: pg.Client, file: string, storage: string): Promise<number> {
  await client.query('CREATE TABLE bare (LIKE papers INCLUDING DEFAULTS INCLUDING STORAGE, key text)')
  if (storage !== '') await client.query(`ALTER TABLE bare SET (${storage})`)
  await client.query('ALTER TABLE bare ADD PRIMARY KEY (id)')
  await client.query('CREATE UNIQUE INDEX ON bare (key)')
  await client.query('CHECKPOINT')
  const seconds = await timedCopy(client, 'bare', file)
  await client.query('DROP TABLE bare')
  return seconds
}

async function storageOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ storage: string | null }>(
    `SELECT array_to_string(reloptions, ', ') AS storage FROM pg_class WHERE oid = $1::regclass`,
    [table],
  )
  return rows[0]?.storage ?? ''
}

async function ordinaryColumns(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
    [table],
  )
  return rows.map(({ name }) => name).join(', ')
}

async function copyOut(client: pg.Client, what: string, file: string): Promise<void> {
  await pipeline(client.query(to(`COPY ${what} TO STDOUT`)), createWriteStream(file))
  await client.query('CHECKPOINT')
}

async function timedCopy(client: pg.Client, into: string, file: string): Promise<number> {
  const started = performance.now()
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 18 }),
    client.query(from(`COPY ${into} FROM STDIN`)),
  )
  return (performance.now() - started) / 1000
}
