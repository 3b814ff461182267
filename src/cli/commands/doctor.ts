import type { Config } from '../../config.ts'
import { countPapersWithText } from '../../db/corpus/poolPapers.ts'
import { describeModel, LEAST_PAPERS } from '../../digests/corpus/currentModel.ts'
import { reasonOf } from '../../errors.ts'
import { gatherFacts } from '../../health/gatherFacts.ts'
import type { Item } from '../../health/item.ts'
import { gatherKept } from '../../health/kept.ts'
import { judge } from '../../health/verdict.ts'
import { size } from '../../text/quantities.ts'
import type { Toolbox } from '../../toolbox.ts'
import { openQueues } from '../../workers/queues.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { print, utcMinute } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

/**
 * Looks at every part, and at everything that /admin tells too, and prints a line for each. Returns 1 if something does
 * not work.
 */
export async function runDoctor(config: Config): Promise<ExitCode> {
  print(`ok    settings: data folder ${config.dataDir}, links start with ${config.publicUrl}`)
  return withTools(config, async (toolbox): Promise<ExitCode> => {
    print(`ok    database: ${databaseInWords(config, toolbox.shared)}`)
    const relay = await lookAtRelay(config, toolbox.tools)
    print(relay.line)
    const { items, well } = judge(await gatherFacts(factsFrom(config, toolbox)))
    for (const { name, words } of well) print(`ok    ${name}: ${words}`)
    for (const item of items) print(inWords(item))
    print(`ok    kept: ${await describeKept(config, toolbox.tools)}`)
    print(`ok    corpus model: ${await describeCorpusModel(toolbox.tools)}`)
    const ill = items.length + (relay.works ? 0 : 1)
    print(ill === 0 ? 'Everything is fine.' : `${ill} of these ${ill === 1 ? 'needs' : 'need'} attention.`)
    return items.some(({ severity }) => severity === 'bad') || !relay.works ? 1 : 0
  })
}

function inWords({ severity, title, reason, since, advice }: Item): string {
  const word = severity === 'bad' ? 'FAIL' : 'LOOK'
  return `${word}  ${title}: ${reason} (since ${utcMinute(since)}); ${advice}`
}

function factsFrom(config: Config, { tools, databaseUrl, shared }: Toolbox) {
  const { redisUrl, queuePrefix: prefix } = config
  return {
    db: tools.db,
    now: tools.now,
    dataDir: config.dataDir,
    databaseLimit: config.databaseLimit,
    backupEveryHours: config.backupEvery,
    // Before the first start, and beside an embedded database that nobody serves, no worker has to run.
    expectsWorker: shared,
    async queueStates() {
      const queues = await openQueues({ redisUrl, databaseUrl, prefix })
      try {
        return await queues.states()
      } finally {
        await queues.close()
      }
    },
  }
}

function databaseInWords(config: Config, shared: boolean): string {
  if (config.databaseUrl !== undefined) return 'PostgreSQL answers, the schema is of this version'
  return shared ? 'embedded, run by another Paperboy process' : 'embedded, opens'
}

async function lookAtRelay(
  config: Config,
  { mailer }: Toolbox['tools'],
): Promise<{ works: boolean; line: string }> {
  try {
    await mailer.verify()
    const words =
      config.smtpUrl === undefined ? 'goes to the inbox page (SMTP_URL is not set)' : 'the relay answers'
    return { works: true, line: `ok    mail: ${words}` }
  } catch (error) {
    return { works: false, line: `FAIL  mail: ${reasonOf(error)}` }
  }
}

/** What takes room, the largest first. */
async function describeKept({ dataDir, keep }: Config, { db }: Toolbox['tools']): Promise<string> {
  const kept = await gatherKept({ db, dataDir, keep })
  return kept.map(({ name, bytes }) => `${name} ${size(bytes)}`).join(', ')
}

/** The state of the corpus model. Digests are made without it too, so a missing model is not a failure. */
async function describeCorpusModel({ db }: Toolbox['tools']): Promise<string> {
  const model = await describeModel(db)
  if (model !== undefined) {
    return `trained on ${model.papers.toLocaleString('en')} papers at ${utcMinute(model.trainedAt)}`
  }
  const papers = await countPapersWithText(db, LEAST_PAPERS)
  if (papers >= LEAST_PAPERS) return 'not trained yet; a running worker trains it within ten minutes'
  return `not trained yet: it needs ${LEAST_PAPERS} papers with an abstract, there are ${papers}; until then ranking uses the starter model`
}
