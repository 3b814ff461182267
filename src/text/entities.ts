import { decodeHTMLStrict } from 'entities'

/** Text that was escaped for HTML or XML twice is not rare; three times is. */
const MOST_ESCAPES = 2

/**
 * The text with its HTML entities decoded: named (`&uuml;`, `&Ccaron;`) and numeric (`&#252;`, `&#xfc;`), escaped once
 * or twice (`&amp;uuml;`). Only those with a semicolon: `AT&T` and `R&D` stay. What is no entity stays as it is.
 */
export function decodeEntities(text: string): string {
  let decoded = text
  for (let left = MOST_ESCAPES; left > 0 && ENTITY.test(decoded); left -= 1)
    decoded = decodeHTMLStrict(decoded)
  return decoded
}

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i
