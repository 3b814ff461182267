import type { EvidenceName } from './evidence.ts'

/**
 * What each piece of evidence adds to the log-odds that two records are one paper (Fellegi and Sunter, "A Theory for
 * Record Linkage", JASA 64, 1969; the weights by logistic regression). Learned by bench/learnMatch.ts, which writes
 * this table; docs/decisions/matching.md has the data and how well they do.
 */
export const PRIOR = -9.63

export const WEIGHTS: Record<EvidenceName, number> = {
  letters50to70: 2.11,
  letters70to90: 1.02,
  letters90to100: -0.17,
  words50to70: 1.36,
  words70to85: 0.44,
  words85to100: -0.15,
  contained70to90: 2.34,
  contained90to100: 0.22,
  sameBeginning: 1.64,
  titleLength: 0.05,
  oneUnsigned: 1.4,
  bothUnsigned: 1.03,
  noSharedAuthor: -1.61,
  authorsOfShorter: 1.39,
  authorsOfLonger: 0.58,
  sameFirstAuthor: 0.41,
  otherGivenNames: -0.26,
  sameTitleOtherAuthors: 1.58,
  sameKindSameYear: 2.74,
  sameKindYearUnknown: 2.23,
  sameKind1YearApart: -0.14,
  sameKind2YearsApart: -0.32,
  sameKindMoreYearsApart: -1.5,
  otherKindSameYear: 0.93,
  otherKindYearUnknown: -0.13,
  otherKindYearsApart: -2.0,
  draftSameYear: 0.97,
  draftYearUnknown: 0.9,
  draft1YearApart: -0.67,
  draft2YearsApart: -0.84,
  draftMoreYearsApart: -2.66,
  sameVenue: 0.76,
  sameVenueYearsApart: -0.99,
  venueUnknown: 0.78,
}
