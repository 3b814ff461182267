import type { Profile } from '../profile/profile.ts'
import { sharedBy } from '../profile/trigrams.ts'
import { sharesVenue } from '../profile/venues.ts'
import { compareAuthors } from './authors.ts'
import { compareTitles, type TitleAgreement } from './titleAgreement.ts'

/**
 * The features of a pair of records, as numbers from 0 to 1. Each has a weight in weights.ts. A name with two numbers
 * gives the range in which a similarity counts: `letters70to90` is 0 up to 0.7 and 1 from 0.9 on.
 */
export const FEATURE_NAMES = [
  'letters50to70',
  'letters70to90',
  'letters90to100',
  'words50to70',
  'words70to85',
  'words85to100',
  'contained70to90',
  'contained90to100',
  'sameBeginning',
  'titleLength',
  'oneUnsigned',
  'bothUnsigned',
  'noSharedAuthor',
  'authorsOfShorter',
  'authorsOfLonger',
  'sameFirstAuthor',
  'amidAuthors',
  'otherGivenNames',
  'sameTitleOtherAuthors',
  'sameKindSameYear',
  'sameKindYearUnknown',
  'sameKind1YearApart',
  'sameKind2YearsApart',
  'sameKindMoreYearsApart',
  'otherKindSameYear',
  'otherKindYearUnknown',
  'otherKindYearsApart',
  'draftSameYear',
  'draftYearUnknown',
  'draft1YearApart',
  'draft2YearsApart',
  'draftMoreYearsApart',
  'sameVenue',
  'sameVenueYearsApart',
  'shortTitleYearsApart',
  'venueUnknown',
] as const

export type FeatureName = (typeof FEATURE_NAMES)[number]
export type Features = Record<FeatureName, number>

/** Computes the features of a pair. The order of the two records does not matter. */
export function featuresOf(one: Profile, other: Profile): Features {
  const titles = compareTitles(one, other)
  const { length } = titles
  return { ...ofTitles(titles), ...ofAuthors(one, other), ...ofPublication(one, other, length) } as Features
}

function ofTitles(titles: TitleAgreement): Partial<Features> {
  const { letters, words, contained, length, sameBeginning } = titles
  return {
    letters50to70: rise(letters, 0.5, 0.7),
    letters70to90: rise(letters, 0.7, 0.9),
    letters90to100: rise(letters, 0.9, 1),
    words50to70: rise(words, 0.5, 0.7),
    words70to85: rise(words, 0.7, 0.85),
    words85to100: rise(words, 0.85, 1),
    contained70to90: rise(contained, 0.7, 0.9),
    contained90to100: rise(contained, 0.9, 1),
    sameBeginning: Number(sameBeginning),
    titleLength: length,
  }
}

function ofAuthors(one: Profile, other: Profile): Partial<Features> {
  const agreement = compareAuthors(
    { names: one.names, titleLetters: one.letters },
    { names: other.names, titleLetters: other.letters },
  )
  const unsigned = one.names.length === 0 && other.names.length === 0
  const noneShared = agreement !== undefined && agreement.ofShorter === 0
  // A truncated list still has its first author. The editor of a column may stand anywhere among its authors.
  const isOtherLength = one.names.length !== other.names.length
  return {
    oneUnsigned: Number(agreement === undefined && !unsigned),
    bothUnsigned: Number(agreement === undefined && unsigned),
    noSharedAuthor: Number(noneShared),
    authorsOfShorter: agreement?.ofShorter ?? 0,
    authorsOfLonger: agreement?.ofLonger ?? 0,
    sameFirstAuthor: Number(agreement?.sameFirst ?? false),
    amidAuthors: Number(isOtherLength && !noneShared && agreement?.sameFirst === false),
    otherGivenNames: agreement?.otherGiven ?? 0,
    sameTitleOtherAuthors: Number(noneShared && one.letters === other.letters),
  }
}

/**
 * Two publications of different kinds, such as a talk and its article, are two papers. A difference in years says more
 * between two publications of one kind than between a draft and its publication. It also says more for a short title,
 * which may be a column's, than for a long one.
 */
function ofPublication(one: Profile, other: Profile, titleLength: number): Partial<Features> {
  const years = yearsApart(one, other)
  const bothPublished = isPublished(one) && isPublished(other)
  const sameKind = bothPublished && one.kind === other.kind
  const otherKind = bothPublished && !sameKind
  const sameVenue = sameKind && sharesVenue(one.venue, other.venue)
  return {
    ...byYears('sameKind', sameKind, years),
    ...byYears('draft', !bothPublished, years),
    otherKindSameYear: Number(otherKind && years === 0),
    otherKindYearUnknown: Number(otherKind && years === undefined),
    otherKindYearsApart: Number(otherKind && (years ?? 0) > 0),
    sameVenue: Number(sameVenue),
    sameVenueYearsApart: Number(sameVenue && (years ?? 0) > 0),
    shortTitleYearsApart: sameKind && (years ?? 0) > 0 ? 1 - titleLength : 0,
    venueUnknown: Number(one.kind === undefined || other.kind === undefined),
  }
}

function isPublished({ kind }: Profile): boolean {
  return kind === 'meeting' || kind === 'journal'
}

function byYears(of: 'sameKind' | 'draft', applies: boolean, years: number | undefined): Partial<Features> {
  return {
    [`${of}SameYear`]: Number(applies && years === 0),
    [`${of}YearUnknown`]: Number(applies && years === undefined),
    [`${of}1YearApart`]: Number(applies && years === 1),
    [`${of}2YearsApart`]: Number(applies && years === 2),
    [`${of}MoreYearsApart`]: Number(applies && (years ?? 0) > 2),
  }
}

/** Years between two records; undefined if one has no year. */
export function yearsApart(one: Profile, other: Profile): number | undefined {
  if (one.year === undefined || other.year === undefined) return undefined
  return Math.abs(one.year - other.year)
}

/** The part of the shorter abstract's words that the other has, 0 to 1; undefined if one has no abstract. */
export function abstractLikeness(one: Profile, other: Profile): number | undefined {
  const [ours, theirs] = [one.abstract(), other.abstract()]
  const least = Math.min(ours.size, theirs.size)
  return least === 0 ? undefined : sharedBy(ours, theirs) / least
}

/** 0 up to `from`, 1 from `to` on, linear between. */
function rise(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}
