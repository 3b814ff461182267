import { replacements, subsuperscripts } from 'unicodeit/ts_dist/js/data.js'

/**
 * Which characters TeX commands stand for: unicodeit's tables, looked up by whole command. (Its own `replace` works on
 * substrings: `\infer` becomes `∈fer`, `50\%` a shaded block, and a long text takes seconds.)
 */

/** Where unicodeit's answer is a look-alike, a dingbat or missing. */
const CORRECTED: Record<string, string> = {
  dots: '…',
  dotsc: '…',
  dotsb: '⋯',
  i: 'ı',
  j: 'ȷ',
  dh: 'ð',
  ij: 'ĳ',
  IJ: 'Ĳ',
  SS: 'ẞ',
  langle: '⟨',
  rangle: '⟩',
  lvert: '|',
  rvert: '|',
  vert: '|',
  Vert: '‖',
  lVert: '‖',
  rVert: '‖',
  slash: '/',
  implies: '⟹',
  colon: ':',
  textendash: '–',
  textemdash: '—',
  textgreater: '>',
  textless: '<',
  textasciitilde: '~',
  textasciicircum: '^',
  textbackslash: '\\',
  textunderscore: '_',
  textquoteright: '’',
  textquoteleft: '‘',
  textquotedblleft: '“',
  textquotedblright: '”',
  textdegree: '°',
  degree: '°',
  deg: '°',
  sim: '~',
  textpm: '±',
  texttimes: '×',
  textregistered: '®',
  textellipsis: '…',
  quad: ' ',
  qquad: ' ',
  space: ' ',
  lbrace: '{',
  rbrace: '}',
  TeX: 'TeX',
  LaTeX: 'LaTeX',
  BibTeX: 'BibTeX',
  aa: 'å',
  AA: 'Å',
}

const SYMBOLS = new Map<string, string>()
const ALPHABETS = new Map<string, string>()
for (const [tex = '', char = ''] of replacements) {
  const name = /^\\([A-Za-z]+)$/.exec(tex)?.[1]
  if (name !== undefined) SYMBOLS.set(name, char)
  const styled = /^\\(mathbb|mathcal|mathfrak)\{([A-Za-z0-9])\}$/.exec(tex)
  if (styled) ALPHABETS.set(`${styled[1]} ${styled[2]}`, char)
}
for (const [name, char] of Object.entries(CORRECTED)) SYMBOLS.set(name, char)

/** The character of a command without arguments: `alpha`, `leq`, `o`. */
export function symbolOf(name: string): string | undefined {
  return SYMBOLS.get(name)
}

/** Commands that draw the letters of their argument in another alphabet, and unicodeit's name of it. */
const ALPHABET_OF: Record<string, string> = {
  mathbb: 'mathbb',
  mathds: 'mathbb',
  mathcal: 'mathcal',
  mathscr: 'mathcal',
  mathfrak: 'mathfrak',
}

/** `R` in the alphabet of `mathbb` is `ℝ`; a letter that the alphabet lacks stays. Undefined for other commands. */
export function inAlphabet(command: string, text: string): string | undefined {
  const alphabet = Object.hasOwn(ALPHABET_OF, command) ? ALPHABET_OF[command] : undefined
  if (alphabet === undefined) return undefined
  if (text.includes('\\')) return text
  return Array.from(text, (letter) => ALPHABETS.get(`${alphabet} ${letter}`) ?? letter).join('')
}

const SCRIPTS = new Map<string, string>()
for (const [tex = '', char = ''] of subsuperscripts) {
  if (/^[_^][\p{Script=Latin}\p{Script=Greek}\d+\-−=()]$/u.test(tex)) SCRIPTS.set(tex, char)
}
for (const [tex, char] of [
  ['^V', 'ⱽ'],
  ['^′', '′'],
  ['^∘', '°'],
  ['^°', '°'],
  ['^*', '*'],
  ['^∗', '*'],
  ['^⊤', 'ᵀ'],
  ['^†', '†'],
] as const) {
  SCRIPTS.set(tex, char)
}

/**
 * Raised (`^`) or lowered (`_`) text: `x²`, `aᵢⱼ`. Where Unicode has no such letter the TeX sign stays, with round
 * brackets around more than a word: `L_CE`, `H^(p,q)`.
 */
export function inScript(sign: '^' | '_', text: string): string {
  const letters = Array.from(text, (letter) => SCRIPTS.get(sign + letter))
  if (letters.every((letter) => letter !== undefined)) return letters.join('')
  return sign + (/^(?:[\p{L}\p{M}\p{N}]+|.)$/u.test(text) ? text : `(${text})`)
}

/** Combining characters of the accents for text; the letters among them need an argument in braces or after a space. */
const TEXT_ACCENTS: Record<string, string> = {
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '"': '\u0308',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  v: '\u030C',
  u: '\u0306',
  H: '\u030B',
  c: '\u0327',
  k: '\u0328',
  r: '\u030A',
  d: '\u0323',
  b: '\u0331',
}

const MATH_ACCENTS: Record<string, string> = {
  hat: '\u0302',
  widehat: '\u0302',
  tilde: '\u0303',
  widetilde: '\u0303',
  bar: '\u0304',
  overline: '\u0304',
  vec: '\u20D7',
  dot: '\u0307',
  ddot: '\u0308',
  check: '\u030C',
  breve: '\u0306',
  acute: '\u0301',
  grave: '\u0300',
  mathring: '\u030A',
  not: '\u0338',
}

export function textAccentOf(name: string): string | undefined {
  return Object.hasOwn(TEXT_ACCENTS, name) ? TEXT_ACCENTS[name] : undefined
}

export function mathAccentOf(name: string): string | undefined {
  return Object.hasOwn(MATH_ACCENTS, name) ? MATH_ACCENTS[name] : undefined
}

/** Puts a combining character on a single letter: `é`, `x̂`. More than a letter stays as it is. */
export function accented(text: string, mark: string): string {
  const base = text === 'ı' ? 'i' : text === 'ȷ' ? 'j' : text
  return /^\P{M}\p{M}*$/u.test(base) ? (base + mark).normalize('NFC') : text
}
