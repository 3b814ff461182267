/** A piece of text: what follows a heading, a list item with its continuation lines, or a table. */
export interface Block {
  kind: 'section' | 'item' | 'table'
  /** Counted from 1. */
  line: number
  lines: string[]
  /** The file ends in the block's last line, so that line may be incomplete. */
  isCut: boolean
}

/** A line that says something about the paper of its heading: `**Authors**: …`, `- Abstract: …`, `Vote: 12`. */
export const LABEL =
  /^\s*(?:[-*+]\s+)?(?:\*\*|__)?(Authors?|Abstract|(?:arXiv |PDF |Paper )?Link|PDF|Paper|arXiv|URL|Votes?|Upvotes?|Published|Date|Code|GitHub|Subjects?|Categories|Comments?)(?:(?:\*\*|__)?\s*[:：](?:\*\*|__)?\s*(.*)|(?:\*\*|__)\s*)$/i

const HEADING = /^#{1,6}\s/
const ITEM = /^\s{0,8}(?:[-*+]|\d{1,4}[.)])\s+\S/
const FENCE = /^\s{0,3}(?:```|~~~)/
const DELIMITER = /^\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$/

/** Cuts a document into blocks. Items stand beside their section; the section keeps its other lines. */
export function blocksOf(page: string): Block[] {
  const lines = page
    .replace(/^---\n[\s\S]{0,5000}?\n---\n/, (matter) => matter.replace(/[^\n]+/g, ''))
    .split('\n')
  const blocks: Block[] = [{ kind: 'section', line: 1, lines: [''], isCut: false }]
  let section = blocks[0]!
  let open: Block = section
  let fenced = false
  for (const [index, line] of lines.entries()) {
    if (FENCE.test(line)) fenced = !fenced
    if (fenced) continue
    const kind = kindOf(line, lines[index + 1], open)
    if (kind === 'more') open.lines.push(line)
    else if (kind === 'text') {
      open = section
      section.lines.push(line)
    } else {
      open = { kind, line: index + 1, lines: [line], isCut: false }
      blocks.push(open)
      if (kind === 'section') section = open
    }
    open.isCut = index === lines.length - 1 && line.trim() !== ''
  }
  return blocks
}

function kindOf(line: string, next: string | undefined, open: Block): Block['kind'] | 'more' | 'text' {
  if (HEADING.test(line)) return 'section'
  if (open.kind === 'table') return line.includes('|') ? 'more' : 'text'
  if (line.includes('|') && next?.includes('-') && DELIMITER.test(next.slice(0, 5_000))) return 'table'
  // `- Authors: …` describes the heading's paper.
  if (LABEL.test(line.slice(0, 200))) return 'text'
  if (ITEM.test(line)) return 'item'
  if (open.kind === 'item' && line.trim() !== '') return 'more'
  return 'text'
}
