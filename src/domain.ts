/**
 * The nouns of Paperboy, as plain types, and the list of a paper's fields. This file imports nothing, so that every folder may import it.
 */

/** A calendar day without a zone, `YYYY-MM-DD`. */
export type LocalDate = string

/**
 * The fields of a paper, with the kind of their values. This is the only list of them: the types below, the columns of
 * the table `papers` (src/db/papers/paperColumns.ts) and the merge rules (src/papers/merging/mergeRules.ts) are derived
 * from it or do not compile without each of its fields.
 */
export const PAPER_FIELDS = {
  /** The source's own text, white space collapsed, TeX kept. Never empty, and always there. */
  title: 'text',
  abstract: 'text',
  /** Names as displayed, "Given Family", in the source's order. */
  authors: 'texts',
  /** Canonical arXiv id without version: `2401.00001` or `hep-th/9901001`. */
  arxivId: 'text',
  /** Lower-case DOI without resolver: `10.1145/3292500`. */
  doi: 'text',
  /** A link to the paper for people, http(s) only. */
  url: 'text',
  publishedAt: 'time',
  /** Year of publication, if no date gives it. */
  year: 'number',
  /** Where it was published, as the source writes it: "VLDB J.", "Proc. of the 25th STOC". */
  venue: 'text',
  categories: 'texts',
  organization: 'text',
  codeUrl: 'text',
  projectUrl: 'text',
  thumbnailUrl: 'text',
  aiSummary: 'text',
  keywords: 'texts',
  upvotes: 'number',
  comments: 'number',
  stars: 'number',
} as const satisfies Record<string, FieldKind>

export type FieldKind = 'text' | 'texts' | 'time' | 'number'
export type PaperField = keyof typeof PAPER_FIELDS

interface ValuesOfKinds {
  text: string
  texts: string[]
  time: Date
  number: number
}

/** The value of a field, if there is one. */
export type ValueOf<Field extends PaperField> = ValuesOfKinds[(typeof PAPER_FIELDS)[Field]]

/** What a source says of a paper. An absent field means "the source does not say". */
type Told = { [Field in keyof typeof PAPER_FIELDS]?: ValueOf<Field> }

/** What is stored of a paper: null, or an empty list, for what no source says. */
type Stored = {
  [Field in keyof typeof PAPER_FIELDS]: Field extends 'title'
    ? string
    : ValueOf<Field> extends string[]
      ? string[]
      : ValueOf<Field> | null
}

/** One paper as one listing, feed or dump shows it. */
export interface Entry extends Told {
  title: string
  /** A date of publication that the source states and nobody could read, as it is quoted in messages. */
  unreadDate?: string
  /**
   * The day on which the listing's own data lists this paper, if it differs from the listing's day or the listing has
   * none.
   */
  listedOn?: LocalDate
  /** 1 for the first of the list. */
  rank?: number
}

/** Something in a listing that could not become an entry. */
export interface Reject {
  /** Line, offset or path inside the page, for example `line 12` or `dailyPapers[3]`. */
  where: string
  reason: string
}

/** The result of parsing one page, answer or dump. */
export interface Listing {
  /** Name of the format that read the page, for example `hf-page`. */
  format: string
  /** The listing's day as its own data gives it; never taken from the address. */
  listedOn?: LocalDate
  /** When the data was taken from the source, if the data says so. */
  observedAt?: Date
  /** Address or token of the next part, if the source gives its list in parts. */
  next?: string
  /** Fields of the source's records that nobody reads, with how often each came filled. */
  ignored?: [string, number][]
  entries: Entry[]
  rejects: Reject[]
}

/** The one record Paperboy keeps of a paper. */
export interface Paper extends Stored {
  id: number
}

/** Field name → the format that gave the value and when it was observed (ISO; null if the dump does not say). */
export type Provenance = Record<string, { format: string; at: string | null }>

/** A stored paper, with the origin of each of its values. */
export interface KnownPaper extends Paper {
  provenance: Provenance
}

/**
 * How much a paper must fit a topic to be sent: only what surely fits, the default, or more. The score that each level asks for is
 * in src/ranking/score/cut.ts.
 */
export type Pickiness = 'surely' | 'balanced' | 'more'
export const PICKINESS = ['surely', 'balanced', 'more'] as const satisfies readonly Pickiness[]

/** One of a subscriber's interests. `query` is in the query language of src/ranking/language/query.ts. */
export interface Topic {
  name: string
  query: string
  /** At most this many papers of a digest come from this topic; null: no limit. */
  quota: number | null
  /** Absent: balanced. */
  pickiness?: Pickiness
}

export type SubscriberStatus = 'pending' | 'active' | 'paused' | 'unsubscribed'

/** What a subscriber says about a paper (more or less like this; save it), or that they opened it. */
export type FeedbackKind = 'more' | 'less' | 'saved' | 'opened'

/**
 * A digest's life: planned → composing → sending → an end. `held`: nobody knows whether the mail server took it;
 * `suppressed`: its address gets no mail.
 */
export type DigestStatus =
  | 'planned'
  | 'composing'
  | 'sending'
  | 'sent'
  | 'failed'
  | 'skipped'
  | 'suppressed'
  | 'held'

/**
 * Why a paper was chosen. `text` is for people. The other fields are for code, which never takes `text` apart.
 * `words` are named as the text names them, the heaviest first.
 */
export type Reason =
  /** The paper has words of the topic; at `neighbours` only similar papers have them. */
  | { kind: 'words'; text: string; place: 'title' | 'abstract' | 'keywords' | 'neighbours'; words: string[] }
  | { kind: 'field'; text: string; field: 'author' | 'category' | 'organization' | 'venue'; value: string }
  /** The paper has words that often stand beside those of the topic. */
  | { kind: 'related'; text: string; words: string[] }
  /** The paper is close to papers that the subscriber liked; `near` is the title of the nearest. */
  | { kind: 'taste'; text: string; words: string[]; near?: string }
  | { kind: 'popular'; text: string; upvotes: number }
  | { kind: 'rising'; text: string; upvotesPerDay: number }
  | { kind: 'listed'; text: string; day: LocalDate | null }
  /** The paper is from outside of the topics; `because` says what speaks for it. */
  | { kind: 'explore'; text: string; because: Reason }
  /** The paper nearly matches a topic. */
  | { kind: 'near'; text: string; topic: string }
  /** A reason that was stored when reasons were text alone. */
  | { kind: 'text'; text: string }

/** One paper chosen for one subscriber, with the reasons. */
export interface DigestItem {
  paperId: number
  topic: string
  score: number
  reasons: Reason[]
  /** True if the paper comes from outside the subscriber's topics, for them to explore. */
  explore?: true
}

/** The same with the paper itself. */
export interface DigestPaper extends DigestItem {
  paper: Paper
}

/** The outcome of a fetch, in one word for people. */
export type FetchOutcome =
  | 'stored'
  | 'unchanged'
  | 'empty'
  | 'blocked'
  | 'moved to another day'
  | 'layout changed'
  | 'failed'

/** For how many days things are kept that are done with. */
export interface Keep {
  readonly pages: number
  readonly fetches: number
  readonly replays: number
  readonly mailEvents: number
  readonly audit: number
}
