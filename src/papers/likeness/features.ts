import type { Profile } from '../profile/profile.ts'
import { sharedBy } from '../profile/trigrams.ts'
import { sharesVenue } from '../profile/venues.ts'
import { type AuthorAgreement, compareAuthors } from './authors.ts'
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

const NO_FEATURES = Object.fromEntries(FEATURE_NAMES.map((name) => [name, 0])) as Features

/**
 * Computes the features of a pair. The order of the two records does not matter. They are filled into one object, because
 * joining several costs more than all comparisons, and there are millions of pairs. `authors`: what agreementOf gives.
 */
export function featuresOf(one: Profile, other: Profile, authors = agreementOf(one, other)): Features {
  const features = { ...NO_FEATURES }
  const titles = compareTitles(one, other)
  fillTitles(features, titles)
  fillAuthors(features, one, other, authors)
  fillPublication(features, one, other, titles.length)
  return features
}

function fillTitles(features: Features, titles: TitleAgreement): void {
  const { letters, words, contained, length, sameBeginning } = titles
  features.letters50to70 = rise(letters, 0.5, 0.7)
  features.letters70to90 = rise(letters, 0.7, 0.9)
  features.letters90to100 = rise(letters, 0.9, 1)
  features.words50to70 = rise(words, 0.5, 0.7)
  features.words70to85 = rise(words, 0.7, 0.85)
  features.words85to100 = rise(words, 0.85, 1)
  features.contained70to90 = rise(contained, 0.7, 0.9)
  features.contained90to100 = rise(contained, 0.9, 1)
  features.sameBeginning = Number(sameBeginning)
  features.titleLength = length
}

/** How far the authors of two records agree; undefined if that cannot be told. */
export function agreementOf(one: Profile, other: Profile): AuthorAgreement | undefined {
  return compareAuthors(
    { names: one.names, titleLetters: one.letters },
    { names: other.names, titleLetters: other.letters },
  )
}

function fillAuthors(
  features: Features,
  one: Profile,
  other: Profile,
  agreement: AuthorAgreement | undefined,
): void {
  const unsigned = one.names.length === 0 && other.names.length === 0
  const noneShared = agreement !== undefined && agreement.ofShorter === 0
  // A truncated list still has its first author. The editor of a column may stand anywhere among its authors.
  const isOtherLength = one.names.length !== other.names.length
  features.oneUnsigned = Number(agreement === undefined && !unsigned)
  features.bothUnsigned = Number(agreement === undefined && unsigned)
  features.noSharedAuthor = Number(noneShared)
  features.authorsOfShorter = agreement?.ofShorter ?? 0
  features.authorsOfLonger = agreement?.ofLonger ?? 0
  features.sameFirstAuthor = Number(agreement?.sameFirst ?? false)
  features.amidAuthors = Number(isOtherLength && !noneShared && agreement?.sameFirst === false)
  features.otherGivenNames = agreement?.otherGiven ?? 0
  features.sameTitleOtherAuthors = Number(noneShared && one.letters === other.letters)
}

/**
 * Two publications of different kinds, such as a talk and its article, are two papers. A difference in years says more
 * between two publications of one kind than between a draft and its publication. It also says more for a short title,
 * which may be a column's, than for a long one.
 */
function fillPublication(features: Features, one: Profile, other: Profile, titleLength: number): void {
  const years = yearsApart(one, other)
  const bothPublished = isPublished(one) && isPublished(other)
  const sameKind = bothPublished && one.kind === other.kind
  const otherKind = bothPublished && !sameKind
  const sameVenue = sameKind && sharesVenue(one.venue, other.venue)
  fillOneKind(features, sameKind, years)
  fillDraft(features, !bothPublished, years)
  features.otherKindSameYear = Number(otherKind && years === 0)
  features.otherKindYearUnknown = Number(otherKind && years === undefined)
  features.otherKindYearsApart = Number(otherKind && (years ?? 0) > 0)
  features.sameVenue = Number(sameVenue)
  features.sameVenueYearsApart = Number(sameVenue && (years ?? 0) > 0)
  features.shortTitleYearsApart = sameKind && (years ?? 0) > 0 ? 1 - titleLength : 0
  features.venueUnknown = Number(one.kind === undefined || other.kind === undefined)
}

function isPublished({ kind }: Profile): boolean {
  return kind === 'meeting' || kind === 'journal'
}

function fillOneKind(features: Features, applies: boolean, years: number | undefined): void {
  features.sameKindSameYear = Number(applies && years === 0)
  features.sameKindYearUnknown = Number(applies && years === undefined)
  features.sameKind1YearApart = Number(applies && years === 1)
  features.sameKind2YearsApart = Number(applies && years === 2)
  features.sameKindMoreYearsApart = Number(applies && (years ?? 0) > 2)
}

function fillDraft(features: Features, applies: boolean, years: number | undefined): void {
  features.draftSameYear = Number(applies && years === 0)
  features.draftYearUnknown = Number(applies && years === undefined)
  features.draft1YearApart = Number(applies && years === 1)
  features.draft2YearsApart = Number(applies && years === 2)
  features.draftMoreYearsApart = Number(applies && (years ?? 0) > 2)
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
