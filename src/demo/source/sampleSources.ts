import type { NewSource } from '../../db/engine/schema.ts'

/** How many days the sample listings go back before today. */
export const SAMPLE_DAYS_BACK = 5

/** The sample listings as a page and as an API, so that the same papers come from two sources. */
export function sampleSources(url: string): NewSource[] {
  const timer = { every_minutes: 5, lookback_days: SAMPLE_DAYS_BACK }
  return [
    { name: 'sample-page', address: `${url}/papers/date/{date}`, ...timer },
    { name: 'sample-api', address: `${url}/api/daily_papers?date={date}`, ...timer },
  ]
}
