import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { paperOfWords, type RankablePaper } from '../src/ranking/index/paperIndex.ts'

/** A set's papers, by the ids of the set. */
export interface EvalPapers {
  ids: string[]
  papers: RankablePaper[]
  /** The day on which each was listed; empty where the set does not say. */
  dates: string[]
  /** Id → place in both. */
  places: Map<string, number>
}

/** One person or query of a set. `relevant` is absent if only a ranking is wanted. */
export interface EvalCase {
  case_id: string
  keywords?: string[]
  tags?: string[]
  query?: string
  likes?: string[]
  dislikes?: string[]
  /** The first day of the candidates' listing. */
  start?: string
  /** Absent means all papers. */
  candidates?: string[] | 'ALL'
  relevant?: string[]
}

/** Reads one `{"id","title","abstract","date"}` a line; all but the id may be absent. A file `.gz` is unpacked. */
export async function readPapers(path: string): Promise<EvalPapers> {
  const rows = await readLines<{ id: string; title?: string; abstract?: string; date?: string }>(path)
  const ids = rows.map(({ id }) => id)
  return {
    ids,
    papers: rows.map(asPaper),
    dates: rows.map(({ date }) => date ?? ''),
    places: new Map(ids.map((id, place) => [id, place])),
  }
}

/** Reads one case a line. */
export async function readCases(path: string): Promise<EvalCase[]> {
  return readLines<EvalCase>(path)
}

/** The places of ids. Ids that are not in the set are dropped. */
export function placesOf({ places }: EvalPapers, ids: readonly string[] = []): number[] {
  return ids.map((id) => places.get(id)).filter((place) => place !== undefined)
}

/** The places of a case's candidates. */
export function candidatesOf(papers: EvalPapers, { candidates }: EvalCase): number[] {
  return candidates === undefined || candidates === 'ALL'
    ? [...papers.ids.keys()]
    : placesOf(papers, candidates)
}

function asPaper({ title, abstract }: { title?: string; abstract?: string }, id: number): RankablePaper {
  return paperOfWords({ id, title: title ?? '', abstract: abstract || null })
}

async function readLines<Row>(path: string): Promise<Row[]> {
  const bytes = await readFile(path)
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n')
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : [rowOf<Row>(line, `${path}:${at + 1}`)]))
}

function rowOf<Row>(line: string, where: string): Row {
  try {
    return JSON.parse(line) as Row
  } catch {
    throw new Error(
      `Expected a JSON object a line, got “${line.slice(0, 60)}” at ${where}: mend or remove that line`,
    )
  }
}
