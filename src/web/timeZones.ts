/** Zones of one part of the world, for a select's group. */
export interface ZoneGroup {
  region: string
  zones: { name: string; label: string }[]
}

const NAMES = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]

/** Every IANA zone by region, UTC first; `chosen` is there even if it is an older name. */
export function zoneGroups(chosen: string): ZoneGroup[] {
  const groups = new Map<string, ZoneGroup>()
  for (const name of NAMES.includes(chosen) || chosen === '' ? NAMES : [chosen, ...NAMES]) {
    const [region = name, ...place] = name.split('/')
    const title = place.length === 0 ? 'Universal' : region
    const group = groups.get(title) ?? { region: title, zones: [] }
    group.zones.push({ name, label: (place.join(' – ') || name).replaceAll('_', ' ') })
    groups.set(title, group)
  }
  return [...groups.values()]
}
