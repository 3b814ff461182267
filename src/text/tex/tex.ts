import { type Command, commandOf, escapedSign } from './texCommands.ts'
import { type Formula, findFormulas, findGroups } from './texSpans.ts'
import { accented, inScript, textAccentOf } from './texSymbols.ts'

/** A text with what was found out about it beforehand, so that each character is looked at once. */
interface Source {
  text: string
  groups: Map<number, number>
  formulas: Map<number, Formula>
  /** Offsets of the first opening and the last closing double quotation marks. */
  firstQuotes: number
  lastQuotes: number
}

/** The part being rendered, and how. */
interface Part {
  from: number
  to: number
  math: boolean
  depth: number
}

interface Rendered {
  out: string
  next: number
}

/** Deeper groups stay as they are: nobody reads them, and the stack is finite. */
const MAX_DEPTH = 50

/** Renders TeX as plain Unicode text; what it does not know stays as it was written. Never throws; linear time. */
export function renderTex(text: string): string {
  const source: Source = {
    text,
    groups: findGroups(text),
    formulas: findFormulas(text),
    firstQuotes: text.indexOf('``'),
    lastQuotes: text.lastIndexOf("''"),
  }
  return render(source, { from: 0, to: text.length, math: false, depth: 0 })
}

const ORDINARY = /[^\\${^_~`'\s]+|\s+/y

function render(source: Source, part: Part): string {
  if (part.depth > MAX_DEPTH) return source.text.slice(part.from, part.to)
  const pieces: string[] = []
  let before = ''
  for (let at = part.from; at < part.to; ) {
    const { out, next } = renderNext(source, part, at, before)
    if (out !== '') pieces.push(out)
    before = out.at(-1) ?? before
    at = next
  }
  return pieces.join('')
}

/** Renders what begins at an offset. `before`: the last character rendered so far. */
function renderNext(source: Source, part: Part, at: number, before: string): Rendered {
  const { text } = source
  const char = text[at]!
  if (char === '\\' || char === '$')
    return renderFormula(source, part, at) ?? renderNoFormula(source, part, at, before)
  if (char === '{') return renderGroup(source, part, at)
  if ((char === '^' || char === '_') && (part.math || text[at + 1] === '{'))
    return renderScript(source, part, at)
  if (char === '~') return { out: isTie(text, at, part.math) ? ' ' : '~', next: at + 1 }
  if (char === '`' || char === "'") return renderQuote(source, part, at)
  ORDINARY.lastIndex = at
  const run = ORDINARY.exec(text)?.[0] ?? char
  return { out: run.slice(0, part.to - at), next: Math.min(at + run.length, part.to) }
}

function renderFormula(source: Source, part: Part, at: number): Rendered | undefined {
  const formula = source.formulas.get(at)
  if (formula === undefined || formula.next > part.to) return undefined
  return { out: render(source, inner(part, formula.from, formula.to, true)), next: formula.next }
}

/** A dollar sign that opens no formula stays; a backslash begins a command. */
function renderNoFormula(source: Source, part: Part, at: number, before: string): Rendered {
  return source.text[at] === '$' ? { out: '$', next: at + 1 } : renderCommand(source, part, at, before)
}

function inner(part: Part, from: number, to: number, math = part.math): Part {
  return { from, to, math, depth: part.depth + 1 }
}

/** Braces go in formulas and around commands: `{\O}bro`. Elsewhere they are text: `{this https URL}`. */
function renderGroup(source: Source, part: Part, at: number): Rendered {
  const close = source.groups.get(at)
  const isTex = part.math || source.text[at + 1] === '\\' || source.formulas.has(at + 1)
  if (close === undefined || close >= part.to || !isTex) return { out: '{', next: at + 1 }
  return { out: render(source, inner(part, at + 1, close)), next: close + 1 }
}

function renderScript(source: Source, part: Part, at: number): Rendered {
  const sign = source.text[at] as '^' | '_'
  const argument = readArgument(source, part, at + 1)
  if (argument === undefined) return { out: sign, next: at + 1 }
  const text = render(source, inner(part, argument.from, argument.to, true))
  return { out: text === '' ? '' : inScript(sign, text), next: argument.next }
}

/** `Task~1`, `et al.~[3]`: a space that does not break. Not in `5~10`, `~/home`, `a ~ b`. */
function isTie(text: string, at: number, math: boolean): boolean {
  if (math) return true
  const around = `${text[at - 1] ?? ' '}${text[at + 1] ?? ' '}`
  return /^[\p{L}.)]\d$|^\d\p{L}$|^[.}][\p{L}\\[$(]$|^[\p{L}\d][\\$]$/u.test(around)
}

/** ``quoted'' in the manner of TeX. One pair alone is something else: inches, a code span. */
function renderQuote(source: Source, part: Part, at: number): Rendered {
  const char = source.text[at]!
  if (part.math && char === "'") return { out: '′', next: at + 1 }
  const isDouble = source.text[at + 1] === char && at + 1 < part.to
  const isPaired = char === '`' ? at < source.lastQuotes : source.firstQuotes >= 0 && source.firstQuotes < at
  if (!isDouble || !isPaired) return { out: char, next: at + 1 }
  return { out: char === '`' ? '“' : '”', next: at + 2 }
}

const NAME = /[a-zA-Z]+\*?/y

function renderCommand(source: Source, part: Part, at: number, before: string): Rendered {
  NAME.lastIndex = at + 1
  const name = NAME.exec(source.text)?.[0].slice(0, part.to - at - 1)
  if (name === undefined || name === '') return renderSign(source, part, at)
  const next = at + 1 + name.length
  const command = commandOf(name.replace('*', ''), part.math)
  const done = command && renderKnown(source, part, command, next, before)
  return done ?? renderUnknown(source, part, `\\${name}`, next)
}

function renderKnown(
  source: Source,
  part: Part,
  command: Command,
  at: number,
  before: string,
): Rendered | undefined {
  let next = command.options ? skipOptions(source, part, at) : at
  const texts: string[] = []
  for (let left = command.arguments; left > 0; left -= 1) {
    const argument = readArgument(source, part, next)
    if (argument === undefined) return undefined
    texts.push(render(source, inner(part, argument.from, argument.to, command.math ?? part.math)))
    next = argument.next
  }
  const out = command.show(texts, { before, after: source.text[next] ?? '' })
  if (out === undefined) return undefined
  if (command.arguments > 0) return { out, next }
  if (source.text.startsWith('{}', next) && next + 2 <= part.to) return { out, next: next + 2 }
  if (command.takesSpace && source.text[next] === ' ' && next < part.to) return { out, next: next + 1 }
  return { out, next }
}

/** A command that nobody knows stays, with its arguments in their braces. */
function renderUnknown(source: Source, part: Part, name: string, at: number): Rendered {
  const close = source.groups.get(at)
  if (close === undefined || close >= part.to) return { out: name, next: at }
  return { out: `${name}{${render(source, inner(part, at + 1, close))}}`, next: close + 1 }
}

/** `[3]` behind a command. */
function skipOptions(source: Source, part: Part, at: number): number {
  if (source.text[at] !== '[') return at
  const length = source.text.slice(at, Math.min(part.to, at + MAX_OPTIONS)).indexOf(']')
  return length < 0 ? at : at + length + 1
}

const MAX_OPTIONS = 100

/** The argument that begins at an offset, perhaps behind a space: a group, a command, or one character. */
function readArgument(source: Source, part: Part, at: number): (Formula & { isGroup: boolean }) | undefined {
  const { text } = source
  const from = text[at] === ' ' ? at + 1 : at
  if (from >= part.to) return undefined
  const close = source.groups.get(from)
  if (close !== undefined && close < part.to)
    return { from: from + 1, to: close, next: close + 1, isGroup: true }
  const length =
    text[from] === '\\' ? commandLength(text, from) : String.fromCodePoint(text.codePointAt(from)!).length
  const to = Math.min(from + length, part.to)
  return /^[\s{}$]/.test(text[from]!) ? undefined : { from, to, next: to, isGroup: false }
}

function commandLength(text: string, at: number): number {
  NAME.lastIndex = at + 1
  return 1 + (NAME.exec(text)?.[0].length ?? 1)
}

/** A backslash with a sign behind it: an accent, an escaped sign, a space, a line's end. */
function renderSign(source: Source, part: Part, at: number): Rendered {
  const sign = source.text[at + 1]
  if (sign === undefined || at + 1 >= part.to) return { out: '\\', next: at + 1 }
  const mark = textAccentOf(sign)
  if (mark !== undefined) return renderAccent(source, part, at, mark)
  if (sign === '\\' && !part.math && !/^\s?$/.test(source.text[at + 2] ?? ''))
    return { out: '\\\\', next: at + 2 }
  const out = escapedSign(sign, part.math)
  return out === undefined ? { out: '\\', next: at + 1 } : { out, next: at + 2 }
}

/** `\'a`, `\'{a}`, `\'\i`. A sign before anything else is the sign itself, as in `don\'t`. */
function renderAccent(source: Source, part: Part, at: number, mark: string): Rendered {
  const sign = source.text[at + 1]!
  const argument = source.text[at + 2] === ' ' ? undefined : readArgument(source, part, at + 2)
  const letter = argument ? render(source, inner(part, argument.from, argument.to, false)) : ''
  const out = accented(letter, mark)
  const isLetter = argument?.isGroup ? out !== letter : /^\p{L}$/u.test(out) && isAccentable(sign, letter)
  if (argument?.isGroup && letter.trim() === '') return { out: sign, next: argument.next }
  if (!argument || !isLetter) return { out: sign, next: at + 2 }
  // `Garc\'\i a`: a command takes the space behind it
  const takesSpace =
    !argument.isGroup && source.text.startsWith(' ', argument.next) && argument.next < part.to
  return { out, next: takesSpace && source.text[argument.from] === '\\' ? argument.next + 1 : argument.next }
}

/** In text that was escaped twice, `\"` is more often a quotation mark than a diaeresis on a consonant. */
function isAccentable(sign: string, letter: string): boolean {
  return sign !== '"' || /^[aeiouyıAEIOUY]$/.test(letter)
}
