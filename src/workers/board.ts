import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import type { Queue } from 'bullmq'
import type { FastifyPluginAsync } from 'fastify'
import type { Queues } from './queues.ts'

/** Bull Board for all queues, as a plugin that is registered under `basePath`. It has no login of its own. */
export function createBoard(queues: Queues, basePath: string): FastifyPluginAsync {
  const adapter = new FastifyAdapter()
  adapter.setBasePath(basePath)
  createBullBoard({
    queues: [...queues.byStep.values()].map((queue) => adapterOf(queue, queues.backend.tellsWorkers)),
    // The adapter's types use exact optional properties; ours do not.
    serverAdapter: adapter as never,
    options: {
      uiConfig: { boardTitle: 'Paperboy queues', miscLinks: [{ text: 'Back to the desk', url: '/admin' }] },
    },
  })
  const plugin = adapter.registerPlugin()
  return async (fastify) => {
    await fastify.register(plugin as never, { prefix: basePath } as never)
  }
}

function adapterOf(queue: Queue, tellsWorkers: boolean): BullMQAdapter {
  const adapter = new BullMQAdapter(queue)
  // The board hides the workers if the request fails. An empty answer would claim that there are none.
  if (!tellsWorkers)
    adapter.getWorkers = () => Promise.reject(new Error('this backend cannot tell its workers'))
  return adapter
}
