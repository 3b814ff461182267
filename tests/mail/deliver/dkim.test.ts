import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dkimRecord, loadDkimKeys, makeDkimKey, readPrivateKey } from '../../../src/mail/deliver/dkim.ts'
import { createMailer } from '../../../src/mail/deliver/transport.ts'
import { sampleMail } from '../sampleMail.ts'
import { startScriptedServer } from '../scriptedServer.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dkim-'))
  await writeFile(join(folder, 'one.pem'), makeDkimKey())
  await writeFile(join(folder, 'two.pem'), makeDkimKey())
})
afterAll(() => rm(folder, { recursive: true }))

async function sent(setting: string) {
  const dkimKeys = await loadDkimKeys(setting, 'example.org')
  const server = await startScriptedServer({})
  const mailer = createMailer({ smtpUrl: server.url, dkimKeys })
  expect(await mailer.send(await sampleMail())).toMatchObject({ kind: 'accepted' })
  await mailer.close()
  await server.close()
  return { message: server.messages[0]!, dkimKeys }
}

test('signs with each key, both headers of List-Unsubscribe included', async () => {
  const { message } = await sent(`one=${folder}/one.pem,two=${folder}/two.pem`)
  const headers = message.slice(0, message.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  const signatures = headers.split('\r\n').filter((line) => line.startsWith('DKIM-Signature:'))
  expect(signatures.map((line) => /\bs=([^;]+)/.exec(line)?.[1]).sort()).toEqual(['one', 'two'])
  for (const line of signatures) {
    expect(line).toContain('d=example.org')
    const signed = /\bh=([^;]+)/.exec(line)![1]!.replaceAll(' ', '').toLowerCase().split(':')
    expect(signed).toEqual(
      expect.arrayContaining(['from', 'list-unsubscribe', 'list-unsubscribe-post', 'subject']),
    )
  }
})

const PYTHON = '/usr/bin/python3'
const CHECK = `
import sys, json, dkim
given = json.load(sys.stdin)
message = given['message'].encode('latin-1')
def lookup(name, timeout=5):
    return given['records'].get(name.decode().rstrip('.'), '').encode() or None
print(dkim.verify(message, dnsfunc=lookup))`

test.skipIf(!existsSync('/usr/lib/python3/dist-packages/dkim'))(
  'an independent verifier takes the signature, by the record that is printed',
  async () => {
    const { message, dkimKeys } = await sent(`one=${folder}/one.pem`)
    const record = dkimRecord('one', 'example.org', dkimKeys[0]!.privateKey)
    const [name = '', text = ''] = record.split('. IN TXT ')
    const records = { [name]: [...text.matchAll(/"([^"]*)"/g)].map(([, piece]) => piece).join('') }
    const verified = await new Promise<string>((resolve, reject) => {
      const child = execFile(PYTHON, ['-c', CHECK], (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      )
      child.stdin!.end(JSON.stringify({ message: `${message}\r\n`, records }))
    })
    expect(verified.trim()).toBe('True')
  },
)

test('a key that cannot sign is refused with what to do', async () => {
  const ed25519 = generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
  await writeFile(join(folder, 'ed25519.pem'), ed25519)
  for (const [setting, words] of [
    [`a=${folder}/ed25519.pem`, /type ed25519; paperboy dkim/],
    [`a=${folder}/none.pem`, /readable file.*paperboy dkim/],
    [`${folder}/one.pem`, /expected selector=file/],
    [`a b=${folder}/one.pem`, /expected selector=file/],
  ] as const) {
    await expect(loadDkimKeys(setting, 'example.org')).rejects.toThrow(words)
  }
  expect(() => readPrivateKey(short, 'short.pem')).toThrow(/RSA key of 1024 bits/)
  expect(() => readPrivateKey('nothing', 'x.pem')).toThrow(/no private key in PEM/)
})
