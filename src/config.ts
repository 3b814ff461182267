import { readFileSync } from 'node:fs'
import type { Keep } from './domain.ts'
import { PermanentError, reasonOf } from './errors.ts'
import { SETTINGS, type Setting } from './settings.ts'

/** What proves that a mail provider's report is genuine. A provider whose setting is absent has no webhook. */
export interface Webhooks {
  readonly sesTopic?: string
  readonly sesCertificate?: string
  readonly sendgridKey?: string
  readonly postmarkPassword?: string
  readonly mailgunKey?: string
}

/** A setting as the desk shows it. */
export interface ShownSetting {
  name: string
  meaning: string
  /** Undefined if it is not set. Secrets are cut out. */
  value: string | undefined
  /** What counts if it is not set. */
  default: string
  from: 'environment' | 'file' | 'default'
  /** The file, if the value is from one. */
  file: string | undefined
}

/** Login by a proxy: the header that names the user, and which users may do what. */
export interface ProxyLogin {
  /** The name of the header, in lower case. */
  readonly header: string
  readonly admins: readonly string[]
  /** `*` is everybody else. */
  readonly viewers: readonly string[]
}

/** All settings, read once and frozen. Only this file reads `process.env`. */
export interface Config {
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  /** One relay, or a list of relays with their options. */
  readonly smtpUrl: string | undefined
  readonly smtpTlsCa: string | undefined
  readonly smtpTls: 'insecure-local' | undefined
  readonly smtpEhlo: string | undefined
  readonly dkimKeys: string | undefined
  readonly domainLimits: string | undefined
  readonly publicUrl: string
  readonly mailFrom: string
  readonly bounceAddress: string | undefined
  readonly bouncePort: number | undefined
  readonly webhooks: Webhooks
  readonly mailOnDoubt: 'hold' | 'resend'
  readonly secret: string | undefined
  readonly adminPassword: string | undefined
  readonly viewerPassword: string | undefined
  /** Who comes in by a proxy's word; undefined: nobody. */
  readonly proxyLogin: ProxyLogin | undefined
  readonly dataDir: string
  readonly replayDir: string | undefined
  /** In bytes. */
  readonly databaseLimit: number | undefined
  /** In hours. */
  readonly backupEvery: number | undefined
  readonly keep: Keep
  readonly alertMail: readonly string[]
  readonly alertWebhooks: readonly string[]
  readonly alertQuiet: string | undefined
  readonly host: string
  readonly port: number
  readonly trustedProxies: readonly string[]
  readonly logLevel: string
  readonly allowPrivateSources: boolean
  readonly thumbnails: boolean
  readonly queuePrefix: string
  readonly otlpEndpoint: string | undefined
  /** Where each setting comes from, for people. */
  readonly settings: readonly ShownSetting[]
}

type Env = Record<string, string | undefined>

/**
 * Reads the settings; an empty value counts as unset. `NAME_FILE` names a file whose content is the value of `NAME`, as
 * container engines give secrets.
 * @throws PermanentError that names the first wrong setting, what was expected and what to do.
 */
export function readConfig(env: Env = process.env): Config {
  const values: Record<string, unknown> = {}
  const raws = SETTINGS.map((setting) => ({ setting, ...readRaw(setting.name, env) }))
  for (const { setting, raw } of raws) values[setting.name] = readSetting(setting, raw)
  const settings = raws.map(({ setting, raw, file }) => toShown(setting, raw, file))
  const config = toConfig(values, settings)
  refuseLocalLinksInRealMail(config, values)
  return config
}

/** The text of a setting, and the file that it is from. */
function readRaw(name: string, env: Env): { raw: string | undefined; file: string | undefined } {
  const file = env[`${name}_FILE`] || undefined
  const raw = env[name] || undefined
  if (file === undefined) return { raw, file }
  if (raw !== undefined) {
    throw new PermanentError(
      `${name}: expected ${name} or ${name}_FILE, got both; unset one of them in the environment`,
    )
  }
  try {
    return { raw: readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined, file }
  } catch (error) {
    throw new PermanentError(
      `${name}_FILE: expected a file that can be read, got "${file}": ${reasonOf(error)}; correct the path, or let this user read it`,
    )
  }
}

function toShown(
  { name, meaning, default: fallback, secret }: Setting,
  raw: string | undefined,
  file: string | undefined,
): ShownSetting {
  const value = secret === 'whole' && raw !== undefined ? 'set, not shown' : raw
  return {
    name,
    meaning,
    value: secret === 'password' ? value && withoutPasswords(value) : value,
    default: fallback,
    from: raw === undefined ? 'default' : file === undefined ? 'environment' : 'file',
    file: raw === undefined ? undefined : file,
  }
}

/** Addresses without what stands before the host, and without a query. */
function withoutPasswords(text: string): string {
  return text
    .split(/\s+/)
    .map((word) => word.replace(/:\/\/.*@/, '://…@').replace(/\?.*$/, '?…'))
    .join(' ')
}

function readSetting(setting: Setting, raw: string | undefined): unknown {
  const parsed = setting.schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const shown = setting.secret === undefined ? JSON.stringify(raw) : 'a value that does not fit'
  throw new PermanentError(
    `${setting.name}: expected ${setting.expected}, got ${shown}; correct it in the environment, or unset it for the default ${setting.default}`,
  )
}

