import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../src/config.ts'
import { SETTINGS } from '../src/settings.ts'

/** No container engine is needed: the files are read, and their settings go through the service's own reader. */
const ROOT = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

interface Service {
  image: string
  command?: string[]
  environment?: Record<string, string>
  ports?: string[]
  volumes?: string[]
  restart?: string
  healthcheck?: { test?: string[]; disable?: boolean }
  depends_on?: Record<string, { condition: string }>
  deploy?: { replicas: number }
  init?: boolean
  cap_drop?: string[]
}

const composeText = read('docker-compose.yml')
const compose = parse(composeText, { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, null>
}
const { web, worker, postgres, redis, mail } = compose.services as Record<string, Service> & {
  [name in 'web' | 'worker' | 'postgres' | 'redis' | 'mail']: Service
}
const dockerfile = read('Dockerfile')

/** What a .env that follows .env.example sets at least. */
const REQUIRED = { SECRET: 'x'.repeat(32), ADMIN_PASSWORD: 'twelve chars' }
/** Settings of docker-compose.yml that Paperboy does not read. */
const COMPOSE_ONLY = ['POSTGRES_PASSWORD']
const NAMES = SETTINGS.map((setting) => setting.name)

/** Compose's own rule for `${NAME:-default}` and `${NAME:?refusal}`, innermost first. */
function interpolate(text: string, env: Record<string, string>): string {
  const once = text.replace(/\$\{(\w+):([-?])([^${}]*)\}/, (_all, name, kind, rest) => {
    if (env[name]) return env[name]
    if (kind === '?') throw new Error(`${name}: ${rest}`)
    return rest
  })
  return once === text ? text : interpolate(once, env)
}

function environmentOf(service: Service, env: Record<string, string>): Record<string, string> {
  const entries = Object.entries(service.environment ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [name, interpolate(value, env)]))
}

/** The part of the image's environment that the service reads: HOST, PORT and DATA_DIR. */
function imageEnvironment(): Record<string, string> {
  const [, line] = /^ENV (.*)$/m.exec(dockerfile) ?? []
  return Object.fromEntries([...line!.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!]))
}

const containerEnv = (service: Service, env: Record<string, string>) => ({
  ...imageEnvironment(),
  ...environmentOf(service, env),
})

describe('docker-compose.yml: settings', () => {
  test('Paperboy is given only settings that it reads', () => {
    const given = [...Object.keys(web.environment ?? {}), ...Object.keys(worker.environment ?? {})]
    expect(given.filter((name) => !NAMES.includes(name))).toEqual([])
  })

  test('.env is asked only for settings that exist', () => {
    const asked = [...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!)
    expect(asked.filter((name) => ![...NAMES, ...COMPOSE_ONLY].includes(name))).toEqual([])
  })

  test('the settings are what readConfig accepts, with the least .env', () => {
    expect(readConfig(containerEnv(web, REQUIRED))).toMatchObject({
      databaseUrl: 'postgresql://paperboy:paperboy@postgres:5432/paperboy',
      redisUrl: 'redis://redis:6379',
      smtpUrl: 'smtp://mail:1025',
      publicUrl: 'http://localhost:3000',
      host: '0.0.0.0',
      port: 3000,
      allowPrivateSources: false,
    })
  })

  test('a .env for real mail reaches Paperboy', () => {
    const env = {
      ...REQUIRED,
      PORT: '8080',
      PUBLIC_URL: 'https://digest.example.org',
      SMTP_URL: 'smtps://u:p@mail.example.org:465',
      MAIL_FROM: 'Digest <digest@example.org>',
      POSTGRES_PASSWORD: 'elsewhere',
    }
    expect(readConfig(containerEnv(worker, env))).toMatchObject({
      databaseUrl: 'postgresql://paperboy:elsewhere@postgres:5432/paperboy',
      smtpUrl: env.SMTP_URL,
      publicUrl: env.PUBLIC_URL,
      mailFrom: env.MAIL_FROM,
      port: 3000,
    })
    expect(environmentOf(postgres, env).POSTGRES_PASSWORD).toBe('elsewhere')
    expect(web.ports!.map((port) => interpolate(port, env))).toEqual([
      '127.0.0.1:8080:3000',
      '127.0.0.1:2525:2525',
    ])
  })

  test.each(Object.keys(REQUIRED))('without %s nothing starts, and its name is said', (name) => {
    const env: Record<string, string> = { ...REQUIRED, [name]: '' }
    expect(() => environmentOf(web, env)).toThrow(`${name}: set it in .env`)
    expect(() => environmentOf(worker, env)).toThrow(`${name}: set it in .env`)
  })

  test('web and worker share every setting', () => {
    expect(worker.environment).toEqual(web.environment)
  })
})

