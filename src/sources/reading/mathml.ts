import { DomUtils } from 'htmlparser2'
import { type HtmlElement, parseHtml } from './html.ts'

/** Formulas in MathML (https://www.w3.org/TR/mathml-core/), as publishers write them into titles and abstracts. */

const BEGIN = /<(?:\w{1,10}:)?math[\s>]/gi
const END = /<\/(?:\w{1,10}:)?math\s*>/gi

/** The text with each formula as TeX where the formula has it, else as characters: `x^2`, `a/b`. Works through it once. */
export function withoutMathml(text: string): string {
  if (!/<(?:\w{1,10}:)?math[\s>]/i.test(text)) return text
  let written = ''
  let end = 0
  for (;;) {
    BEGIN.lastIndex = end
    const begin = BEGIN.exec(text)
    END.lastIndex = begin?.index ?? text.length
    const close = begin && END.exec(text)
    if (!begin || !close) return written + text.slice(end)
    written += text.slice(end, begin.index) + formula(text.slice(begin.index, END.lastIndex))
    end = END.lastIndex
  }
}

function formula(xml: string): string {
  const root = DomUtils.findOne(({ name }) => localName(name) === 'math', parseHtml(xml).children)
  if (root === null) return ''
  const annotation = DomUtils.findOne(({ name }) => localName(name) === 'annotation', root.children)
  const tex = annotation === null ? root.attribs.alttext : DomUtils.textContent(annotation)
  const written = tex?.trim().replace(/^\$+|\$+$/g, '')
  return written ? `$${written}$` : charactersOf(root)
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function charactersOf(element: HtmlElement): string {
  const name = localName(element.name)
  if (name === 'annotation' || name === 'annotation-xml') return ''
  const parts = element.children.map((child) =>
    DomUtils.isTag(child) ? charactersOf(child) : DomUtils.textContent(child).trim(),
  )
  const [first = '', second = '', third = ''] = parts.filter((part) => part !== '')
  if (name === 'msup' || name === 'mover') return `${first}^${grouped(second)}`
  if (name === 'msub' || name === 'munder') return `${first}_${grouped(second)}`
  if (name === 'msubsup' || name === 'munderover') return `${first}_${grouped(second)}^${grouped(third)}`
  if (name === 'mfrac') return `${grouped(first)}/${grouped(second)}`
  return name === 'msqrt' ? `√${grouped(parts.join(''))}` : parts.join('')
}

function grouped(text: string): string {
  return [...text].length > 1 ? `(${text})` : text
}
