import type { EvidenceName } from './evidence.ts'

/**
 * What each piece of evidence adds to the log-odds that two records are one paper (Fellegi and Sunter, "A Theory for
 * Record Linkage", JASA 64, 1969; the weights by logistic regression). Learned by bench/learnMatch.ts, which writes
 * this table; docs/decisions/matching.md has the data and how well they do.
 */
export const PRIOR = -8.37

export const WEIGHTS: Record<EvidenceName, number> = {
  letters50to70: 2.3,
  letters70to90: 1.17,
  letters90to100: -0.34,
  words50to70: 1.72,
  words70to85: 0.42,
  words85to100: 0.04,
  contained70to90: 2.64,
  contained90to100: 0.03,
  sameBeginning: 1.67,
  titleLength: -1.48,
  oneUnsigned: 0.89,
  bothUnsigned: 0.67,
  noSharedAuthor: -2.09,
  authorsOfShorter: 1.59,
  authorsOfLonger: 0.21,
  sameFirstAuthor: -0.21,
  amidAuthors: -0.85,
  otherGivenNames: -0.12,
  sameTitleOtherAuthors: 1.56,
  sameKindSameYear: 2.9,
  sameKindYearUnknown: 1.99,
  sameKind1YearApart: 0.54,
  sameKind2YearsApart: 0.04,
  sameKindMoreYearsApart: -2.34,
  otherKindSameYear: 1.08,
  otherKindYearUnknown: -0.07,
  otherKindYearsApart: -2.14,
  draftSameYear: 0.32,
  draftYearUnknown: 0.28,
  draft1YearApart: -0.55,
  draft2YearsApart: -0.31,
  draftMoreYearsApart: -3.28,
  sameVenue: 0.92,
  sameVenueYearsApart: -0.38,
  shortTitleYearsApart: -0.81,
  venueUnknown: 1.22,
}
