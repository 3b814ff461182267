import type { Tx } from '../../db/engine/connect.ts'
import type { ReplayRow } from '../../db/engine/schema.ts'
import { ensureDumpSource } from '../../db/fetching/sources.ts'
import type { LocalDate, Reject } from '../../domain.ts'
import type { Tools } from '../../tools.ts'
import type { Transact } from '../transactions.ts'
import type { Remarks } from './remarks.ts'
import type { ReplayOptions } from './replayProgress.ts'

/** Where rejects are written to while the replay goes on. */
export interface RejectsList {
  /** Forgets what was written behind this length: it belongs to work that was never finished. */
  cutTo(bytes: number): Promise<void>
  /** Gives the length with these. */
  add(file: string, rejects: Reject[]): Promise<number>
}

export interface ReplayTools extends Pick<Tools, 'now'> {
  transact: Transact
  rejects: RejectsList
  /** Stops the replay between two batches. */
  signal?: AbortSignal
  /** Called with the number of entries after each batch that was stored. */
  onStored?(entries: number): void
}

/** The replay of one dump as it goes on. */
export interface ReplayRun {
  options: ReplayOptions
  tools: ReplayTools
  /** How far it has come. */
  row: ReplayRow
  /** It has batches behind it that another run would not repeat. */
  isKept: boolean
  files: number
  /** What is to be said of it beside the counts, of this run alone. */
  remarks: Remarks
  /** Most of the last records were new. */
  areNew: boolean
  /** Reserved for papers, and not used yet. */
  spareIds: number[]
  /** By what was thrown: what breaks an archive breaks the file in it too, and is said once. */
  failures: Map<unknown, { file: string; reason: string }>
  /** Ids of sources by name of the format. */
  sources: Map<string, number>
}

/** A part of a dump, as its batches are stored. */
export interface ReplayPlace {
  label: string
  /** 0 for the first part. */
  number: number
  /** The day that its papers are listed on, as it is told from outside. */
  hint: LocalDate | null
}

/** Notes what could not be read; gives the length of the list of rejects. */
export async function addRejects(run: ReplayRun, row: ReplayRow, label: string, rejects: Reject[]) {
  const bytes = rejects.length === 0 ? row.rejects_bytes : await run.tools.rejects.add(label, rejects)
  return { rejected: row.rejected + rejects.length, rejects_bytes: bytes }
}

/** The source that stands for dumps of a format. */
export async function sourceFor(tx: Tx, format: string, run: ReplayRun): Promise<number> {
  const known = run.sources.get(format)
  if (known !== undefined) return known
  const { id } = await ensureDumpSource(tx, format)
  run.sources.set(format, id)
  return id
}
