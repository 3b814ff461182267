/**
 * Text from outside on its way into a mail: one line, no character that could end a header, hide text or turn the
 * reading direction of what follows.
 */

/** Bidi controls, zero-width space, word joiner, byte order mark, interlinear and tag characters. Joiners stay: scripts and emoji need them. */
const INVISIBLE =
  /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu
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
    .replace(STACKED_MARKS, '$1')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
}

/** A clean line of at most `max` characters, whatever the length of `text`. */
export function displayLine(text: string, max: number): string {
  return shorten(cleanLine(text.slice(0, 2 * mostUnits(max))), max)
}

/**
 * At most `max` characters as a reader counts them (grapheme clusters, UAX #29), cut between words where one ends
 * near the limit, with `…` in place of what was cut. `text` is a line that `cleanLine` gave.
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max || endOfCluster(text, max) >= text.length) return text
  return max < 1 ? '' : `${cutAtWord(text.slice(0, endOfCluster(text, max - 1)))}…`
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

function cutAtWord(text: string): string {
  const space = text.lastIndexOf(' ')
  const cut = space > text.length * 0.75 ? text.slice(0, space) : text
  return cut.replace(/[\s.,;:–—-]+$/u, '')
}
