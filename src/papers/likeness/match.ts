import type { Entry, Paper } from '../../domain.ts'
import { lettersIn } from '../../text/titles.ts'
import { editorialKey } from '../keys/editorials.ts'
import { tellsApart } from '../keys/identityKeys.ts'
import { type Profile, profileOf } from '../profile/profile.ts'
import type { StrongIds } from '../profile/strongIds.ts'
import { sharesVenue } from '../profile/venues.ts'
import type { AuthorAgreement } from './authors.ts'
import {
  abstractLikeness,
  agreementOf,
  FEATURE_NAMES,
  type Features,
  featuresOf,
  yearsApart,
} from './features.ts'
import { titlesApart } from './titleGuards.ts'
import { PRIOR, WEIGHTS } from './weights.ts'

/** A judgement with its reason in words, for the paper's page. */
export interface Match {
  same: boolean
  why: string
  /** Log-odds that the two are one paper; infinite where ids or a guard decide. */
  score: number
}

/**
 * From these log-odds on, two records count as one paper: even odds by the learned weights. A wrong merge is worse than
 * a paper kept twice, so a title that says little needs more, unless ids decide.
 */
const SAME_FROM = 0

/**
 * Merges below these log-odds are shown to an admin: a quarter of them is wrong, above them one in thirty
 * (docs/experiments/matching.md).
 */
export const DOUBTFUL_BELOW = 1

/**
 * Decides whether two records are one paper. Ids decide if both have them: the same arXiv id is the same paper and
 * different ids are different papers, whatever else agrees; then the DOI. Without common ids, titles, authors, years,
 * venues and abstracts are weighed. A generic title, a series, an update, or a title as short as "Deep Learning" is
 * never enough alone. Two editorials are one if all authors, the journal and the year agree.
 */
export function samePaper(one: Entry | Paper, other: Entry | Paper): Match {
  const [ours, theirs] = [profileOf(one), profileOf(other)]
  return judgeIds(ours.ids, theirs.ids) ?? judgeTitles(ours, theirs) ?? judgeFeatures(ours, theirs)
}

/** What the ids say; undefined if they say nothing. */
export function judgeIds(ours: StrongIds, theirs: StrongIds): Match | undefined {
  if (ours.arxiv !== undefined && theirs.arxiv !== undefined) {
    if (ours.arxiv === theirs.arxiv) return surely(`same arXiv id ${ours.arxiv}`)
    return never(`different arXiv ids ${ours.arxiv} and ${theirs.arxiv}`)
  }
  if (ours.doi === undefined || theirs.doi === undefined) return undefined
  if (ours.doi === theirs.doi) return surely(`same DOI ${ours.doi}`)
  return never(`different DOIs ${ours.doi} and ${theirs.doi}`)
}

function judgeTitles(one: Profile, other: Profile): Match | undefined {
  if (!tellsApart(one.letters) || !tellsApart(other.letters)) {
    return isOneEditorial(one, other) ? undefined : never('the title is too general to tell papers apart')
  }
  const apart = titlesApart(one, other)
  return apart === undefined ? undefined : never(apart)
}

/** Signed by the same people for one journal in one year. */
function isOneEditorial(one: Profile, other: Profile): boolean {
  const key = editorialKey(one)
  return key !== undefined && key === editorialKey(other) && sharesVenue(one.venue, other.venue)
}

function judgeFeatures(one: Profile, other: Profile): Match {
  const authors = agreementOf(one, other)
  const features = featuresOf(one, other, authors)
  const abstracts = abstractLikeness(one, other)
  const score = weigh(features) + weighAbstracts(abstracts)
  const why = () => describe(one, other, authors, abstracts)
  if (isByOthers(one, other, features) && (abstracts ?? 0) < ALIKE_FROM) {
    return judged(false, why, Number.NEGATIVE_INFINITY)
  }
  if (score >= SAME_FROM && !isDistinctive(one, other) && !hasSupport(one, other, features, abstracts)) {
    return judged(false, () => `${why()}, but the title is short and nothing else agrees`, score)
  }
  return judged(score >= SAME_FROM, why, score)
}

/** Few reasons are ever read: they are put into words when somebody asks. */
function judged(same: boolean, why: () => string, score: number): Match {
  return {
    same,
    get why() {
      return why()
    },
    score,
  }
}

/** Log-odds by the learned weights. */
function weigh(features: Features): number {
  return FEATURE_NAMES.reduce((sum, name) => sum + WEIGHTS[name] * features[name], PRIOR)
}

/** Set by hand: the sets to learn from have no abstracts (docs/decisions/matching.md). */
const ABSTRACTS_ALIKE = 4
const ABSTRACTS_DIFFER = -6
const ALIKE_FROM = 0.5

function weighAbstracts(likeness: number | undefined): number {
  if (likeness === undefined) return 0
  return (
    ABSTRACTS_DIFFER + (ABSTRACTS_ALIKE - ABSTRACTS_DIFFER) * Math.min(1, Math.max(0, (likeness - 0.3) / 0.4))
  )
}

/**
 * Two lists of full names with nobody in common belong to two papers, unless both appeared in the same venue and year.
 * Initials are excepted, because they are often taken for family names.
 */
function isByOthers(one: Profile, other: Profile, features: Features): boolean {
  const areFull = [one, other].every(({ names }) => names.some(({ words }) => words.length > 1))
  const isOnePlace = features.sameVenue === 1 && yearsApart(one, other) === 0
  return features.noSharedAuthor === 1 && areFull && !isOnePlace
}

/** A title this long is hardly shared by two papers by chance. */
function isDistinctive(one: Profile, other: Profile): boolean {
  const shorter = one.letters.length <= other.letters.length ? one : other
  const letters = lettersIn(shorter.title)
  return letters >= 30 || (letters >= 16 && shorter.words.length >= 3)
}

/** Authors or abstracts agree, or neither record has more than its title. */
function hasSupport(
  one: Profile,
  other: Profile,
  features: Features,
  abstracts: number | undefined,
): boolean {
  if (abstracts !== undefined) return abstracts >= ALIKE_FROM
  const bare = (profile: Profile) => profile.names.length === 0 && profile.abstract().size === 0
  return features.authorsOfShorter >= 0.5 || (one.letters === other.letters && bare(one) && bare(other))
}

function describe(
  one: Profile,
  other: Profile,
  authors: AuthorAgreement | undefined,
  abstracts: number | undefined,
): string {
  const years = yearsApart(one, other)
  const parts = [
    one.letters === other.letters ? 'same title' : 'titles alike',
    authors && (authors.shared === undefined ? 'no author in common' : `author ${authors.shared}`),
    abstracts === undefined ? undefined : abstracts >= ALIKE_FROM ? 'abstracts alike' : 'different abstracts',
    years === undefined || years === 0 ? undefined : `${years} ${years === 1 ? 'year' : 'years'} apart`,
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}

function surely(why: string): Match {
  return { same: true, why, score: Number.POSITIVE_INFINITY }
}

function never(why: string): Match {
  return { same: false, why, score: Number.NEGATIVE_INFINITY }
}
