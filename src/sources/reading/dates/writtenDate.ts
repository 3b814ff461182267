import { isFiller, monthOf, zoneOffset } from './dateWords.ts'

/** A date as written: a day, perhaps with a time, or only a month or a year. */
export interface WrittenDate {
  year: number
  /** 1 for January. */
  month?: number
  day?: number
  /** Milliseconds since the day began in its own zone. */
  time?: number
  /** Minutes by which the zone is ahead of UTC; undefined if no zone is written. */
  offset?: number
}

const LONGEST = 100
/** A time at the beginning: hours, minutes, seconds with a fraction, a.m. or p.m.; then the rest. */
const TIME =
  /(?:^|[\sT,]|\bat )\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\b\.?)?\s*([^\d:.].*)?$/i
/** `20260503T040500Z`, as iCalendar and some APIs write it. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})(Z?))?$/

/**
 * Reads a date in any of the spellings that programs, feeds and people use: ISO 8601 and similar forms, RFC 822,
 * ctime, `March 2, 2019`, `2. März 2019`, `2019年3月2日`, `2019-03`, `2019`. Undefined for what is not a date, for days
 * that do not exist, and for `3/2/2019`, which may be in February or in March.
 */
export function readWrittenDate(text: string): WrittenDate | undefined {
  if (text.length > LONGEST) return undefined
  const compact = COMPACT.exec(text)
  if (compact !== null) return readCompact(compact)
  const match = TIME.exec(text)
  if (match === null) return readCalendarDate(text)
  const [, hours, minutes, seconds = '0', fraction = '', half, rest = ''] = match
  const time = timeOf({ hours: hoursOf(hours!, half), minutes, seconds, fraction })
  const { zone, year } = splitRest(rest.trim())
  const date = readCalendarDate(`${text.slice(0, match.index)} ${year}`.trim())
  const offset = zone === '' ? undefined : zoneOffset(zone)
  if (date?.day === undefined || time === undefined || (zone !== '' && offset === undefined)) return undefined
  return { ...date, time, offset }
}

function readCompact([, year, month, day, hours, minutes, seconds, zone]: RegExpExecArray):
  | WrittenDate
  | undefined {
  const date = checked({ year: Number(year), month: Number(month), day: Number(day) })
  if (date === undefined || hours === undefined) return date
  const time = timeOf({ hours: Number(hours), minutes, seconds, fraction: '' })
  return time === undefined ? undefined : { ...date, time, offset: zone === 'Z' ? 0 : undefined }
}

function hoursOf(hours: string, half: string | undefined): number {
  if (half === undefined) return Number(hours)
  if (Number(hours) > 12) return Number.NaN
  return (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0)
}

interface Clock {
  hours: number
  minutes: string | undefined
  seconds: string | undefined
  fraction: string
}

function timeOf({ hours, minutes, seconds, fraction }: Clock): number | undefined {
  const isEndOfDay = hours === 24 && Number(minutes) === 0 && Number(seconds) === 0
  const isTime = (hours < 24 && Number(minutes) < 60 && Number(seconds) < 60) || isEndOfDay
  if (!isTime) return undefined
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return ((hours * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + milliseconds
}

/** Splits the text after a time: the zone, and the year that ctime writes last. */
function splitRest(rest: string): { zone: string; year: string } {
  const match = /^(.*?)\s*\b((?:19|20|21)\d{2})$/.exec(rest)
  return match === null ? { zone: rest, year: '' } : { zone: match[1]!, year: match[2]! }
}

const YEAR_FIRST = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?T?$/
const EAST_ASIAN = /^(\d{4})\s?[年년](?:\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일])?)?$/
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/

function readCalendarDate(text: string): WrittenDate | undefined {
  const plain = text.replace(/(?<=\d)\. (?=\d)/g, '.').replace(/[,;.]+$/, '')
  const ordered = YEAR_FIRST.exec(plain) ?? EAST_ASIAN.exec(plain)
  if (ordered !== null) return checked(numbersOf(ordered[1]!, ordered[2], ordered[3]))
  const turned = YEAR_LAST.exec(plain)
  if (turned !== null) return readYearLast(turned)
  const month = /^(\d{1,2})[-/.](\d{4})$/.exec(plain)
  return month === null ? readWords(plain) : checked(numbersOf(month[2]!, month[1]))
}

function numbersOf(year: string, month?: string, day?: string): WrittenDate {
  return {
    year: Number(year),
    month: month === undefined ? undefined : Number(month),
    day: day === undefined ? undefined : Number(day),
  }
}

/**
 * With dots the day comes first. With other signs one number must be too large for a month, or both must be equal.
 */
function readYearLast([, first, sign, second, year]: RegExpExecArray): WrittenDate | undefined {
  const dayFirst = checked(numbersOf(year!, second, first))
  if (sign === '.') return dayFirst
  const monthFirst = checked(numbersOf(year!, first, second))
  if (dayFirst !== undefined && monthFirst !== undefined && first !== second) return undefined
  return dayFirst ?? monthFirst
}

/** `Sat, 2 Mar 2019`, `March 2nd, 2019`, `2 de marzo de 2019`, `02-Mar-19`, `2019 Mar 2`, `Mar-Apr 2019`. */
function readWords(text: string): WrittenDate | undefined {
  const words = text.split(/[\s,./-]+/).filter((word) => word !== '' && !isFiller(word))
  const months = words.flatMap((word) => (/^\p{L}/u.test(word) ? (monthOf(word) ?? Number.NaN) : []))
  const numbers = words
    .filter((word) => !/^\p{L}/u.test(word))
    .map((word) => word.replace(/(?:st|nd|rd|th|º|er)$/i, ''))
  const isRange = months.length === 2 && numbers.length === 1
  if ((months.length !== 1 && !isRange) || !numbers.every((number) => /^\d{1,4}$/.test(number)))
    return undefined
  const year = numbers.find((number) => number.length === 4) ?? shortYear(numbers)
  if (year === undefined || numbers.length > 2) return undefined
  const [day] = numbers.filter((number) => number !== year)
  const date = { year: fullYear(year), month: months[0], day: day === undefined ? undefined : Number(day) }
  return checked(date)
}

/** Two digits after day and month are the end of a year (RFC 822 §5). */
function shortYear(numbers: string[]): string | undefined {
  return numbers.length === 2 && numbers[1]!.length === 2 && numbers[0] !== numbers[1]
    ? numbers[1]
    : undefined
}

function fullYear(year: string): number {
  if (year.length === 4) return Number(year)
  return Number(year) + (Number(year) < 70 ? 2000 : 1900)
}

/** The date if its day exists and its year is one in which papers may have appeared. */
function checked(date: WrittenDate): WrittenDate | undefined {
  const { year, month, day } = date
  if (!(year >= 1900 && year < 2200)) return undefined
  if (month === undefined) return { year }
  if (!(month >= 1 && month <= 12)) return undefined
  if (day === undefined) return { year, month }
  // Date turns a day that the month does not have into one of the next month.
  const isDay = day >= 1 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
  return isDay ? { year, month, day } : undefined
}
