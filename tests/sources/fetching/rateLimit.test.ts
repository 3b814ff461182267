import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HostWish, wishOf } from '../../../src/sources/fetching/rateLimit.ts'

test.each<[string, number, Record<string, string>, HostWish]>([
  ['a good answer', 200, {}, {}],
  ['quota left', 200, { ratelimit: '"api";r=499;t=120' }, {}],
  ['the last of a quota', 200, { ratelimit: '"api";r=0;t=120' }, { waitMs: 120_000 }],
  ['one of two quotas used up', 200, { ratelimit: '"burst";r=3;t=1, "day";r=0;t=60' }, { waitMs: 60_000 }],
  ['parameters in another order', 200, { ratelimit: '"api"; t=7; r=0' }, { waitMs: 7_000 }],
  ['too many', 429, { 'retry-after': '9', ratelimit: '"api";r=0;t=120' }, { waitMs: 9_000 }],
  ['too many, and the quota says how long', 429, { ratelimit: '"api";r=0;t=120' }, { waitMs: 120_000 }],
  ['too many, without a word', 429, {}, { waitMs: 60_000 }],
  ['unavailable for a while', 503, { 'retry-after': '30' }, { waitMs: 30_000 }],
  ['unavailable', 503, {}, {}],
  ['broken', 500, { 'retry-after': '30' }, {}],
  ['a policy', 200, { 'ratelimit-policy': '"fixed window";"api";q=500;w=300' }, { gapMs: 600 }],
  ['two policies', 200, { 'ratelimit-policy': '"a";q=10;w=1, "b";q=100;w=300' }, { gapMs: 3_000 }],
  ['a policy of nothing', 200, { 'ratelimit-policy': '"a";q=0;w=300' }, {}],
  ['a wait of a year: a day', 200, { ratelimit: '"api";r=0;t=31536000' }, { waitMs: 86_400_000 }],
  ['nonsense', 200, { ratelimit: 'r=;t=x', 'ratelimit-policy': ';;,' }, {}],
])('%s', (_name, status, headers, expected) => {
  expect(wishOf(status, headers)).toEqual(expected)
})

test('whatever a host says, the wait is a time between nothing and a day', () => {
  const header = fc.string({ unit: fc.constantFrom(...'"api;=,rtqw0123456789. -') })
  fc.assert(
    fc.property(fc.constantFrom(200, 429, 503), header, header, (status, ratelimit, policy) => {
      const { waitMs = 0, gapMs = 0 } = wishOf(status, { ratelimit, 'ratelimit-policy': policy })
      for (const time of [waitMs, gapMs]) expect(time >= 0 && time <= 86_400_000).toBe(true)
    }),
  )
})
