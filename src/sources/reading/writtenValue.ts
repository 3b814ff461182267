/** Reads lists and objects that were written into one text: as JSON, as Python shows them, as PostgreSQL writes arrays. */

const LONGEST = 100_000
const TOKEN = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|[[\](){},:]|[^\s[\](){},:'"]+/gs
const PYTHON_WORDS: Record<string, string> = {
  None: 'null',
  nan: 'null',
  True: 'true',
  False: 'false',
  '(': '[',
  ')': ']',
}
/** `u'…'` and `b'…'`, as older programs show their texts. */
const PREFIX = /^[ub]$/

/** The value of a text that begins and ends as a list or an object does; undefined for any other. Linear time. */
export function writtenValue(text: string): unknown {
  if (text.length > LONGEST || !/^\s*(?:\[.*\]|\{.*\})\s*$/s.test(text)) return undefined
  return jsonValue(text) ?? jsonValue(pythonAsJson(text)) ?? arrayOfPostgres(text)
}

function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // It is written in another way, or is no list at all.
  }
}

function pythonAsJson(text: string): string {
  const parts: string[] = []
  for (const [token, single, double] of text.matchAll(TOKEN)) {
    const quoted = single ?? double
    if (quoted !== undefined) parts.push(JSON.stringify(unescaped(quoted)))
    else if (/^[\])}]$/.test(token) && parts.at(-1) === ',')
      parts[parts.length - 1] = PYTHON_WORDS[token] ?? token
    else if (!PREFIX.test(token)) parts.push(PYTHON_WORDS[token] ?? token)
  }
  return parts.join(' ')
}

/** `{"Ada Lovelace",NULL,"Charles Babbage"}`: texts with blanks stand in quotation marks. */
function arrayOfPostgres(text: string): string[] | undefined {
  const inner = /^\s*\{("[^{}]*)\}\s*$/s.exec(text)?.[1]
  if (inner === undefined) return undefined
  return [...inner.matchAll(/"((?:[^"\\]|\\.)*)"|[^",]+/g)].flatMap(([bare, quoted]) =>
    bare === 'NULL' ? [] : unescaped(quoted ?? bare),
  )
}

/** The quoted texts in a list, with or without commas between them: `['Ann' "O'Hara"]`, `[Author('Ann')]`. */
export function quotedTexts(text: string): string[] {
  const quoted = text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)
  return [...quoted].map(([, single, double]) => unescaped((single ?? double)!))
}

function unescaped(text: string): string {
  return text.replace(/\\(['"\\])/g, '$1')
}
