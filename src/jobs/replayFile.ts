import { z } from 'zod'
import { replayFile as replay } from '../ingest/replay/replayFile.ts'
import { defineStep } from './step.ts'

/** Replays a file that the desk was given. It may take hours: the row tells how far it has come, and a sweep brings it back. */
export const replayFile = defineStep({
  name: 'replayFile',
  payload: z.object({ fileId: z.number().int() }),
  key: ({ fileId }) => `${fileId}`,
  attempts: 5,
  concurrency: 1,
  keepsNoJobs: true,
  async run({ fileId }, tools, stopping) {
    await replay(fileId, tools, stopping)
    return []
  },
})
