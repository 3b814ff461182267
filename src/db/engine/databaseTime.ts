import { type RawBuilder, sql } from 'kysely'

/** The database's own time, `offsetMs` later: claims go by it, so that no worker's clock can lengthen or shorten one. */
export function databaseTime(offsetMs = 0): RawBuilder<Date> {
  return sql<Date>`clock_timestamp() + ${offsetMs} * interval '1 millisecond'`
}
