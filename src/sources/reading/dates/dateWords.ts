/** Words in dates: months in several languages, time zones, and what people write when there is no date. */

/**
 * The names of the months in English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian languages,
 * Turkish, Polish, Czech and Russian, January first. "listopad" is left out: it is November in Polish and Czech, October
 * in Croatian.
 */
const MONTHS = [
  'january januar jänner janvier enero gennaio janeiro januari ocak styczeń stycznia leden ledna январь января',
  'february februar février fevrier febrero febbraio fevereiro februari şubat luty lutego únor února февраль февраля',
  'march märz mrz mars marzo março maart marts mart marzec marca březen března март марта',
  'april avril abril aprile nisan kwiecień kwietnia duben dubna апрель апреля',
  'may mai mayo maggio maio mei maj mayıs maja květen května май мая',
  'june juni juin junio giugno junho haziran czerwiec czerwca červen června июнь июня',
  'july juli juillet julio luglio julho temmuz lipiec lipca červenec července июль июля',
  'august août aout agosto augustus augusti ağustos sierpień sierpnia srpen srpna август августа',
  'september septembre septiembre setiembre settembre setembro eylül wrzesień września září сентябрь сентября',
  'october oktober octobre octubre ottobre outubro ekim październik października říjen října октябрь октября',
  'november novembre noviembre novembro kasım ноябрь ноября',
  'december dezember décembre decembre diciembre dicembre dezembro desember aralık grudzień grudnia prosinec prosince декабрь декабря',
].map((names) => names.normalize('NFC').split(' '))

/** The number of a month by its name, or by three letters or more that no other month begins with; 1 for January. */
export function monthOf(word: string): number | undefined {
  const name = word.toLowerCase().normalize('NFC')
  if (name.length < 3) return undefined
  const whole = MONTHS.findIndex((names) => names.includes(name))
  if (whole !== -1) return whole + 1
  const found = MONTHS.flatMap((names, index) =>
    names.some((known) => known.startsWith(name)) ? [index + 1] : [],
  )
  return found.length === 1 ? found[0] : undefined
}

const WEEKDAY =
  /^(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?$|^(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)$|^(?:mo|di|mi|do|fr|sa|so)$/i

/** Words of a date that say nothing about the day: `Tuesday`, the `de` of Spanish, the `г.` of Russian. */
export function isFiller(word: string): boolean {
  return WEEKDAY.test(word) || /^(?:of|the|de|del|le|el|den|d|г|года|à|às|um|at|kl)$/i.test(word)
}

/** Offsets from UTC in minutes, for the names of RFC 5322 §4.3 and for names that mean only one zone. */
const ZONES: Record<string, number> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  bst: 60,
  cet: 60,
  west: 60,
  cest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  hkt: 480,
  sgt: 480,
  jst: 540,
  kst: 540,
  aest: 600,
  aedt: 660,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
}
const OFFSET = /^(?:utc|gmt|z)?([+\-−])(\d{1,2})(?::?(\d{2}))?$/i
/** What programs append to an offset: `+0000 UTC`, `(UTC)`, `[Europe/Berlin]`. */
const BEHIND = /\s*(?:\([^()]*\)|\[[\w/+-]+\])$/

/** The offset from UTC in minutes of `Z`, `+02`, `-0500`, `+05:30`, `EST`, `UTC+1`, `GMT+0100 (Central European Time)`. */
export function zoneOffset(text: string): number | undefined {
  const zone = text.replace(BEHIND, '').trim()
  const named = Object.hasOwn(ZONES, zone.toLowerCase()) ? ZONES[zone.toLowerCase()] : undefined
  if (named !== undefined) return named
  const [first, second, ...more] = zone.split(/\s+/)
  if (second !== undefined)
    return more.length === 0 && /^(?:utc|gmt|z)$/i.test(second) ? zoneOffset(first!) : undefined
  const match = OFFSET.exec(zone)
  if (match === null) return undefined
  const [, sign, hours, minutes = '0'] = match
  if (Number(hours) > 18 || Number(minutes) > 59) return undefined
  return (sign === '+' ? 1 : -1) * (Number(hours) * 60 + Number(minutes))
}

/** What databases, spreadsheets and people write when there is no date. */
const NO_DATE =
  /^(?:nat|nan|nil|none|null|n\/?a|n\.d\.|unknown|undated|undefined|tba|tbd|[-–—?.]+|0(?:\.0)?|0000-00-00.*|0001-01-01.*)$/i

/** Whether a field says that there is no date, or nothing at all. */
export function saysNoDate(text: string): boolean {
  return NO_DATE.test(text)
}
