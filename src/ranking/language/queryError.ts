import { UsageError } from '../../errors.ts'

/** A query that cannot be read. `position` is in UTF-16 code units from 0. The message is one line with advice. */
export class QueryError extends UsageError {
  override name = 'QueryError'
  readonly position: number
  constructor(position: number, message: string) {
    super(message)
    this.position = position
  }
}
