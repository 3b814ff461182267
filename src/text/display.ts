import { renderTex } from './tex/tex.ts'

/** What may be TeX. Text without any of it is plain. */
const TEX = /[\\$`~]|[\^_]\{/

/**
 * A title, abstract or name for people to read: TeX formulas, accents and commands as Unicode. Plain text comes back
 * unchanged, prices ("$5 and $6") included; so does what is not understood. Never throws; linear time.
 */
export function toUnicode(text: string): string {
  return TEX.test(text) ? renderTex(text) : text
}

/** Characters that turn the reading direction, hide, or are no text: bidi controls, zero-width characters but the joiners, soft hyphen, tags. */
const INVISIBLE =
  /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu
/** Joiners are part of words in some scripts, and of emoji; anywhere else they only hide. */
const LONE_JOINER =
  /(?<![\p{M}\p{Emoji_Modifier}\p{Extended_Pictographic}\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}])[\u200C\u200D]+/gu

/**
 * Text from a source as one line that is safe in a subject line or a log: white space and control characters (C0, C1,
 * line separators) become single spaces, invisible and direction-turning characters go, lone surrogates become `�`.
 * `max`: at most so many code points, cut at a word's end with `…` in place of the rest. TeX is left as it is: for
 * people, `displayLine(toUnicode(title), 70)`.
 */
export function displayLine(text: string, max = Number.POSITIVE_INFINITY): string {
  const line = text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(INVISIBLE, '')
    .replace(LONE_JOINER, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
  if (line.length <= max) return line
  // A code point is at most two UTF-16 units: the rest need not be looked at.
  const start = Array.from(line.slice(0, Math.min(line.length, (max + 1) * 2)))
  return start.length <= max ? line : shortened(start, max)
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The first words that fit into `max` code points with an ellipsis; of one endless word, its first characters. */
function shortened(points: string[], max: number): string {
  const room = Math.max(0, Math.floor(max) - 1)
  const kept = points.slice(0, room).join('')
  const word = points[room] === ' ' ? kept : kept.slice(0, Math.max(0, kept.lastIndexOf(' ')))
  const cut =
    word.length * 2 > kept.length ? word : wholeGraphemes(points.slice(0, room + 1).join(''), kept.length)
  return max < 1 ? '' : `${cut.replace(/[\s\p{Pd},;:(]+$/u, '')}…`
}

/** As many whole characters (UAX #29) as end within `length` UTF-16 units of a longer text. */
function wholeGraphemes(text: string, length: number): string {
  return text.slice(0, graphemes.segment(text).containing(length)?.index ?? length)
}
