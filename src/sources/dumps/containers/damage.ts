import { PermanentError } from '../../../errors.ts'

/** Compressed data are damaged: what was unpacked just before the damage was found may be wrong too. */
export class DamagedError extends PermanentError {}

/**
 * Gives out each item only when the next one was read without a fault, because the checksum of compressed data comes
 * after them. Damage drops the last item read before it. A missing end does not: that item stands.
 */
export async function* withoutDamaged<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  let held: T | undefined
  try {
    for await (const item of items) {
      if (held !== undefined) yield held
      held = item
    }
  } catch (error) {
    if (held !== undefined && !(error instanceof DamagedError)) yield held
    throw error
  }
  if (held !== undefined) yield held
}
