import { createRandom } from './random.ts'

const DAY = '2026-09-28'
/** The length of a real page of 2026 with 28 papers; the props are about a third of it. */
const PAGE_CHARACTERS = 435_000
const PAPERS = 28
const RUNS = 25

/** Makes a listing page in Hugging Face's markup: props and a card for each paper, padded to the length. */
export function makeListingPage(words: string[]): string {
  const random = createRandom(7)
  const text = (count: number) => Array.from({ length: count }, () => random.pick(words)).join(' ')
  const papers = Array.from({ length: PAPERS }, (_, index) => makePaper(index, text))
  const props = JSON.stringify({ canSubmit: false, dateString: DAY, dailyPapers: papers })
  const escaped = props.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const head = `<!doctype html><html><body class="DailyPapersPage"><main class="flex flex-1 flex-col"><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="${escaped}">`
  const cards: string[] = []
  for (let length = head.length; length < PAGE_CHARACTERS; length += cards.at(-1)!.length) {
    cards.push(makeCard(papers[cards.length % PAPERS]!.paper))
  }
  return `${head}${cards.join('\n')}</div></main></body></html>`
}

function makePaper(index: number, text: (count: number) => string) {
  const title = text(9)
  const publishedAt = `${DAY}T00:00:00.000Z`
  const authors = Array.from({ length: 12 }, () => ({ _id: text(1), name: text(2), hidden: false }))
  const id = `2609.${`${index + 1}`.padStart(5, '0')}`
  const paper = { id, title, authors, publishedAt, summary: text(180), upvotes: index, ai_summary: text(30) }
  return { paper, publishedAt, title, summary: paper.summary, numComments: 1 }
}

function makeCard({ id, title, authors, upvotes }: ReturnType<typeof makePaper>['paper']): string {
  const names = authors.map(({ name }) => `<li title="${name}" class="bg-linear-to-br"></li>`).join('')
  return `<article class="relative flex flex-col overflow-hidden rounded-xl border"><div class="leading-none">${upvotes}</div><h3 class="mb-1 text-lg/6"><!--[--><a href="/papers/${id}" class="line-clamp-3 cursor-pointer">${title}</a><!--]--></h3><ul>${names}</ul></article>`
}

/** The median time of several runs, in milliseconds. */
export function medianTime(work: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return times.sort((one, other) => one - other)[Math.floor(RUNS / 2)]!
}
