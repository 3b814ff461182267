import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'

/** An empty database, as initdb makes it. The build writes it: scripts/makeDatabase.mjs. */
const ARCHIVE = fileURLToPath(new URL('../../../dist/database.tar.gz', import.meta.url))
/** Made by PostgreSQL at each start. */
const LEFT_OUT = 'postmaster.pid'

/**
 * Puts an empty database into `folder` if nothing is in it: whole or not at all, so a first start that was killed can
 * be repeated. Only whoever holds the data folder's lock may call it. Throws what the file system says.
 */
export async function makeDatabaseIfNew(folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) return
  const draft = `${folder}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await unpack(draft)
  await rename(draft, folder)
}

async function unpack(folder: string): Promise<void> {
  const entries = extract()
  const reading = pipeline(createReadStream(ARCHIVE), createGunzip(), entries)
  for await (const entry of entries) {
    const path = join(folder, entry.header.name)
    if (entry.header.type === 'directory') {
      await mkdir(path, { recursive: true, mode: 0o700 })
      entry.resume()
    } else if (entry.header.name.endsWith(LEFT_OUT)) {
      entry.resume()
    } else {
      await pipeline(entry, createWriteStream(path, { mode: 0o600 }))
    }
  }
  await reading
}
