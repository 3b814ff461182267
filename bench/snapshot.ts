import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createRandom, type Random } from './random.ts'
import { drawTitleWord, drawWord, makeVocabulary } from './vocabulary.ts'

/** A paper in the format of the arXiv metadata snapshot. */
interface SnapshotRecord {
  id: string
  submitter: string
  authors: string
  title: string
  comments: string | null
  'journal-ref': string | null
  doi: string | null
  'report-no': null
  categories: string
  license: string
  abstract: string
  versions: { version: string; created: string }[]
  update_date: string
  authors_parsed: [string, string, string][]
}

/** This many of 100 papers come a second time, under another spelling of their id and title. */
const DUPLICATES_IN_100 = 3
/** A second record comes at most this many papers after the first. */
const FARTHEST = 5_000
const PER_MONTH = 20_000
const CATEGORIES =
  'cs.LG cs.CL cs.CV stat.ML math.AG math.CO hep-th hep-ph astro-ph.GA cond-mat.str-el quant-ph q-bio.NC'.split(
    ' ',
  )
const DAY = 24 * 60 * 60 * 1000

/**
 * Writes a snapshot of `papers` papers as JSON lines, and for 3 % of them a second record; the same in every run.
 * Lengths are like arXiv's: titles of about 75 characters, abstracts of about 1,100. Returns the number of lines.
 */
export async function writeSnapshot(path: string, papers: number): Promise<number> {
  const random = createRandom(42)
  const words = makeVocabulary()
  const file = createWriteStream(path, { highWaterMark: 1 << 20 })
  const waiting: SnapshotRecord[] = []
  let lines = 0
  const write = async (record: SnapshotRecord) => {
    lines += 1
    if (!file.write(`${JSON.stringify(record)}\n`)) await once(file, 'drain')
  }
  for (let index = 0; index < papers; index += 1) {
    const record = makeRecord(index, words, random)
    await write(record)
    if (random.between(1, 100) <= DUPLICATES_IN_100) waiting.push(respelled(record, random))
    if (waiting.length > (FARTHEST * DUPLICATES_IN_100) / 100) await write(waiting.shift()!)
  }
  for (const record of waiting) await write(record)
  file.end()
  await once(file, 'finish')
  return lines
}

function makeRecord(index: number, words: string[], random: Random): SnapshotRecord {
  const month = Math.floor(index / PER_MONTH)
  const yymm = `${15 + Math.floor(month / 12)}`.padStart(2, '0') + `${(month % 12) + 1}`.padStart(2, '0')
  const submitted = new Date(Date.UTC(2015, month, 1) + ((index % PER_MONTH) / PER_MONTH) * 28 * DAY)
  const authors = Array.from({ length: random.between(1, 7) }, () => makeName(words, random))
  const hasJournal = random.next() < 0.4
  return {
    id: `${yymm}.${String((index % PER_MONTH) + 1).padStart(5, '0')}`,
    submitter: authors[0]!.join(' '),
    authors: authors.map(([family, given]) => `${given} ${family}`).join(', '),
    title: capitalised(
      Array.from({ length: random.between(5, 11) }, () => drawTitleWord(words, random)).join(' '),
    ),
    comments: random.next() < 0.6 ? `${random.between(5, 60)} pages, ${random.between(1, 20)} figures` : null,
    'journal-ref': hasJournal
      ? `J. ${capitalised(drawTitleWord(words, random))} ${random.between(1, 200)} (2019)`
      : null,
    doi: hasJournal ? `10.${random.between(1000, 1200)}/J.${index}.${random.between(1, 999)}` : null,
    'report-no': null,
    categories: [
      ...new Set(Array.from({ length: random.between(1, 3) }, () => random.pick(CATEGORIES))),
    ].join(' '),
    license: 'http://arxiv.org/licenses/nonexclusive-distrib/1.0/',
    abstract: `  ${makeAbstract(words, random)}\n`,
    versions: Array.from({ length: random.between(1, 3) }, (_, number) => ({
      version: `v${number + 1}`,
      created: new Date(submitted.getTime() + number * 40 * DAY).toUTCString(),
    })),
    update_date: submitted.toISOString().slice(0, 10),
    authors_parsed: authors.map(([family, given]) => [family, given, '']),
  }
}

function makeName(words: string[], random: Random): [family: string, given: string] {
  return [
    capitalised(drawTitleWord(words, random)),
    `${capitalised(drawTitleWord(words, random))} ${random.pick(['A.', 'M.', 'J.'])}`,
  ]
}

/** Sentences of 12 to 30 words, wrapped as arXiv wraps them. */
function makeAbstract(words: string[], random: Random): string {
  const sentences = Array.from({ length: random.between(4, 9) }, () =>
    capitalised(Array.from({ length: random.between(14, 30) }, () => drawWord(words, random)).join(' ')),
  )
  return `${sentences.join('. ')}.`.replace(/(.{70,79}) /g, '$1\n')
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The same paper as another crawler would have it. */
function respelled(record: SnapshotRecord, random: Random): SnapshotRecord {
  const ids = [
    `${record.id}v2`,
    `arXiv:${record.id}`,
    `http://arxiv.org/abs/${record.id}v1`,
    `oai:arXiv.org:${record.id}`,
  ]
  const titles = [
    record.title.toUpperCase(),
    record.title.replace(' ', '\n  '),
    record.title.replace(' ', '-'),
    `${record.title}.`,
  ]
  const doi = record.doi === null ? null : `https://doi.org/${record.doi.toLowerCase()}`
  return { ...record, id: random.pick(ids), title: random.pick(titles), doi }
}
