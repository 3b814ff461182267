import { foldTitle } from '../../text/titles.ts'

/**
 * The kind of publication that a venue's name tells. A conference talk and its later journal article are two
 * publications, however alike; a report or preprint may be the same as either.
 */
export type VenueKind = 'meeting' | 'journal' | 'report' | 'other'

const REPORT =
  /\b(?:tech|technical|report|manuscript|preprint|arxiv|corr|unpublished|thesis|dissertation|submitted|tr)\b/
const SERIAL = /\b(?:journal|j|jmlr|trans|transactions|record|rec)\b/
const PROCEEDINGS = /\b(?:proc|proceedings)\b/
const MEETING =
  /\b(?:proc|proceedings|conference|conf|symposium|symp|workshop|colloquium|congress|meeting|annual|advances in neural|management of data|very large data ?bases|computational learning theory|foundations of computer)\b/
/** Conferences that are known by their letters. */
const MEETINGS =
  'aaai|aamas|acl|aistats|chi|cikm|coling|colm|colt|corl|cvpr|eacl|eccv|edbt|emnlp|euro\\w*|focs|iccv|icde|iclr|icml|icra|ijcai|interspeech|iros|kdd|naacl|neurips|nips|nsdi|osdi|pldi|pods|popl|recsys|sigcomm|siggraph|sigir|sigmod|soda|sosp|stoc|uai|usenix|vldb|wacv|wsdm|www'
const MEETING_LETTERS = new RegExp(`\\b(?:${MEETINGS})\\b`)
const PERIODICAL =
  /\b(?:acm|annals|archive|artificial intelligence|bulletin|comm|commun|communications|computing surveys|inf\w* (?:and )?comput\w*|information systems|jacm|jcss|letters|machine learning|magazine|nature|neural computation|neural networks|quarterly|review|reviews|science|siam|tacl|tods|tmlr)\b/

/** The words of a venue's name, in small plain letters; none if there is no name. */
export function venueWords(venue: string | null | undefined): string[] {
  return foldTitle(venue ?? '')
    .split(/[ .]/)
    .filter((word) => word !== '')
}

/** The kind that its words tell; undefined without a name. */
export function venueKind(words: string[]): VenueKind | undefined {
  if (words.length === 0) return undefined
  const name = words.join(' ')
  if (REPORT.test(name)) return 'report'
  if (SERIAL.test(name) && !PROCEEDINGS.test(name)) return 'journal'
  if (MEETING.test(name) || MEETING_LETTERS.test(name)) return 'meeting'
  return PERIODICAL.test(name) ? 'journal' : 'other'
}

/** `COLT-91`, `ICML '23`, `AAAI-1993`; in `FOCS 36` it is the number of the meeting. */
const MEETING_YEAR = new RegExp(`\\b(?:${MEETINGS})(?: ?['’]|-)?((?:19|20)?\\d\\d)\\b`, 'i')
/** In `TR-2001-104` it may be any number. */
const LONE_YEAR = /(?<![\d/-])(?:19|20)\d\d(?![\d/-])/g
const FIRST_OF_CENTURY = 50

/** The year that a venue's name tells: "Proc. of the 1990 Workshop", "COLT-91". Undefined without one, or with several. */
export function venueYear(venue: string | null | undefined): number | undefined {
  const lone = new Set((venue ?? '').match(LONE_YEAR))
  if (lone.size > 0) return lone.size === 1 ? Number([...lone][0]) : undefined
  const named = MEETING_YEAR.exec(venue ?? '')?.[1]
  if (named === undefined) return undefined
  const year = Number(named)
  if (year >= 100) return year
  return year + (year < FIRST_OF_CENTURY ? 2000 : 1900)
}

/** Words of venue names that do not distinguish venues. */
const GENERAL = new Set(
  (
    'in the of on and for to a an proc proceedings international national annual conference conf symposium workshop journal ' +
    'transactions trans ieee acm int st nd rd th first second third vol volume hellip appear'
  ).split(' '),
)

/** Whether two names have a telling word in common, or one is the other's first letters: "vldb", "very large data bases". */
export function sharesVenue(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const word of one) if (word.length > 2 && other.has(word) && !GENERAL.has(word)) return true
  return hasLettersOf(one, other) || hasLettersOf(other, one)
}

/** Whether a word of one name is made of the first letters of words in the other, in their order. */
function hasLettersOf(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const letters = Array.from(other, (word) => word[0]).join('')
  return [...one].some((word) => word.length > 2 && word.length < other.size + 1 && letters.includes(word))
}
