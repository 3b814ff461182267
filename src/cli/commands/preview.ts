import { writeFile } from 'node:fs/promises'
import { laterOf, localDateAt } from '../../calendar.ts'
import type { Config } from '../../config.ts'
import { findPapers } from '../../db/papers/papers.ts'
import { findSubscriberByEmail } from '../../db/subscribers/subscribers.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import {
  chooseDigest,
  type DigestSubscriber,
  subscriberOf as digestSubscriber,
  hintsFor,
} from '../../digests/chooseDigest.ts'
import { reasonsInJson } from '../../digests/reasonsInJson.ts'
import type { DigestItem, DigestPaper, LocalDate, Pickiness, Topic } from '../../domain.ts'
import { PermanentError, UsageError } from '../../errors.ts'
import { SITE_NAME } from '../../mail/compose/link.ts'
import { renderDigestHtml, renderDigestText } from '../../mail/compose/render.ts'
import { parseTopicOption } from '../../ranking/language/topicOption.ts'
import { DEFAULTS } from '../../subscribers/preferences.ts'
import type { Tools } from '../../tools.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseDate } from '../terminal/options.ts'
import { print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

interface Options {
  topic: string[]
  picky?: Pickiness
  on?: string
  json?: boolean
  html?: string
  text?: boolean
}

interface Subscriber extends DigestSubscriber {
  email: string
  zone: string
}

/** Shows the digest that a subscriber, or topics, would get. Sends nothing and stores nothing. */
export async function runPreview(
  config: Config,
  email: string | undefined,
  options: Options,
): Promise<ExitCode> {
  if ((email === undefined) === (options.topic.length === 0)) {
    throw new UsageError('preview: expected an email or --topic, got both or neither')
  }
  const given = parseDate('--on', options.on)
  const topics = options.topic.map((option) => parseTopicOption(option, options.picky))
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const subscriber = await subscriberOf(tools, email, topics)
    const on = given ?? localDateAt(tools.now(), subscriber.zone)
    // If the subscriber's day is behind UTC, papers of the new UTC day are stored already.
    const last = given ?? laterOf(on, localDateAt(tools.now(), 'UTC'))
    const { items, reason } = await chooseDigest(tools.db, subscriber, last)
    const hints = await hintsFor(tools.db, subscriber.topics, last)
    await show(tools, subscriber, on, { items, reason, hints }, options)
    return 0
  })
}

async function subscriberOf(tools: Tools, email: string | undefined, topics: Topic[]): Promise<Subscriber> {
  if (email === undefined) {
    return { id: undefined, email: 'reader@example.org', zone: 'UTC', max: DEFAULTS.maxPapers, topics }
  }
  const subscriber = await findSubscriberByEmail(tools.db, email)
  if (!subscriber) {
    throw new PermanentError(
      `expected a subscriber, got the unknown address ${email}; add it with: paperboy subscribe ${email}`,
    )
  }
  return {
    ...digestSubscriber(subscriber, await listTopics(tools.db, subscriber.id)),
    email: subscriber.email,
    zone: subscriber.time_zone,
  }
}

async function show(
  tools: Tools,
  subscriber: Subscriber,
  on: LocalDate,
  { items, reason, hints }: { items: DigestItem[]; reason: string | undefined; hints: string[] },
  options: Options,
): Promise<void> {
  if (options.json) {
    const told = hints.length === 0 ? {} : { hints }
    return print(JSON.stringify({ on, items: await withTitles(tools, items), reason, ...told }))
  }
  for (const hint of hints) process.stderr.write(`${hint}\n`)
  if (items.length === 0) return print(`No digest for ${on}: ${reason ?? 'nothing matched'}`)
  const { publicUrl } = tools
  const digest = {
    siteName: SITE_NAME,
    publicUrl,
    localDate: on,
    papers: await withPapers(tools, items),
    // A preview carries no secret tokens, so all its links lead to the landing page.
    viewUrl: publicUrl,
    recipient: { email: subscriber.email, preferencesUrl: publicUrl, unsubscribeUrl: publicUrl },
  }
  if (options.html === undefined) return print(await renderDigestText(digest))
  await writeFile(options.html, await renderDigestHtml(digest))
  print(`${options.html}: the digest of ${on}, ${items.length} papers`)
}

async function withPapers(tools: Tools, items: DigestItem[]): Promise<DigestPaper[]> {
  const papers = await findPapers(
    tools.db,
    items.map((item) => item.paperId),
  )
  const byId = new Map(papers.map((paper) => [paper.id, paper]))
  return items.map((item) => ({ ...item, paper: byId.get(item.paperId)! }))
}

async function withTitles(tools: Tools, items: DigestItem[]) {
  return (await withPapers(tools, items)).map(({ paperId, paper, topic, score, reasons }) => ({
    paperId,
    title: paper.title,
    topic,
    score,
    ...reasonsInJson(reasons),
  }))
}
