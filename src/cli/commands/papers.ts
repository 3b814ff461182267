import type { Config } from '../../config.ts'
import { type ListedPaper, listPapers } from '../../db/papers/listedPapers.ts'
import { searchPapers } from '../../digests/search/searchPapers.ts'
import { runToEnd } from '../../jobs/pipeline.ts'
import { parseQuery } from '../../ranking/language/query.ts'
import { plural } from '../../text/plural.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import type { Tools } from '../../tools.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseCount } from '../terminal/options.ts'
import { print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

interface Options {
  query?: string
  limit?: string
  json?: boolean
}

/** The default limit for people. JSON is for programs and has no default limit. */
const SHOWN = 20

const NONE_MATCHES = 'No stored paper matches the query.'
const NONE_STORED = 'No papers. Fetch some: paperboy sources fetch'

/** Lists papers, the latest listing first. With a query, the best match comes first. */
export async function runPapers(config: Config, options: Options): Promise<ExitCode> {
  const limit = parseCount('--limit', options.limit) ?? (options.json ? undefined : SHOWN)
  // A query that cannot be read is refused before anything is opened.
  if (options.query !== undefined) parseQuery(options.query)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const papers =
      options.query === undefined
        ? await listPapers(tools.db, limit)
        : await search(tools, options.query, limit)
    for (const paper of papers) print(options.json ? asJson(paper) : oneLine(paper))
    if (papers.length === 0 && !options.json) print(options.query === undefined ? NONE_STORED : NONE_MATCHES)
    return 0
  })
}

/** Full-text search is brought up to date first: no worker may be running, and what was replayed a moment ago must be found. */
async function search(tools: Tools, query: string, limit: number | undefined): Promise<ListedPaper[]> {
  await runToEnd([{ name: 'indexPapers', payload: { after: 0 } }], tools)
  const { found } = await searchPapers(tools.db, query, { limit })
  return found.map(({ paper }) => paper)
}

/** The JSON keys that programs rely on. */
function asJson(paper: ListedPaper): string {
  const { id, title, abstract, authors, arxivId, doi, listedOn, upvotes, sources } = paper
  return JSON.stringify({ id, title, abstract, authors, arxivId, doi, listedOn, upvotes, sources })
}

function oneLine(paper: ListedPaper): string {
  const votes = paper.upvotes === null ? '' : ` · ${plural(paper.upvotes, 'upvote')}`
  return `${paper.listedOn ?? '----------'}  ${texToUnicode(paper.title)}  [${paper.arxivId ?? paper.doi ?? paper.id}]${votes}`
}
