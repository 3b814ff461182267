import type { Config } from '../../config.ts'
import { openToolbox, type Toolbox } from '../../toolbox.ts'

/** Opens what a command needs, runs it, and always closes what it opened. */
export async function withTools<T>(config: Config, use: (toolbox: Toolbox) => Promise<T>): Promise<T> {
  const toolbox = await openToolbox(config)
  try {
    return await use(toolbox)
  } finally {
    await toolbox.close()
  }
}
