import type { Entry, Paper } from '../domain.ts'
import { sharedFamilyName } from './authors.ts'
import { strongIds, titleKey } from './keys.ts'
import { foldTitle, lettersIn, numbersIn } from './titles.ts'

/** A judgement with its reason in words, for the paper's page. */
export type Match = { same: true; why: string } | { same: false; why: string }

/** Papers of one title that are further apart are an edition and the next, or two papers. */
const MOST_YEARS_APART = 2

/**
 * Is an entry the paper that was found under one of its keys? Ids decide where both have them: one arXiv id is one
 * paper and two are two, whatever else agrees; then the DOI. Without ids it is the same title (see titleKey), unless
 * numbers, authors or years speak against it; a title as short as "Deep Learning" needs something that speaks for it.
 */
export function samePaper(entry: Entry, paper: Paper): Match {
  return judgeIds(entry, paper) ?? judgeTitles(entry, paper) ?? judgeCircumstances(entry, paper)
}

function judgeIds(entry: Entry, paper: Paper): Match | undefined {
  const ours = strongIds(paper)
  const theirs = strongIds(entry)
  if (ours.arxiv !== undefined && theirs.arxiv !== undefined) {
    if (ours.arxiv === theirs.arxiv) return yes(`same arXiv id ${ours.arxiv}`)
    return no(`different arXiv ids ${theirs.arxiv} and ${ours.arxiv}`)
  }
  if (ours.doi === undefined || theirs.doi === undefined) return undefined
  if (ours.doi === theirs.doi) return yes(`same DOI ${ours.doi}`)
  return no(`different DOIs ${theirs.doi} and ${ours.doi}`)
}

function judgeTitles(entry: Entry, paper: Paper): Match | undefined {
  const key = titleKey(entry.title)
  if (key === undefined) return no('the title is too general to tell papers apart')
  if (key !== titleKey(paper.title)) return no('different titles')
  // The key has no spaces and points: "Gemini 1.5" and "Gemini 15" share one.
  if (numbersIn(foldTitle(entry.title)) !== numbersIn(foldTitle(paper.title)))
    return no('different numbers in the titles')
  return undefined
}

function judgeCircumstances(entry: Entry, paper: Paper): Match {
  const author = sharedFamilyName(entry.authors ?? [], paper.authors)
  if (author === 'none') return no('same title, but no author in common')
  const years = yearsApart(entry.publishedAt, paper.publishedAt)
  if (years > MOST_YEARS_APART) return no(`same title, but published ${years} years apart`)
  if (author) return yes(`same title and author ${author.name}`)
  if (isDistinctive(entry.title)) return yes('same title')
  const alike = abstractsAlike(entry, paper)
  return alike
    ? yes('same short title, and nothing else differs')
    : no('same short title, but nothing else in common')
}

function yes(why: string): Match {
  return { same: true, why }
}

function no(why: string): Match {
  return { same: false, why }
}

function yearsApart(one: Date | undefined, other: Date | null): number {
  if (!one || !other) return 0
  const years = Math.abs(one.getUTCFullYear() - other.getUTCFullYear())
  return Number.isNaN(years) ? 0 : years
}

/** Long enough that two papers hardly share it by chance. */
function isDistinctive(title: string): boolean {
  const folded = foldTitle(title)
  const letters = lettersIn(folded)
  return letters >= 30 || (letters >= 16 && folded.split(' ').length >= 3)
}

/** Half of the words of the shorter abstract are in the other; or neither entry nor paper has more than the title. */
function abstractsAlike(entry: Entry, paper: Paper): boolean {
  if (!entry.abstract && !paper.abstract) return !entry.authors?.length && paper.authors.length === 0
  const ours = wordsOf(paper.abstract ?? '')
  const theirs = wordsOf(entry.abstract ?? '')
  const shared = [...theirs].filter((word) => ours.has(word)).length
  return shared > 0 && shared >= Math.min(ours.size, theirs.size) / 2
}

function wordsOf(text: string): Set<string> {
  return new Set(
    foldTitle(text)
      .split(' ')
      .filter((word) => word.length > 3),
  )
}
