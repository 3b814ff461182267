/**
 * Writes dist/database.tar.gz: an empty database, as initdb makes it, which a first start of the embedded database
 * unpacks (src/db/engine/emptyDatabase.ts). initdb takes four seconds of processor time, unpacking half a second. An
 * archive that this version of PGlite made stays as it is.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'

const DIST = new URL('../dist/', import.meta.url)
const ARCHIVE = new URL('database.tar.gz', DIST)
const MADE_BY = new URL('database.version', DIST)

const manifest = await readFile(
  new URL('../package.json', import.meta.resolve('@electric-sql/pglite')),
  'utf8',
)
const { version } = JSON.parse(manifest)

if ((await readFile(MADE_BY, 'utf8').catch(() => '')) !== version) {
  const database = await PGlite.create()
  const archive = await database.dumpDataDir('gzip')
  await database.close()
  await mkdir(DIST, { recursive: true })
  await writeFile(ARCHIVE, archive.stream())
  await writeFile(MADE_BY, version)
}
