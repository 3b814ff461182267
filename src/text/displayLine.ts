/**
 * Text from outside as one line for people: in a mail's header, on a page, on a terminal, in a log. It holds no character
 * that could end a header, hide text or turn the reading direction of what follows.
 */

/** Bidi controls, soft hyphen, zero-width space, word joiner, byte order mark, interlinear and tag characters. */
const INVISIBLE =
  /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu
/** Joiners are part of words in some scripts, and of emoji; anywhere else they only hide. */
const LONE_JOINER =
  /(?<![\p{M}\p{Emoji_Modifier}\p{Extended_Pictographic}\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}])[\u200C\u200D]+/gu
/** Surrogates without their other half, and code points that are no characters. */
const BROKEN = /[\p{Cs}\p{Noncharacter_Code_Point}]/gu
/** More combining marks on one letter than any script needs: text that paints over its neighbours. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu
/** Text in which every UTF-16 unit is one character to a reader: Latin, punctuation, symbols. */
const ONE_UNIT_EACH = /^[\u0020-\u02FF\u2010-\u2027\u2030-\u205E\u20A0-\u20BF\u2100-\u22FF]*$/

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** White space and control characters become one space each run; invisible and broken characters go. Never throws. */
export function cleanLine(text: string): string {
  return text
    .replace(BROKEN, '\uFFFD')
    .replace(INVISIBLE, '')
    .replace(LONE_JOINER, '')
    .replace(STACKED_MARKS, '$1')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
}

/**
 * A clean line of at most `max` characters as a reader counts them, in time that `max` bounds. TeX is left as it is: for
 * people, `displayLine(texToUnicode(title), 70)`.
 */
export function displayLine(text: string, max = Number.POSITIVE_INFINITY): string {
  return shorten(cleanLine(text.slice(0, 2 * mostUnits(max))), max)
}

/**
 * At most `max` characters as a reader counts them (grapheme clusters, UAX #29), cut between words where one ends
 * near the limit, with `…` in place of what was cut. `text` is a line that `cleanLine` gave.
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max || endOfCluster(text, max) >= text.length) return text
  const end = endOfCluster(text, max - 1)
  return max < 1 ? '' : `${cutAtWord(text.slice(0, end), text[end] === ' ')}…`
}

/** Ordinary text has one or two UTF-16 units a character; joined emoji, with many more, must not fill a mail. */
function mostUnits(characters: number): number {
  return 4 * characters + 60
}

/** The offset in UTF-16 units where the `count`th cluster ends. */
function endOfCluster(text: string, count: number): number {
  const bounded = text.slice(0, mostUnits(count))
  if (ONE_UNIT_EACH.test(bounded.slice(0, count + 1))) return Math.min(count, text.length)
  let end = 0
  let seen = 0
  for (const { index, segment } of graphemes.segment(bounded)) {
    if (seen === count) break
    seen += 1
    end = index + segment.length
  }
  const splitsPair = end === bounded.length && /[\uD800-\uDBFF]$/.test(bounded)
  return splitsPair ? end - 1 : end
}

/** `isWhole`: the text ends where a word does. */
function cutAtWord(text: string, isWhole: boolean): string {
  const space = text.lastIndexOf(' ')
  const cut = !isWhole && space > text.length * 0.5 ? text.slice(0, space) : text
  return cut.replace(/[\s\p{Pd}.,;:(]+$/u, '')
}
