import type { Profile } from '../profile/profile.ts'

/** Pieces that open an issue all bear one title; they are known by who signed them, and when. */

const OPENING = /^(?:guest|associate|an?|the)?(?:editor|foreword|introduct|preface)/
/** Who edits a journal for years writes several a year; guests, and people who sign together, do not. */
const GUEST = /^guest/
const LONGEST_KEY = 200

/**
 * The key of an editorial: `title:guesteditorial/2003/bernstein+ioannidis`. Undefined for every other title, and where
 * the people or the year do not tell one issue from the next.
 */
export function editorialKey({ letters, names, year }: Profile): string | undefined {
  const least = GUEST.test(letters) ? 1 : 2
  if (!OPENING.test(letters) || year === undefined || names.length < least) return undefined
  const families = names.map(({ family }) => family).sort()
  return `title:${letters}/${year}/${families.join('+')}`.slice(0, LONGEST_KEY)
}
