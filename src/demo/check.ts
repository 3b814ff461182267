import { localDateAt } from '../calendar.ts'
import { listDigestItems } from '../db/digests/digestItems.ts'
import { findDigestOf } from '../db/digests/digests.ts'
import { listCapturedMails } from '../db/mail/capturedMails.ts'
import { listPapers } from '../db/papers/listedPapers.ts'
import type { Service } from '../service.ts'
import { type DemoSubscriber, preferencesAddress } from './subscribers.ts'

const FEWEST_PAPERS = 60

/** Checks what a newcomer would look for. Returns a line for each thing found and each thing missing. */
export async function checkDemo(
  service: Service,
  subscribers: DemoSubscriber[],
): Promise<{ good: string[]; missing: string[] }> {
  const good: string[] = []
  const missing: string[] = []
  const note = (holds: boolean, line: string) => (holds ? good : missing).push(line)
  await checkPapers(service, note)
  await checkDigests(service, subscribers, note)
  await checkPages(service, subscribers, note)
  return { good, missing }
}

type Note = (holds: boolean, line: string) => void

async function checkPapers({ toolbox }: Service, note: Note): Promise<void> {
  const papers = await listPapers(toolbox.tools.db, undefined)
  const twice = papers.filter((paper) => paper.sources.length > 1).length
  note(papers.length >= FEWEST_PAPERS, `${papers.length} papers stored (${FEWEST_PAPERS} or more expected)`)
  note(twice > 0, `${twice} of them listed by two sources, each kept once`)
  note(
    papers.every((paper) => paper.listedOn !== null),
    'each with its listing day',
  )
}

async function checkDigests({ toolbox }: Service, subscribers: DemoSubscriber[], note: Note): Promise<void> {
  const { db, now } = toolbox.tools
  const mails = await listCapturedMails(db, { limit: 100 })
  const chosen: string[] = []
  for (const { id, email } of subscribers) {
    const digest = await findDigestOf(db, id, localDateAt(now(), 'UTC'))
    const items = digest ? await listDigestItems(db, digest.id) : []
    const received = mails.filter((mail) => mail.rcpt_to.includes(email)).length
    note(digest?.status === 'sent', `${email}: digest ${digest?.status ?? 'missing'}, ${items.length} papers`)
    note(received === 1, `${email}: ${received} mail in the inbox (1 expected)`)
    note(
      items.every((item) => item.reasons.length > 0),
      `${email}: every paper says why it is there`,
    )
    chosen.push(items.map((item) => item.paperId).join())
  }
  note(new Set(chosen).size === subscribers.length, 'the subscribers got different digests')
}

async function checkPages(service: Service, subscribers: DemoSubscriber[], note: Note): Promise<void> {
  const preferences = await preferencesAddress(service.toolbox.tools, subscribers[0]!)
  for (const [name, address] of [
    ['landing page', `${service.url}/`],
    ['trending list', `${service.url}/trending`],
    ['preferences page', preferences],
    ['health', `${service.url}/healthz`],
    ['readiness', `${service.url}/readyz`],
  ] as const) {
    const status = await fetch(address).then(
      (answer) => answer.status,
      () => 0,
    )
    note(status === 200, `${name} answers ${status}`)
  }
  for (const path of ['/admin/inbox', '/admin/queues']) {
    const answer = await fetch(`${service.url}${path}`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    })
    note(answer.status === 302 || answer.status === 303, `${path} asks for the password (${answer.status})`)
  }
}
