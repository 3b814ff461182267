import { PermanentError } from '../../../errors.ts'

/** Compressed data is damaged. What was unpacked just before the damage may be wrong too. */
export class DamagedError extends PermanentError {}

/**
 * Gives out each item only after the next one was read without an error, because the checksum of compressed data comes
 * after it. If the data is damaged, the last item before is dropped. If only its end is missing, that item is kept.
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
