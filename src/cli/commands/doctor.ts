import type { Config } from '../../config.ts'
import { countPapersWithText } from '../../db/corpus/poolPapers.ts'
import { listHeldDigests } from '../../db/digests/outcomes.ts'
import { listSources } from '../../db/fetching/sources.ts'
import { findMailPause } from '../../db/mail/mailPauses.ts'
import { describeModel, LEAST_PAPERS } from '../../digests/corpus/currentModel.ts'
import { reasonOf } from '../../errors.ts'
import type { Toolbox } from '../../toolbox.ts'
import { openQueues } from '../../workers/queues.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { print, utcMinute } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

const MOST_COUNTED = 10_000

interface Check {
  name: string
  /** Describes what is fine. @throws what is not. */
  look(): Promise<string>
}

/** Checks every part and prints a line for each. Returns 1 if something needs attention. */
export async function runDoctor(config: Config): Promise<ExitCode> {
  print(`ok    settings: data folder ${config.dataDir}, links start with ${config.publicUrl}`)
  return withTools(config, async (toolbox): Promise<ExitCode> => {
    let ill = 0
    for (const check of checksOf(config, toolbox)) {
      const [word, said] = await check.look().then(
        (fine) => ['ok  ', fine] as const,
        (error) => ['FAIL', reasonOf(error)] as const,
      )
      if (word === 'FAIL') ill += 1
      print(`${word}  ${check.name}: ${said}`)
    }
    print(ill === 0 ? 'Everything is fine.' : `${ill} of these ${ill === 1 ? 'needs' : 'need'} attention.`)
    return ill === 0 ? 0 : 1
  })
}

function checksOf(config: Config, { tools, databaseUrl, shared }: Toolbox): Check[] {
  return [
    { name: 'database', look: async () => databaseInWords(config, shared) },
    { name: 'queue', look: () => lookAtQueue(config, databaseUrl) },
    { name: 'mail', look: () => lookAtMail(config, tools) },
    { name: 'sources', look: () => lookAtSources(tools) },
    { name: 'corpus model', look: () => lookAtCorpusModel(tools) },
  ]
}

function databaseInWords(config: Config, shared: boolean): string {
  if (config.databaseUrl !== undefined) return 'PostgreSQL answers, the schema is of this version'
  return shared ? 'embedded, run by another Paperboy process' : 'embedded, opens'
}

async function lookAtQueue(config: Config, databaseUrl: string): Promise<string> {
  const queues = await openQueues({ redisUrl: config.redisUrl, databaseUrl, prefix: config.queuePrefix })
  try {
    const counts = Object.values(await queues.counts())
    const sum = (state: string) => counts.reduce((total, count) => total + (count[state] ?? 0), 0)
    const where = config.redisUrl === undefined ? 'in the database' : 'in Redis'
    return `${where}, ${sum('waiting')} waiting, ${sum('active')} active, ${sum('failed')} failed`
  } finally {
    await queues.close()
  }
}

async function lookAtMail(config: Config, tools: Toolbox['tools']): Promise<string> {
  await tools.mailer.verify()
  const pause = await findMailPause(tools.db)
  if (pause) {
    throw new Error(
      `the relay answers, but sending has been paused since ${utcMinute(pause.since)}: ${pause.reason}; fix that, then run paperboy digest to try at once`,
    )
  }
  const held = (await listHeldDigests(tools.db, MOST_COUNTED)).length
  const doubt = held === 0 ? '' : `; ${held} digests may not have arrived: paperboy delivery lists them`
  return (
    (config.smtpUrl === undefined ? 'goes to the inbox page (SMTP_URL is not set)' : 'the relay answers') +
    doubt
  )
}

async function lookAtSources(tools: Toolbox['tools']): Promise<string> {
  const sources = (await listSources(tools.db)).filter((source) => source.enabled)
  const failing = sources.filter((source) => source.failures > 0)
  if (failing.length === 0) return `${sources.length} enabled, none failing`
  const [first] = failing
  throw new Error(
    `${failing.length} of ${sources.length} failing; the first is ${first!.name}: ${first!.outcome_detail}; ` +
      `try paperboy sources fetch ${first!.name}, or paperboy sources disable ${first!.name}`,
  )
}

/** The state of the corpus model. Digests are made without it too, so a missing model is not a failure. */
async function lookAtCorpusModel({ db }: Toolbox['tools']): Promise<string> {
  const model = await describeModel(db)
  if (model !== undefined) {
    return `trained on ${model.papers.toLocaleString('en')} papers at ${utcMinute(model.trainedAt)}`
  }
  const papers = await countPapersWithText(db, LEAST_PAPERS)
  if (papers >= LEAST_PAPERS) return 'not trained yet; a running worker trains it within ten minutes'
  return `not trained yet: it needs ${LEAST_PAPERS} papers with an abstract, there are ${papers}; until then topics match by their own words`
}
