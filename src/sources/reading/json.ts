import { PermanentError } from '../../errors.ts'

/**
 * The value of JSON text. `what` names the text in the error: `the listing data (data-props)`.
 * Throws PermanentError with line and column. It says whether the text breaks off or is wrong in the middle.
 */
export function parseJson(text: string, what: string): unknown {
  const { value, fault } = readJson(text)
  if (fault !== undefined)
    throw new PermanentError(`expected JSON in ${what}, got ${fault}: fetch or copy it again`)
  return value
}

const OPEN_OBJECT = 123
const OPEN_LIST = 91
/**
 * Each object takes a hundred bytes of memory, however short its text. A page of 64 MB has a tenth of this number.
 */
const MOST_OBJECTS = 4_000_000

/** The value of JSON text, or a description of its fault. Never throws. */
export function readJson(text: string): { value?: unknown; fault?: string } {
  if (isTooFull(text)) return { fault: `JSON of more than ${MOST_OBJECTS} objects and lists` }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { fault: faultOf(text, error instanceof Error ? error.message : String(error)) }
  }
}

function isTooFull(text: string): boolean {
  // An object or list has at least two characters.
  if (text.length <= 2 * MOST_OBJECTS) return false
  let count = 0
  for (let at = 0; at < text.length && count <= MOST_OBJECTS; at += 1) {
    const code = text.charCodeAt(at)
    if (code === OPEN_OBJECT || code === OPEN_LIST) count += 1
  }
  return count > MOST_OBJECTS
}

/** V8 gives the position of a fault, except for a character that cannot begin a value. */
function faultOf(text: string, message: string): string {
  const end = text.trimEnd().length
  const unexpected = /^Unexpected token (.{1,4}),/su.exec(message)?.[1]
  if (unexpected !== undefined) return `text that is no JSON: unexpected ${unexpected.replace(/\s/g, ' ')}`
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? end)
  if (position >= end || message.startsWith('Unterminated')) return `truncated JSON at ${placeOf(text, end)}`
  return `text that is no JSON at ${placeOf(text, position)}`
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = before.split('\n').length
  return line === 1 ? `character ${position}` : `line ${line}, column ${position - lineStart + 1}`
}
