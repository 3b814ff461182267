import { PermanentError } from '../../../errors.ts'
import type { Portion } from '../portion.ts'

/** Compressed data that are not what was packed: also what was unpacked just before may be wrong. */
export class DamagedError extends PermanentError {}

/**
 * Portions, each given out only when the next was read without a fault: checksums of compressed data stand behind them. The
 * last before damage is dropped; before an end that is missing, it stands.
 */
export async function* withoutDamaged(portions: AsyncIterable<Portion>): AsyncGenerator<Portion> {
  let held: Portion | undefined
  try {
    for await (const portion of portions) {
      if (held !== undefined) yield held
      held = portion
    }
  } catch (error) {
    if (held !== undefined && !(error instanceof DamagedError)) yield held
    throw error
  }
  if (held !== undefined) yield held
}
