/** A column of a database's table. */
export interface StoredColumn {
  name: string
  /** Another name of the row's number (INTEGER PRIMARY KEY); its stored value is empty. */
  isRowId: boolean
  /** A column that is computed when it is read stands in no record. */
  isStored: boolean
}

/**
 * The columns of a CREATE TABLE statement, as SQLite keeps it (https://www.sqlite.org/lang_createtable.html). Undefined
 * for one whose rows are kept in another way: a virtual table, one without row ids. Total.
 */
export function columnsOf(sql: string): StoredColumn[] | undefined {
  const text = withoutComments(sql)
  if (!/^\s*create\s+(?:temp(?:orary)?\s+)?table\b/i.test(text)) return undefined
  const [inside, after] = inParentheses(text)
  if (inside === undefined || /\bwithout\s+rowid\b/i.test(after)) return undefined
  const parts = splitAtCommas(inside)
  const columns = parts.flatMap((part) => columnIn(part) ?? [])
  const key = parts.flatMap(
    (part) => /^\s*(?:constraint\s+\S+\s+)?primary\s+key\s*\(([^,]*)\)/i.exec(part)?.[1] ?? [],
  )
  return columns.map(({ rest, ...column }) => {
    const isInteger = /^\s*integer\b/i.test(rest)
    const isKey = /\bprimary\s+key\b/i.test(rest) || key.some((name) => sameName(name, column.name))
    return { ...column, isRowId: isInteger && isKey }
  })
}

const TABLE_CONSTRAINT = /^(?:constraint|primary|unique|check|foreign)\b/i
const QUOTED: Record<string, string> = { '"': '"', "'": "'", '`': '`', '[': ']' }

function columnIn(part: string): { name: string; rest: string; isStored: boolean } | undefined {
  const text = part.trim()
  if (text === '' || TABLE_CONSTRAINT.test(text)) return undefined
  const { name, length } = nameAt(text)
  const rest = text.slice(length)
  const isComputed = /(?:^|\s)as\s*\(/i.test(rest) && !/\)\s*stored\b/i.test(rest)
  return { name, rest, isStored: !isComputed }
}

function nameAt(text: string): { name: string; length: number } {
  const close = QUOTED[text[0]!]
  if (close === undefined) {
    const name = /^[^\s(,]+/.exec(text)?.[0] ?? ''
    return { name, length: name.length }
  }
  const end = endOfQuoted(text, 0)
  const inside = text.slice(1, end - 1)
  return { name: close === ']' ? inside : inside.replaceAll(close + close, close), length: end }
}

function sameName(written: string, name: string): boolean {
  return nameAt(written.trim()).name.toLowerCase() === name.toLowerCase()
}

/** The offset behind the quoted text that begins at `at`; a doubled quotation mark does not end it. */
function endOfQuoted(text: string, at: number): number {
  const close = QUOTED[text[at]!]!
  let end = text.indexOf(close, at + 1)
  while (close !== ']' && end !== -1 && text[end + 1] === close) end = text.indexOf(close, end + 2)
  return end === -1 ? text.length : end + 1
}

function withoutComments(sql: string): string {
  let text = ''
  for (let at = 0; at < sql.length; ) {
    const end = commentEnd(sql, at) ?? (sql[at]! in QUOTED ? endOfQuoted(sql, at) : undefined)
    if (end === undefined) text += sql[at]
    else text += sql[at]! in QUOTED ? sql.slice(at, end) : ' '
    at = end ?? at + 1
  }
  return text
}

function commentEnd(sql: string, at: number): number | undefined {
  const close = sql.startsWith('--', at) ? '\n' : sql.startsWith('/*', at) ? '*/' : undefined
  if (close === undefined) return undefined
  const end = sql.indexOf(close, at + 2)
  return end === -1 ? sql.length : end + close.length
}

/** What the first parentheses hold, and what stands behind them. */
function inParentheses(text: string): [inside: string | undefined, after: string] {
  const open = plainSigns(text).find(([sign]) => sign === '(')?.[1]
  if (open === undefined) return [undefined, '']
  let depth = 0
  for (const [sign, at] of plainSigns(text)) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (sign === ')' && depth === 0) return [text.slice(open + 1, at), text.slice(at + 1)]
  }
  return [undefined, '']
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (const [sign, at] of plainSigns(text)) {
    if (sign === '(') depth += 1
    else if (sign === ')') depth -= 1
    else if (depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

/** Parentheses and commas outside of quotation marks, with their offsets. */
function plainSigns(text: string): [sign: string, at: number][] {
  const signs: [string, number][] = []
  for (let at = 0; at < text.length; ) {
    const sign = text[at]!
    if (sign in QUOTED) at = endOfQuoted(text, at)
    else {
      if (sign === '(' || sign === ')' || sign === ',') signs.push([sign, at])
      at += 1
    }
  }
  return signs
}
