import type { Config } from '../../config.ts'
import { unlessAborted } from '../../errors.ts'
import { openToolbox, type Toolbox } from '../../toolbox.ts'

/**
 * Opens what a command needs, runs it, and always closes what it opened, unless the embedded database failed.
 * @throws PermanentError then.
 */
export async function withTools<T>(config: Config, use: (toolbox: Toolbox) => Promise<T>): Promise<T> {
  const toolbox = await openToolbox(config)
  const closed = use(toolbox).finally(() => toolbox.close())
  return unlessAborted(toolbox.failed, closed)
}
