import type { Db, Tx } from '../db/engine/connect.ts'
import { findPaperKeys } from '../db/papers/paperKeys.ts'
import { findJoinedTo } from '../db/papers/paperMerges.ts'
import { findPapers } from '../db/papers/papers.ts'
import {
  deleteFeedback,
  holdPapers,
  insertFeedback,
  listFeedbackOf,
  lockFeedbackOf,
} from '../db/subscribers/feedback.ts'
import {
  addForgottenTerm,
  deleteTaste,
  deleteTasteExample,
  insertTasteExamples,
  removeForgottenTerm,
} from '../db/subscribers/tasteExamples.ts'
import type { FeedbackKind, Reject } from '../domain.ts'
import { PermanentError } from '../errors.ts'
import { entryKeys, isBlockingKey, isSureKey, type Key } from '../papers/keys/entryKeys.ts'
import { type Example, parseExamples } from './examples.ts'

/** One answer of a subscriber about one paper. */
export interface Opinion {
  subscriberId: number
  paperId: number
  kind: FeedbackKind
}

/** The answer that a new answer replaces: nobody wants both more and less of a paper. */
const CONTRARY: Partial<Record<FeedbackKind, FeedbackKind>> = { more: 'less', less: 'more' }

/**
 * Stores a subscriber's answer about a paper, or that they opened it. The same answer again changes nothing; `more` replaces
 * `less`, and the other way round. Does nothing if the subscriber is gone.
 * @throws PermanentError if there is no such paper.
 */
export async function giveFeedback(
  db: Db,
  { subscriberId, paperId, kind }: Opinion,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await lockFeedbackOf(tx, subscriberId))) return
    const held = await holdPaper(tx, paperId)
    const contrary = CONTRARY[kind]
    if (contrary) await deleteFeedback(tx, { subscriberId, paperId: held, kind: contrary })
    await insertFeedback(tx, [{ subscriberId, paperId: held, kind, at: now }])
  })
}

/** Takes an answer back. Does nothing if it was not given. */
export async function takeBackFeedback(db: Db, { subscriberId, paperId, kind }: Opinion): Promise<void> {
  const stays = await findJoinedTo(db, [paperId])
  await deleteFeedback(db, { subscriberId, paperId: stays.get(paperId) ?? paperId, kind })
}

/** Lists a subscriber's answers, the newest first. Titles are as stored (TeX). */
export function listFeedback(
  db: Db,
  subscriberId: number,
): Promise<{ paperId: number; title: string; kind: FeedbackKind; at: Date }[]> {
  return listFeedbackOf(db, subscriberId)
}

/** Leaves words with this stem out of the taste, until the stem is remembered again or everything is reset. */
export async function forgetTerm(db: Db, subscriberId: number, stem: string): Promise<void> {
  const known = stem
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, LONGEST_STEM)
  if (known === '') return
  await db.transaction().execute(async (tx) => {
    if (await lockFeedbackOf(tx, subscriberId))
      await addForgottenTerm(tx, subscriberId, known, MOST_FORGOTTEN)
  })
}

/** Lets words with this stem count again. Does nothing if they already do. */
export function rememberTerm(db: Db, subscriberId: number, stem: string): Promise<void> {
  return removeForgottenTerm(db, subscriberId, stem)
}

/** Deletes a pasted text by its key. Does nothing if there is none. */
export function dropExample(db: Db, subscriberId: number, key: string): Promise<void> {
  return deleteTasteExample(db, subscriberId, key)
}

/** In characters: far longer than any stem. */
const LONGEST_STEM = 100

/** Forgotten stems of one subscriber. More than anybody forgets by hand; the row is read for each digest. */
const MOST_FORGOTTEN = 500

/** Removes everything a taste is learned from: answers, pasted texts and forgotten words. */
export async function resetTaste(db: Db, subscriberId: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (await lockFeedbackOf(tx, subscriberId)) await deleteTaste(tx, subscriberId)
  })
}

