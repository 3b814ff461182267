import type { EvidenceName } from './evidence.ts'

/**
 * What each piece of evidence adds to the log-odds that two records are one paper (Fellegi and Sunter, "A Theory for
 * Record Linkage", JASA 64, 1969; the weights by logistic regression). Learned by bench/learnMatch.ts, which writes
 * this table; docs/decisions/matching.md has the data and how well they do.
 */
export const PRIOR = -8.5

export const WEIGHTS: Record<EvidenceName, number> = {
  letters50to70: 2.35,
  letters70to90: 1.13,
  letters90to100: -0.38,
  words50to70: 1.69,
  words70to85: 0.42,
  words85to100: 0.03,
  contained70to90: 2.63,
  contained90to100: 0.05,
  sameBeginning: 1.64,
  titleLength: -1.31,
  oneUnsigned: 0.91,
  bothUnsigned: 0.65,
  noSharedAuthor: -1.99,
  authorsOfShorter: 1.52,
  authorsOfLonger: 0.1,
  sameFirstAuthor: -0.04,
  amidAuthors: -0.68,
  otherGivenNames: -0.1,
  sameTitleOtherAuthors: 1.56,
  sameKindSameYear: 2.95,
  sameKindYearUnknown: 1.99,
  sameKind1YearApart: 0.48,
  sameKind2YearsApart: 0.09,
  sameKindMoreYearsApart: -2.22,
  otherKindSameYear: 0.79,
  otherKindYearUnknown: -0.1,
  otherKindYearsApart: -2.37,
  draftSameYear: 0.42,
  draftYearUnknown: 0.35,
  draft1YearApart: -0.5,
  draft2YearsApart: -0.47,
  draftMoreYearsApart: -3.2,
  sameVenue: 0.93,
  sameVenueYearsApart: -0.43,
  shortTitleYearsApart: -0.89,
  venueUnknown: 1.17,
}
