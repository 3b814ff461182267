import { readFile } from 'node:fs/promises'
import { daysBetween, instantOf, latestDayAt } from '../../calendar.ts'
import type { Config } from '../../config.ts'
import type { Db } from '../../db/engine/connect.ts'
import { findPaperKeys } from '../../db/papers/paperKeys.ts'
import { findSubscriberByEmail } from '../../db/subscribers/subscribers.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import {
  type Backtest,
  type BacktestDay,
  type BacktestSubscriber,
  backtest,
  backtestSubscriberOf,
  type Like,
} from '../../digests/backtest.ts'
import { reasonsInJson } from '../../digests/reasonsInJson.ts'
import type { LocalDate } from '../../domain.ts'
import { PermanentError, reasonOf, UsageError } from '../../errors.ts'
import { identityKeys } from '../../papers/keys/identityKeys.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseDate } from '../terminal/options.ts'
import { complain, print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

interface Options {
  from: string
  to: string
  liked?: string
  json?: boolean
}

/** The most days in one run; each day is ranked again. */
const MOST_DAYS = 92

/**
 * Shows what a subscriber's digests would have been with today's topics, and which settings catch papers liked later.
 */
export async function runBacktest(config: Config, email: string, options: Options): Promise<ExitCode> {
  const span = { from: parseDate('--from', options.from)!, to: parseDate('--to', options.to)! }
  const lines = options.liked === undefined ? [] : await readLines(options.liked)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    checkSpan(span, latestDayAt(tools.now()))
    const subscriber = await subscriberNamed(tools.db, email)
    const likes = await likesIn(tools.db, lines, subscriber.timeZone)
    const result = await backtest(tools.db, subscriber, span, likes)
    if (options.json)
      print(JSON.stringify({ email, ...span, ...result, days: result.days.map(withReasonTexts) }))
    else show(email, span, result)
    return 0
  })
}

/** A day as programs read it. */
function withReasonTexts({ items, ...day }: BacktestDay) {
  return { ...day, items: items.map((item) => ({ ...item, ...reasonsInJson(item.reasons) })) }
}

function checkSpan({ from, to }: { from: LocalDate; to: LocalDate }, today: LocalDate): void {
  if (from > to) throw new UsageError(`--from: expected a date not after --to, got ${from} and ${to}`)
  if (to > today) throw new UsageError(`--to: expected today or a day before, got ${to}`)
  const days = daysBetween(from, to) + 1
  if (days > MOST_DAYS)
    throw new UsageError(
      `--from: expected at most ${MOST_DAYS} days until --to, got ${days}; choose a later --from`,
    )
}

async function subscriberNamed(db: Db, email: string): Promise<BacktestSubscriber> {
  const subscriber = await findSubscriberByEmail(db, email)
  if (subscriber === undefined) {
    throw new PermanentError(
      `expected a subscriber, got the unknown address ${email}; add it with: paperboy subscribe ${email}`,
    )
  }
  return backtestSubscriberOf(subscriber, await listTopics(db, subscriber.id))
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '')
  } catch (error) {
    throw new PermanentError(
      `--liked: expected a file with one arXiv id, DOI or link a line, got "${path}": ${reasonOf(error)}`,
    )
  }
}

const DATE = /(?<![\d.-])(\d{4}-\d\d-\d\d)(?![\d-])/

/** The papers named in the lines, each with the day it was liked if the line gives one. */
async function likesIn(db: Db, lines: string[], zone: string): Promise<Like[]> {
  const named = lines.map((line) => ({ line, key: keyIn(line), day: DATE.exec(line)?.[1] }))
  const keys = named.flatMap(({ key }) => key ?? [])
  const papers = new Map((await findPaperKeys(db, keys)).map(({ key, paperId }) => [key, paperId]))
  const unknown = named.filter(({ key }) => key === undefined || !papers.has(key))
  if (unknown.length > 0)
    complain(
      `--liked: expected stored papers by arXiv id, DOI or link, got ${unknown.length} of ${lines.length} lines without one, the first is "${unknown[0]!.line.slice(0, 80)}"; these lines are ignored`,
    )
  return named.flatMap(({ key, day }) => {
    const paperId = papers.get(key ?? '')
    if (paperId === undefined) return []
    return [
      {
        paperId,
        likedAt: day === undefined ? undefined : instantOf(parseDate('--liked', day)!, '12:00', zone),
      },
    ]
  })
}

function keyIn(line: string): string | undefined {
  const text = line.replace(DATE, ' ').trim()
  return identityKeys({ title: '', arxivId: text, doi: text })[0]
}

function show(email: string, { from, to }: { from: LocalDate; to: LocalDate }, result: Backtest): void {
  print(`${email}, ${from} to ${to}, with today's topics, taste and trend. * marks papers liked later.`)
  for (const { on, items, reason } of result.days) {
    print(`\n${on}  ${items.length === 0 ? `no digest: ${reason ?? 'nothing matched'}` : ''}`.trimEnd())
    for (const { score, title, topic, likedLater } of items)
      print(`${likedLater ? '*' : ' '} ${score.toFixed(2).padStart(5)}  ${title}  (${topic})`)
  }
  print(`\n${'Settings'.padEnd(26)}  papers sent  liked later, of ${result.likedLater}`)
  for (const { setting, papers, caught } of result.settings)
    print(`${setting.padEnd(26)}  ${String(papers).padStart(11)}  ${String(caught).padStart(11)}`)
  print(
    `\nEach day uses the papers and upvotes of its time, and the taste from earlier feedback and examples. No setting sends a paper twice. Papers that were really sent are ignored.`,
  )
}
