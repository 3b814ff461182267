import type { Peer } from './evalPeers.ts'
import type { Task } from './evalTasks.ts'

/** Labelled sets that share their papers. */
export interface EvalSet {
  /** The file of papers, from the folder of the labelled sets. */
  papers: string
  /** The names of the files of cases. */
  cases: string[]
  tasks: Task[]
  /** Whether to rank also with what an installation would have had on the first day of each case. */
  isProduction?: boolean
}

const READER: Task[] = ['keywords', 'tags', 'likes', 'likes+dislikes']
const LISTING: Task[] = ['keywords', 'likes', 'keywords+likes']

export const EVAL_SETS: EvalSet[] = [
  { papers: 'citeulike-a.papers.jsonl', cases: ['citeulike-a'], tasks: READER },
  { papers: 'citeulike-t-bow.papers.jsonl', cases: ['citeulike-t-bow'], tasks: READER },
  { papers: 'cranfield.papers.jsonl', cases: ['cranfield'], tasks: ['query'] },
  { papers: 'cisi.papers.jsonl', cases: ['cisi'], tasks: ['query'] },
  { papers: 'cacm.papers.jsonl', cases: ['cacm'], tasks: ['query'] },
  {
    papers: 'curators.papers.jsonl',
    cases: ['curators', 'curators-topics', 'curators-daily'],
    tasks: LISTING,
  },
  {
    papers: '../corpus/arxiv-cs-2025-2026.jsonl.gz',
    cases: ['arxiv'],
    tasks: LISTING,
    isProduction: true,
  },
]

/** The targets: a value, or a peer of the same run times a factor. */
const TARGETS: Record<string, number | [Peer, number]> = {
  'citeulike-a keywords': 0.208,
  'citeulike-a tags': 0.152,
  'citeulike-a likes': 0.262,
  'citeulike-a likes+dislikes': 0.285,
  'citeulike-t-bow keywords': 0.308,
  'citeulike-t-bow tags': 0.273,
  'citeulike-t-bow likes': ['SVM', 1.1],
  'cranfield query': ['BM25+stem', 1.05],
  'cisi query': ['BM25+stem', 1.05],
  'cacm query': ['BM25+stem', 1.05],
  'curators keywords': 0.42,
  'curators likes': 0.49,
  'curators keywords+likes': 0.51,
  'curators-topics keywords': 0.7,
  'curators-topics likes': 0.83,
  'curators-topics keywords+likes': 0.85,
  'curators-daily keywords+likes': 0.79,
  'arxiv keywords': 0.49,
  'arxiv likes': 0.59,
  'arxiv keywords+likes': 0.61,
}

/** What a set and task should reach; undefined if nothing was set. */
export function targetOf(
  name: string,
  task: Task,
  peers: ReadonlyMap<Peer, number | undefined>,
): number | undefined {
  const target = TARGETS[`${name} ${task}`]
  return Array.isArray(target) ? peers.get(target[0])! * target[1] : target
}
