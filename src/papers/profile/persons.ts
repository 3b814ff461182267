import { rejoinInitials } from '../../text/names/nameList.ts'
import { familyBeforeComma, isSuffix } from '../../text/names/personName.ts'
import { foldTitle } from '../../text/titles.ts'

/** A person's name in small plain letters. */
export interface Name {
  family: string
  /** All words of the name that are more than an initial, the family name among them. */
  words: string[]
  /** First letters of the given names; of a word as short as "jm" all letters. */
  initials: string[]
  /** First letters of all words in alphabetical order: the same whichever name comes first. */
  letters: string
}

/** Names of groups. The list of a paper's persons need not include them. */
const GROUP =
  /\b(?:collaboration|consortium|team|group|project|community|initiative|network|laboratory|labs?|inc|corp|corporation|university|institute|center|centre|department|press|anthology|edition|ai)$/
const NO_NAME = /^(?:et al|and others|others|anonymous(?: authors?)?|unknown)$/
/** A letter that is a name. */
const SIGN = /\p{sc=Han}|\p{sc=Hang}/u
/** A word of at most this many letters counts as initials. */
const LONGEST_INITIALS = 3
/** Lists of thousands belong to collaborations. Their first names say as much as all. */
const MOST_NAMES = 60

/** The persons of a list, in order; names are "Given Family" or "Family, Given". Groups and "et al." are left out. */
export function personsOf(authors: readonly string[]): Name[] {
  return rejoinInitials(authors.slice(0, MOST_NAMES)).flatMap((author) => {
    const folded = foldTitle(author).replace(/\./g, ' ')
    if (folded === '' || NO_NAME.test(folded) || GROUP.test(folded)) return []
    const words = withoutSuffix(folded.split(' '))
    const beforeComma = familyBeforeComma(author)
    const given = beforeComma === undefined ? undefined : withoutSuffix(foldTitle(beforeComma).split(' '))
    return [nameOf(words, given?.at(-1))]
  })
}

function withoutSuffix(words: string[]): string[] {
  const last = words.findLastIndex((word) => !isSuffix(word))
  return last < 0 ? words : words.slice(0, last + 1)
}

/** Without a comma the family name is the last word that is more than an initial: "rivest r l". */
function nameOf(words: string[], familyBeforeComma: string | undefined): Name {
  const family = familyBeforeComma || (words.findLast((word) => word.length > 1) ?? words.at(-1)!)
  const others = words.filter((word) => word !== family)
  const initials = others.flatMap((word) => (word.length <= LONGEST_INITIALS ? [...word] : [word[0]!]))
  return {
    family,
    words: words.filter((word) => word.length > 1 || SIGN.test(word)),
    initials,
    letters: [...initials, family[0]!].sort().join(''),
  }
}
