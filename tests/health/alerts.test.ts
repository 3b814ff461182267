import { describe, expect, test } from 'vitest'
import type { AlertRow } from '../../src/db/health/alerts.ts'
import { writeMessage } from '../../src/health/alerts/message.ts'
import { isQuiet, parseQuietHours } from '../../src/health/alerts/quietHours.ts'
import { parseWebhook, shapeMessage } from '../../src/health/alerts/webhook.ts'

const ALERT: AlertRow = {
  key: 'layout changed: hf-daily',
  severity: 'bad',
  title: 'hf-daily: layout changed',
  reason: '40 papers before, none now; asked by ann@example.org',
  since: new Date('2026-11-20T02:10:00Z'),
  cleared_at: null,
  told_at: null,
  clear_told_at: null,
  claimed_until: null,
  tries: 1,
  set_aside_at: null,
}
const CLEARED = { ...ALERT, title: 'mail paused', cleared_at: new Date('2026-11-20T03:00:00Z') }

test('one message tells all that began and ended, without addresses', () => {
  const { subject, text, urgent } = writeMessage([ALERT, CLEARED], 'https://digest.example.org/admin')
  expect(subject).toBe('Needs a person: hf-daily: layout changed (and 1 more)')
  expect(urgent).toBe(true)
  expect(text.split('\n')).toEqual([
    'NEEDS A PERSON: hf-daily: layout changed',
    '  40 papers before, none now; asked by a•••@example.org',
    '  since 2026-11-20 02:10 UTC',
    '',
    'CLEARED: mail paused',
    '  it lasted from 2026-11-20 02:10 UTC to 2026-11-20 03:00 UTC',
    '',
    'https://digest.example.org/admin',
  ])
  expect(writeMessage([CLEARED], '').subject).toBe('Cleared: mail paused')
})

describe('webhooks', () => {
  test.each([
    ['https://hooks.slack.com/services/T/B/x', 'slack'],
    ['https://discord.com/api/webhooks/1/x', 'discord'],
    ['https://ntfy.sh/topic', 'ntfy'],
    ['ntfy+http://127.0.0.1:8080/topic', 'ntfy'],
    ['slack+https://chat.example.org/hooks/x', 'slack'],
    ['https://notslack.com.example.org/x', 'json'],
  ])('%s gets the shape %s', (address, shape) => {
    expect(parseWebhook(address)?.shape).toBe(shape)
    expect(parseWebhook(address)?.url).toMatch(/^https?:/)
  })
  test.each(['', 'ftp://x', 'smoke+https://x', 'https://'])('"%s" is none', (address) => {
    expect(parseWebhook(address)).toBeUndefined()
  })

  const message = writeMessage([ALERT], 'https://digest.example.org/admin')
  test.each([
    ['slack', { text: expect.stringContaining('*Needs a person: hf-daily') }],
    ['discord', { content: expect.stringContaining('**Needs a person: hf-daily') }],
    [
      'json',
      { subject: message.subject, urgent: true, alerts: [expect.objectContaining({ cleared: false })] },
    ],
  ] as const)('%s', (shape, body) => {
    expect(JSON.parse(shapeMessage(shape, message).body)).toMatchObject(body)
  })
  test('ntfy: the title and urgency are header fields, in ASCII', () => {
    const { headers, body } = shapeMessage('ntfy', { ...message, subject: 'größer' })
    expect(headers).toEqual({ title: 'gr??er', priority: 'high', tags: 'warning' })
    expect(body).toBe(message.text)
  })
})

describe('quiet hours', () => {
  const at = (time: string) => new Date(`2026-11-20T${time}:00Z`)
  test.each([
    ['22:00-07:00', '21:59', false],
    ['22:00-07:00', '22:00', true],
    ['22:00-07:00', '06:59', true],
    ['22:00-07:00', '07:00', false],
    ['09:00-17:00', '12:00', true],
    ['22:00-07:00 Europe/Berlin', '21:00', true],
    ['22:00-07:00 Asia/Tokyo', '21:00', true],
    ['22:00-07:00 Asia/Tokyo', '22:00', false],
  ])('%s at %s UTC: %s', (hours, time, quiet) => {
    expect(isQuiet(parseQuietHours(hours)!, at(time))).toBe(quiet)
  })
  test.each(['', '25:00-07:00', '22:00', '22:00-22:00', '22:00-07:00 Mars/Olympus'])(
    '"%s" is none',
    (text) => {
      expect(parseQuietHours(text)).toBeUndefined()
    },
  )
})
