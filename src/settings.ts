import { z } from 'zod'
import { parseUrl } from './text/parseUrl.ts'

/** One variable of the environment. */
export interface Setting {
  name: string
  /** The text in the README's table. */
  default: string
  meaning: string
  schema: z.ZodType
  expected: string
  /** `whole`: its value is never shown. `password`: it may hold one, which is cut out. */
  secret?: 'whole' | 'password'
}

const url = (...protocols: string[]) =>
  z.url({ protocol: new RegExp(`^(${protocols.join('|')})$`), hostname: /.*/ }).optional()

const days = (byDefault: number, least = 1) =>
  z.coerce.number().int().min(least).max(100_000).default(byDefault)

/** The configuration table. A test compares it with README, .env.example and docker-compose.yml. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'DATABASE_URL',
    secret: 'password',
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
    secret: 'password',
    default: '(the queue lives in the database)',
    meaning: 'Redis 6.2 or later for the queue, `redis://host:6379`; needs `maxmemory-policy noeviction`.',
    schema: url('redis', 'rediss'),
    expected: 'redis://host:6379',
  },
  {
    name: 'SMTP_URL',
    secret: 'password',
    default: '(mail stays in the inbox page)',
    meaning: 'The mail relay, `smtp://user:password@host:587` or `smtps://…:465`.',
    // Read in full by the mailer: a password may hold signs that the URL standard does not take.
    schema: z
      .string()
      .regex(/^smtps?:\/\/\S+$/)
      .optional(),
    expected: 'smtp://user:password@host:587',
  },
  {
    name: 'SMTP_URLS',
    secret: 'password',
    default: '(SMTP_URL)',
    meaning:
      'Several relays instead of `SMTP_URL`, with spaces between. After each may stand `weight=3` (its share), `per-second=14` and `per-hour=5000` (its limits, for all processes together). If one is away, the others take its mail.',
    schema: z
      .string()
      .regex(/^\s*smtps?:\/\/\S+(?:\s+\S+)*\s*$/)
      .optional(),
    expected: 'smtp://one.example.org:587 weight=3 smtp://two.example.org:587',
  },
  {
    name: 'MAIL_DOMAIN_LIMITS',
    default: '(none)',
    meaning:
      'How much mail recipient domains take, for all processes together: domains, then `per-second=20` or `per-hour=50000`, which they share; `*` is each other domain by itself.',
    schema: z.string().optional(),
    expected: 'gmail.com googlemail.com per-second=20 per-hour=50000 * per-second=5',
  },
  {
    name: 'SMTP_TLS_CA',
    default: '(the authorities that Node.js trusts)',
    meaning:
      'A file (PEM) with the certificate of the relay, or of its authority, where it is not publicly trusted.',
    schema: z.string().optional(),
    expected: 'a file',
  },
  {
    name: 'SMTP_TLS',
    default: '(certificates are checked)',
    meaning:
      '`insecure-local` does not check the certificate of a relay on this machine or a private network.',
    schema: z.enum(['insecure-local']).optional(),
    expected: 'insecure-local, or nothing',
  },
  {
    name: 'SMTP_EHLO',
    default: '(the domain of PUBLIC_URL, else of MAIL_FROM)',
    meaning: 'The name with which Paperboy presents itself to the relay.',
    schema: z
      .string()
      .regex(/^(?:[\w-]+\.)+[a-z][\w-]*$/i)
      .optional(),
    expected: 'a domain such as digest.example.org',
  },
  {
    name: 'DKIM_KEYS',
    default: '(the relay signs)',
    meaning:
      'Signs mail: `selector=file` of an RSA key (`paperboy dkim` makes one); while keys are rotated a second one after a comma.',
    schema: z
      .string()
      .regex(/^[\w-]+=[^,]+(?:,\s*[\w-]+=[^,]+)?$/)
      .optional(),
    expected: 'selector=file, or two of them with a comma between',
  },
  {
    name: 'PUBLIC_URL',
    default: 'http://localhost:PORT',
    meaning: 'The address at which people reach Paperboy; links in mails begin with it.',
    schema: url('https?').refine((text) => text === undefined || isRoot(text)),
    expected: 'https://digest.example.org, a host of its own without a path',
  },
  {
    name: 'MAIL_FROM',
    default: 'Paperboy <paperboy@localhost>',
    meaning: 'The sender of every mail, `Name <address>`.',
    schema: z
      .string()
      .regex(/^(?:"(?:[^"\\\r\n]|\\.)*" ?|[^<>\r\n"]* )?<?[^\s<>@"]+@[^\s<>@"]+>?$/)
      .optional(),
    expected: 'Paperboy <digest@example.org>',
  },
  {
    name: 'BOUNCE_ADDRESS',
    default: '(bounces go to MAIL_FROM)',
    meaning:
      'Where mail that cannot be delivered comes back to. Each mail has a return path of its own, such as `bounces+TOKEN@…`.',
    schema: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,34}@(?:[a-z0-9-]+\.)*[a-z0-9-]+$/i)
      .optional(),
    expected: 'an address with at most 35 characters before the @, such as bounces@digest.example.org',
  },
  {
    name: 'BOUNCE_PORT',
    default: '(no port is opened)',
    meaning:
      'The port of the web process that receives mail to BOUNCE_ADDRESS over SMTP: bounces, complaints, unsubscribe requests.',
    schema: z.coerce.number().int().min(0).max(65535).optional(),
    expected: 'a number from 0 to 65535',
  },
  {
    name: 'SES_TOPIC',
    default: '(no webhook)',
    meaning:
      'The ARN of the SNS topic to which Amazon SES reports; its subscription is `PUBLIC_URL/webhooks/ses`.',
    schema: z
      .string()
      .regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/)
      .optional(),
    expected: 'arn:aws:sns:REGION:ACCOUNT:NAME',
  },
  {
    name: 'SES_CERTIFICATE',
    default: '(fetched from Amazon)',
    meaning: 'A file with the certificate (PEM) that SNS signs with, for a machine that cannot reach Amazon.',
    schema: z.string().optional(),
    expected: 'a file',
  },
  {
    name: 'SENDGRID_WEBHOOK_KEY',
    secret: 'whole',
    default: '(no webhook)',
    meaning: "The verification key of SendGrid's signed event webhook, `PUBLIC_URL/webhooks/sendgrid`.",
    schema: z
      .string()
      .regex(/^[A-Za-z0-9+/]{100,}={0,2}$/)
      .optional(),
    expected: 'the verification key as SendGrid shows it',
  },
  {
    name: 'POSTMARK_WEBHOOK_PASSWORD',
    secret: 'whole',
    default: '(no webhook)',
    meaning: "`user:password` of Postmark's webhook, `https://user:password@…/webhooks/postmark`.",
    schema: z
      .string()
      .regex(/^[^:]+:.{12,}$/)
      .optional(),
    expected: 'user:password with a password of 12 characters or more',
  },
  {
    name: 'MAILGUN_WEBHOOK_KEY',
    secret: 'whole',
    default: '(no webhook)',
    meaning: 'The HTTP webhook signing key of Mailgun, for `PUBLIC_URL/webhooks/mailgun`.',
    schema: z.string().min(16).optional(),
    expected: 'the signing key of Mailgun’s webhooks',
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
    secret: 'whole',
    default: '(made at first start, kept in DATA_DIR)',
    meaning: 'Signs sessions and hashes addresses; 32 characters or more, the same for all processes.',
    schema: z.string().min(32).optional(),
    expected: 'at least 32 random characters, for example from `openssl rand -hex 32`',
  },
  {
    name: 'ADMIN_PASSWORD',
    secret: 'whole',
    default: '(made at first start, printed once)',
    meaning: 'Opens /admin; 12 characters or more.',
    schema: z.string().min(12).optional(),
    expected: 'at least 12 characters',
  },
  {
    name: 'VIEWER_PASSWORD',
    secret: 'whole',
    default: '(nobody)',
    meaning: 'Opens /admin for looking only; 12 characters or more.',
    schema: z.string().min(12).optional(),
    expected: 'at least 12 characters',
  },
  {
    name: 'ADMIN_PROXY_HEADER',
    default: '(the desk asks for a password)',
    meaning:
      'The header in which a proxy of `TRUSTED_PROXIES` names the user it has logged in, such as `Remote-User`; it must overwrite what visitors send.',
    schema: z
      .string()
      .regex(/^[\w-]{2,60}$/)
      .optional(),
    expected: 'the name of a header, such as Remote-User',
  },
  {
    name: 'ADMIN_USERS',
    default: '(nobody)',
    meaning: 'Users of `ADMIN_PROXY_HEADER` who may do everything on the desk, with commas between.',
    schema: z.string().optional(),
    expected: 'names with commas between',
  },
  {
    name: 'VIEWER_USERS',
    default: '(nobody)',
    meaning:
      'Users of `ADMIN_PROXY_HEADER` who may look at the desk but change nothing. `*` stands for all users of the proxy.',
    schema: z.string().optional(),
    expected: 'names with commas between, or *',
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
    name: 'REPLAY_DIR',
    default: '(only uploads are replayed on the desk)',
    meaning: 'A folder whose files /admin/replays offers to replay; web and workers must see it.',
    schema: z.string().optional(),
    expected: 'a folder',
  },
  {
    name: 'DATABASE_LIMIT',
    default: '(only the disk is watched)',
    meaning: 'The room that the database has, such as `20GB`; Paperboy warns when it is nearly used up.',
    schema: z
      .string()
      .regex(/^\d+(?:\.\d+)?\s*[MGT]B$/i)
      .optional(),
    expected: 'a size such as 500MB, 20GB or 1TB',
  },
  {
    name: 'BACKUP_EVERY',
    default: '(backups are not watched)',
    meaning: 'Hours; Paperboy warns when the last `paperboy backup` is older.',
    schema: z.coerce.number().int().min(1).max(10_000).optional(),
    expected: 'a whole number of hours, such as 24',
  },
  {
    name: 'KEEP_PAGES',
    default: '400',
    meaning:
      'Days for which raw pages are kept, to be parsed again by a better parser; the newest page of each source stays.',
    schema: days(400),
    expected: 'a whole number of days',
  },
  {
    name: 'KEEP_FETCHES',
    default: '60',
    meaning: 'Days for which past fetches are listed, and files replayed on the desk.',
    schema: days(60),
    expected: 'a whole number of days',
  },
  {
    name: 'KEEP_REPLAYS',
    default: '400',
    meaning:
      'Days for which a dump that was replayed is recognised; after that it is read again, which changes nothing.',
    schema: days(400),
    expected: 'a whole number of days',
  },
  {
    name: 'KEEP_MAIL_EVENTS',
    default: '400',
    meaning: 'Days for which the mail server’s answers, bounces and complaints are kept; suppressions stay.',
    // Bounces of thirty days decide whether an address is suppressed.
    schema: days(400, 31),
    expected: 'a whole number of days, 31 or more',
  },
  {
    name: 'KEEP_AUDIT',
    default: '400',
    meaning: 'Days for which the audit is kept.',
    schema: days(400),
    expected: 'a whole number of days',
  },
  {
    name: 'ALERT_MAIL',
    default: '(nobody is mailed)',
    meaning:
      'Addresses, with commas between, that are told once what needs a person, and once that it is over.',
    schema: z
      .string()
      .regex(/^[^\s,@]+@[^\s,@]+(?:\s*,\s*[^\s,@]+@[^\s,@]+)*$/)
      .optional(),
    expected: 'mail addresses with commas between',
  },
  {
    name: 'ALERT_WEBHOOK',
    secret: 'whole',
    default: '(none is called)',
    meaning:
      'Addresses, with blanks between, told the same: Slack, Discord and ntfy.sh by their host, `slack+https://…`, `discord+…`, `ntfy+…` for others, else JSON.',
    schema: z
      .string()
      .regex(
        /^(?:(?:slack|discord|ntfy|json)\+)?https?:\/\/\S+(?:\s+(?:(?:slack|discord|ntfy|json)\+)?https?:\/\/\S+)*$/,
      )
      .optional(),
    expected: 'https://hooks.slack.com/…, or ntfy+https://host/topic',
  },
  {
    name: 'ALERT_QUIET',
    default: '(alerts come at any hour)',
    meaning:
      'Hours in which nobody is told, such as `22:00-07:00 Europe/Berlin`; what began is told after them, if it lasts.',
    schema: z
      .string()
      .regex(/^\d\d:\d\d\s*-\s*\d\d:\d\d(?:\s+\S+)?$/)
      .optional(),
    expected: '22:00-07:00 Europe/Berlin',
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
    name: 'TRUSTED_PROXIES',
    default: 'self',
    meaning:
      'Whose `X-Forwarded-For` is believed: `self` (this machine), `private` (private networks), addresses or networks such as `10.0.0.0/8`, with commas between.',
    schema: z
      .string()
      .regex(
        /^(?:self|private|[\da-f.:]+(?:\/\d{1,3})?)(?:\s*,\s*(?:self|private|[\da-f.:]+(?:\/\d{1,3})?))*$/i,
      )
      .default('self'),
    expected: 'self, private, addresses or networks, with commas between',
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
    name: 'THUMBNAILS',
    default: 'true',
    meaning:
      '`false` fetches and shows no pictures of papers. They are fetched from where a list names them, made small and kept for 60 days; readers load them from this site.',
    schema: z.stringbool({ truthy: ['true', '1', 'yes'], falsy: ['false', '0', 'no'] }).default(true),
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
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    secret: 'password',
    default: '(no traces)',
    meaning:
      'A collector that takes OpenTelemetry over HTTP, `http://127.0.0.1:4318`: a span for each job that is enqueued and each that runs.',
    schema: url('https?'),
    expected: 'http://127.0.0.1:4318',
  },
]

/** Pages, forms and cookies are made for the root of a host. A text that is no URL is reported by another check. */
function isRoot(text: string): boolean {
  const url = parseUrl(text)
  if (url === undefined) return true
  return /^\/*$/.test(url.pathname) && url.search === '' && url.hash === ''
}
