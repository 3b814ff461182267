import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { PermanentError } from './errors.ts'
import { makePrivateFolder } from './privateFolder.ts'

export interface Secrets {
  secret: string
  adminPassword: Password
  /** May look at everything on the desk and change nothing; undefined: nobody may. */
  viewerPassword: Password | undefined
  /** A password that was made and not shown yet: print it, then call `markPasswordShown`. */
  newPassword: string | undefined
}

/** Makes the data folder, private to its owner (mode 0700). */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await makePrivateFolder(dataDir)
  } catch (error) {
    throw new PermanentError(
      `DATA_DIR: expected a folder that can be written, got "${dataDir}"; make it writable or set DATA_DIR to another`,
      { cause: error },
    )
  }
}

/**
 * SECRET and ADMIN_PASSWORD from the settings; if unset, made at first start and kept in the data folder (mode 0600).
 * Once the password was shown, only its scrypt hash is kept.
 */
export async function loadSecrets(config: Config): Promise<Secrets> {
  const viewerPassword = config.viewerPassword === undefined ? undefined : { plain: config.viewerPassword }
  if (config.secret !== undefined && config.adminPassword !== undefined) {
    const adminPassword = { plain: config.adminPassword }
    return { secret: config.secret, adminPassword, viewerPassword, newPassword: undefined }
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
  // An earlier version kept the password as it is.
  if (kept.shown && 'plain' in kept.adminPassword) await writeShown(file, kept)
  const isNew = !kept.shown && config.adminPassword === undefined
  return {
    secret: config.secret ?? kept.secret,
    adminPassword: config.adminPassword === undefined ? kept.adminPassword : { plain: config.adminPassword },
    viewerPassword,
    newPassword: isNew && 'plain' in kept.adminPassword ? kept.adminPassword.plain : undefined,
  }
}

/** Records that the password was printed: it is printed only once, and only its hash is kept from now on. */
export async function markPasswordShown(config: Config): Promise<void> {
  const file = secretsFile(config)
  await writeShown(file, parseSecrets(await readFile(file, 'utf8'), file))
}

async function writeShown(file: string, { secret, adminPassword }: KeptSecrets): Promise<void> {
  const hash = 'plain' in adminPassword ? await hashPassword(adminPassword.plain) : adminPassword.kept
  const draft = `${file}.${process.pid}.draft`
  // The file is replaced whole: SECRET must not be lost in a crash.
  await writeFile(draft, JSON.stringify({ secret, adminPasswordHash: hash, shown: true }), { mode: 0o600 })
  await rename(draft, file)
}

function secretsFile(config: Config): string {
  return join(config.dataDir, 'secrets.json')
}

interface KeptSecrets {
  secret: string
  adminPassword: Password
  shown: boolean
}

function parseSecrets(text: string, file: string): KeptSecrets {
  const kept = parseObject(text)
  const password = passwordIn(kept)
  if (typeof kept?.secret === 'string' && password !== undefined) {
    return { secret: kept.secret, adminPassword: password, shown: kept.shown === true }
  }
  throw new PermanentError(
    `${file}: expected a secret and an admin password, got something else; restore the file, or delete it to have both made anew`,
  )
}

function passwordIn(kept: Record<string, unknown> | undefined): Password | undefined {
  if (typeof kept?.adminPasswordHash === 'string') return { kept: kept.adminPasswordHash }
  return typeof kept?.adminPassword === 'string' ? { plain: kept.adminPassword } : undefined
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}

/** A password to compare with: as the settings give it, or as it is kept (`scrypt$N$salt$hash`). */
export type Password = { plain: string } | { kept: string }

/** RFC 7914: N 2^15, r 8, p 1 takes about 32 MB and a tenth of a second. */
const COST = 2 ** 15
const BYTES = 32

/** A password in the form in which it may be stored. */
async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST)
  return ['scrypt', COST, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether a password is the given one, compared in constant time. A stored form that cannot be read fits none. */
export async function isPassword(password: Password, given: string): Promise<boolean> {
  if ('plain' in password) return timingSafeEqual(digest(given), digest(password.plain))
  const [kind, cost, salt, hash] = password.kept.split('$')
  if (kind !== 'scrypt' || salt === undefined || hash === undefined) return false
  const derived = await derive(given, Buffer.from(salt, 'base64url'), Number(cost))
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url'))
}

/** Changes when the password changes. */
export function passwordMark(password: Password): string {
  return 'plain' in password ? password.plain : password.kept
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