/** Locks a stored paper until the transaction ends, and returns its id. If it was merged into another paper, that one is locked. */
async function holdPaper(tx: Tx, paperId: number): Promise<number> {
  if ((await holdPapers(tx, [paperId])).has(paperId)) return paperId
  const stays = (await findJoinedTo(tx, [paperId])).get(paperId)
  if (stays !== undefined && (await holdPapers(tx, [stays])).has(stays)) return stays
  throw new PermanentError(`expected a stored paper, got number ${paperId}; look it up again`)
}

const MOST_BYTES = 200_000
const MOST_AT_ONCE = 200
const MOST_EXAMPLES = 50

/** What was learned from a pasted text. */
export interface AddedExamples {
  /** Stored papers that are now saved. Titles are as stored (TeX). */
  found: { paperId: number; title: string }[]
  /** How many texts were kept, of papers that are not stored. */
  kept: number
  /** How many parts teach nothing, such as the id of an unknown paper, or a damaged entry. */
  unread: number
  /** What of a library's text could not be read, with its line or record, and why. */
  left: Reject[]
}

/**
 * Learns from a pasted text: a library of any kind (readLibrary); ids, links or DOIs of papers, one a line; or free text. Papers that are stored are
 * saved. Of the other papers the texts are kept, the newest 50. The same text again changes nothing.
 * @throws PermanentError if the text is too long, has too many entries, or none.
 */
export async function addExamples(
  db: Db,
  subscriberId: number,
  text: string,
  now: Date,
): Promise<AddedExamples> {
  const { examples, left } = readExamples(text)
  const paperOf = await findExamples(db, examples)
  return db.transaction().execute(async (tx) => {
    const alive = await lockFeedbackOf(tx, subscriberId)
    const held = await holdPapers(tx, [...new Set(paperOf.values())])
    const paperIds = alive ? [...held] : []
    const others = examples.filter((example) => !held.has(paperOf.get(example)!))
    const texts = [...new Set(others.flatMap((example) => (example.text === '' ? [] : [example.text])))]
    const kept = alive ? texts.slice(0, MOST_EXAMPLES) : []
    await insertFeedback(
      tx,
      paperIds.map((paperId) => ({ subscriberId, paperId, kind: 'saved', at: now })),
    )
    await insertTasteExamples(tx, subscriberId, kept, { at: now, most: MOST_EXAMPLES })
    const papers = await findPapers(tx, paperIds)
    return {
      found: papers.map(({ id, title }) => ({ paperId: id, title })).sort((a, b) => a.paperId - b.paperId),
      kept: kept.length,
      unread: left.length + others.filter((example) => !kept.includes(example.text)).length,
      left,
    }
  })
}

function readExamples(text: string): ReturnType<typeof parseExamples> {
  const bytes = Buffer.byteLength(text)
  if (bytes > MOST_BYTES)
    throw new PermanentError(
      `expected at most ${MOST_BYTES / 1000} kB of text, got ${Math.ceil(bytes / 1000)} kB; paste a part of it`,
    )
  const found = parseExamples(text)
  const count = found.examples.length + found.left.length
  if (count > MOST_AT_ONCE)
    throw new PermanentError(
      `expected at most ${MOST_AT_ONCE} papers at once, got ${count}; paste them in parts`,
    )
  if (count === 0)
    throw new PermanentError(
      'expected a library (BibTeX, RIS, EndNote, PubMed, Zotero or CSL), arXiv ids, DOIs or links one a line, or text on what you read; got no words',
    )
  return found
}

/** Finds the stored paper of each example, by its ids, or by its title if only one paper has it. */
async function findExamples(db: Db, examples: Example[]): Promise<Map<Example, number>> {
  const asked = examples.map((example) => ({
    example,
    keys: entryKeys(example.entry).asked.filter((key) => !isBlockingKey(key)),
  }))
  const holders = new Map<Key, number[]>()
  for (const { key, paperId } of await findPaperKeys(db, [...new Set(asked.flatMap(({ keys }) => keys))]))
    holders.set(key, [...(holders.get(key) ?? []), paperId])
  return new Map(
    asked.flatMap(({ example, keys }): [Example, number][] => {
      const key =
        keys.find((one) => isSureKey(one) && holders.has(one)) ?? keys.find((one) => holders.has(one))
      const papers = holders.get(key ?? '') ?? []
      return papers.length === 1 ? [[example, papers[0]!]] : []
    }),
  )
}
