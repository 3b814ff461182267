/** Zones of one part of the world, for a select's group. */
export interface ZoneGroup {
  region: string
  zones: { name: string; label: string }[]
}

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

/** Every IANA zone by region, UTC first; `chosen` is there even under an older name. */
export function zoneGroups(chosen: string): ZoneGroup[] {
  const groups = new Map<string, ZoneGroup>()
  for (const name of NAMES.includes(chosen) || chosen === '' ? NAMES : [...NAMES, chosen]) {
    const [first = name, ...place] = name.split('/')
    const region = place.length === 0 ? 'Universal' : first
    const group = groups.get(region) ?? { region, zones: [] }
    group.zones.push({ name, label: (place.join(' – ') || name).replaceAll('_', ' ') })
    groups.set(region, group)
  }
  return [...groups.values()]
}
