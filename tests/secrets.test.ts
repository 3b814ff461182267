import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { isPassword, loadSecrets, markPasswordShown } from '../src/secrets.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'paperboy-secrets-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const configIn = (folder: string, more = {}) => readConfig({ DATA_DIR: join(home, folder), ...more })
const kept = async (folder: string) => JSON.parse(await readFile(join(home, folder, 'secrets.json'), 'utf8'))

test('a password that was made is told until it was shown; from then on only its hash is kept', async () => {
  const config = configIn('new')
  const made = await loadSecrets(config)
  expect(made.newPassword).toMatch(/^\S{12,}$/)
  expect((await loadSecrets(config)).newPassword).toBe(made.newPassword)
  await markPasswordShown(config)
  const later = await loadSecrets(config)
  expect([later.newPassword, later.secret]).toEqual([undefined, made.secret])
  expect(await isPassword(later.adminPassword, made.newPassword!)).toBe(true)
  expect(await isPassword(later.adminPassword, `${made.newPassword} `)).toBe(false)
  expect(JSON.stringify(await kept('new'))).not.toContain(made.newPassword)
  expect((await stat(join(home, 'new', 'secrets.json'))).mode & 0o777).toBe(0o600)
})

test('what an earlier version kept as it is becomes a hash, and still fits', async () => {
  const config = configIn('old')
  await loadSecrets(config)
  await writeFile(
    join(home, 'old', 'secrets.json'),
    JSON.stringify({ secret: 's'.repeat(32), adminPassword: 'an old password', shown: true }),
  )
  expect(await isPassword((await loadSecrets(config)).adminPassword, 'an old password')).toBe(true)
  expect(await kept('old')).toMatchObject({ adminPasswordHash: expect.stringMatching(/^scrypt\$32768\$/) })
  expect(await isPassword((await loadSecrets(config)).adminPassword, 'an old password')).toBe(true)
})

test('passwords of the settings count before what is kept, and write nothing', async () => {
  const given = {
    SECRET: 'x'.repeat(32),
    ADMIN_PASSWORD: 'twelve letters',
    VIEWER_PASSWORD: 'twelve lookers',
  }
  const secrets = await loadSecrets(configIn('set', given))
  expect(await isPassword(secrets.adminPassword, 'twelve letters')).toBe(true)
  expect(await isPassword(secrets.viewerPassword!, 'twelve lookers')).toBe(true)
  await expect(kept('set')).rejects.toThrow(/ENOENT/)
})

test.each(['', '{}', 'null', '{"secret":1}', '{"secret":"x","adminPasswordHash":7}'])(
  'a file with %j is refused in one line',
  async (text) => {
    const config = configIn(`broken ${text.length}`)
    await loadSecrets(config)
    await writeFile(join(config.dataDir, 'secrets.json'), text)
    await expect(loadSecrets(config)).rejects.toThrow(/expected a secret and an admin password/)
  },
)

test('a stored form that cannot be read fits no password', async () => {
  expect(await isPassword({ kept: 'nonsense' }, 'nonsense')).toBe(false)
})
