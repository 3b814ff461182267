import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { PermanentError } from './errors.ts'

export interface Secrets {
  secret: string
  adminPassword: string
  /** True when the password was made just now: print it, once. */
  passwordIsNew: boolean
}

/** Makes the data folder, private to its owner (mode 0700). */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await chmod(dataDir, 0o700)
  } catch (error) {
    throw new PermanentError(
      `DATA_DIR: expected a folder that can be written, got "${dataDir}"; make it writable or set DATA_DIR to another`,
      { cause: error },
    )
  }
}

/** SECRET and ADMIN_PASSWORD as set; else as made at first start and kept in the data folder (mode 0600). */
export async function loadSecrets(config: Config): Promise<Secrets> {
  if (config.secret !== undefined && config.adminPassword !== undefined) {
    return { secret: config.secret, adminPassword: config.adminPassword, passwordIsNew: false }
  }
  await makeDataDir(config.dataDir)
  const file = join(config.dataDir, 'secrets.json')
  const made = {
    secret: randomBytes(32).toString('hex'),
    adminPassword: randomBytes(12).toString('base64url'),
  }
  // `wx`: of two starters only one writes; the other reads what was written.
  const isNew = await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
  const kept = isNew ? made : parseSecrets(await readFile(file, 'utf8'), file)
  return {
    secret: config.secret ?? kept.secret,
    adminPassword: config.adminPassword ?? kept.adminPassword,
    passwordIsNew: isNew && config.adminPassword === undefined,
  }
}

function parseSecrets(text: string, file: string): { secret: string; adminPassword: string } {
  const kept = JSON.parse(text) as { secret?: unknown; adminPassword?: unknown }
  if (typeof kept.secret === 'string' && typeof kept.adminPassword === 'string') {
    return { secret: kept.secret, adminPassword: kept.adminPassword }
  }
  throw new PermanentError(
    `${file}: expected a secret and an admin password, got neither; restore the file or delete it`,
  )
}
