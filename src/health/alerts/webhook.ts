import { TemporaryError } from '../../errors.ts'
import { parseUrl } from '../../text/parseUrl.ts'
import type { AlertMessage } from './message.ts'

/** How a message is shaped for the service behind an address. */
type Shape = 'slack' | 'discord' | 'ntfy' | 'json'

const TIMEOUT_MS = 10_000
/** Discord refuses longer texts (https://discord.com/developers/docs/resources/webhook#execute-webhook). */
const DISCORD_LONGEST = 2000

/** The shape that a host is known for; `slack+https://…` and the like say it for a host of one's own. */
const HOSTS: [RegExp, Shape][] = [
  [/(^|\.)slack\.com$/, 'slack'],
  [/(^|\.)discord(app)?\.com$/, 'discord'],
  [/(^|\.)ntfy\.sh$/, 'ntfy'],
]

/** Reads an address of ALERT_WEBHOOK; undefined if it is none. */
export function parseWebhook(text: string): { url: string; shape: Shape } | undefined {
  const [, said, url = ''] = /^(?:(slack|discord|ntfy|json)\+)?(https?:\/\/\S+)$/.exec(text.trim()) ?? []
  const hostname = parseUrl(url)?.hostname
  if (hostname === undefined) return undefined
  const shape = (said as Shape | undefined) ?? HOSTS.find(([host]) => host.test(hostname))?.[1] ?? 'json'
  return { url, shape }
}

/** A request as the service behind a shape wants it. */
export function shapeMessage(
  shape: Shape,
  message: AlertMessage,
): { headers: Record<string, string>; body: string } {
  const { subject, text, urgent, alerts } = message
  const json = (body: object) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  if (shape === 'slack') return json({ text: `*${subject}*\n${text}` })
  if (shape === 'discord') return json({ content: `**${subject}**\n${text}`.slice(0, DISCORD_LONGEST) })
  // https://docs.ntfy.sh/publish: the title and the priority are header fields, which hold ASCII only.
  if (shape === 'ntfy') {
    const title = subject.replace(/[^\x20-\x7e]/g, '?')
    return {
      headers: { title, priority: urgent ? 'high' : 'default', tags: urgent ? 'warning' : 'newspaper' },
      body: text,
    }
  }
  return json({ subject, text, urgent, alerts })
}

/** Posts a message. @throws TemporaryError if the service does not take it. Its address is a secret and never shown. */
export async function postWebhook(address: string, message: AlertMessage): Promise<void> {
  const { url, shape } = parseWebhook(address)!
  const { headers, body } = shapeMessage(shape, message)
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  let status: number
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal })
    await answer.body?.cancel()
    status = answer.status
  } catch {
    throw new TemporaryError(`the webhook at ${new URL(url).hostname} did not answer`)
  }
  if (status < 200 || status > 299) {
    throw new TemporaryError(`the webhook at ${new URL(url).hostname} answered ${status}`)
  }
}
