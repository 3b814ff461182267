import type { Profile } from '../profile/profile.ts'

/** Editorials have the same title in every issue. Their authors and year tell them apart. */

const OPENING = /^(?:guest|associate|an?|the)?(?:editor|foreword|introduct|preface)/
/** An editor of a journal writes several editorials a year. Guests and groups of authors do not. */
const GUEST = /^guest/
const LONGEST_KEY = 200

/**
 * The key of an editorial: `title:guesteditorial/2003/bernstein+ioannidis`. Undefined for other titles, and if authors
 * or year do not tell issues apart.
 */
export function editorialKey({ letters, names, year }: Profile): string | undefined {
  const least = GUEST.test(letters) ? 1 : 2
  if (!OPENING.test(letters) || year === undefined || names.length < least) return undefined
  const families = names.map(({ family }) => family).sort()
  return `title:${letters}/${year}/${families.join('+')}`.slice(0, LONGEST_KEY)
}
