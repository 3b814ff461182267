import { describe, expect, test } from 'vitest'
import { momentOf, publication, shownDay, writtenDay } from '../../../../src/sources/reading/dates/dates.ts'

describe('momentOf and writtenDay', () => {
  test.each([
    ['2026-05-08T23:30:00-05:00', '2026-05-09T04:30:00.000Z', '2026-05-08'],
    ['2025-08-20T04:00:19.866337+00:00', '2025-08-20T04:00:19.866Z', '2025-08-20'],
    ['Tue, 03 Nov 2026 00:00:00 -0500', '2026-11-03T05:00:00.000Z', '2026-11-03'],
    ['Mon, 2 Apr 2007 19:18:42 GMT', '2007-04-02T19:18:42.000Z', '2007-04-02'],
    ['3 Nov 2026 00:00 EST', '2026-11-03T05:00:00.000Z', '2026-11-03'],
    ['Tue, 3 November 2026 9:05:00 Z', '2026-11-03T09:05:00.000Z', '2026-11-03'],
    ['2006-11-27', '2006-11-27T00:00:00.000Z', '2006-11-27'],
    [' 2006-11-27\n', '2006-11-27T00:00:00.000Z', '2006-11-27'],
  ])('%j', (value, moment, day) => {
    expect([momentOf(value)?.toISOString(), writtenDay(value)]).toEqual([moment, day])
  })

  test.each([
    // pandas, SQL, Python, Go, Java
    '2019-03-02 05:00:00+00:00',
    '2019-03-02 05:00:00',
    '2019-03-02T05:00:00',
    '2019-03-02 05:00:00+00',
    '2019-03-02 05:00:00.000000',
    '2019-03-02 05:00:00,000',
    '2019-03-02T05:00:00.0',
    '2019-03-02T05:00Z',
    '2019-03-02 05:00:00 UTC',
    '2019-03-02 05:00:00 +0000 UTC',
    '2019-03-02T06:00:00+01:00[Europe/Berlin]',
    "Timestamp('2019-03-02 05:00:00+0000', tz='UTC')",
    'datetime.datetime(2019, 3, 2, 5, 0, tzinfo=datetime.timezone.utc)',
    '20190302T050000Z',
    '20190302050000',
    // spreadsheets
    '2019/3/2 5:00:00',
    '2019/03/02 05:00',
    '2.3.2019 05:00',
    '2019-3-2 5:00',
    '2019/3/2 5:00 AM',
    // mail headers, feeds, ctime, browsers
    'Sat, 02 Mar 2019 05:00:00',
    'Sat, 02 Mar 2019 05:00:00 +0000 (UTC)',
    'Sat, 2 Mar 19 05:00:00 GMT',
    'Sat, 02 Mar 2019 06:00:00 CET',
    'Sat Mar  2 05:00:00 2019',
    'Sat Mar 02 05:00:00 +0000 2019',
    'Sat Mar 2 05:00:00 UTC 2019',
    'Sat Mar 02 2019 06:00:00 GMT+0100 (Central European Standard Time)',
    'March 2, 2019 05:00',
    'March 2, 2019, 5:00 a.m.',
    'Mar 2, 2019 at 5:00 AM',
    // counted
    '1551502800',
    1_551_502_800,
    '1551502800000',
    1_551_502_800_000,
    '1551502800.0',
    { $date: '2019-03-02T05:00:00Z' },
    { _seconds: 1_551_502_800 },
    { 'date-parts': [[2019, 3, 2]], 'date-time': '2019-03-02T05:00:00Z' },
  ])('%j is 2019-03-02 at 05:00 UTC', (value) => {
    expect([momentOf(value)?.toISOString(), writtenDay(value)]).toEqual([
      '2019-03-02T05:00:00.000Z',
      '2019-03-02',
    ])
  })

  test.each([
    '2019/03/02',
    '2019-3-2',
    '2019.03.02',
    '2019. 3. 2.',
    '20190302',
    '02.03.2019',
    'March 2, 2019',
    'March 2nd, 2019',
    'Mar. 2, 2019',
    '2 Mar 2019',
    '2 March 2019',
    '02-Mar-2019',
    '02-Mar-19',
    'Saturday, 2 March 2019',
    '2019 Mar 2',
    '2019-Mar-02',
    '2. März 2019',
    '2 mars 2019',
    '2 de marzo de 2019',
    '2 марта 2019 г.',
    '2019年3月2日',
    '2019년 3월 2일',
    '43526',
    43_526,
    { 'date-parts': [[2019, 3, 2]] },
    { 'date-parts': [['2019', '03', '02']] },
    { year: '2019', month: 'Mar', day: '2' },
    { value: '2019-03-02' },
    [2019, 3, 2],
    'datetime.date(2019, 3, 2)',
  ])('%j is the day 2019-03-02', (value) => {
    expect([momentOf(value)?.toISOString(), writtenDay(value)]).toEqual([
      '2019-03-02T00:00:00.000Z',
      '2019-03-02',
    ])
  })

  test.each([
    '2026-W18-7',
    '2026W187',
    '2026-123',
    '２０２６年５月３日',
    '二〇二六年五月三日',
    '令和8年5月3日',
    'ngày 3 tháng 5 năm 2026',
    '3 mei 2026',
    '3 maja 2026',
    '3. května 2026',
    '3 Mayıs 2026',
    '3May2026',
    '2026–05–03',
    '\u200e2026-05-03\u200e',
    '"2026-05-03"',
    '2026-05-03~',
    'Published online: 3 May 2026',
    '[Submitted on 3 May 2026]',
    'Submitted 3 May, 2026; originally announced May 2026.',
    '2026-05-03 (v1)',
    'May 3-5, 2026',
    '3–5 May 2026',
    '3 May - 5 June 2026',
    '2026-05-03/2026-05-05',
    '2026-05-03 to 2026-05-05',
    "numpy.datetime64('2026-05-03')",
    'Timestamp("2026-05-03 00:00:00")',
    '/Date(1777766400000)/',
    '1.7777664E9',
    { $date: { $numberLong: '1777766400000' } },
  ])('%j is the day 2026-05-03', (value) => {
    expect([momentOf(value)?.toISOString(), writtenDay(value)]).toEqual([
      '2026-05-03T00:00:00.000Z',
      '2026-05-03',
    ])
  })

  test.each([
    '2026-05-03T10',
    '2026-05-03T10Z',
    '20260503T1000',
    '20260503T120000+0200',
    'D:20260503100000Z',
    '2026:05:03 10:00:00',
    '10:00, 3 May 2026',
    '10:00 UTC, May 3, 2026',
    '3 mai 2026 à 10:00',
    '2026-05-03T10:00:00[UTC]',
  ])('%j is 2026-05-03 at 10:00 UTC', (value) => {
    expect([momentOf(value)?.toISOString(), writtenDay(value)]).toEqual([
      '2026-05-03T10:00:00.000Z',
      '2026-05-03',
    ])
  })

  test.each([
    ['2026-05-03T24:00:00', '2026-05-04T00:00:00.000Z'],
    ['2026-12-31T23:59:60Z', '2026-12-31T23:59:59.000Z'],
    ['2026-05-00', '2026-05-01T00:00:00.000Z'],
    ['2026-00-00', '2026-01-01T00:00:00.000Z'],
    ['Q2 2026', '2026-04-01T00:00:00.000Z'],
    ['c2026', '2026-01-01T00:00:00.000Z'],
    ['2020-W53-5', '2021-01-01T00:00:00.000Z'],
  ])('%j begins at %s', (value, moment) => {
    expect(momentOf(value)?.toISOString()).toBe(moment)
  })

  test.each([
    ['2026', '2026-01-01'],
    [2026, '2026-01-01'],
    ['2026.0', '2026-01-01'],
    ['2026-05', '2026-05-01'],
    ['2026/05', '2026-05-01'],
    ['05/2026', '2026-05-01'],
    ['May 2026', '2026-05-01'],
    ['2026 May', '2026-05-01'],
    ['May-June 2026', '2026-05-01'],
    ['2026 Jul-Aug', '2026-07-01'],
    ['juillet 2026', '2026-07-01'],
    ['juin 2026', '2026-06-01'],
    ['2026年5月', '2026-05-01'],
    [{ 'date-parts': [[2026, 5]] }, '2026-05-01'],
    [{ 'date-parts': [[2026]] }, '2026-01-01'],
  ])('%j is a month or a year, and names no day', (value, day) => {
    expect([momentOf(value)?.toISOString().slice(0, 10), writtenDay(value)]).toEqual([day, undefined])
  })

  test.each([
    ['of days by their place', '13/2/2019', '2019-02-13'],
    ['of months by theirs', '2/13/2019', '2019-02-13'],
    ['where both are the same', '3/3/2019', '2019-03-03'],
  ])('slashes are read %s', (_name, value, day) => {
    expect(writtenDay(value)).toBe(day)
  })

  test.each([
    'Tue, 31 Feb 2026 00:00:00 GMT',
    'Tue, 03 Foo 2026 00:00:00 GMT',
    'Tue, 03 Nov 2026 00:00:00 XYZ',
    'Tue, 03 Nov 2026 25:00:00 GMT',
    '2026-11-03 25:00',
    '2026-11-03 10:61',
    '13:00 PM 2026-11-03',
    '2026-02-30',
    '2026-13-01',
    '2026-11-03 and more',
    '3/2/2019',
    '3.2.19',
    '2026-400',
    '3 listopada 2026',
    'Published',
    '3 days ago',
    'soon',
    'May',
    '12 May',
    'Decision 2019',
    'Marvel 2, 2019',
    '',
    ' ',
    'NaT',
    '0000-00-00 00:00:00',
    '17',
    123,
    null,
    undefined,
    true,
    {},
    [],
    [[[2019]]],
    { 'date-parts': [[]] },
    { 'date-parts': [[null]] },
    'x'.repeat(1_000_000),
    `2019-03-02 ${':'.repeat(50_000)}`,
  ])('%j is no date', (value) => {
    expect([momentOf(value), writtenDay(value)]).toEqual([undefined, undefined])
  })
})

