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
import type { FeedbackKind } from '../domain.ts'
import { PermanentError } from '../errors.ts'
import { entryKeys, isBlockingKey, isSureKey, type Key } from '../papers/keys/entryKeys.ts'
import { type Example, parseExamples } from './examples.ts'

/** Something that a subscriber says of a paper. */
export interface Opinion {
  subscriberId: number
  paperId: number
  kind: FeedbackKind
}

/** What more rules out less, and the other way round. */
const CONTRARY: Partial<Record<FeedbackKind, FeedbackKind>> = { more: 'less', less: 'more' }

/**
 * Keeps what a subscriber says of a paper, or that they opened it. The same again changes nothing; `more` takes the place
 * of `less`, and the other way round. Nothing happens where the subscriber is gone.
 * @throws PermanentError where there is no such paper.
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

/** Takes back what was said; harmless where it was not. */
export async function takeBackFeedback(db: Db, { subscriberId, paperId, kind }: Opinion): Promise<void> {
  const stays = await findJoinedTo(db, [paperId])
  await deleteFeedback(db, { subscriberId, paperId: stays.get(paperId) ?? paperId, kind })
}

/** What a subscriber said, the newest first; titles as stored (TeX). */
export function listFeedback(
  db: Db,
  subscriberId: number,
): Promise<{ paperId: number; title: string; kind: FeedbackKind; at: Date }[]> {
  return listFeedbackOf(db, subscriberId)
}

/** Leaves words with this stem out of the taste, until it is brought back or all is reset. */
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

/** Lets words with this stem count again; harmless where they did. */
export function rememberTerm(db: Db, subscriberId: number, stem: string): Promise<void> {
  return removeForgottenTerm(db, subscriberId, stem)
}

/** Forgets a text that was pasted in, by its key; harmless where there is none. */
export function dropExample(db: Db, subscriberId: number, key: string): Promise<void> {
  return deleteTasteExample(db, subscriberId, key)
}

/** Far longer than any stem. */
const LONGEST_STEM = 100

/** More than anybody presses buttons for: the row is read for each digest. */
const MOST_FORGOTTEN = 500

/** Begins anew: removes what was said of papers, the texts pasted in, and the terms to forget. */
export async function resetTaste(db: Db, subscriberId: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (await lockFeedbackOf(tx, subscriberId)) await deleteTaste(tx, subscriberId)
  })
}

/** The stored paper, held until the transaction ends; for one that was joined to another, that one. */
async function holdPaper(tx: Tx, paperId: number): Promise<number> {
  if ((await holdPapers(tx, [paperId])).has(paperId)) return paperId
  const stays = (await findJoinedTo(tx, [paperId])).get(paperId)
  if (stays !== undefined && (await holdPapers(tx, [stays])).has(stays)) return stays
  throw new PermanentError(`expected a stored paper, got number ${paperId}; look it up again`)
}

const MOST_BYTES = 200_000
const MOST_SEEDS = 200
const MOST_EXAMPLES = 50

/** What became of pasted text. */
export interface AddedExamples {
  /** Stored papers, saved now; titles as stored (TeX). */
  found: { paperId: number; title: string }[]
  /** Texts kept, of papers that are not stored. */
  kept: number
  /** Parts from which nothing can be learned: an id of an unknown paper, a damaged entry. */
  unread: number
}

/**
 * Learns from pasted text: a .bib file, ids, links and DOIs of papers one a line, or free text. Papers that are stored are
 * saved; of the others the texts are kept, the newest 50. The same again changes nothing.
 * @throws PermanentError where the text is too long, has too many entries, or none.
 */
export async function addExamples(
  db: Db,
  subscriberId: number,
  text: string,
  now: Date,
): Promise<AddedExamples> {
  const { examples, damaged } = readExamples(text)
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
      unread: damaged + others.filter((example) => !kept.includes(example.text)).length,
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
  const count = found.examples.length + found.damaged
  if (count > MOST_SEEDS)
    throw new PermanentError(
      `expected at most ${MOST_SEEDS} papers at once, got ${count}; paste them in parts`,
    )
  if (count === 0)
    throw new PermanentError(
      'expected a .bib file, arXiv ids, DOIs or links one a line, or text on what you read; got no words',
    )
  return found
}

/** The stored paper of each example that has one: by its ids, else by a title that one paper alone has. */
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
