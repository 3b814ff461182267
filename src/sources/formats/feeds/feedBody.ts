import type { Entry } from '../../../domain.ts'
import { decodeEntities } from '../../../text/entities.ts'
import { countOf, textOf } from '../../reading/fields.ts'
import { htmlLines } from '../../reading/htmlText.ts'
import { markupLines } from '../../reading/markup.ts'
import { splitNames } from '../../reading/names.ts'
import { abstractIn } from '../../reading/prose/abstracts.ts'

/** What the text of a feed's item says: the abstract, and what stands around it. */
export interface FeedBody extends Pick<Entry, 'abstract' | 'authors' | 'upvotes'> {
  published?: string
  doi?: string
}

/** `Authors: A, B`, `Upvotes: 4`, `Summary: …`: the labels of feeds that have no fields for these. */
const LABEL =
  /^(Authors?(?:\(s\))?|Upvotes?|Votes?|Summary|Abstract|Source|Publication date|Published(?: online| on)?|Available online|Journal|DOI|PMID)(?::\s*|(?<=Available online)\s+)(.*)$/i
/** The labels whose text goes on in the next lines. */
const LONG = new Set(['abstract', 'summary'])
/** A shorter text is a volume and pages, a date or a teaser. */
const SHORTEST_ABSTRACT = 100

/** Reads the longest of an item's texts, which are HTML. `title` may stand again above the abstract. */
export function readFeedBody(texts: (string | undefined)[], title: string | undefined): FeedBody {
  const bodies = texts.map((text) =>
    htmlLines(text ?? '')
      .flatMap(withoutXml)
      .map(withoutAnnouncement),
  )
  const [lines = []] = bodies.sort((one, other) => lengthOf(other) - lengthOf(one))
  const { labelled, rest } = readLabels(lines)
  const read = (label: string) => labelled.get(label)?.join(' ')
  const whole = abstractIn(rest, title)
  const isAbstract = whole.length >= SHORTEST_ABSTRACT && lengthOf(rest) >= SHORTEST_ABSTRACT
  const votes = read('upvote') ?? read('vote')
  return {
    abstract:
      textOf(abstractIn(labelled.get('abstract') ?? labelled.get('summary') ?? [])) ??
      (isAbstract ? textOf(whole) : undefined),
    authors: splitNames(read('author')),
    upvotes: /^\d{1,9}$/.test(votes ?? '') ? countOf(Number(votes)) : undefined,
    published: dateIn(read('publication date') ?? read('published') ?? read('available online')),
    doi: read('doi'),
  }
}

/** "Available online 3 May 2026": the words before the date go. */
function dateIn(text: string | undefined): string | undefined {
  return text?.replace(/^(?:available|published)?\s*(?:online|on)?:?\s+/i, '').replace(/[.;]$/, '')
}

/** arXiv's feeds put id and kind before the abstract; readers that show them keep that on the same line. */
function withoutAnnouncement(line: string): string {
  return line.replace(/^arXiv:\S{1,40} Announce Type: [\w-]{1,30} (?=Abstract:)/, '')
}

/** HTML in which JATS, MathML or entities stand escaped once more. */
function withoutXml(line: string): string[] {
  return /<\/?(?:jats|mml):|<math[\s>]/i.test(line) ? markupLines(line) : [decodeEntities(line)]
}

/** The lines of each label, which is in lower case and the singular, and those that no label claims. */
function readLabels(lines: string[]): { labelled: Map<string, string[]>; rest: string[] } {
  const labelled = new Map<string, string[]>()
  const rest: string[] = []
  let open = rest
  for (const line of lines) {
    const match = LABEL.exec(line)
    if (match === null) {
      open.push(line)
      continue
    }
    const label = match[1]!
      .toLowerCase()
      .replace(/(?:\(s\)|s)$/, '')
      .replace(/^(published) .*/, '$1')
    const value = [match[2]!]
    if (!labelled.has(label)) labelled.set(label, value)
    open = LONG.has(label) ? labelled.get(label)! : rest
  }
  return { labelled, rest }
}

function lengthOf(lines: string[]): number {
  return lines.join(' ').length
}