describe('docker-compose.yml: services', () => {
  test('one web, two workers, each in its role', () => {
    expect(web.command).toEqual(['start', '--role', 'web'])
    expect(worker.command).toEqual(['start', '--role', 'worker'])
    expect([web.deploy?.replicas ?? 1, worker.deploy?.replicas]).toEqual([1, 2])
  })

  test('they wait for database and queue to be healthy', () => {
    const healthy = { postgres: { condition: 'service_healthy' }, redis: { condition: 'service_healthy' } }
    expect([web.depends_on, worker.depends_on]).toEqual([healthy, healthy])
  })

  test('Redis never evicts and appends to disk, PostgreSQL and Redis keep their data', () => {
    expect(redis.command!.join(' ')).toMatch(/--maxmemory-policy noeviction .*--appendonly yes/)
    expect(redis.volumes).toEqual(['redis:/data'])
    expect(postgres.volumes).toEqual(['postgres:/var/lib/postgresql/data'])
    expect(Object.keys(compose.volumes)).toEqual(['data', 'postgres', 'redis'])
    expect([postgres.image, redis.image]).toEqual(['postgres:17', 'redis:7'])
  })

  test('every service comes back after a crash and tells its health; a worker has no page to ask', () => {
    const services = Object.values(compose.services)
    expect(services.map((service) => service.restart)).toEqual(services.map(() => 'unless-stopped'))
    expect([postgres, redis, mail].map((service) => service.healthcheck?.test?.[0])).toEqual([
      'CMD',
      'CMD',
      'CMD',
    ])
    expect(web.healthcheck).toBeUndefined()
    expect(worker.healthcheck).toEqual({ disable: true })
  })

  test('only this machine reaches a port, and only those of the pages, of bounces and the mail catcher', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${interpolate(port, {})}`),
    )
    expect(published).toEqual([
      'web 127.0.0.1:3000:3000',
      'web 127.0.0.1:2525:2525',
      'mail 127.0.0.1:8025:8025',
    ])
  })

  test('Paperboy runs without privileges, under an init that passes signals on', () => {
    expect([web, worker].map(({ init, cap_drop }) => ({ init, cap_drop }))).toEqual(
      Array(2).fill({ init: true, cap_drop: ['ALL'] }),
    )
  })
})

describe('Dockerfile', () => {
  const lines = dockerfile.split('\n').filter((line) => /^[A-Z]+ /.test(line))
  const runtime = lines.slice(lines.lastIndexOf('FROM node:24-slim'))

  test('builds in one stage and runs in another, without development dependencies or install scripts', () => {
    expect(lines.filter((line) => line.startsWith('FROM'))).toEqual([
      'FROM node:24-slim AS build',
      'FROM node:24-slim',
    ])
    expect(runtime.find((line) => line.includes('npm ci'))).toContain('npm ci --omit=dev --ignore-scripts')
  })

  test('runs as an ordinary user, the program that package.json names', () => {
    const { bin } = JSON.parse(read('package.json'))
    expect(runtime).toContain('USER node')
    expect(runtime).toContain(`ENTRYPOINT ["node", "${bin.paperboy}"]`)
    expect(runtime).toContain('CMD ["start"]')
  })

  test('listens where the health check asks', () => {
    expect(imageEnvironment()).toMatchObject({ HOST: '0.0.0.0', PORT: '3000', DATA_DIR: '/data' })
    expect(runtime).toContain('EXPOSE 3000')
    expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*?\/healthz/m)
    expect(read('src/web/operator/health.ts')).toContain("'/healthz'")
  })

  test('what it copies is there, and .dockerignore lets it in', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1))
    const allowed = read('.dockerignore').match(/(?<=^!).*$/gm) ?? []
    expect(copied.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([])
    expect([...new Set(copied)].sort()).toEqual([...allowed].sort())
  })
})

describe('.env.example', () => {
  const example = [...read('.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(
    ([, name, value]) => [name!, value!] as const,
  )

  test('has every setting once, and none that does not exist', () => {
    expect(example.map(([name]) => name).sort()).toEqual([...NAMES, ...COMPOSE_ONLY].sort())
  })

  test('its values are accepted', () => {
    const settings = example.filter(([name]) => NAMES.includes(name))
    expect(() => readConfig(Object.fromEntries(settings))).not.toThrow()
  })
})

test('the README lists every setting with its default', () => {
  const rows = [...read('README.md').matchAll(/^\| `([A-Z_]+)` *\| (.*?) *\| (.*?) *\|$/gm)].map(
    ([, ...row]) => row,
  )
  const code = (text: string) => (text.startsWith('(') ? text : `\`${text}\``)
  expect(rows).toEqual(SETTINGS.map((setting) => [setting.name, code(setting.default), setting.meaning]))
})
