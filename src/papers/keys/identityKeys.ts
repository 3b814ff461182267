import { createHash } from 'node:crypto'
import type { Entry } from '../../domain.ts'
import { foldTitle, lettersIn, lettersOf } from '../../text/titles.ts'
import { strongIds } from '../profile/strongIds.ts'

/** The keys under which `paper_keys` finds an entry's paper. */

/** `arxiv:2401.00001`, `doi:10.1145/3292500`: keys that belong to one paper alone. Empty if the entry has no such id. */
export function identityKeys(entry: Entry): string[] {
  return Object.entries(strongIds(entry)).map(([scheme, id]) => `${scheme}:${id}`)
}

/** Titles that thousands of papers bear, folded, without spaces. */
const GENERIC = new Set(
  [
    'abstract abstracts acknowledgement acknowledgements acknowledgment acknowledgments addendum announcement announcements',
    'appendix appendices article authorreply authorresponse authorsreply authorsresponse backmatter bibliography bookreview',
    'bookreviews callforpapers closingremarks comment comments commentary concludingremarks conclusion conclusions contents',
    'contributors correction corrections correspondence corrigenda corrigendum cover coverimage dedication discussion',
    'editorial editorialboard editorialintroduction editorialnote editorscomments editorsforeword editorsintroduction',
    'editorsnote editorspreface epilogue errata erratum foreword frontcover frontmatter fromtheeditor fromtheeditors',
    'generalintroduction glossary guesteditorial guesteditorsintroduction index informationforauthors inmemoriam',
    'inthisissue introduction introductionandoverview introductiontothespecialissue introductorynote invitedtalk',
    'keynote keynoteaddress keynotetalk letter letters lettertotheeditor letterstotheeditor listofcontributors',
    'listofreferees masthead message messagefromthechairs news newsandviews notitle note notes notitleavailable obituary',
    'openingremarks organization organizingcommittee outline overview panel paneldiscussion preface preliminaries',
    'proceedings programcommittee prologue publishersnote references referees rejoinder reply response retraction',
    'retractionnotice review reviews subscribe subjectindex summary supplement supplementalmaterial supplementarydata',
    'supplementaryinformation supplementarymaterial supplementarymaterials supportinginformation tableofcontents',
    'technicalreport technicalreports titlepage tutorial tutorials unknown unknowntitle untitled untitleddocument',
    'welcomemessage withdrawn workingpaper workshop workshopreport workshopsummary',
  ].flatMap((line) => line.split(' ')),
)
/** Columns that return in every issue: `Guest Editors' Note`, `Chair's Message`, `Book Reviews Column`. */
const COLUMN =
  /^(?:guest|associate)?(?:editor|chair|chairman|president|treasurer|secretary|publisher)s?(?:s|in chief)?(?:message|notes?|letter|column|report|introduction|foreword|preface|comments?|corner|page)$|^(?:book)?reviews?(?:column|section)$/
/** `Editorial 12`, `The Introduction`, `Untitled (2)`. */
const AROUND_GENERIC = /^(?:the|an?)(?=[a-z]{6})|(?<!\d)\d+$/g

const LEAST_LETTERS = 8

/** Keys are kept far below the limit of an index row (2,704 bytes). The rest of a longer title is hashed. */
const MAX_CODE_POINTS = 200
const KEPT_CODE_POINTS = 150

/**
 * `title:` and the folded title without spaces, the same for all spellings of one title (see foldTitle). Undefined for
 * a title that does not tell papers apart: "Introduction", "Editorial", or less than eight letters.
 */
export function titleKey(title: string): string | undefined {
  return lettersKey(lettersOf(foldTitle(title)))
}

/** The same for a title that is already folded and has no spaces. */
export function lettersKey(letters: string): string | undefined {
  return tellsApart(letters) ? `title:${capped(letters)}` : undefined
}

/** Whether a title, folded and without spaces, tells papers apart. */
export function tellsApart(letters: string): boolean {
  const isGeneric =
    GENERIC.has(letters) || GENERIC.has(letters.replace(AROUND_GENERIC, '')) || COLUMN.test(letters)
  return !isGeneric && lettersIn(letters) >= LEAST_LETTERS
}

function capped(folded: string): string {
  if (folded.length <= MAX_CODE_POINTS) return folded
  const points = Array.from(folded)
  if (points.length <= MAX_CODE_POINTS) return folded
  const hash = createHash('sha256').update(folded).digest('hex').slice(0, 32)
  return `${points.slice(0, KEPT_CODE_POINTS).join('')}~${hash}`
}
