import { decodeEntities } from './entities.ts'

/** What went wrong with a text on its way, undone for comparing; what is stored stays as it came. */

/** The characters of Windows-1252 that are not those of Latin-1, by code point → byte (WHATWG Encoding, index-windows-1252). */
const WINDOWS_1252 = new Map(
  Array.from('€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ', (char, index) => [
    char,
    0x80 + index,
  ]),
)
const ABOVE_ASCII = new RegExp(`[\u00A0-\u00FF${[...WINDOWS_1252.keys()].join('')}]{2,}`, 'g')
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * UTF-8 that was read as Latin-1 or Windows-1252 ("WÃ¼bben"), and HTML entities that were left or escaped twice
 * ("W&uuml;bben", "W&amp;#252;bben"), as what was meant.
 */
export function repairEncoding(text: string): string {
  const decoded = text.includes('&') ? decodeEntities(text) : text
  return decoded.replace(ABOVE_ASCII, asUtf8)
}

function asUtf8(run: string): string {
  const bytes = Array.from(run, (char) => WINDOWS_1252.get(char) ?? char.charCodeAt(0))
  try {
    return utf8.decode(Uint8Array.from(bytes))
  } catch {
    return run
  }
}
