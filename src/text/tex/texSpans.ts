/** Where formulas and groups of a TeX text begin and end, found in one pass each. */

export interface Formula {
  /** The formula without its delimiters. */
  from: number
  to: number
  /** The offset behind the closing delimiter. */
  next: number
}

/** Opening brace → closing brace, for the pairs that match. Escaped braces are text. */
export function findGroups(text: string): Map<number, number> {
  const groups = new Map<number, number>()
  const open: number[] = []
  for (const match of text.matchAll(/\\.|[{}]/gs)) {
    if (match[0] === '{') open.push(match.index)
    const opened = match[0] === '}' ? open.pop() : undefined
    if (opened !== undefined) groups.set(opened, match.index)
  }
  return groups
}

const CLOSING: Record<string, string> = { $: '$', $$: '$$', '\\(': '\\)', '\\[': '\\]' }

/**
 * Formulas by the offset of their opening delimiter: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. A dollar sign that is money
 * opens none (see `isFormula`). A formula does not reach over an empty line.
 */
export function findFormulas(text: string): Map<number, Formula> {
  const formulas = new Map<number, Formula>()
  let open: { at: number; delimiter: string } | undefined
  for (const match of text.matchAll(/\\.|\$\$|\$|\n[ \t]*\n/gs)) {
    const [found] = match
    const at = match.index
    if (found.startsWith('\n')) open = undefined
    else if (open?.delimiter === '$' && found === '$$') {
      // `$a$$b$`: the end of one and the beginning of the next
      addFormula(formulas, text, open, at, 1)
      open = { at: at + 1, delimiter: '$' }
    } else if (open && found === CLOSING[open.delimiter]) {
      const closed = addFormula(formulas, text, open, at, found.length)
      open = closed ? undefined : { at, delimiter: found }
    } else if (open === undefined && found in CLOSING) open = { at, delimiter: found }
  }
  return formulas
}

function addFormula(
  formulas: Map<number, Formula>,
  text: string,
  open: { at: number; delimiter: string },
  close: number,
  closeLength: number,
): boolean {
  const from = open.at + open.delimiter.length
  const next = close + closeLength
  if (open.delimiter === '$' && !isFormula(text.slice(from, close), text[open.at - 1], text[next]))
    return false
  formulas.set(open.at, { from, to: close, next })
  return true
}

const TEX_SIGNS = /\\[^\s]|[\^_]\S/
const PROSE = /(?:^|\s)[a-zA-Z]{2,}\s+[a-zA-Z]{2,}(?:\s|$)/
/** "10, 5", "5 EUR" */
const AMOUNT_FIRST = /^\d[\d.,]*[,;]?\s+[\p{L}\d]/u
const WORD_AMID = /\s[a-zA-Z]{2,}\s/

/**
 * Is what stands between two dollar signs a formula, or do both stand for money ("costs $5 and $6")? What has TeX signs
 * is one, unless it reads like prose; anything else only by the rule of Pandoc's tex_math_dollars: no space inside
 * the delimiters, no digit behind the closing one.
 */
function isFormula(content: string, before: string | undefined, after: string | undefined): boolean {
  if (/^[-+<>=]$/.test(content)) return true
  if (content.trim() === '' || PROSE.test(content)) return false
  const spaceBefore = /^\s/.test(content)
  const spaceAfter = /\s$/.test(content)
  if (TEX_SIGNS.test(content)) return spaceBefore || !spaceAfter
  if (spaceBefore || spaceAfter || /\d/.test(after ?? '')) return false
  if (WORD_AMID.test(content) || AMOUNT_FIRST.test(content)) return false
  // "from 5$ to 10$", "5$-10$"
  return !(/\d/.test(before ?? '') && /\d$/.test(content))
}
