import { accented, inAlphabet, inScript, mathAccentOf, symbolOf, textAccentOf } from './texSymbols.ts'

/** What a TeX command becomes. Its arguments are rendered before it is. */
export interface Command {
  arguments: number
  /** It may have `[options]` before its arguments; they are not shown. */
  options?: boolean
  /** Whether its arguments are formulas; if absent, as around it. */
  math?: boolean
  /** It takes the space behind it, as TeX does behind every command. */
  takesSpace?: boolean
  /** Undefined if these arguments make no sense: the command then stays as it was written. */
  show(texts: string[], around: { before: string; after: string }): string | undefined
}

const SHOW_ARGUMENT: Command = { arguments: 1, show: ([text]) => text }
const SHOW_TEXT: Command = { arguments: 1, math: false, show: ([text]) => text }
const SHOW_NOTHING: Command = { arguments: 0, takesSpace: true, show: () => '' }

const COMMANDS = new Map<string, Command>()
function define(names: string, command: Command): void {
  for (const name of names.split(' ')) COMMANDS.set(name, command)
}

define(
  'emph textbf textit textsl textsc texttt textsf textrm textup textmd textnormal text mbox hbox',
  SHOW_TEXT,
)
define('underline uline url path enquote mathop', SHOW_ARGUMENT)
define(
  'mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb operatorname ensuremath',
  SHOW_ARGUMENT,
)
define(
  'bf it rm em sf tt sc sl bfseries itshape rmfamily ttfamily boldmath displaystyle textstyle',
  SHOW_NOTHING,
)
define('limits nolimits noindent protect centering small', SHOW_NOTHING)
define('frac dfrac tfrac sfrac nicefrac', {
  arguments: 2,
  show: ([over, under]) => `${operand(over)}/${operand(under)}`,
})
define('binom', { arguments: 2, show: ([of, choose]) => `(${of} choose ${choose})` })
define('sqrt', { arguments: 1, options: true, show: ([text]) => `√${operand(text)}` })
define('href', {
  arguments: 2,
  show: ([address, text]) => (text === address ? text : `${text} (${address})`),
})
define('cite citep citet citealp ref eqref', {
  arguments: 1,
  options: true,
  math: false,
  show: ([text]) => `[${text}]`,
})
define('footnote', { arguments: 1, show: ([text]) => ` (${text})` })
define('textsuperscript', { arguments: 1, show: ([text = '']) => inScript('^', text) })
define('textsubscript', { arguments: 1, show: ([text = '']) => inScript('_', text) })
define('textcolor', { arguments: 2, show: ([, text]) => text })
define('hspace vspace label', { arguments: 1, show: () => '' })
define('unicode', { arguments: 1, show: ([code = '']) => characterOf(code) })
define('bmod mod', { arguments: 0, show: spacedWord('mod') })

/** Operators that TeX sets upright, with space around (The TeXbook, chapter 18). */
for (const name of (
  'arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det diag dim exp gcd hom inf ker lg lim liminf ' +
  'limsup ln log max min Pr rank sec sin sinh sup tan tanh tr'
).split(' ')) {
  define(name, { arguments: 0, show: spacedWord(name) })
}

/** Macros that are not TeX's own but stand in many abstracts. */
const ABBREVIATIONS: Record<string, string> = {
  eg: 'e.g.',
  ie: 'i.e.',
  etc: 'etc.',
  etal: 'et al.',
  cf: 'cf.',
  vs: 'vs.',
  wrt: 'w.r.t.',
}
for (const [name, text] of Object.entries(ABBREVIATIONS)) {
  define(name, { arguments: 0, show: (_, { after }) => (after === '.' ? text.slice(0, -1) : text) })
}

/** Letters: TeX takes the space behind them, so `M\o ller` is one word. */
const LETTERS = new Set('o O l L ss SS ae AE oe OE aa AA i j ij IJ dh DH th TH dj DJ ng NG'.split(' '))
const SIZES = /^(?:left|right|middle|[bB]igg?[lrm]?)$/
/** Signs that stand alone before their operand although Unicode files them under mathematics. */
const PREFIX_SIGNS = /[∞∂∇√∑∏∫¬∀∃]/u

/** How a command is shown; undefined for one that nobody knows. `math`: it stands in a formula. */
export function commandOf(name: string, math: boolean): Command | undefined {
  if (math && SIZES.test(name)) return SHOW_NOTHING
  const mark = math ? mathAccentOf(name) : (textAccentOf(name) ?? mathAccentOf(name))
  if (mark !== undefined) return accentCommand(mark, name.length > 1)
  const known = name === 'deg' && !math ? undefined : COMMANDS.get(name)
  if (known) return known
  if (inAlphabet(name, '') !== undefined)
    return { arguments: 1, show: ([text = '']) => inAlphabet(name, text) }
  const symbol = symbolOf(name)
  if (symbol === undefined) return undefined
  return {
    arguments: 0,
    takesSpace: LETTERS.has(name),
    show: (_, { before, after }) => (math ? spaced(symbol, before, after) : symbol),
  }
}

/** `\hat{x}`, `\v{S}`. Of a longer argument the mark is left out; an accent for text then was none. */
function accentCommand(mark: string, isMath: boolean): Command {
  return {
    arguments: 1,
    show([text = '']) {
      const out = accented(text, mark)
      return out === text && !isMath ? undefined : out
    },
  }
}

/** `a\leq b` has a space behind the sign, by TeX's grammar; it then gets one before it as well. */
function spaced(symbol: string, before: string, after: string): string {
  const isOperator = /^[\p{Sm}\p{So}]$/u.test(symbol) && !PREFIX_SIGNS.test(symbol)
  return isOperator && after === ' ' && /[\p{L}\p{N}\p{M})\]}]/u.test(before) ? ` ${symbol}` : symbol
}

function spacedWord(word: string): Command['show'] {
  return (_, { before, after }) => {
    const left = /[\p{L}\p{N}\p{M})\]]/u.test(before) ? ' ' : ''
    return `${left}${word}${/[\\\d]/.test(after) ? ' ' : ''}`
  }
}

/** MathJax's `\unicode{x2013}`. */
function characterOf(code: string): string | undefined {
  const digits = /^x([0-9a-f]{2,5})$/i.exec(code)?.[1]
  const char = digits === undefined ? '' : String.fromCodePoint(Number.parseInt(digits, 16))
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(char) ? char : undefined
}

/** Something that stays together beside a fraction bar or under a root. */
function operand(text = ''): string {
  return /^(?:[\p{L}\p{M}\p{N}.]+|.)$/u.test(text) ? text : `(${text})`
}

/** Signs behind a backslash: the sign itself, a space, or nothing. */
const SIGNS: Record<string, string> = {
  ...Object.fromEntries(Array.from('%$&#_{}', (sign) => [sign, sign])),
  ...Object.fromEntries(Array.from(', :;>\\', (sign) => [sign, ' '])),
  '\n': '\n',
  '/': '/',
  '-': '',
}
const MATH_SIGNS: Record<string, string> = { ...SIGNS, '/': '', '!': '', '|': '‖' }

/** What a backslash with this sign behind it becomes; undefined if TeX has no such command. */
export function escapedSign(sign: string, math: boolean): string | undefined {
  return (math ? MATH_SIGNS : SIGNS)[sign]
}
