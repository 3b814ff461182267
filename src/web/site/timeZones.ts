/**
 * The runtime lists some zones under names that IANA has replaced (file `backward` of the tz database) and knows their
 * new ones too: those are what people look for.
 */
const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

const LISTED = Intl.supportedValuesOf('timeZone').map((name) => RENAMED[name] ?? name)
const NAMES = [...new Set(['UTC', ...LISTED.sort()])]

/** Every IANA zone, UTC first. */
export const ZONE_NAMES: readonly string[] = ['UTC', ...NAMES.filter((name) => name !== 'UTC')]

const BY_TYPED = new Map<string, string | undefined>()
for (const name of ZONE_NAMES) {
  BY_TYPED.set(folded(name), name)
  const city = folded(name.split('/').at(-1)!)
  // A city of two zones names neither.
  BY_TYPED.set(city, BY_TYPED.has(city) && BY_TYPED.get(city) !== name ? undefined : name)
}

/** The zone that somebody means: `europe/berlin`, `Europe / Berlin`, `Berlin`, `new york`. */
export function zoneNamed(typed: string): string | undefined {
  return BY_TYPED.get(folded(typed))
}

function folded(text: string): string {
  return text.toLowerCase().replace(/[\s_]+/g, '')
}
