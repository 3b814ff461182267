/**
 * Rewrites dates that stand in other words, signs or calendars than readWrittenDate knows, and takes away what people
 * and programs put around a date.
 */

const LONGEST = 100

type Rewrite = [pattern: RegExp, to: string | ((...found: string[]) => string)]

/** Quotation marks and brackets around everything; what Python, .NET, PDF and library catalogues write around a date. */
const AROUND: Rewrite[] = [
  [/^["'“”‘’([]+(?=.*["'“”‘’)\]]$)|(?<=^["'“”‘’([].*)["'“”‘’)\]]+$/g, ''],
  [/^(?:pd\.)?Timestamp\("([^"]+)".*\)$/, '$1'],
  [/^(?:np|numpy)\.datetime64\(['"]([^'"]+)['"].*\)$/, '$1'],
  [/^\/?Date\((\d{9,13})(?:[+-]\d{4})?\)\/?$/, '$1'],
  [/^(?:epoch|unix(?:time)?)[\s:=]+(?=\d)/i, ''],
  [/^D:(?=\d{8})/, ''],
  [/^(?:ca?\.?|©|copyright)\s?(?=\d{4}$)/i, ''],
  [/(?<=\d)[~?%]$/, ''],
]

const LABEL_WORD =
  '(?:first|originally|last|date|dated|published|posted|submitted|announced|accepted|received|created|available|released|issued|online|ahead|of|print|epub|publication|on|in|since|erschienen|veröffentlicht|am|publié|le|publicado|el)'
/** "Published online: 3 May 2026", "[Submitted on 3 May 2026]", "3 May 2026; originally announced May 2026", "… (v1)". */
const BESIDE: Rewrite[] = [
  [new RegExp(String.raw`^(?:${LABEL_WORD}\b[\s:]*)+(?=\S)`, 'i'), ''],
  [/;.*$/, ''],
  [/(?<=\d)\s*\([^()]*\)\.?$|(?<=\d)\s*\[?v\d+\]?$/, ''],
]

const MONTH_WORD = String.raw`(\p{L}{3,12})\.?`
const BETWEEN = String.raw`\s?(?:-|to|bis|until|and|&)\s?`
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th|\.)?`
/** Of several days the first counts: a conference, an issue. */
const RANGES: Rewrite[] = [
  [/^(\d{4}-\d{2}(?:-\d{2})?)(?:\/|\.\.|\s?to\s|\s-\s)\d{4}-\d{2}.*$/, '$1'],
  [new RegExp(`^${DAY}${BETWEEN}${DAY},? ${MONTH_WORD},? (\\d{4})$`, 'u'), '$1 $3 $4'],
  [new RegExp(`^${MONTH_WORD} ${DAY}${BETWEEN}${DAY},? (\\d{4})$`, 'u'), '$2 $1 $4'],
  [new RegExp(`^(\\d{4}) ${MONTH_WORD} ${DAY}${BETWEEN}${DAY}$`, 'u'), '$3 $2 $1'],
  [new RegExp(`^${DAY} ${MONTH_WORD}${BETWEEN}${DAY} ${MONTH_WORD},? (\\d{4})$`, 'u'), '$1 $2 $5'],
  [new RegExp(`^${MONTH_WORD} ${DAY}${BETWEEN}${MONTH_WORD} ${DAY},? (\\d{4})$`, 'u'), '$2 $1 $5'],
]

/** Hours alone, no separators, colons between (Exif), a leap second, the time first, a zone in brackets alone. */
const SPELLINGS: Rewrite[] = [
  [/^(\d{4}):(\d{2}):(\d{2})(?=\s)/, '$1-$2-$3'],
  [/^(\d{4}-\d{2}-\d{2})[T\s](\d{2})(?=Z?$|[+-]\d{2}:?\d{2}$)/, '$1T$2:00'],
  [/^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(?=Z?$|[+-]\d{2}:?\d{2}$)/, '$1-$2-$3T$4:$5'],
  [/^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})(?=\.|[+-]\d{2}:?\d{2}$)/, '$1-$2-$3T$4:$5:$6'],
  [/(?<=:\d{2}):60(?!\d)/, ':59'],
  [
    /^(\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?(?:\s(?:UTC|GMT))?),?\s+(?:on\s)?(?=[^\d]*\d)(.*\d{4}.*)$/i,
    '$2 $1',
  ],
  [/(?<=:\d{2}(?:\.\d+)?)\[(?:UTC|Z|GMT|Etc\/UTC)\]$/, 'Z'],
  // Databases write zeros for the parts of a date that nobody knows.
  [/^(\d{4}(?:-(?!00)\d{2})?)(?:-00){1,2}(?:[T\s]00:00(?::00(?:\.0+)?)?)?Z?$/, '$1'],
  [/(?<=\d)(?=\p{L}{3,12}\d{1,4}$)|(?<=^\d{1,4}\s?\p{L}{3,12})(?=\d)/gu, ' '],
]

const NUMERALS = '〇一二三四五六七八九'
/** The year before the first of each era of the Japanese calendar. */
const ERAS: Record<string, number> = { 令和: 2018, 平成: 1988, 昭和: 1925 }

/** Weeks and days of a year (ISO 8601), quarters, Japanese eras, Chinese numerals, Vietnamese. */
const CALENDARS: Rewrite[] = [
  [/^(\d{4})-?W(\d{2})(?:-?([1-7]))?$/, (_all, year, week, day = '1') => dayOfWeek(+year!, +week!, +day)],
  [/^(\d{4})-(\d{3})$/, (all, year, day) => dayOfYear(all!, +year!, +day!)],
  [
    /^(?:(\d{4})[\s-]?Q([1-4])|Q([1-4])[\s/-](\d{4}))$/i,
    (_all, year, quarter, first, last) => `${year ?? last}-${Number(quarter ?? first) * 3 - 2}`,
  ],
  [
    /(令和|平成|昭和)(元|\d{1,2})(?=年)/,
    (_all, era, year) => `${ERAS[era!]! + (year === '元' ? 1 : +year!)}`,
  ],
  [/[〇一二三四五六七八九]{4}(?=年)/, (year) => [...year!].map((sign) => NUMERALS.indexOf(sign)).join('')],
  [
    /([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)(?=[月日])/g,
    (all, tens, ten, ones) =>
      all === '' ? '' : `${numeral(tens!, ten!) + Math.max(0, NUMERALS.indexOf(ones || '〇'))}`,
  ],
  [/^(?:ngày )?(\d{1,2}) tháng (\d{1,2})(?:,| năm)? (\d{4})$/i, '$3-$2-$1'],
]

/** 20 of 二十, 10 of 十, 3 of 三 (then nothing stands behind it). */
function numeral(digit: string, ten: string): number {
  const value = digit === '' ? 1 : NUMERALS.indexOf(digit)
  if (ten === '') return digit === '' ? 0 : value
  return value * 10
}

const MILLISECONDS_A_DAY = 86_400_000

/** A day by its week and weekday; a week alone begins on Monday. The first week has the year's first Thursday. */
function dayOfWeek(year: number, week: number, day: number): string {
  const fourth = Date.UTC(year, 0, 4)
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7
  const days = (week - 1) * 7 + day - 1 - weekday
  return isoDay(fourth + days * MILLISECONDS_A_DAY)
}

function dayOfYear(text: string, year: number, day: number): string {
  const date = isoDay(Date.UTC(year, 0, day))
  return day > 0 && date.startsWith(`${year}`) ? date : text
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Each group of rewrites in its order: what stands around a date goes first. */
const REWRITES = [...AROUND, ...BESIDE, ...RANGES, ...SPELLINGS, ...CALENDARS]

/**
 * The date in a text in a plainer spelling: `2026-05-03` of `Published online: 2026-W18-7 (v1)`. Full-width digits, other
 * dashes and marks without width are made plain. The text itself if nothing is to be rewritten.
 */
export function plainDate(text: string): string {
  if (text.length > LONGEST) return text
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}|−/gu, '-')
  return REWRITES.reduce((date, [from, to]) => date.replace(from, to as string).trim(), plain)
}
