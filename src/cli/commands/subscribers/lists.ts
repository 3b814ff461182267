import { createReadStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../../../config.ts'
import { reasonOf, UsageError } from '../../../errors.ts'
import { runToEnd } from '../../../jobs/pipeline.ts'
import { exportList } from '../../../subscribers/lists/exportList.ts'
import { importList, type Verdict } from '../../../subscribers/lists/importList.ts'
import { plural } from '../../../text/plural.ts'
import type { ExitCode } from '../../terminal/exitCode.ts'
import { complain, print } from '../../terminal/print.ts'
import { withTools } from '../../terminal/withTools.ts'
import { parseStatus } from './subscribers.ts'

const ACTOR = 'command line'
/** Rows not taken of which each is told in a line; the rest is in the counts, and in --json. */
const MOST_TOLD = 200

/** Takes a list of subscribers. Rows that are not taken are told on stderr, with their line and why. */
export async function importFile(
  config: Config,
  file: string,
  options: { consent?: string; dryRun?: boolean; json?: boolean },
): Promise<ExitCode> {
  const bytes = await openFile(file)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    let unsent: unknown
    const { ignored, verdicts } = await importList(tools, bytes, {
      actor: ACTOR,
      consent: options.consent,
      dryRun: options.dryRun ?? false,
      takesUtf8: () => tools.mailer.takesUtf8(),
      enqueue: async (next) => {
        await runToEnd(next, tools).catch((error: unknown) => {
          unsent = error
        })
      },
    })
    if (ignored.length > 0) complain(`columns that are not read: ${ignored.join(', ')}`)
    const counts = await tell(verdicts, options.json ?? false)
    if (!options.json) print(inWords(counts, options.dryRun ?? false))
    if (unsent === undefined) return 0
    complain(
      `expected every confirmation to be sent, but some were not (${reasonOf(unsent)}); a running service sends them within a day, and paperboy subscribers resend sends one`,
    )
    return 1
  })
}

async function openFile(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') return process.stdin
  await access(file, constants.R_OK).catch((error: unknown) => {
    throw new UsageError(`FILE: expected a list in CSV, got "${file}" (${reasonOf(error)})`)
  })
  return createReadStream(file)
}

async function tell(verdicts: AsyncGenerator<Verdict[]>, json: boolean): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  let told = 0
  for await (const verdict of flat(verdicts)) {
    const { line, email, outcome, reason } = verdict
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    if (json) print(JSON.stringify(verdict))
    if (json || reason === undefined) continue
    told += 1
    if (told <= MOST_TOLD) complain(`line ${line}, ${email || 'no address'}: ${outcome}. ${reason}`)
  }
  if (told > MOST_TOLD) complain(`${told - MOST_TOLD} more rows are not taken; --json tells of each`)
  return counts
}

async function* flat(batches: AsyncGenerator<Verdict[]>): AsyncGenerator<Verdict> {
  for await (const batch of batches) yield* batch
}

const WORDS: Record<Verdict['outcome'], string> = {
  active: 'active',
  paused: 'paused',
  confirmation: 'asked to confirm by mail',
  unsubscribed: 'kept as unsubscribed',
  suppressed: 'get no mail from now on',
  invalid: 'cannot be read',
  repeated: 'repeat an address',
  known: 'known already',
  refused: 'said no before',
}

function inWords(counts: Map<string, number>, dryRun: boolean): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const parts = Object.entries(WORDS)
    .filter(([outcome]) => counts.has(outcome))
    .map(([outcome, words]) => `${counts.get(outcome)} ${words}`)
  const what = [plural(total, 'row'), ...parts].join(', ')
  return dryRun ? `${what}. Nothing is changed.` : `${what}.`
}

/** Prints a list of subscribers as CSV: all, or those that the options find. */
export async function exportAll(
  config: Config,
  options: { status?: string; suppressed?: boolean; search?: string },
): Promise<ExitCode> {
  const status = parseStatus(options.status)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    await pipeline(Readable.from(exportList(tools, { ...options, status }, ACTOR)), process.stdout, {
      end: false,
    })
    return 0
  })
}
