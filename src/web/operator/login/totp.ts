import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/**
 * Codes of the second factor: TOTP (RFC 6238) as every authenticator app has it, with SHA-1, six digits and thirty seconds.
 * A code counts in its step and in the one before and after, because clocks differ.
 */
const STEP = 30 * 1000
const WINDOW = [0, -1, 1]
/** RFC 4226 §4 recommends 160 bits. */
const SECRET_BYTES = 20
/** RFC 4648 §6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Makes a secret: in base32, as people type it. 256 is a multiple of 32, so all signs are equally likely. */
export function makeSecret(): string {
  const signs = (SECRET_BYTES * 8) / 5
  return Array.from(randomBytes(signs), (byte) => BASE32[byte % BASE32.length]).join('')
}

/** The address from which an authenticator app learns the secret, also as a QR code. `site`: whose desk it is. */
export function otpauthAddress(secret: string, site: string): string {
  return `otpauth://totp/Paperboy:${encodeURIComponent(`admin at ${site}`)}?issuer=Paperboy&secret=${secret}`
}

/** The step for which a typed code is right; undefined if it is wrong now. */
export function stepOf(secret: string, typed: string, now: Date): number | undefined {
  const code = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(code)) return undefined
  const current = Math.floor(now.getTime() / STEP)
  return WINDOW.map((delta) => current + delta).find(
    (step) => step >= 0 && timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code)),
  )
}

/** RFC 4226 §5.3: the last four bits of the HMAC say where in it the 31 bits begin that make the code. */
function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const bits = mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fffffff
  return String(bits % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((sign) => BASE32.indexOf(sign).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

const CODES = 10
/** No letters that look like others. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const CODE_LENGTH = 12

/** Makes codes for the day on which the phone is lost, such as `k3mf-8wqz-r2hd`: 59 random bits each. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const signs = Array.from({ length: CODE_LENGTH }, () => randomSign()).join('')
    return signs.replace(/(.{4})(?=.)/g, '$1-')
  })
}

/** All signs are equally likely: a byte beyond the last multiple of their number is drawn again. */
function randomSign(): string {
  const fair = 256 - (256 % ALPHABET.length)
  for (;;) {
    const [byte = 0] = randomBytes(1)
    if (byte < fair) return ALPHABET[byte % ALPHABET.length]!
  }
}

/** The keyed hash by which a recovery code is stored; undefined if the text has not the form of one. */
export function recoveryHash(typed: string, secret: string): string | undefined {
  const code = typed.toLowerCase().replace(/[\s-]/g, '')
  if (code.length !== CODE_LENGTH) return undefined
  return createHmac('sha256', secret).update(`recovery ${code}`).digest('hex')
}

const NONCE = 12
const TAG = 16

/** Seals a secret for the database with a key made from SECRET (AES-256-GCM), so that a copy of the database does not have it. */
export function seal(text: string, secret: string): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** Opens what `seal` made; undefined if SECRET is another now, or the bytes are damaged. */
export function unseal(bytes: Buffer, secret: string): string | undefined {
  try {
    const opened = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, NONCE))
    opened.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
    return Buffer.concat([opened.update(bytes.subarray(NONCE + TAG)), opened.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'paperboy second factor', 32))
}
