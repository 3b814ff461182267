import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { PermanentError, reasonOf } from '../../errors.ts'
import { type DkimKey, signaturesOf } from './signature.ts'

const BITS = 2048
const SELECTOR = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i

/**
 * Reads DKIM_KEYS: `selector=file`, and while keys are rotated a second one after a comma. Signs a test mail, so that a
 * key that does not work is refused at start.
 * @param domain of the sender.
 * @throws PermanentError naming the key that cannot be used, and why.
 */
export async function loadDkimKeys(setting: string, domain: string): Promise<DkimKey[]> {
  const keys: DkimKey[] = []
  for (const part of setting.split(',')) keys.push(await loadKey(part.trim(), domain))
  await signProbe(keys)
  return keys
}

async function loadKey(part: string, domain: string): Promise<DkimKey> {
  const [, keySelector = '', file = ''] = /^([^=]*)=(.+)$/.exec(part) ?? []
  if (!isSelector(keySelector)) {
    throw new PermanentError(
      `DKIM_KEYS: expected selector=file, got ${JSON.stringify(part.slice(0, 100))}; paperboy dkim makes a key`,
    )
  }
  const privateKey = readPrivateKey(await readKeyFile(file), file)
  return { domainName: domain, keySelector, privateKey }
}

/** Whether this can name a key in the DNS: letters, digits and hyphens. */
export function isSelector(text: string): boolean {
  return SELECTOR.test(text)
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new PermanentError(
      `DKIM_KEYS: expected a readable file, got ${reasonOf(error)}; paperboy dkim makes a key`,
      { cause: error },
    )
  }
}

/** @throws PermanentError unless the text is an RSA key of 2048 bits or more, in PEM. `file`: for the error. */
export function readPrivateKey(pem: string, file: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw unusable(file, 'no private key in PEM')
  }
  if (key.asymmetricKeyType !== 'rsa') throw unusable(file, `a key of type ${key.asymmetricKeyType}`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < BITS) throw unusable(file, `an RSA key of ${bits} bits`)
  return key
}

function unusable(file: string, came: string): PermanentError {
  return new PermanentError(
    `DKIM_KEYS: expected an RSA key of ${BITS} bits or more in "${file}", got ${came}; paperboy dkim makes one`,
  )
}

/** @throws PermanentError if a key cannot sign a mail. */
async function signProbe(keys: DkimKey[]): Promise<void> {
  const probe = { header: [['From', `<probe@${keys[0]!.domainName}>`] as const], body: 'probe\r\n' }
  await signaturesOf(probe, keys).catch((error) => {
    throw new PermanentError(
      `DKIM_KEYS: expected keys that sign a probe, got ${reasonOf(error)}; make a new key: paperboy dkim`,
      { cause: error },
    )
  })
}

/** Makes an RSA key of 2048 bits; gives it as PEM (PKCS 8). */
export function makeDkimKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** The TXT record of a key's public half (RFC 6376 §3.6.1): the name, and the text in pieces of at most 255 bytes. */
export function dkimRecord(selector: string, domain: string, privateKey: KeyObject): string {
  const der = createPublicKey(privateKey as never).export({ type: 'spki', format: 'der' })
  const text = `v=DKIM1; k=rsa; p=${der.toString('base64')}`
  const pieces = text.match(/.{1,255}/g)!.map((piece) => `"${piece}"`)
  return `${selector}._domainkey.${domain}. IN TXT ( ${pieces.join(' ')} )`
}
