import { describe, expect, test } from 'vitest'
import { PermanentError, RefusedError, TemporaryError } from '../../../src/errors.ts'
import { answerError, isTurnedAway } from '../../../src/sources/fetching/answerError.ts'
import { retryAfterOf } from '../../../src/sources/fetching/rateLimit.ts'

const DATE = 'Mon, 23 Nov 2026 10:00:00 GMT'

describe('the wait a host asks for', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['no wait', { 'retry-after': '0' }, 0],
    [
      "a date, by the host's own clock",
      { 'retry-after': 'Mon, 23 Nov 2026 10:05:00 GMT', date: DATE },
      300_000,
    ],
    ['a date that has passed', { 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT', date: DATE }, 0],
    ["a date without the host's clock", { 'retry-after': 'Mon, 23 Nov 2026 10:05:00 GMT' }, undefined],
    ['the reset of a rate limit', { ratelimit: '"pages";r=0;t=42' }, 42_000],
    ['Retry-After before the rate limit', { 'retry-after': '7', ratelimit: '"pages";r=0;t=42' }, 7_000],
    ['a year: a day at most', { 'retry-after': '31536000' }, 86_400_000],
    ['nonsense', { 'retry-after': 'soon', ratelimit: 't' }, undefined],
    ['negative', { 'retry-after': '-5' }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_name, headers, expected) => {
    expect(retryAfterOf(headers)).toBe(expected)
  })
})

describe('what may be better later', () => {
  test.each([
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [410, false],
    [451, false],
    [204, false],
    [300, false],
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
    [520, true],
  ])('%d: temporary %s', (status, isTemporary) => {
    expect(answerError(status, {})).toBeInstanceOf(isTemporary ? TemporaryError : PermanentError)
  })

  test('the message has the status in words and the wait', () => {
    expect(answerError(404, {}).message).toBe('404 Not Found: check the address in a browser')
    expect(answerError(429, { 'retry-after': '9' })).toMatchObject({
      message: '429 Too Many Requests, asked to wait 9 s',
      retryAfterMs: 9_000,
    })
    expect(answerError(599, {}).message).toBe('599 unknown status')
  })
})

describe('being turned away', () => {
  test.each<[number, Record<string, string>]>([
    [401, {}],
    [403, {}],
    [451, {}],
    [202, { 'x-amzn-waf-action': 'challenge' }],
    [405, { 'x-amzn-waf-action': 'captcha' }],
    [503, { 'cf-mitigated': 'challenge' }],
  ])('%d %j: for good', (status, headers) => {
    expect(answerError(status, headers)).toBeInstanceOf(RefusedError)
    expect(isTurnedAway(answerError(status, headers))).toBe(true)
  })

  test('for a time, where the host says how long', () => {
    expect(isTurnedAway(answerError(429, { 'retry-after': '9' }))).toBe(true)
    expect(isTurnedAway(answerError(503, { 'retry-after': '9' }))).toBe(true)
  })

  test.each([400, 404, 410, 500, 503])('%d is something else', (status) => {
    expect(isTurnedAway(answerError(status, {}))).toBe(false)
  })
})