function toConfig(values: Record<string, unknown>, settings: ShownSetting[]): Config {
  const text = (name: string) => values[name] as string | undefined
  return Object.freeze({
    databaseUrl: text('DATABASE_URL'),
    redisUrl: text('REDIS_URL'),
    smtpUrl: text('SMTP_URLS') ?? text('SMTP_URL'),
    smtpTlsCa: text('SMTP_TLS_CA'),
    smtpTls: values.SMTP_TLS as Config['smtpTls'],
    smtpEhlo: text('SMTP_EHLO'),
    dkimKeys: text('DKIM_KEYS'),
    domainLimits: text('MAIL_DOMAIN_LIMITS'),
    publicUrl: (text('PUBLIC_URL') ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    mailFrom: text('MAIL_FROM') ?? 'Paperboy <paperboy@localhost>',
    bounceAddress: text('BOUNCE_ADDRESS'),
    bouncePort: values.BOUNCE_PORT as number | undefined,
    webhooks: Object.freeze({
      sesTopic: text('SES_TOPIC'),
      sesCertificate: text('SES_CERTIFICATE'),
      sendgridKey: text('SENDGRID_WEBHOOK_KEY'),
      postmarkPassword: text('POSTMARK_WEBHOOK_PASSWORD'),
      mailgunKey: text('MAILGUN_WEBHOOK_KEY'),
    }),
    mailOnDoubt: values.MAIL_ON_DOUBT as Config['mailOnDoubt'],
    secret: text('SECRET'),
    adminPassword: text('ADMIN_PASSWORD'),
    viewerPassword: text('VIEWER_PASSWORD'),
    proxyLogin: toProxyLogin(values),
    dataDir: values.DATA_DIR as string,
    replayDir: text('REPLAY_DIR'),
    databaseLimit: toBytes(text('DATABASE_LIMIT')),
    backupEvery: values.BACKUP_EVERY as number | undefined,
    keep: Object.freeze({
      pages: values.KEEP_PAGES as number,
      fetches: values.KEEP_FETCHES as number,
      replays: values.KEEP_REPLAYS as number,
      mailEvents: values.KEEP_MAIL_EVENTS as number,
      audit: values.KEEP_AUDIT as number,
    }),
    alertMail: Object.freeze(text('ALERT_MAIL')?.split(/\s*,\s*/) ?? []),
    alertWebhooks: Object.freeze(text('ALERT_WEBHOOK')?.trim().split(/\s+/) ?? []),
    alertQuiet: text('ALERT_QUIET'),
    host: values.HOST as string,
    port: values.PORT as number,
    trustedProxies: Object.freeze((values.TRUSTED_PROXIES as string).split(/\s*,\s*/)),
    logLevel: values.LOG_LEVEL as string,
    allowPrivateSources: values.ALLOW_PRIVATE_SOURCES as boolean,
    thumbnails: values.THUMBNAILS as boolean,
    queuePrefix: values.QUEUE_PREFIX as string,
    otlpEndpoint: text('OTEL_EXPORTER_OTLP_ENDPOINT'),
    settings: Object.freeze(settings),
  })
}

/** @throws PermanentError if a header is named without users, or users without a header. */
function toProxyLogin(values: Record<string, unknown>): ProxyLogin | undefined {
  const header = values.ADMIN_PROXY_HEADER as string | undefined
  const admins = toNames(values.ADMIN_USERS)
  const viewers = toNames(values.VIEWER_USERS)
  const hasUsers = admins.length + viewers.length > 0
  if (header !== undefined && !hasUsers) {
    throw new PermanentError(
      'ADMIN_USERS: expected the users of ADMIN_PROXY_HEADER who may see the desk, got none; name them, or in VIEWER_USERS those who may look only',
    )
  }
  if (header === undefined && hasUsers) {
    throw new PermanentError(
      'ADMIN_PROXY_HEADER: expected the header in which the proxy names its users, got none; set it, or unset ADMIN_USERS and VIEWER_USERS',
    )
  }
  return header === undefined ? undefined : Object.freeze({ header: header.toLowerCase(), admins, viewers })
}

function toNames(text: unknown): readonly string[] {
  const names = typeof text === 'string' ? text.split(',').map((name) => name.trim()) : []
  return Object.freeze(names.filter((name) => name !== ''))
}

const UNITS: Record<string, number> = { MB: 1e6, GB: 1e9, TB: 1e12 }

function toBytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return Number.parseFloat(text) * UNITS[text.slice(-2).toUpperCase()]!
}

/** Mail through a relay on another machine reaches people, so its links and its sender must be real. */
function refuseLocalLinksInRealMail(config: Config, values: Record<string, unknown>): void {
  const relays = config.smtpUrl?.split(/\s+/).filter((word) => /^smtps?:/.test(word)) ?? []
  if (relays.every((relay) => isLoopback(hostOf(relay)))) return
  const isFar = relays.some((relay) => isFarAway(hostOf(relay)))
  for (const [name, example, isLocal] of [
    ['PUBLIC_URL', 'https://digest.example.org', isLoopback(new URL(config.publicUrl).hostname)],
    ['MAIL_FROM', 'Paperboy <digest@example.org>', /@localhost>?$/i.test(config.mailFrom)],
  ] as const) {
    const came = values[name] === undefined ? 'none' : isFar && isLocal ? `${values[name]}` : undefined
    if (came === undefined) continue
    throw new PermanentError(
      `${name}: expected a value that people can reach because SMTP_URL is set, got ${came}; links and sender of real mail need it: set it, for example ${name}="${example}"`,
    )
  }
}

/** Not a container or a machine of the local network, where a mail catcher may be: a name with dots, or a public address. */
function isFarAway(host: string): boolean {
  if (/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cde])/i.test(host)) return false
  return host.startsWith('[') || (host.includes('.') && !/\.(?:local|internal|localhost|test)$/i.test(host))
}

/** The host of a relay's address; a password before it may hold any sign. */
function hostOf(smtpUrl: string): string {
  return /(?:\/\/|@)(\[[^\]]*\]|[^@:/?#]*)(?::\d+)?\/?(?:\?[^@]*)?$/.exec(smtpUrl)?.[1] ?? ''
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}
