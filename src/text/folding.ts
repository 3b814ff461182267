import { texToUnicode } from './texToUnicode.ts'

/**
 * One folding for all that compares text: titles, names, the words of papers and of queries. What folds alike is the same
 * word to Paperboy, however it is typed.
 */

/** Letters that Unicode does not decompose, as people type them on a keyboard without them. */
const PLAIN_LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ȷ: 'j',
  ŋ: 'n',
  ə: 'e',
}
const GREEK_NAMES: Record<string, string> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  ϵ: 'epsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  ι: 'iota',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  τ: 'tau',
  φ: 'phi',
  ϕ: 'phi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
}

/** The table with its letters in both cases: `ø` as `o`, `Ø` as `O`, `Æ` as `AE`, `Δ` as `Delta`. */
function inBothCases(
  table: Record<string, string>,
  capital: (plain: string) => string,
): Record<string, string> {
  const upper = Object.entries(table).map(([letter, plain]) => [letter.toUpperCase(), capital(plain)])
  return { ...Object.fromEntries(upper.filter(([letter]) => letter?.length === 1)), ...table }
}

const PLAIN: Record<string, string> = {
  ...inBothCases(PLAIN_LETTERS, (plain) => plain.toUpperCase()),
  ẞ: 'SS',
}
const GREEK = inBothCases(GREEK_NAMES, (name) => name[0]!.toUpperCase() + name.slice(1))

const PLAIN_LETTER = /[ßæœøłđðþħŧıȷŋəẞÆŒØŁĐÐÞĦŦŊƏ]/g
/** A Greek letter alone is a symbol that others spell out; in a Greek word it is a letter. */
const GREEK_SYMBOL = /(?<!\p{sc=Greek})[Α-Ωα-ωϵϕ](?!\p{sc=Greek})/gu
/** Accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs, tatweel. Other scripts' marks are letters to their readers. */
const ACCENTS = /[\u0300-\u036F\u0591-\u05C7\u0640\u064B-\u065F]/g
/** Soft hyphens, zero-width spaces and joiners, direction marks. */
const UNSEEN = /[\u00AD\u200B-\u200F\u2060\uFEFF]/g
/** Behind a digit, raised and lowered digits are a number of their own: `10⁵` is not 105. */
const SCRIPT_DIGITS = /(?<=\d)[⁰¹²³⁴-⁹₀-₉]+/g
const APOSTROPHES = /[‘’ʼ]/g

const ASCII = /^[\x00-\x7F]*$/
/** What may be TeX, as texToUnicode knows it. */
const MARKUP = /[\\$`~]|[\^_]\{/

/**
 * The text in plain letters, its case kept: TeX as Unicode, compatibility forms (`ﬁ`, full width) as ordinary ones, no
 * accents, `ß` as `ss`, `ø` as `o`, `ł` as `l`, a Greek letter alone by its name
 * (`α` and `\alpha` as `alpha`), straight apostrophes. Never throws; linear time; ASCII without markup comes back as it is.
 */
export function foldText(text: string): string {
  const isAscii = ASCII.test(text)
  if (isAscii && !MARKUP.test(text)) return text
  const shown = texToUnicode(text)
  return isAscii && ASCII.test(shown) ? shown : foldLetters(shown)
}

function foldLetters(text: string): string {
  return text
    .replace(UNSEEN, '')
    .replace(SCRIPT_DIGITS, ' $&')
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(PLAIN_LETTER, (letter) => PLAIN[letter]!)
    .replace(APOSTROPHES, "'")
    .normalize('NFC')
    .replace(GREEK_SYMBOL, (letter) => GREEK[letter] ?? letter)
}