describe('publication', () => {
  test('the first field that can be read says it', () => {
    const publishedAt = new Date('2019-03-02T00:00:00Z')
    expect(publication(undefined, 'soon', '2 Mar 2019', '2020')).toEqual({ publishedAt })
  })

  test.each([
    ['3/2/2019', { year: 2019, unreadDate: '"3/2/2019"' }],
    ['Spring 2019', { year: 2019, unreadDate: '"Spring 2019"' }],
    ['soon', { year: undefined, unreadDate: '"soon"' }],
    [true, { year: undefined, unreadDate: 'true' }],
    [17, { year: undefined, unreadDate: '17' }],
  ])('what is written and cannot be read is told: %j', (value, expected) => {
    expect(publication(value)).toEqual(expected)
  })

  test.each([
    '',
    ' ',
    'NaT',
    'nan',
    'None',
    'n/a',
    '-',
    '0',
    '0000-00-00',
    null,
    undefined,
    [],
    {},
    { 'date-parts': [[null]] },
  ])('%j says that there is no date', (value) => {
    expect(publication(value)).toEqual({ publishedAt: undefined })
  })
})

describe('shownDay', () => {
  test.each([
    ['Feb 27, 2025', undefined, '2025-02-27'],
    ['May 30', '2026-06-29', '2026-05-30'],
    ['May 30', undefined, undefined],
    ['June 3, 2024', undefined, '2024-06-03'],
    ['Feb 29', '2026-06-29', undefined],
    ['Daily', '2026-06-29', undefined],
    ['May 300, 2024', undefined, undefined],
  ])('%j read on %s', (text, readOn, day) => {
    expect(shownDay(text, readOn)).toBe(day)
  })
})
