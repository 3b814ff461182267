import { LOOKBACK_DAYS } from './datedSource.ts'

/** A source that every installation begins with. */
export interface BuiltinSource {
  name: string
  /** `{date}` is replaced by each day that is due. */
  address: string
  every_minutes: number
  lookback_days: number
  enabled: boolean
  builtin: true
}

/**
 * Hugging Face asks clients to prefer its API over its pages, which it limits to 100 in five minutes. The pages are a
 * second witness and are fetched seldom.
 */
export const BUILTIN_SOURCES: readonly BuiltinSource[] = [
  {
    name: 'hf-daily',
    address: 'https://huggingface.co/api/daily_papers?date={date}&limit=100',
    every_minutes: 60,
    lookback_days: LOOKBACK_DAYS,
    enabled: true,
    builtin: true,
  },
  {
    name: 'hf-daily-page',
    address: 'https://huggingface.co/papers/date/{date}',
    every_minutes: 6 * 60,
    lookback_days: 2,
    enabled: true,
    builtin: true,
  },
  {
    // This is not the list of a day. A paper seen there counts for the day on which it was seen.
    name: 'hf-trending',
    address: 'https://huggingface.co/papers/trending',
    every_minutes: 6 * 60,
    lookback_days: 0,
    enabled: true,
    builtin: true,
  },
]
