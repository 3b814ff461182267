import type { RankablePaper } from '../index/paperIndex.ts'
import { analyse } from '../language/text.ts'

/** An example as a taste reads it: without addresses, names of users and code, and as if it had been written without the forgotten stems. */
export function readable(paper: RankablePaper, forgotten: ReadonlySet<string>): RankablePaper {
  return withoutWords(withoutAddresses(paper), forgotten)
}

/** Addresses, names of users, and code: `x`, a_name, aName(), --flag. */
const ADDRESSES =
  /\b(?:https?:\/\/|www\.)\S+|\b[\w-]+\.(?:com|org|io|net|ai)\/\S*|\S*@\S+|`[^`]*`|\b\w+_\w+\b|\b\w+\(\)|(?<!\S)--\w+/g

/** The paper without what teaches nothing of its subject. */
function withoutAddresses(paper: RankablePaper): RankablePaper {
  const { title, abstract } = paper
  return {
    ...paper,
    title: title.replace(ADDRESSES, ' '),
    abstract: abstract === null ? null : abstract.replace(ADDRESSES, ' '),
  }
}

/** The paper as if it had been written without these words, so that they do not move its LSA vector either. */
function withoutWords(paper: RankablePaper, forgotten: ReadonlySet<string>): RankablePaper {
  if (forgotten.size === 0) return paper
  const left = (text: string): string => {
    const { stems, words } = analyse(text)
    return words.filter((_, at) => !forgotten.has(stems[at]!)).join(' ')
  }
  const { title, abstract, keywords } = paper
  return {
    ...paper,
    title: left(title),
    abstract: abstract === null ? null : left(abstract),
    keywords: keywords.map(left),
  }
}
