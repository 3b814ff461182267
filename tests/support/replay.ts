import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { openDump } from '../../src/cli/replay/dumpFiles.ts'
import { rejectsFile } from '../../src/ingest/replay/rejectsFile.ts'
import { type ReplayResult, replayDump } from '../../src/ingest/replay/replayDump.ts'
import type { ReplayOptions } from '../../src/ingest/replay/replayProgress.ts'
import type { ReplayTools } from '../../src/ingest/replay/replayRun.ts'
import { withTransactions } from '../../src/ingest/transactions.ts'
import type { Tools } from '../../src/tools.ts'

export interface TestReplay extends Partial<ReplayOptions> {
  dryRun?: boolean
  signal?: AbortSignal
  onStored?: ReplayTools['onStored']
  /** The folder for rejects files; by default a new folder. */
  dataDir?: string
}

/** Replays a file as the command does, and reads back its rejects. */
export async function replayFile(
  path: string,
  tools: Pick<Tools, 'db' | 'now'>,
  test: TestReplay = {},
): Promise<ReplayResult & { rejects: { where: string; reason: string }[] }> {
  const { dryRun = false, signal, onStored, dataDir, ...options } = test
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'paperboy-replay-')))
  const opened = await openDump(path, () => {})
  try {
    const rejects = rejectsFile(opened.dump, folder, dryRun)
    const dump = { ...opened.dump, isResumed: opened.dump.isResumed && !dryRun }
    const result = await withTransactions(tools.db, dryRun, (transact) =>
      replayDump(
        dump,
        { format: 'auto', ...options },
        { now: tools.now, transact, rejects, signal, onStored },
      ),
    )
    const lines = result.rejected === 0 ? '' : await readFile(rejects.path, 'utf8')
    return {
      ...result,
      rejects: lines
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    }
  } finally {
    await opened.close()
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
  }
}

/** Replays bytes as a file with the given name. */
export async function replayBytes(
  name: string,
  bytes: Buffer | string,
  tools: Pick<Tools, 'db' | 'now'>,
  test: TestReplay = {},
): ReturnType<typeof replayFile> {
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-dump-'))
  try {
    const path = join(folder, basename(name))
    await writeFile(path, bytes)
    return await replayFile(path, tools, test)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
