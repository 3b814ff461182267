import { Command, CommanderError, Option } from 'commander'
import { readConfig } from '../config.ts'
import { PICKINESS } from '../domain.ts'
import { reasonOf, UsageError } from '../errors.ts'
import { VERSION } from '../version.ts'
import { addDirectoryCommand } from './directoryCommand.ts'
import type { ExitCode } from './terminal/exitCode.ts'
import type { Run, Runner } from './terminal/runner.ts'

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
  addDirectoryCommand(program, run)
  addSourcesCommand(program, run)
  addBackupCommands(program, run)
  addDkimCommand(program, run)
  addSecondFactorCommand(program, run)
  return program
}

function addServiceCommands(program: Command, run: Runner): void {
  program
    .command('start')
    .description('run the service: web pages, timers and workers in one process')
    .addOption(
      new Option('--role <role>', 'run only the web pages, or only timers and workers')
        .choices(['all', 'web', 'worker'])
        .default('all'),
    )
    .option('--port <number>', 'port of the web server (default: the setting PORT)')
    .action(run(async (options) => (await import('./commands/start.ts')).runStart(readConfig(), options)))
  program
    .command('demo')
    .description('show Paperboy at work: sample papers, two subscribers, their digests; keeps nothing')
    .option('--once', 'check the result and end')
    .action(run(async (options) => (await import('./commands/demo.ts')).runDemo(readConfig(), options)))
  program
    .command('doctor')
    .description('check settings, database, queue, mail and sources, and say what to do')
    .option('--mail', 'check instead what decides whether mail arrives: DNS records, relay, Redis')
    .option('--dns <server>', 'with --mail: the DNS server to ask, by its address, such as 192.0.2.53')
    .action(
      run(async (options) =>
        options.mail
          ? (await import('./commands/doctorMail.ts')).runDoctorMail(readConfig(), options)
          : (await import('./commands/doctor.ts')).runDoctor(readConfig()),
      ),
    )
}

function addBackupCommands(program: Command, run: Runner): void {
  program
    .command('backup')
    .description('write everything worth keeping into one file; the service may run meanwhile')
    .argument('<file>', 'the file, or - for standard output')
    .action(run(async (file) => (await import('./commands/backup.ts')).runBackup(readConfig(), file)))
  program
    .command('restore')
    .description('make the database what a backup says; it may be embedded or PostgreSQL')
    .argument('<file>', 'the file, or - for standard input')
    .option('--replace', 'lose what the database holds')
    .option('--other-secret', 'go on although SECRET is not the one of the backup')
    .action(
      run(async (file, options) =>
        (await import('./commands/backup.ts')).runRestore(readConfig(), file, options),
      ),
    )
}

function addSecondFactorCommand(program: Command, run: Runner): void {
  program
    .command('second-factor')
    .description('the second factor of the login to /admin')
    .command('remove')
    .description('take it away, because the phone and the recovery codes are lost')
    .action(run(async () => (await import('./commands/secondFactor.ts')).removeSecondFactor(readConfig())))
}

function addDkimCommand(program: Command, run: Runner): void {
  program
    .command('dkim')
    .description('make a key that signs mail, and print its DNS record')
    .option('--selector <name>', 'the name of the key in the DNS', 'paperboy1')
    .option('--file <file>', 'where the key is kept (default: in DATA_DIR)')
    .action(run(async (options) => (await import('./commands/dkim.ts')).runDkim(readConfig(), options)))
}

function addPaperCommands(program: Command, run: Runner): void {
  program
    .command('replay')
    .description('read old dumps into the database: saved pages, API answers, archives, millions of records')
    .argument('[path...]', 'files (packed or not), folders, patterns in quotes, or - for standard input')
    .option('--format <format>', 'format of the dumps; auto recognises it', 'auto')
    .option('--listed-on <date>', 'day of the listing (YYYY-MM-DD), if the data has none')
    .option(
      '--map <field=column,...>',
      'columns of a table whose names are not recognised, such as title=Name',
    )
    .option('--pages', 'parse all stored pages again instead, and say what changed')
    .option('--dry-run', 'say what would change, but change nothing')
    .option('--json', 'print the counts as JSON')
    .action(run(replay))
  program
    .command('papers')
    .description('list or search the stored papers')
    .option('--query <query>', 'only papers that match, best first; the query language of topics')
    .option('--limit <number>', 'show at most this many (default: 20, with --json all)')
    .option('--json', 'print one JSON line each')
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
  throw new UsageError('replay: expected either paths of dumps (- for standard input) or --pages')
}

