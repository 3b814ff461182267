import { toUnicode } from './display.ts'
import { repairEncoding } from './encoding.ts'

/** What two spellings of one title have in common. */

/** Letters that Unicode does not decompose. */
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
  ı: 'i',
  ŋ: 'n',
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
const PLAIN = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'g')
/** A Greek letter alone is a symbol that others spell out; in a Greek word it is a letter. */
const GREEK_SYMBOL = /(?<!\p{sc=Greek})[α-ωϵϕ](?!\p{sc=Greek})/gu
/** Accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs, tatweel. Other scripts' marks are letters to their subscribers. */
const ACCENTS = /[\u0300-\u036F\u0591-\u05C7\u0640\u064B-\u065F]/g
/** Raised and lowered digits are numbers of their own: `10⁵` is not 105. */
const SCRIPT_DIGITS = /[⁰¹²³⁴-⁹₀-₉]+/g

const THOUSANDS = /(\d),(?=\d{3}(?!\d))/g

/**
 * A title in small plain letters, its words parted by single spaces: TeX and Unicode spellings folded (NFKD without
 * accents, `ø` as `o`, a lone `α` as `alpha`), broken encodings repaired, everything but letters and digits left out. `C++` and `C#` keep what
 * tells them from `C`. Numbers keep their point: `gpt 3.5`; those of parts are Arabic: `part 2`.
 */
export function foldTitle(title: string): string {
  return arabicParts(isPlain(title) ? foldPlain(title) : foldAny(title))
}

/** Nothing in it that folds in another way than by its case: neither TeX, nor entities, nor `C++` and `C#`. */
function isPlain(title: string): boolean {
  return /^[^\\$`~^{&+#\u0080-\uFFFF]*$/.test(title)
}

/** The same as foldAny for a plain title, at a fifth of its cost: most titles are. */
function foldPlain(title: string): string {
  const lower = title.toLowerCase()
  const joined = lower.includes(',') ? lower.replace(THOUSANDS, '$1') : lower
  const spaced = joined.replace(/[^a-z0-9.]+/g, ' ')
  const words = spaced.includes('.') ? spaced.replace(/\.(?!\d)|(?<!\d)\./g, ' ').replace(/ +/g, ' ') : spaced
  return words.trim()
}

function foldAny(title: string): string {
  return toUnicode(repairEncoding(title))
    .replace(SCRIPT_DIGITS, ' $&')
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .replace(PLAIN, (letter) => PLAIN_LETTERS[letter]!)
    .normalize('NFC')
    .replace(GREEK_SYMBOL, (letter) => GREEK_NAMES[letter] ?? letter)
    .replace(/&/g, ' and ')
    .replace(/×/g, ' times ')
    .replace(/(\p{L})\+\+/gu, '$1plusplus')
    .replace(/(\p{L})#/gu, '$1sharp')
    .replace(THOUSANDS, '$1')
    .replace(/[^\p{L}\p{M}\p{N}.]+|\.(?!\d)|(?<!\d)\./gu, ' ')
    .replace(/ +/g, ' ')
    .trim()
}

/** A folded title without its spaces and points. */
export function lettersOf(folded: string): string {
  return folded.replace(/[ .]/g, '')
}

const ROMAN = 'i ii iii iv v vi vii viii ix x xi xii'.split(' ')
const ROMAN_PART = /(?<=(?:^| )(?:part|volume|vol|chapter|book) )[ivx]{1,4}(?= |$)/g

/** `part ii` as `part 2`. */
function arabicParts(folded: string): string {
  return folded.replace(ROMAN_PART, (numeral) => {
    const number = ROMAN.indexOf(numeral) + 1
    return number === 0 ? numeral : `${number}`
  })
}

/** A sign of these scripts says as much as some letters of an alphabet. */
const SIGN = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/gu
const LETTERS_PER_SIGN = 3

/** How much a folded title says, counted in letters. */
export function lettersIn(folded: string): number {
  if (/^[\0-\x7F]*$/.test(folded)) return folded.replace(/[^a-zA-Z]+/g, '').length
  const letters = folded.match(/\p{L}/gu)?.length ?? 0
  const signs = folded.match(SIGN)?.length ?? 0
  return letters + signs * (LETTERS_PER_SIGN - 1)
}
