import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { PermanentError } from './errors.ts'

export interface Secrets {
  secret: string
  adminPassword: string
  /** True until the made password was shown to somebody: print it, then call `markPasswordShown`. */
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

/**
 * SECRET and ADMIN_PASSWORD from the settings; if unset, made at first start and kept in the data folder (mode 0600).
 */
export async function loadSecrets(config: Config): Promise<Secrets> {
  if (config.secret !== undefined && config.adminPassword !== undefined) {
    return { secret: config.secret, adminPassword: config.adminPassword, passwordIsNew: false }
  }
  await makeDataDir(config.dataDir)
  const file = secretsFile(config)
  const made = {
    secret: randomBytes(32).toString('hex'),
    adminPassword: randomBytes(12).toString('base64url'),
  }
  // `wx`: of two processes that start, only one writes; the other reads what was written.
  await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  const kept = parseSecrets(await readFile(file, 'utf8'), file)
  return {
    secret: config.secret ?? kept.secret,
    adminPassword: config.adminPassword ?? kept.adminPassword,
    passwordIsNew: !kept.shown && config.adminPassword === undefined,
  }
}

/** Records that the password was printed, so that it is printed only once. */
export async function markPasswordShown(config: Config): Promise<void> {
  const file = secretsFile(config)
  const kept = parseSecrets(await readFile(file, 'utf8'), file)
  await writeFile(file, JSON.stringify({ ...kept, shown: true }), { mode: 0o600 })
}

function secretsFile(config: Config): string {
  return join(config.dataDir, 'secrets.json')
}

interface KeptSecrets {
  secret: string
  adminPassword: string
  shown: boolean
}

function parseSecrets(text: string, file: string): KeptSecrets {
  const kept = parseObject(text)
  if (typeof kept?.secret === 'string' && typeof kept.adminPassword === 'string') {
    return { secret: kept.secret, adminPassword: kept.adminPassword, shown: kept.shown === true }
  }
  throw new PermanentError(
    `${file}: expected a secret and an admin password, got something else; restore the file, or delete it to have both made anew`,
  )
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}
