import { repairEncoding } from './encoding.ts'
import { foldText } from './folding.ts'

/** What two spellings of one title have in common. */

const THOUSANDS = /(\d),(?=\d{3}(?!\d))/g

/**
 * A title in small plain letters (see foldText), entities and broken encodings repaired, its words parted by single spaces, everything but letters and digits
 * left out. `C++` and `C#` keep what tells them from `C`. Numbers keep their point: `gpt 3.5`; those of parts are Arabic:
 * `part 2`.
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
  return foldText(repairEncoding(title))
    .toLowerCase()
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
