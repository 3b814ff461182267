import { z } from 'zod'
import { PermanentError } from './errors.ts'

/** All settings, read once and frozen. Only this file reads `process.env`. */
export interface Config {
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  readonly smtpUrl: string | undefined
  readonly publicUrl: string
  readonly mailFrom: string
  readonly mailOnDoubt: 'hold' | 'resend'
  readonly secret: string | undefined
  readonly adminPassword: string | undefined
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly allowPrivateSources: boolean
  readonly queuePrefix: string
}

interface Setting {
  name: string
  /** The text in the README's table. */
  default: string
  meaning: string
  schema: z.ZodType
  expected: string
}

const url = (...protocols: string[]) =>
  z.url({ protocol: new RegExp(`^(${protocols.join('|')})$`), hostname: /.*/ }).optional()

/** The configuration table. A test compares it with README, .env.example and docker-compose.yml. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'DATABASE_URL',
    default: '(embedded, in DATA_DIR)',
    meaning: 'PostgreSQL 13 or later, `postgresql://user:password@host:5432/database`.',
    // The name of a unix socket stands in the query, with no host before it. libpq accepts that; the URL standard
    // does not.
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/)
      .optional(),
    expected: 'postgresql://user:password@host:5432/database',
  },
  {
    name: 'REDIS_URL',
    default: '(the queue lives in the database)',
    meaning: 'Redis 6.2 or later for the queue, `redis://host:6379`; needs `maxmemory-policy noeviction`.',
    schema: url('redis', 'rediss'),
    expected: 'redis://host:6379',
  },
  {
    name: 'SMTP_URL',
    default: '(mail stays in the inbox page)',
    meaning: 'The mail relay, `smtp://user:password@host:587` or `smtps://…:465`.',
    schema: url('smtp', 'smtps'),
    expected: 'smtp://user:password@host:587',
  },
  {
    name: 'PUBLIC_URL',
    default: 'http://localhost:PORT',
    meaning: 'The address at which people reach Paperboy; links in mails begin with it.',
    schema: url('https?'),
    expected: 'https://digest.example.org',
  },
  {
    name: 'MAIL_FROM',
    default: 'Paperboy <paperboy@localhost>',
    meaning: 'The sender of every mail, `Name <address>`.',
    schema: z
      .string()
      .regex(/^([^<>\r\n"]* )?<?[^\s<>@"]+@[^\s<>@"]+>?$/)
      .optional(),
    expected: 'Paperboy <digest@example.org>',
  },
  {
    name: 'MAIL_ON_DOUBT',
    default: 'hold',
    meaning:
      'What becomes of a digest when the connection to the relay breaks before its answer: `hold` keeps it for you to decide, `resend` sends it once more under the same Message-ID.',
    schema: z.enum(['hold', 'resend']).default('hold'),
    expected: 'hold or resend',
  },
  {
    name: 'SECRET',
    default: '(made at first start, kept in DATA_DIR)',
    meaning: 'Signs sessions and hashes addresses; 32 characters or more, the same for all processes.',
    schema: z.string().min(32).optional(),
    expected: 'at least 32 random characters, for example from `openssl rand -hex 32`',
  },
  {
    name: 'ADMIN_PASSWORD',
    default: '(made at first start, printed once)',
    meaning: 'Opens /admin; 12 characters or more.',
    schema: z.string().min(12).optional(),
    expected: 'at least 12 characters',
  },
  {
    name: 'DATA_DIR',
    default: './data',
    meaning:
      'The folder for the embedded database and for what the first start makes; kept private (mode 0700).',
    schema: z.string().default('./data'),
    expected: 'a folder',
  },
  {
    name: 'HOST',
    default: '127.0.0.1',
    meaning: 'The address the web server listens on; `0.0.0.0` in a container or behind a proxy.',
    schema: z.string().default('127.0.0.1'),
    expected: 'an address of this machine',
  },
  {
    name: 'PORT',
    default: '3000',
    meaning: 'The port of the web server; 0 takes a free one.',
    schema: z.coerce.number().int().min(0).max(65535).default(3000),
    expected: 'a number from 0 to 65535',
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    meaning: '`debug`, `info`, `warn`, `error` or `silent`.',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    expected: 'debug, info, warn, error or silent',
  },
  {
    name: 'ALLOW_PRIVATE_SOURCES',
    default: 'false',
    meaning: '`true` allows sources at loopback and private addresses.',
    schema: z.stringbool({ truthy: ['true', '1', 'yes'], falsy: ['false', '0', 'no'] }).default(false),
    expected: 'true or false',
  },
  {
    name: 'QUEUE_PREFIX',
    default: 'paperboy',
    meaning: 'Prefix of the keys in Redis, if several installations share one Redis.',
    schema: z
      .string()
      .regex(/^[\w-]+$/)
      .default('paperboy'),
    expected: 'letters, digits, - and _',
  },
]

/**
 * Reads the settings; an empty value counts as unset.
 * @throws PermanentError that names the first wrong setting, what was expected and what to do.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const values: Record<string, unknown> = {}
  for (const setting of SETTINGS) values[setting.name] = readSetting(setting, env[setting.name])
  const config = toConfig(values)
  refuseLocalLinksInRealMail(config, values)
  return config
}

function readSetting(setting: Setting, raw: string | undefined): unknown {
  const parsed = setting.schema.safeParse(raw === '' ? undefined : raw)
  if (parsed.success) return parsed.data
  const shown = /SECRET|PASSWORD|_URL/.test(setting.name) ? 'a value that does not fit' : JSON.stringify(raw)
  throw new PermanentError(
    `${setting.name}: expected ${setting.expected}, got ${shown}; correct it in the environment, or unset it for the default ${setting.default}`,
  )
}

function toConfig(values: Record<string, unknown>): Config {
  const text = (name: string) => values[name] as string | undefined
  return Object.freeze({
    databaseUrl: text('DATABASE_URL'),
    redisUrl: text('REDIS_URL'),
    smtpUrl: text('SMTP_URL'),
    publicUrl: (text('PUBLIC_URL') ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    mailFrom: text('MAIL_FROM') ?? 'Paperboy <paperboy@localhost>',
    mailOnDoubt: values.MAIL_ON_DOUBT as Config['mailOnDoubt'],
    secret: text('SECRET'),
    adminPassword: text('ADMIN_PASSWORD'),
    dataDir: values.DATA_DIR as string,
    host: values.HOST as string,
    port: values.PORT as number,
    logLevel: values.LOG_LEVEL as string,
    allowPrivateSources: values.ALLOW_PRIVATE_SOURCES as boolean,
    queuePrefix: values.QUEUE_PREFIX as string,
  })
}

/** Mail through a relay on another machine reaches people, so its links and its sender must be real. */
function refuseLocalLinksInRealMail(config: Config, values: Record<string, unknown>): void {
  if (config.smtpUrl === undefined || isLoopback(new URL(config.smtpUrl).hostname)) return
  for (const [name, example] of [
    ['PUBLIC_URL', 'https://digest.example.org'],
    ['MAIL_FROM', 'Paperboy <digest@example.org>'],
  ] as const) {
    if (values[name] !== undefined) continue
    throw new PermanentError(
      `${name}: expected a value because SMTP_URL is set, got none; links and sender of real mail need it: set it, for example ${name}="${example}"`,
    )
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}
