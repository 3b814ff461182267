import { PermanentError } from '../../../errors.ts'
import type { Batch } from '../batch.ts'

/** Compressed data that are not what was packed: also what was unpacked just before may be wrong. */
export class DamagedError extends PermanentError {}

/**
 * Batches, each given out only when the next was read without a fault: checksums of compressed data stand behind them. The
 * last before damage is dropped; before an end that is missing, it stands.
 */
export async function* withoutDamaged(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  let held: Batch | undefined
  try {
    for await (const batch of batches) {
      if (held !== undefined) yield held
      held = batch
    }
  } catch (error) {
    if (held !== undefined && !(error instanceof DamagedError)) yield held
    throw error
  }
  if (held !== undefined) yield held
}
