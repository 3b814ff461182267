import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ProviderEvent, WebhookRefusal } from '../../mail/returned/webhooks/event.ts'
import { createMailgunReader } from '../../mail/returned/webhooks/mailgun.ts'
import { readPostmark } from '../../mail/returned/webhooks/postmark.ts'
import { createSendgridReader } from '../../mail/returned/webhooks/sendgrid.ts'
import { eventsOfSes, isSnsAddress, readSns } from '../../mail/returned/webhooks/ses.ts'
import { noteProviderEvent } from '../../subscribers/returned.ts'
import type { Site } from '../site/site.ts'

const KB = 1024
const BODY_LIMIT = 1024 * KB
const REQUESTS = { max: 3000, timeWindow: '1 minute' }

type Reader = (request: FastifyRequest, body: string) => ProviderEvent[] | Promise<ProviderEvent[]>

/**
 * Where mail providers report bounces and complaints: `POST /webhooks/ses`, `/webhooks/sendgrid`, `/webhooks/postmark`
 * and `/webhooks/mailgun`, each only if its setting is there. A request that is not signed gets 401 and changes nothing.
 */
export function addWebhooks(server: FastifyInstance, site: Site): void {
  server.register(async (scope) => {
    // Signatures are made over the bytes as they come. SNS calls its JSON text.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    )
    for (const [provider, read] of readersOf(site)) {
      scope.post(
        `/webhooks/${provider}`,
        { config: { rateLimit: REQUESTS, fromAnywhere: true } },
        (request, reply) => take(site, provider, read, request, reply),
      )
    }
  })
}

async function take(
  site: Site,
  provider: string,
  read: Reader,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  try {
    const events = await read(request, typeof request.body === 'string' ? request.body : '')
    for (const event of events) await noteProviderEvent(site.context, provider, event, site.config.mailFrom)
    return reply.send({ events: events.length })
  } catch (error) {
    if (!(error instanceof WebhookRefusal)) throw error
    return reply.code(401).send({ error: error.message })
  }
}

function readersOf(site: Site): Map<string, Reader> {
  const { sesTopic, sesCertificate, sendgridKey, postmarkPassword, mailgunKey } = site.config.webhooks ?? {}
  const readers = new Map<string, Reader>()
  if (sesTopic !== undefined) {
    const certificateAt = createCertificates(sesCertificate)
    readers.set('ses', async (_request, body) => {
      const message = await readSns(body, sesTopic, certificateAt, site.now())
      if (message.Type === 'SubscriptionConfirmation') await confirmTopic(site, message.SubscribeURL ?? '')
      return message.Type === 'Notification' ? eventsOfSes(message) : []
    })
  }
  if (sendgridKey !== undefined) {
    const read = createSendgridReader(sendgridKey)
    readers.set('sendgrid', (request, body) => {
      const header = (name: string) => `${request.headers[`x-twilio-email-event-webhook-${name}`] ?? ''}`
      return read({ signature: header('signature'), timestamp: header('timestamp'), body })
    })
  }
  if (postmarkPassword !== undefined) {
    readers.set('postmark', ({ headers }, body) =>
      readPostmark({ authorization: headers.authorization ?? '', body }, postmarkPassword),
    )
  }
  if (mailgunKey !== undefined) {
    const read = createMailgunReader(mailgunKey)
    readers.set('mailgun', (_request, body) => read(body, site.now()))
  }
  return readers
}

const MOST_CERTIFICATES = 20
const MOST_CERTIFICATE_BYTES = 20 * KB

/** The certificate of the file, or else each one as fetched from SNS, once a process. */
function createCertificates(file: string | undefined): (url: string) => Promise<string> {
  if (file !== undefined) return () => readFile(file, 'utf8')
  const fetched = new Map<string, string>()
  return async (url) => {
    const before = fetched.get(url)
    if (before !== undefined) return before
    const pem = await askSns(url)
    if (pem.length > MOST_CERTIFICATE_BYTES) throw new WebhookRefusal('expected a certificate')
    if (fetched.size >= MOST_CERTIFICATES) fetched.clear()
    fetched.set(url, pem)
    return pem
  }
}

/** Asks an address of SNS, which was checked before. */
async function askSns(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) })
  if (!answer.ok) throw new Error(`expected an answer of SNS, got ${answer.status}`)
  return answer.text()
}

/** A signed request of our own topic is confirmed. If SNS cannot be reached from here, the log says what to open. */
async function confirmTopic(site: Site, url: string): Promise<void> {
  if (!isSnsAddress(url)) throw new WebhookRefusal('expected an address of SNS to confirm')
  await askSns(url).catch(() =>
    site.log.warn({ url }, 'SNS could not be reached to confirm the topic of SES_TOPIC; open this address'),
  )
}
