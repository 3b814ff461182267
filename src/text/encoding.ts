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

const ACCENTED = /&([a-z])(?:uml|acute|grave|circ|tilde|cedil|ring|caron|slash|breve|macr|ogon|strok|dot);/gi
const NAMED: Record<string, string> = {
  amp: '&',
  quot: '"',
  apos: "'",
  szlig: 'ß',
  aelig: 'æ',
  oelig: 'œ',
  eth: 'ð',
  thorn: 'þ',
}

/**
 * UTF-8 that was read as Latin-1 or Windows-1252 ("WÃ¼bben"), and HTML entities that were left or escaped twice
 * ("W&uuml;bben", "W&#252;bben"; named letters lose their accent, named signs become a space), as what was meant.
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

function decodeEntities(text: string): string {
  return text
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (whole, hex: string, decimal: string) =>
      characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16), whole),
    )
    .replace(ACCENTED, '$1')
    .replace(/&([a-z]{2,8});/gi, (_, name: string) => NAMED[name.toLowerCase()] ?? ' ')
}

function characterOf(code: number, otherwise: string): string {
  const isCharacter = code >= 0x20 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : otherwise
}
