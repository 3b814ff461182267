import type { Tx } from '../../db/engine/connect.ts'
import type { ReplayRow } from '../../db/engine/schema.ts'
import { ensureDumpSource } from '../../db/fetching/sources.ts'
import type { LocalDate, Reject } from '../../domain.ts'
import type { Tools } from '../../tools.ts'
import type { Transact } from '../transactions.ts'
import type { Remarks } from './remarks.ts'
import type { ReplayOptions } from './replayProgress.ts'

/** The file for rejects during a replay. */
export interface RejectsList {
  /** Cuts the file to this length. What follows belongs to work that was not finished. */
  cutTo(bytes: number): Promise<void>
  /** Writes rejects. Gives the new length. */
  add(file: string, rejects: Reject[]): Promise<number>
}

export interface ReplayTools extends Pick<Tools, 'now'> {
  transact: Transact
  rejects: RejectsList
  /** Stops the replay between two batches. */
  signal?: AbortSignal
  /** Called with the number of entries of each batch, just before it is committed. */
  onStored?(entries: number): void
}

/** The state of the replay of one dump. */
export interface ReplayRun {
  options: ReplayOptions
  tools: ReplayTools
  /** The progress. */
  row: ReplayRow
  /** Whether it has done batches that another run would not repeat. */
  isKept: boolean
  files: number
  /** The remarks of this run alone. */
  remarks: Remarks
  /** Whether most of the last records were new. */
  areNew: boolean
  /** Ids that are reserved for papers and not used yet. */
  spareIds: number[]
  /** Errors that were reported. An error that breaks an archive also breaks the file in it, and is reported once. */
  failures: Map<unknown, { file: string; reason: string }>
  /** Ids of sources by format. */
  sources: Map<string, number>
}

/** A part of a dump while its batches are stored. */
export interface ReplayPlace {
  label: string
  /** 0 for the first part. */
  number: number
  /** The day of its papers, if an option or a file name tells it. */
  hint: LocalDate | null
}

/** Records what could not be read. Gives the length of the file of rejects. */
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
