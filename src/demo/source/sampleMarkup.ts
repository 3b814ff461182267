import type { LocalDate } from '../../domain.ts'
import { commentsOf, dailyItem, type Era, type ItemContext } from './sampleItems.ts'
import { dayAfter, type PlacedPaper, upvotesOf } from './sampleListings.ts'

/**
 * The sample source's pages: only the parts of the real listing pages that parsers rely on. Both eras have the list
 * twice, as JSON in `data-props` and as cards.
 */

const STYLE =
  'body{font:16px/1.4 sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem}article{border:1px solid #ccc;margin:1rem 0;padding:.5rem 1rem}h3{margin:.2rem 0}'

/** The listing page of one day. `papers` are in the list's order. */
export function listingPage(day: LocalDate, papers: readonly PlacedPaper[], context: ItemContext): string {
  const { era, now } = context
  const items = papers.map((paper) => dailyItem(paper, context))
  const dates = { nextDate: dayAfter(day, 1), prevDate: dayAfter(day, -1) }
  const props =
    era === '2024'
      ? { canSubmit: false, date: `${day}T00:00:00.000Z`, dailyPapers: items, ...dates }
      : { canSubmit: false, periodType: 'day', dateString: day, dailyPapers: items, ...dates }
  const mark = era === '2024' ? '' : '<!--[-->'
  const list = `${header(era, day)}
<div class="relative grid grid-cols-1 gap-5">${mark}
${papers.map((paper) => card(paper, now)).join('\n')}
</div>`
  return document(
    'Daily Papers - sample source',
    `${banner()}
<main class="flex flex-1 flex-col">
<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="${escapeHtml(JSON.stringify(props))}">${mark}
<section class="container relative">${list}</section></div></main>`,
    era === '2024' ? '' : 'flex flex-col DailyPapersPage',
  )
}

/** A paper's own page. */
export function paperPage(paper: PlacedPaper): string {
  const body = `<main><h1>${escapeHtml(paper.title)}</h1>
<p>${paper.authors.map(escapeHtml).join(', ')}</p>
<p>Published on ${paper.publishedOn}</p>
<h2>Abstract</h2><p>${escapeHtml(paper.abstract)}</p>
<p>This paper was made up for Paperboy's sample source. <a href="/papers">All papers</a></p></main>`
  return document(paper.title, body, 'PaperPage')
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

function document(title: string, body: string, bodyClass: string): string {
  return `<!doctype html>
<html class="">
<head><meta charset="utf-8" /><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body class="${bodyClass}">
${body}
</body>
</html>
`
}

function banner(): string {
  return `<div class="SVELTE_HYDRATER contents" data-target="DailyPapersBannerSubscribe" data-props="{&quot;isLoggedIn&quot;:false}">
<div>new Get trending papers in your email inbox once a day! <a href="/login?next=%2Fpapers">Subscribe</a></div></div>`
}

function header(era: Era, day: LocalDate): string {
  const address = era === '2024' ? '/papers?date=' : '/papers/date/'
  return `<h1><a href="/papers">Daily Papers</a></h1><a href="/papers/trending">Trending Papers</a>
<a href="${address}${dayAfter(day, -1)}">Previous</a>
<time datetime="${day}T00:00:00.000Z">${day}</time>
<a href="${address}${dayAfter(day, 1)}">Next</a>`
}

function card(paper: PlacedPaper, now: Date): string {
  const href = `/papers/${paper.id}`
  const comments = commentsOf(paper, now)
  const discussion = comments === 0 ? '' : `<a href="${href}#community">${comments}</a>`
  return `<article class="relative flex flex-col overflow-hidden rounded-xl border">
<div>Submitted by sample-curator</div>
<a href="/login?next=${encodeURIComponent(href)}"><div class="leading-none">${upvotesOf(paper, now)}</div></a>
<h3><a href="${href}" class="line-clamp-3">${escapeHtml(paper.title)}</a></h3>
<a href="${href}"><ul><li>· ${paper.authors.length} authors</li></ul></a>${discussion}
</article>`
}
