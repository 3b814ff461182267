import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makePapers } from './madePapers.ts'

/** New papers at each fetch of a list, and in each dump. */
const NEW_A_FETCH = 12
const A_LIST = 60
const A_DUMP = 80

/** Papers that the soak offers: as lists that change at each fetch, and as dumps. */
export interface Served {
  /** Addresses of the lists. */
  lists: string[]
  /** A dump as JSON lines. */
  dump(): string
  /** The papers of all answers that ended and all dumps so far, by arXiv id. */
  ids: Set<string>
  close(): Promise<void>
}

interface Offered {
  arxivId: string
  title: string
  abstract: string
  upvotes: number
}

/** Serves lists in three formats on loopback. */
export async function servePapers(): Promise<Served> {
  const { papers } = makePapers(20_000, 7)
  const ids = new Set<string>()
  let next = 0
  const offer = (): Offered => {
    const { title, abstract, upvotes } = papers[next % papers.length]!
    const number = next
    next += 1
    return {
      arxivId: `26${String(10 + Math.floor(number / 90_000)).padStart(2, '0')}.${10_000 + (number % 90_000)}`,
      ...{ title, abstract: abstract ?? '', upvotes: upvotes ?? 0 },
    }
  }
  const shown: Record<string, Offered[]> = { '/api/daily_papers': [], '/papers.xml': [], '/list.md': [] }
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const list = shown[path]
    if (list === undefined) return void response.writeHead(404).end()
    list.unshift(...Array.from({ length: NEW_A_FETCH }, offer))
    list.length = Math.min(list.length, A_LIST)
    const { type, body } = WRITERS[path]!(list)
    const written = list.map(({ arxivId }) => arxivId)
    // An answer that was cut off is fetched again, with other papers.
    response.on('finish', () => {
      for (const id of written) ids.add(id)
    })
    response.writeHead(200, { 'content-type': type }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    lists: Object.keys(shown).map((path) => `${home}${path}`),
    ids,
    dump() {
      const listed_on = new Date().toISOString().slice(0, 10)
      const rows = Array.from({ length: A_DUMP }, offer)
      for (const { arxivId } of rows) ids.add(arxivId)
      return rows.map((row) => JSON.stringify({ ...row, authors: ['A. Sample'], listed_on })).join('\n')
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

type Writer = (list: Offered[]) => { type: string; body: string }

const WRITERS: Record<string, Writer> = {
  '/api/daily_papers': (list) => ({
    type: 'application/json',
    body: JSON.stringify(list.map(asHuggingFace)),
  }),
  '/papers.xml': (list) => ({
    type: 'application/rss+xml',
    body: `<?xml version="1.0"?><rss version="2.0"><channel><title>Papers</title><link>https://example.org</link>${list.map(asItem).join('')}</channel></rss>`,
  }),
  '/list.md': (list) => ({
    type: 'text/markdown',
    body: `# Papers\n\n${list.map(({ title, arxivId }) => `- [${title}](https://arxiv.org/abs/${arxivId})`).join('\n')}\n`,
  }),
}

function asHuggingFace({ arxivId: id, title, abstract: summary, upvotes }: Offered) {
  const submittedOnDailyAt = new Date().toISOString()
  return {
    title,
    paper: { id, title, summary, authors: [{ name: 'A. Sample' }], upvotes, submittedOnDailyAt },
  }
}

function asItem({ arxivId, title, abstract }: Offered): string {
  return `<item><title>${title}</title><link>https://arxiv.org/abs/${arxivId}</link><description>${abstract}</description></item>`
}
