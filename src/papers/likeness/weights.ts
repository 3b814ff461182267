import type { FeatureName } from './features.ts'

/**
 * The weight of each feature: what it adds to the log-odds that two records are one paper (Fellegi and Sunter, "A
 * Theory for Record Linkage", JASA 64, 1969; fitted by logistic regression). bench/learnMatch.ts learns the weights and
 * writes this table. docs/decisions/matching.md describes the data and the quality.
 */
export const PRIOR = -8.37

export const WEIGHTS: Record<FeatureName, number> = {
  letters50to70: 2.3,
  letters70to90: 1.21,
  letters90to100: -0.37,
  words50to70: 1.74,
  words70to85: 0.45,
  words85to100: 0.02,
  contained70to90: 2.64,
  contained90to100: 0.04,
  sameBeginning: 1.7,
  titleLength: -1.56,
  oneUnsigned: 0.88,
  bothUnsigned: 0.75,
  noSharedAuthor: -2.11,
  authorsOfShorter: 1.58,
  authorsOfLonger: 0.2,
  sameFirstAuthor: -0.22,
  amidAuthors: -0.86,
  otherGivenNames: -0.11,
  sameTitleOtherAuthors: 1.57,
  sameKindSameYear: 2.91,
  sameKindYearUnknown: 1.98,
  sameKind1YearApart: 0.62,
  sameKind2YearsApart: 0,
  sameKindMoreYearsApart: -2.43,
  otherKindSameYear: 1.08,
  otherKindYearUnknown: -0.06,
  otherKindYearsApart: -2.13,
  draftSameYear: 0.33,
  draftYearUnknown: 0.27,
  draft1YearApart: -0.54,
  draft2YearsApart: -0.3,
  draftMoreYearsApart: -3.28,
  sameVenue: 0.95,
  sameVenueYearsApart: -0.3,
  shortTitleYearsApart: -0.72,
  venueUnknown: 1.21,
}
