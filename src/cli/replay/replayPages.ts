import type { Config } from '../../config.ts'
import { noRemarks } from '../../ingest/replay/remarks.ts'
import { type PageChange, replayPages } from '../../ingest/replay/replayPages.ts'
import { withTransactions } from '../../ingest/transactions.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { complain, print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'
import { addTo, emptyTotals, report } from './replayTotals.ts'

interface Options {
  dryRun?: boolean
  json?: boolean
}

/** Parses every stored raw page again with today's parsers and prints what changed in each. */
export async function runReplayPages(config: Config, options: Options): Promise<ExitCode> {
  const isDryRun = options.dryRun ?? false
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const started = performance.now()
    const totals = emptyTotals()
    await withTransactions(tools.db, isDryRun, async (transact) => {
      for await (const change of replayPages({ now: tools.now, transact })) {
        if (change.now) addTo(totals, { ...change.now, files: 1, failures: [], remarks: noRemarks() })
        else if (change.page.format !== null) totals.failures += 1
        say(change, options)
      }
    })
    report(totals, (performance.now() - started) / 1000, { json: options.json, isDryRun, what: 'page' })
    return totals.failures === 0 ? 0 : 1
  })
}

function say(change: PageChange, options: Options): void {
  const { page, now } = change
  const name = `page ${page.id} (${page.address})`
  if (now === undefined) {
    // A page that could not be read before and still cannot has not changed.
    if (page.format !== null) complain(`${name}: ${change.reason}; its stored papers stay`)
    return
  }
  const differences = [
    page.format === now.format ? '' : `read as ${now.format}, before ${page.format ?? 'not at all'}`,
    page.entries === now.entries ? '' : `${now.entries} entries, before ${page.entries ?? 'none'}`,
    page.rejected === now.rejected ? '' : `${now.rejected} rejected, before ${page.rejected ?? 'none'}`,
    now.new === 0 ? '' : `${now.new} papers new`,
    now.updated === 0 ? '' : `${now.updated} papers updated`,
  ].filter((difference) => difference !== '')
  if (differences.length > 0 && !options.json) print(`${name}: ${differences.join('; ')}`)
}
