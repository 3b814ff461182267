import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authenticate } from 'mailauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Mail } from '../../../src/mail/compose/message.ts'
import { dkimRecord, loadDkimKeys, makeDkimKey, readPrivateKey } from '../../../src/mail/deliver/dkim.ts'
import { createMailer } from '../../../src/mail/deliver/transport.ts'
import { ALL_MAILS } from '../allMails.ts'
import { sampleMail } from '../sampleMail.ts'
import { startScriptedServer } from '../scriptedServer.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dkim-'))
  await writeFile(join(folder, 'one.pem'), makeDkimKey())
  await writeFile(join(folder, 'two.pem'), makeDkimKey())
})
afterAll(() => rm(folder, { recursive: true }))

async function sent(setting: string, mail?: Mail) {
  const dkimKeys = await loadDkimKeys(setting, 'example.org')
  const server = await startScriptedServer({})
  const mailer = createMailer({ smtpUrl: server.url, dkimKeys })
  expect(await mailer.send(mail ?? (await sampleMail()))).toMatchObject({ kind: 'accepted' })
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

/** The key's record, by its name, as it stands in the DNS. */
function published(dkimKeys: Awaited<ReturnType<typeof loadDkimKeys>>): Record<string, string> {
  const lines = dkimKeys.map(({ keySelector, privateKey }) =>
    dkimRecord(keySelector, 'example.org', privateKey),
  )
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', text = ''] = line.split('. IN TXT ')
      return [name, [...text.matchAll(/"([^"]*)"/g)].map(([, piece]) => piece).join('')]
    }),
  )
}

const TWO_KEYS = () => `one=${folder}/one.pem,two=${folder}/two.pem`

test.each(Object.keys(ALL_MAILS))(
  '%s: mailauth takes both signatures, and none once the mail is touched',
  async (name) => {
    const { message, dkimKeys } = await sent(TWO_KEYS(), await ALL_MAILS[name]!())
    const records = published(dkimKeys)
    const resolver = async (asked: string) => {
      const record = records[asked]
      if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
      return [[record]]
    }
    const resultsOf = async (text: string) => {
      const options = {
        ip: '192.0.2.1',
        helo: 'example.org',
        sender: 'digest@example.org',
        mta: 'mx.test',
        resolver,
      }
      const { dkim } = await authenticate(Buffer.from(`${text}\r\n`, 'latin1'), options)
      return dkim.results.map(({ status }) => status.result)
    }
    expect(await resultsOf(message)).toEqual(['pass', 'pass'])
    for (const touched of [
      message.replace('List-Unsubscribe:', 'List-Unsubscribe: <https://evil.example/>,'),
      message.replace(/^Subject: /m, 'Subject: Win! '),
      message.replace(/^From: /m, 'From: x@evil.example\r\nFrom: '),
      message.replace(/^Subject: /m, 'Subject: Win!\r\nSubject: '),
      message.replace('digest.example.org/', 'evil.example.org/'),
    ]) {
      expect(touched).not.toBe(message)
      expect(await resultsOf(touched)).not.toContain('pass')
    }
  },
)

const OPENDKIM = '/usr/sbin/opendkim'
test.skipIf(!existsSync(OPENDKIM)).each(Object.keys(ALL_MAILS))(
  '%s: opendkim takes the signature',
  async (name) => {
    const { message, dkimKeys } = await sent(`one=${folder}/one.pem`, await ALL_MAILS[name]!())
    const keys = Object.entries(published(dkimKeys)).map((entry) => entry.join(' '))
    await writeFile(join(folder, 'records'), `${keys.join('\n')}\n`)
    await writeFile(join(folder, 'mail.eml'), `${message}\r\n`, 'latin1')
    const settings = ['Mode v', `TestPublicKeys ${folder}/records`, 'RequireSafeKeys no', 'Syslog no', '']
    await writeFile(join(folder, 'opendkim.conf'), settings.join('\n'))
    const args = ['-x', join(folder, 'opendkim.conf'), '-vv', '-t', join(folder, 'mail.eml')]
    const said = await new Promise<string>((resolve) => {
      execFile(OPENDKIM, args, (_error, stdout, stderr) => resolve(stdout + stderr))
    })
    expect(said).toContain('verification (s=one, d=example.org, 2048-bit key) succeeded')
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
