import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Runner } from './terminal/runner.ts'

const load = () => import('./commands/subscribers/subscribers.ts')
const loadLists = () => import('./commands/subscribers/lists.ts')

/** `paperboy subscribers`: lists them, shows one, and changes what their mail does. */
export function addDirectoryCommand(program: Command, run: Runner): void {
  const subscribers = program
    .command('subscribers')
    .description('list subscribers, show what became of their mail, and help one of them')
  subscribers
    .command('list', { isDefault: true })
    .description('list subscribers, the newest first')
    .option('--status <status>', 'only pending, active, paused or unsubscribed')
    .option('--suppressed', 'only those whose address gets no mail')
    .option('--search <text>', 'only addresses with this text')
    .option('--limit <number>', 'at most this many', '100')
    .option('--json', 'print one JSON line each')
    .action(run(async (options) => (await load()).listAll(readConfig(), options)))
  subscribers
    .command('show')
    .description('show a subscriber: preferences, suppression, and everything that happened to their mail')
    .argument('<email>')
    .option('--json', 'print JSON')
    .action(run(async (email, options) => (await load()).showOne(readConfig(), email, options)))
  subscribers
    .command('resend')
    .description('mail the link to confirm, or to the preferences, once more')
    .argument('<email>')
    .action(run(async (email) => (await load()).resend(readConfig(), email)))
  subscribers
    .command('move')
    .description('ask for another address of a subscriber; both mailboxes confirm it by a mailed link')
    .argument('<email>')
    .argument('<new-email>')
    .option(
      '--vouch',
      'you answer for the old mailbox, for example because it is gone: only the new one is asked',
    )
    .action(run(async (email, to, options) => (await load()).moveOne(readConfig(), email, to, options)))
  subscribers
    .command('suppress')
    .description('send no mail to an address any more')
    .argument('<email>')
    .option('--reason <text>', 'why, for whoever looks at it later', 'suppressed by the operator')
    .action(run(async (email, options) => (await load()).suppressOne(readConfig(), email, options)))
  subscribers
    .command('lift')
    .description('let mail to a suppressed address go again')
    .argument('<email>')
    .action(run(async (email) => (await load()).lift(readConfig(), email)))
  subscribers
    .command('import')
    .description('take a list of subscribers in CSV; whoever is known, or said no, stays as they are')
    .argument('<file>', 'the list, or - for standard input')
    .option('--consent <text>', 'where these people gave consent, for rows that do not say it themselves')
    .option('--dry-run', 'say what would become of each row, but change nothing')
    .option('--json', 'print one JSON line for each row')
    .action(run(async (file, options) => (await loadLists()).importFile(readConfig(), file, options)))
  subscribers
    .command('export')
    .description(
      'print a list of subscribers as CSV; with an address, everything kept of that subscriber as JSON',
    )
    .argument('[email]')
    .option('--status <status>', 'only pending, active, paused or unsubscribed')
    .option('--suppressed', 'only those whose address gets no mail')
    .option('--search <text>', 'only addresses with this text')
    .action(
      run(async (email, options) =>
        email === undefined
          ? (await loadLists()).exportAll(readConfig(), options)
          : (await load()).exportOne(readConfig(), email),
      ),
    )
  subscribers
    .command('delete')
    .description('delete everything kept of a subscriber; a suppression stays')
    .argument('<email>')
    .action(run(async (email) => (await load()).deleteOne(readConfig(), email)))
}
