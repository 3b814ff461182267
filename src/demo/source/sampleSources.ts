import type { NewSource } from '../../db/engine/schema.ts'

/** How many days before today the sample listings go back. */
export const SAMPLE_DAYS_BACK = 5

/** The sample listings as page and as API: the same papers come from two sources. */
export function sampleSources(url: string): NewSource[] {
  const timer = { every_minutes: 5, lookback_days: SAMPLE_DAYS_BACK }
  return [
    { name: 'sample-page', address: `${url}/papers/date/{date}`, ...timer },
    { name: 'sample-api', address: `${url}/api/daily_papers?date={date}`, ...timer },
  ]
}
