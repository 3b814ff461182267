import type { Profile } from '../profile/profile.ts'
import { diceOf, trigramsOf } from '../profile/trigrams.ts'

/**
 * Reasons why two papers differ although their titles are alike. Series, versions and updates differ in little else.
 */

const ROMAN = 'i ii iii iv v vi vii viii ix x xi xii'.split(' ')
/** Letters that are words or symbols of their own more often than numbers. */
const DOUBTFUL_ROMAN = new Set(['i', 'v', 'x'])
const COUNTED =
  'one two three four five six seven eight nine ten|first second third fourth fifth sixth seventh eighth ninth tenth'
    .split('|')
    .map((words) => words.split(' '))
/** What stands before a number, and goes with it. */
const COUNTING = /^(?:part|vol|volume|version|v)$/
const ORDINAL = /^\d+(?:st|nd|rd|th)/
const ALIKE = 0.9
const YEAR = /^(?:19|20)\d\d$/
/** Words of titles that comment on another paper or replace it. */
const SEQUEL =
  /\b(?:errat(?:um|a)|corrigend(?:um|a)|corrections? to|addendum|retract(?:ed|ion)|rejoinder|revisited|reloaded|again$|reconsidered|updated|(?:an )?update$|\d+(?:st|nd|rd|th) edition|second edition|third edition)\b|^(?:comments? on|(?:a |author s |authors )?(?:reply|response) to|discussion of)\b/

/** Why two titles belong to two papers; undefined if there is no such reason. */
export function titlesApart(one: Profile, other: Profile): string | undefined {
  if (SEQUEL.test(one.title) !== SEQUEL.test(other.title)) return 'one is about the other, or takes its place'
  const years = [one.year, other.year]
  const [ours, theirs] = [numbersOf(one, years), numbersOf(other, years)]
  const [extra, missing] = [unmatched(ours, theirs), unmatched(theirs, ours)]
  if (extra.length > 0 && missing.length > 0) {
    return `different numbers in the titles (${extra[0]!.value} and ${missing[0]!.value})`
  }
  const versions = [...extra, ...missing].filter((number) => number.isVersion)
  if (extra.length + missing.length === 1 && versions.length === 1 && differByNumbersAlone(one, other)) {
    return `different numbers in the titles (${versions[0]!.value} and none)`
  }
  return undefined
}

interface TitleNumber {
  /** In digits: `2` for "two", "second", "II" and "2nd". */
  value: string
  /** Whether it may be the number of a version. A year, a conference's number or a list item's number is not. */
  isVersion: boolean
  /** A letter. It counts as a number only if the other title uses it as one. */
  isDoubtful?: boolean
}

function numbersOf({ words }: Profile, years: (number | undefined)[]): TitleNumber[] {
  return words.flatMap((word, index) => {
    const digits = word.match(/\d+(?:\.\d+)*/g)
    if (digits) {
      return digits.map((value) => {
        const isYear = YEAR.test(value) || years.some((year) => value === `${year ?? ''}`.slice(2))
        // A number in front counts the items of a list, but "Qwen2" is a name.
        const isCounted = index === 0 && !/\p{L}/u.test(word)
        return { value, isVersion: !isYear && !ORDINAL.test(word) && !isCounted }
      })
    }
    const roman = ROMAN.indexOf(word)
    if (roman >= 0) {
      const isDoubtful = DOUBTFUL_ROMAN.has(word)
      return [{ value: `${roman + 1}`, isVersion: !isDoubtful, isDoubtful }]
    }
    const counted = COUNTED.map((list) => list.indexOf(word)).find((at) => at >= 0)
    return counted === undefined ? [] : [{ value: `${counted + 1}`, isVersion: false }]
  })
}

/** The numbers that the other title does not have. */
function unmatched(numbers: TitleNumber[], others: TitleNumber[]): TitleNumber[] {
  const hasRoman = [...numbers, ...others].some(({ isDoubtful }) => isDoubtful === false)
  return numbers.filter(
    ({ value, isDoubtful }) => (!isDoubtful || hasRoman) && !others.some((other) => other.value === value),
  )
}

/**
 * Whether both titles have the same letters without the numbers. A number that comes with further words belongs to
 * these.
 */
function differByNumbersAlone(one: Profile, other: Profile): boolean {
  return diceOf(trigramsOf(withoutNumbers(one)), trigramsOf(withoutNumbers(other))) > ALIKE
}

function withoutNumbers({ words }: Profile): string {
  const named = words.filter((word) => !ROMAN.includes(word) && !COUNTING.test(word))
  return named.join('').replace(/[\d.]/g, '')
}