function addSubscriberCommands(program: Command, run: Runner): void {
  const topicOption = (description: string) =>
    new Option('--topic <name=query>', description)
      .argParser((value: string, before: string[]) => [...before, value])
      .default([], 'none')
  const pickyOption = () =>
    new Option('--picky <level>', 'how much a paper must fit these topics').choices(PICKINESS)
  program
    .command('subscribe')
    .description('add a subscriber')
    .argument('<email>')
    .addOption(topicOption('an interest, such as Vision="image segmentation"; repeat for more'))
    .addOption(pickyOption())
    .option('--timezone <zone>', 'time zone by its IANA name, such as Europe/Berlin (default: UTC)')
    .option('--at <HH:MM>', 'local time of the digest (default: 08:00)')
    .option('--confirmed', 'the subscriber agreed already: send no confirmation mail')
    .action(
      run(async (email, options) =>
        (await import('./commands/subscribe.ts')).runSubscribe(readConfig(), email, options),
      ),
    )
  program
    .command('preview')
    .description('show the digest that a subscriber or a topic would get; sends nothing')
    .argument('[email]')
    .addOption(topicOption('a topic to try instead of a subscriber; repeat for more'))
    .addOption(pickyOption())
    .option('--on <date>', 'the digest of this day (YYYY-MM-DD)')
    .option('--json', 'print JSON')
    .option('--html <file>', 'write the mail as HTML into a file')
    .option('--text', 'print text (default)')
    .action(
      run(async (email, options) =>
        (await import('./commands/preview.ts')).runPreview(readConfig(), email, options),
      ),
    )
  program
    .command('backtest')
    .description(
      "show the digests of past days as today's topics would make them, and which liked papers they catch",
    )
    .argument('<email>')
    .requiredOption('--from <date>', 'the first day')
    .requiredOption('--to <date>', 'the last day')
    .option('--liked <file>', 'liked papers: one arXiv id, DOI or link a line, with the day if known')
    .option('--json', 'print JSON')
    .action(
      run(async (email, options) =>
        (await import('./commands/backtest.ts')).runBacktest(readConfig(), email, options),
      ),
    )
  program
    .command('digest')
    .description('plan, compose and send the digests that are due, or those of a day')
    .option('--on <date>', 'the digests of this day (YYYY-MM-DD)')
    .option('--to <email>', 'only to this subscriber; without --on: now, even if none is due')
    .option('--json', 'print JSON')
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
  const sources = program.command('sources').description('list, add, enable, disable and fetch sources')
  sources
    .command('list', { isDefault: true })
    .description('list every source and the outcome of its last fetch')
    .option('--json', 'print one JSON line each')
    .action(
      run(async (options) => (await import('./commands/sources.ts')).listAllSources(readConfig(), options)),
    )
  sources
    .command('add')
    .description('fetch an address once, show what it lists, and add it as a source')
    .argument(
      '<address>',
      'an http(s) address, with {date} for a page for each day; or arxiv:cs.CL, arxiv:search?q=WORDS, hf:search?q=WORDS; or FILE.opml, a list of feeds',
    )
    .option('--name <name>', 'short name of the source (default: made from the address)')
    .option('--every <minutes>', 'minutes between two fetches', '60')
    .action(
      run(async (address, options) =>
        (await import('./commands/sources.ts')).addSource(readConfig(), address, options),
      ),
    )
  for (const [word, enabled, description] of [
    ['enable', true, 'fetch a source regularly again'],
    ['disable', false, 'stop fetching a source'],
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
    .command('remove')
    .description('stop fetching an added source for good; what it listed stays')
    .argument('<name>')
    .action(run(async (name) => (await import('./commands/sources.ts')).removeOne(readConfig(), name)))
  sources
    .command('fetch')
    .description('fetch one source, or all enabled sources, now')
    .argument('[name]')
    .action(run(async (name) => (await import('./commands/sources.ts')).fetchSources(readConfig(), name)))
}
