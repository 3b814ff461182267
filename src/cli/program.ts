import { Command, CommanderError, Option } from 'commander'
import { readConfig } from '../config.ts'
import { reasonOf, UsageError } from '../errors.ts'
import { VERSION } from '../version.ts'
import type { ExitCode } from './terminal/exitCode.ts'

/** Reads the arguments, runs the command and returns the exit code. An error is one line on stderr. */
export async function runCommandLine(argv: string[]): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = buildProgram((result) => {
    code = result
  })
  try {
    await program.parseAsync(argv)
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`paperboy: ${reasonOf(error)}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

type Run<Args extends unknown[]> = (...args: Args) => Promise<ExitCode>

/** A command's file is loaded when the command runs, so `--help` need not wait for a web server to load. */
function buildProgram(finish: (code: ExitCode) => void): Command {
  const run =
    <Args extends unknown[]>(command: Run<Args>) =>
    async (...args: Args) =>
      finish(await command(...args))
  const program = new Command('paperboy')
    .description(
      'Delivers the papers: a daily digest of trending research papers, ranked for each subscriber.',
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(`paperboy: ${text.trim().replace(/^error: /, '')}; paperboy --help shows all commands\n`),
    })
  addServiceCommands(program, run)
  addPaperCommands(program, run)
  addSubscriberCommands(program, run)
  addSourcesCommand(program, run)
  return program
}

type Runner = <Args extends unknown[]>(command: Run<Args>) => (...args: Args) => Promise<void>

function addServiceCommands(program: Command, run: Runner): void {
  program
    .command('start')
    .description('run the service: web pages, timers and workers in one process')
    .addOption(
      new Option('--role <role>', 'only this part of it').choices(['all', 'web', 'worker']).default('all'),
    )
    .option('--port <number>', 'the port of the web server (default: PORT)')
    .action(run(async (options) => (await import('./commands/start.ts')).runStart(readConfig(), options)))
  program
    .command('demo')
    .description('show it working: sample papers, two subscribers, their digests; nothing is kept')
    .option('--once', 'check the outcome and end')
    .action(run(async (options) => (await import('./commands/demo.ts')).runDemo(readConfig(), options)))
  program
    .command('doctor')
    .description('check settings, database, queue, mail and sources, and say what to do')
    .action(run(async () => (await import('./commands/doctor.ts')).runDoctor(readConfig())))
}

function addPaperCommands(program: Command, run: Runner): void {
  program
    .command('replay')
    .description('read old dumps: saved pages, API answers, archives, records by the million')
    .argument('[path...]', 'files, folders, patterns in quotes, or - for the standard input; packed or not')
    .option('--format <format>', 'the format, where it should not be worked out', 'auto')
    .option('--listed-on <date>', 'the day of the listing, where the data has none')
    .option('--map <field=column,...>', 'the columns of a table, where their names do not say what they hold')
    .option('--pages', 'parse all stored pages again instead, and say what changed')
    .option('--dry-run', 'say what would change, change nothing')
    .option('--json', 'the counts as JSON')
    .action(run(replay))
  program
    .command('papers')
    .description('list or search the stored papers')
    .option('--query <query>', 'in the query language of topics, best first')
    .option('--limit <number>', 'at most so many')
    .option('--json', 'a JSON line each')
    .action(run(async (options) => (await import('./commands/papers.ts')).runPapers(readConfig(), options)))
}

async function replay(
  paths: string[],
  options: { format: string; pages?: boolean; dryRun?: boolean; json?: boolean },
): Promise<ExitCode> {
  if ((options.pages ?? false) === (paths.length === 0)) {
    if (options.pages) return (await import('./replay/replayPages.ts')).runReplayPages(readConfig(), options)
    return (await import('./replay/replay.ts')).runReplay(readConfig(), paths, options)
  }
  throw new UsageError('replay: expected paths of dumps (- for the standard input), or --pages, and not both')
}

function addSubscriberCommands(program: Command, run: Runner): void {
  const collect = (value: string, before: string[]) => [...before, value]
  program
    .command('subscribe')
    .description('add a subscriber')
    .argument('<email>')
    .option('--topic <name=query>', 'an interest; may be given several times', collect, [])
    .option('--timezone <zone>', 'IANA name (default: UTC)')
    .option('--at <HH:MM>', 'local time of the digest (default: 08:00)')
    .option('--confirmed', 'the subscriber agreed: no confirmation mail')
    .action(
      run(async (email, options) =>
        (await import('./commands/subscribe.ts')).runSubscribe(readConfig(), email, options),
      ),
    )
  program
    .command('preview')
    .description('the digest a subscriber, or a topic, would get; nothing is sent')
    .argument('[email]')
    .option('--topic <name=query>', 'a topic instead of a subscriber', collect, [])
    .option('--on <date>', 'as of that day')
    .option('--json', 'as JSON')
    .option('--html <file>', 'as the mail would look, into a file')
    .option('--text', 'as text (this is the default)')
    .action(
      run(async (email, options) =>
        (await import('./commands/preview.ts')).runPreview(readConfig(), email, options),
      ),
    )
  program
    .command('backtest')
    .description(
      'what the digests of past days would have been with the topics of today, and what they would catch',
    )
    .argument('<email>')
    .requiredOption('--from <date>', 'the first day')
    .requiredOption('--to <date>', 'the last day')
    .option('--liked <file>', 'papers liked: an arXiv id, DOI or link a line, and the day if you know it')
    .option('--json', 'as JSON')
    .action(
      run(async (email, options) =>
        (await import('./commands/backtest.ts')).runBacktest(readConfig(), email, options),
      ),
    )
  program
    .command('digest')
    .description('plan, compose and send what is due now, or the digests of a day')
    .option('--on <date>', 'the digests of that day')
    .option('--to <email>', 'only to this subscriber; without --on: now, whatever the hour')
    .option('--json', 'as JSON')
    .action(run(async (options) => (await import('./commands/digest.ts')).runDigest(readConfig(), options)))
  addDeliveryCommand(program, run)
}

function addDeliveryCommand(program: Command, run: Runner): void {
  const delivery = program
    .command('delivery')
    .description('what became of the digests of a day, and those in doubt')
  delivery
    .command('show', { isDefault: true })
    .description('counts of a day, and digests of which nobody knows whether they arrived')
    .option('--on <date>', 'the day (default: today, UTC)')
    .option('--json', 'as JSON')
    .action(
      run(async (options) => (await import('./commands/delivery.ts')).showDelivery(readConfig(), options)),
    )
  for (const [word, description] of [
    ['resend', 'send a digest in doubt once more, under the same Message-ID'],
    ['leave', 'leave a digest in doubt as it is'],
  ] as const) {
    delivery
      .command(word)
      .description(description)
      .argument('<number>')
      .action(
        run(async (number) =>
          (await import('./commands/delivery.ts')).settleDelivery(readConfig(), word, number),
        ),
      )
  }
}

function addSourcesCommand(program: Command, run: Runner): void {
  const sources = program.command('sources').description('list, add, switch and fetch sources')
  sources
    .command('list', { isDefault: true })
    .description('every source and what its last fetch came to')
    .option('--json', 'a JSON line each')
    .action(
      run(async (options) => (await import('./commands/sources.ts')).listAllSources(readConfig(), options)),
    )
  sources
    .command('add')
    .description('fetch an address once, show what it lists, and keep it as a source')
    .argument('<address>', 'may hold {date}; or arxiv:cs.CL, arxiv:search?q=WORDS, hf:search?q=WORDS')
    .option('--name <name>', 'a short name')
    .option('--every <minutes>', 'how often', '60')
    .action(
      run(async (address, options) =>
        (await import('./commands/sources.ts')).addSource(readConfig(), address, options),
      ),
    )
  for (const [word, enabled, description] of [
    ['enable', true, 'fetch a source on its timer again'],
    ['disable', false, 'stop the timer of a source'],
  ] as const) {
    sources
      .command(word)
      .description(description)
      .argument('<name>')
      .action(
        run(async (name) =>
          (await import('./commands/sources.ts')).switchSource(readConfig(), name, enabled),
        ),
      )
  }
  sources
    .command('fetch')
    .description('fetch now: one source, or all that are enabled')
    .argument('[name]')
    .action(run(async (name) => (await import('./commands/sources.ts')).fetchSources(readConfig(), name)))
}
