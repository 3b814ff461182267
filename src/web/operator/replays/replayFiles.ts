import { readdir, realpath, rm, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { FastifyReply } from 'fastify'
import { isLocalDate } from '../../../calendar.ts'
import { insertAudit } from '../../../db/audit.ts'
import { insertReplayFile, listReplayFiles, type ReplayFileRow } from '../../../db/fetching/replayFiles.ts'
import { reasonOf, UsageError } from '../../../errors.ts'
import { parseColumns } from '../../../sources/formats/table/columns.ts'
import { type Site, show } from '../../site/site.ts'

const SHOWN = 50
const MOST_IN_FOLDER = 500

/** What was typed beside the file. */
export interface Typed {
  listedOn: string
  columns: string
}

type NewFile = Pick<ReplayFileRow, 'name' | 'path' | 'bytes' | 'is_upload'>

/** The page of replays: the forms, and what was replayed. */
export async function showReplays(
  site: Site,
  reply: FastifyReply,
  more: { error?: string; typed?: Partial<Typed> } = {},
  status = 200,
): Promise<FastifyReply> {
  const files = await listReplayFiles(site.db, SHOWN)
  return show(
    site,
    reply,
    'admin/replays',
    {
      csrf: reply.generateCsrf(),
      files: files.map(toRow),
      folder: site.config.replayDir,
      inFolder: await filesInFolder(site.config.replayDir),
      error: more.error,
      typed: { listedOn: '', columns: '', ...more.typed },
    },
    status,
  )
}

/** Adds a file and has it replayed; or says what of the form is wrong, and removes an upload. */
export async function addReplayFile(
  site: Site,
  reply: FastifyReply,
  file: NewFile,
  typed: Typed,
): Promise<FastifyReply> {
  const listedOn = typed.listedOn.trim()
  const columns = typed.columns.trim()
  const error = wrongIn(listedOn, columns)
  if (error !== undefined) {
    if (file.is_upload) await rm(file.path, { force: true })
    return showReplays(site, reply, { error, typed }, 422)
  }
  const id = await insertReplayFile(site.db, {
    ...file,
    rejects_folder: resolve(site.config.dataDir),
    listed_on: listedOn === '' ? null : listedOn,
    columns: columns === '' ? null : columns,
    added_at: site.now(),
  })
  const subject = `replay ${id}`
  await insertAudit(site.db, { at: site.now(), actor: 'admin', action: 'had a file replayed', subject })
  await site.enqueue([{ name: 'replayFile', payload: { fileId: id }, label: `${file.name} (replay ${id})` }])
  return reply.redirect(`/admin/replays/${id}`, 303)
}

function wrongIn(listedOn: string, columns: string): string | undefined {
  if (listedOn !== '' && !isLocalDate(listedOn))
    return `Listed on: expected a day such as 2026-11-20, got "${listedOn}".`
  if (columns === '') return undefined
  try {
    parseColumns(columns)
    return undefined
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return `Columns: ${reasonOf(error).replace(/^--map: /, '')}`
  }
}

/** The files of REPLAY_DIR, with their real paths and sizes in bytes. A link counts only if what it leads to lies inside too. */
export async function filesInFolder(folder: string | undefined): Promise<Omit<NewFile, 'is_upload'>[]> {
  const home = folder === undefined ? undefined : await realpath(folder).catch(() => undefined)
  if (home === undefined) return []
  const names = await readdir(home).catch(() => [])
  const found = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .slice(0, MOST_IN_FOLDER)
      .map((name) => fileInside(home, name)),
  )
  return found.filter((file) => file !== undefined)
}

/** The file that a name in a folder leads to; undefined if it is no regular file, or lies outside. */
async function fileInside(home: string, name: string): Promise<Omit<NewFile, 'is_upload'> | undefined> {
  const path = await realpath(join(home, name)).catch(() => undefined)
  if (!path?.startsWith(join(home, sep))) return undefined
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ? { name, path, bytes: found.size } : undefined
}

/** Words for the states, and their colours. */
const STATES: Record<ReplayFileRow['status'], { word: string; tone: string }> = {
  waiting: { word: 'waits for a worker', tone: 'off' },
  running: { word: 'is read', tone: 'good' },
  stopping: { word: 'stops', tone: 'off' },
  cancelled: { word: 'cancelled', tone: 'warn' },
  done: { word: 'done', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
}

/** A file as pages show it. */
export function toRow(file: ReplayFileRow) {
  const share = file.bytes === 0 ? 1 : Math.min(1, file.read_bytes / file.bytes)
  return {
    ...file,
    ...STATES[file.status],
    isOpen: ['waiting', 'running', 'stopping'].includes(file.status),
    mayResume: ['cancelled', 'failed'].includes(file.status),
    percent: file.status === 'done' ? 100 : Math.floor(share * 100),
  }
}
