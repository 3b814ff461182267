import { describe, expect, test } from 'vitest'
import { acceptedVenue, venueOf } from '../../../../src/sources/reading/prose/acceptance.ts'

describe('acceptance said in comments', () => {
  test.each([
    ['Accepted at ICLR 2026', 'ICLR 2026'],
    ['12 pages, 3 figures. Accepted to NeurIPS 2025 (spotlight)', 'NeurIPS 2025'],
    ['Accepted by IEEE Transactions on Lanterns; 9 pages', 'IEEE Transactions on Lanterns'],
    [
      'Accepted as an oral paper at the 40th AAAI Conference on Lanterns (AAAI-26)',
      '40th AAAI Conference on Lanterns',
    ],
    ['accepted for publication in Proc. IEEE. Code: https://example.org', 'Proc. IEEE'],
    ['To appear in Journal of Lanterns, 2026', 'Journal of Lanterns'],
    ['Camera-ready version for CVPR 2026', 'CVPR 2026'],
    ['Published in Lantern Letters', 'Lantern Letters'],
    ['ICLR 2026', 'ICLR 2026'],
    ['ICML 2026 Spotlight; project page: https://example.org', 'ICML 2026'],
    ['EMNLP Findings 2025, 17 pages', 'EMNLP Findings 2025'],
    ["CVPR'26", "CVPR'26"],
    ['To be presented at INTERSPEECH 2026', 'INTERSPEECH 2026'],
  ])('%s', (comment, venue) => {
    expect(acceptedVenue(comment)).toBe(venue)
  })

  test.each([
    '9 pages, 4 figures',
    'Submitted to ICLR 2026',
    'Under review at ICML 2026',
    'Not accepted at any venue',
    'Draft of March 2026',
    'Version 2',
    'PhD thesis, 2026',
    'Extended version, 2026',
    '',
    5,
    null,
  ])('%s says nothing of it', (comment) => {
    expect(acceptedVenue(comment)).toBeUndefined()
  })
})

describe('the venue of a record', () => {
  test.each([
    ['ICLR 2026 Oral', 'ICLR 2026 Oral'],
    ['ICLR.cc/2026/Conference', 'ICLR 2026'],
    ['NeurIPS.cc/2025/Workshop/Lanterns', 'NeurIPS 2025 Workshop Lanterns'],
    ['VLDB J.', 'VLDB J.'],
    [{ value: 'ICLR 2026 Poster' }, 'ICLR 2026 Poster'],
    ['Submitted to ICLR 2026', undefined],
    ['ICLR 2026 Conference Withdrawn Submission', undefined],
    ['ICLR.cc/2026/Conference/Rejected_Submission', undefined],
    [5, undefined],
  ])('%j', (value, venue) => {
    expect(venueOf(value)).toBe(venue)
  })
})
