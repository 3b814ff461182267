import type { Entry, Reject } from '../domain.ts'
import { type LibraryReport, readLibrary } from '../sources/library.ts'
import { parseArxivId } from '../text/ids/arxivId.ts'
import { parseDoi } from '../text/ids/doi.ts'
import { texToUnicode } from '../text/texToUnicode.ts'

/** A paper that somebody names as an example of what they read. */
export interface Example {
  /** Its title and ids, by which a stored paper is found. */
  entry: Entry
  /** Title and abstract, as far as they are given. Empty if there are no words to learn from. */
  text: string
}

export interface Examples {
  examples: Example[]
  /** What of a library's text could not be read, with its line or record. */
  left: Reject[]
}

/** At most this many characters of an example are kept. */
const LONGEST_TEXT = 5000

/**
 * Reads a pasted text as examples. A library's text (BibTeX, RIS, EndNote, CSL-JSON and others, see readLibrary) has one paper
 * a record. In other text, each line with an arXiv id, DOI or link is a paper, other lines are titles, and running text is
 * the text of one paper. Never throws.
 */
export function parseExamples(text: string): Examples {
  const clean = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, ' ')
  const library = readLibrary(clean, MOST_RECORDS)
  return library === undefined ? { examples: parseLines(clean), left: [] } : examplesOf(library)
}

/** Reading a record takes a tenth of a millisecond. */
const MOST_RECORDS = 1000

function examplesOf({ taken, left }: LibraryReport): Examples {
  return { examples: taken.map(({ entry }) => exampleOfEntry(entry)), left }
}

function exampleOfEntry({ title, arxivId, doi, abstract = '', keywords = [] }: Entry): Example {
  const shown = texToUnicode(title)
  return exampleOf({ title: shown, arxivId, doi }, [shown, texToUnicode(abstract), keywords.join(', ')])
}

const NAMES_PAPER = /^\S*(?:arxiv|doi|https?:|10\.\d{4}|\d{4}\.\d{4,5}|\/\d{7})\S*$/i

function parseLines(text: string): Example[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const lines = block
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '')
    const ids = lines.flatMap(exampleOfIds)
    const words = lines.filter((line) => idsIn(line) === undefined)
    const titles = words.some(runsOn) ? [words.join(' ')] : words
    return [...ids, ...titles.map((title) => exampleOf({ title: title.slice(0, LONGEST_TITLE) }, [title]))]
  })
}

const LONGEST_TITLE = 500

/** Whether a line is running text and no title: a sentence ends within it, or it ends as no title does. */
function runsOn(line: string): boolean {
  return /[.!?] \p{Lu}|[.,;]$/u.test(line)
}

function idsIn(line: string): Pick<Entry, 'arxivId' | 'doi'> | undefined {
  // A long line is a text that mentions a paper, not a line that names one.
  if (line.length > LONGEST_TITLE) return undefined
  const words = line.split(' ')
  const arxivId =
    words.map((word) => parseArxivId(word)).find((id) => id !== undefined)?.id ?? parseArxivId(line)?.id
  const doi = parseDoi(line)
  return arxivId === undefined && doi === undefined ? undefined : { arxivId, doi }
}

function exampleOfIds(line: string): Example[] {
  const ids = idsIn(line)
  if (ids === undefined) return []
  const rest = line
    .split(' ')
    .filter((word) => !NAMES_PAPER.test(word))
    .join(' ')
  return [exampleOf({ title: rest, ...ids }, [rest])]
}

/** An example with its text. A text of fewer than two words teaches nothing, and neither does a link. */
function exampleOf(entry: Entry, parts: string[]): Example {
  const text = parts
    .map((part) => part.replace(/\bhttps?:\S+/gi, '').trim())
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, LONGEST_TEXT)
  return { entry, text: (text.match(/\p{L}{2,}/gu) ?? []).length >= 2 ? text.replace(/\p{Cs}/gu, '') : '' }
}
