import { keptFor, remembered } from '../../caching.ts'
import type { Entry, Paper } from '../../domain.ts'
import { foldTitle, lettersOf } from '../../text/titles.ts'
import { type Name, personsOf } from './persons.ts'
import { type StrongIds, strongIds } from './strongIds.ts'
import { trigramsOf } from './trigrams.ts'
import { type VenueKind, venueKind, venueWords, venueYear } from './venues.ts'

/** What identifies an entry or a paper, folded once. */
export interface Profile {
  ids: StrongIds
  /** The folded title, see foldTitle. */
  title: string
  /** The same without spaces and points. */
  letters: string
  words: string[]
  wordSet: Set<string>
  trigrams: Set<string>
  names: Name[]
  nameWords: Set<string>
  venue: Set<string>
  /** Of a paper without a venue that has an arXiv id: a report. */
  kind: VenueKind | undefined
  year: number | undefined
  /** Words of more than three letters of the abstract; empty without one. Folded when first asked for. */
  abstract: () => Set<string>
}

/** Entries and papers are never changed in place, so a profile stays valid as long as they exist. */
const profiles = new WeakMap<Entry | Paper, Profile>()

/** The profile of an entry or a paper. */
export function profileOf(record: Entry | Paper): Profile {
  const known = profiles.get(record)
  if (known) return known
  const profile = makeProfile(record)
  profiles.set(record, profile)
  return profile
}

function makeProfile(record: Entry | Paper): Profile {
  const ids = strongIds(record)
  const { names, nameWords } = namesIn(record.authors ?? [])
  const venue = venueWords(record.venue)
  return {
    ids,
    ...titleParts(record.title),
    names,
    nameWords,
    venue: new Set(venue),
    kind: venueKind(venue) ?? (ids.arxiv === undefined ? undefined : 'report'),
    year: yearOf(record),
    abstract: () => longWords(record.abstract ?? ''),
  }
}

/** As stated, or as the venue's name or the title tells it. */
function yearOf({ year, publishedAt, venue, title }: Entry | Paper): number | undefined {
  const dated = publishedAt?.getUTCFullYear() ?? Number.NaN
  return year ?? (Number.isNaN(dated) ? (venueYear(venue) ?? titleYear(title)) : dated)
}

/** `Kearns (1989a). Cryptographic Limitations on Learning`: references that were cut wrongly. */
function titleYear(title: string): number | undefined {
  const years = [...title.matchAll(/\(((?:19|20)\d\d)[a-z]?\)/g)]
  return years.length === 1 ? Number(years[0]![1]) : undefined
}

/** A paper keeps its list of authors while other values of it change. */
const namesIn = keptFor((authors: readonly string[]): Pick<Profile, 'names' | 'nameWords'> => {
  const names = personsOf(authors)
  return { names, nameWords: new Set(names.flatMap((name) => name.words)) }
})

/** Many records of a batch may bear one title, and a paper keeps its own while other values of it change. */
const titleParts = remembered(
  500,
  (written): Pick<Profile, 'title' | 'letters' | 'words' | 'wordSet' | 'trigrams'> => {
    const title = foldTitle(written)
    const words = title.split(' ').filter((word) => word !== '')
    const letters = lettersOf(title)
    return { title, letters, words, wordSet: new Set(words), trigrams: trigramsOf(letters) }
  },
)

const longWords = remembered(
  500,
  (text) =>
    new Set(
      foldTitle(text)
        .split(' ')
        .filter((word) => word.length > 3),
    ),
)
