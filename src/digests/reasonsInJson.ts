import type { Reason } from '../domain.ts'

/**
 * Reasons as the JSON of commands, API and exports has them: `reasons` are sentences for people, `reasonDetails` the
 * same in the same order as data for programs.
 */
export function reasonsInJson(reasons: Reason[]): { reasons: string[]; reasonDetails: Reason[] } {
  return { reasons: reasons.map(({ text }) => text), reasonDetails: reasons }
}
