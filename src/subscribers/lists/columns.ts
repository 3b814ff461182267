/** The columns of a list of subscribers, as an export writes them, and the names by which an import knows them. */
const NAMES = {
  email: ['email', 'e-mail', 'mail', 'email address', 'e-mail address', 'mail address'],
  status: ['status', 'state', 'subscription status'],
  suppressed: ['suppressed'],
  consent_source: ['consent_source', 'consent', 'opt-in source', 'optin source'],
  consent_at: ['consent_at', 'consent date', 'confirmed_at', 'optin_time', 'confirm_time'],
  time_zone: ['time_zone', 'timezone', 'zone', 'tz'],
  send_at: ['send_at', 'hour', 'at', 'time'],
  weekdays: ['weekdays', 'days'],
  max_papers: ['max_papers', 'papers'],
  trend_weight: ['trend_weight'],
  explore: ['explore'],
  counts_opens: ['counts_opens'],
  topics: ['topics', 'topic', 'interests', 'query'],
} as const

export type ListColumn = keyof typeof NAMES

export const LIST_COLUMNS = Object.keys(NAMES) as ListColumn[]

const BY_NAME = new Map<string, ListColumn>(
  LIST_COLUMNS.flatMap((column) => NAMES[column].map((name) => [name, column] as const)),
)

export interface ListHeader {
  /** What stands in each column; undefined: something that is not read. */
  columns: (ListColumn | undefined)[]
  /** Names of the columns that are not read, for people. */
  ignored: string[]
}

/** Recognises the columns of a table by their names, in any case, with blanks or underscores. The first of two with one meaning counts. */
export function readHeader(names: string[]): ListHeader {
  const seen = new Set<ListColumn>()
  const columns = names.map((name) => {
    const column = BY_NAME.get(simple(name)) ?? BY_NAME.get(simple(name).replaceAll(' ', '_'))
    if (column === undefined || seen.has(column)) return undefined
    seen.add(column)
    return column
  })
  return {
    columns,
    ignored: names.filter((name, index) => columns[index] === undefined && name.trim() !== ''),
  }
}

function simple(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/g, ' ')
}
