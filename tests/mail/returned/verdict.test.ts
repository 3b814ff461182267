import { expect, test } from 'vitest'
import { classOf, reasonToSuppress } from '../../../src/mail/returned/verdict.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const DAY = 24 * 60 * 60 * 1000
const bounce = (status: string | null, daysAgo: number) => ({
  status,
  at: new Date(NOW.getTime() - daysAgo * DAY),
})

test.each([
  ['5.1.1', 'gone'],
  ['5.1.10', 'gone'],
  ['5.1.2', 'refusing'],
  ['5.2.1', 'refusing'],
  ['5.4.1', 'refusing'],
  ['5.0.0', 'refusing'],
  [null, 'refusing'],
  ['5.2.2', 'soft'],
  ['4.4.7', 'soft'],
  ['5.4.4', 'soft'],
  ['5.2.3', 'mail'],
  ['5.3.4', 'mail'],
  ['5.6.1', 'mail'],
  ['5.7.1', 'ours'],
  ['5.7.515', 'ours'],
  ['5.1.8', 'ours'],
  ['4.7.0', 'ours'],
] as const)('%s speaks of a mailbox that is: %s', (status, expected) => {
  expect(classOf(status)).toBe(expected)
})

test.each([
  ['one bounce of a mailbox that does not exist', [bounce('5.1.1', 0)], 'there is no such mailbox (5.1.1)'],
  ['one odd refusal', [bounce('5.0.0', 0)], undefined],
  ['two refusals', [bounce('5.2.1', 0), bounce(null, 1)], '2 mails were refused for good'],
  ['two refusals, one of them long ago', [bounce('5.2.1', 0), bounce('5.2.1', 31)], undefined],
  ['refusals of us', [0, 1, 2, 3].map((day) => bounce('5.7.1', day)), undefined],
  ['refusals of the mail', [0, 1, 2, 3].map((day) => bounce('5.3.4', day)), undefined],
  ['a full mailbox for some days', [0, 1, 2, 3, 4].map((day) => bounce('5.2.2', day)), undefined],
  [
    'a full mailbox for weeks',
    [0, 3, 6, 9, 12].map((day) => bounce('5.2.2', day)),
    '5 mails could not be delivered within 12 days',
  ],
  ['nothing', [], undefined],
] as const)('%s', (_what, bounces, expected) => {
  expect(reasonToSuppress([...bounces], NOW)).toBe(expected)
})
