import temml from 'temml'
import { cleanLine } from '../../text/displayLine.ts'
import { texParts } from '../../text/tex/texParts.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'

/** A piece of a text for a page: plain text, or a formula as MathML that may stand in HTML as it is. */
export interface ShownPart {
  text: string
  mathml?: string
}

/** Nobody writes a longer formula into an abstract, and a page shall not be made of thousands. */
const LONGEST_FORMULA = 600
const MOST_FORMULAS = 150

const OPTIONS = { throwOnError: true, trust: false, maxExpand: 200, maxSize: [4, 40] as [number, number] }

/**
 * Text with TeX for a page: formulas become MathML, everything else plain text. A formula that cannot be read is
 * written in Unicode as far as it goes. Never throws.
 */
export function showTex(text: string): ShownPart[] {
  return texParts(text).map(({ text: part, kind }, index) => {
    if (kind === 'text') return { text: plain(part) }
    const mathml = index < 2 * MOST_FORMULAS ? mathmlOf(part) : undefined
    const fallback = cleanLine(texToUnicode(`$${part}$`))
    return mathml === undefined ? { text: fallback } : { text: fallback, mathml }
  })
}

/** Running text keeps the spaces at its ends, which part it from formulas. */
function plain(text: string): string {
  const line = cleanLine(texToUnicode(text))
  return `${/^\s/.test(text) ? ' ' : ''}${line}${/\s$/.test(text) ? ' ' : ''}`
}

function mathmlOf(tex: string): string | undefined {
  if (tex.length > LONGEST_FORMULA) return undefined
  try {
    // The pages' security policy allows no inline styles; without them a formula is only a little less fine.
    return temml.renderToString(cleanLine(tex), OPTIONS).replace(/ style="[^"]*"/g, '')
  } catch {
    return undefined // Not TeX, or a command that is not known.
  }
}
