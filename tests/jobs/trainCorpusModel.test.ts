import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Db } from '../../src/db/engine/connect.ts'
import { chooseDigest } from '../../src/digests/chooseDigest.ts'
import { currentCorpusModel, currentModel } from '../../src/digests/corpus/currentModel.ts'
import { CORPUS_FORMAT } from '../../src/digests/corpus/modelBytes.ts'
import { trainCorpusModel } from '../../src/jobs/trainCorpusModel.ts'
import { corpusOf } from '../support/corpusModel.ts'
import { store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())

const db = () => test_.tools.db
const at = (time: string) => test_.setNow(`2026-11-${time}:00Z`)
const tick = () => trainCorpusModel.run({ tick: test_.tools.now().toISOString() }, test_.tools)
const add = (count: number, from: number) => store(test_.tools, '2026-11-20', corpusOf(count, from))

const models = () =>
  db()
    .selectFrom('corpus_models')
    .select(['id', 'papers', 'trained_at', 'checked_at', 'parts'])
    .orderBy('id')
    .execute()
const ids = async () => (await models()).map(({ id }) => id)

/** How many stored papers the model in use was learned from; papers of the starter have ids below 0. */
const learned = async (of: Db) =>
  (await currentCorpusModel(of)).index.papers.filter(({ id }) => id > 0).length

/** As another process sees it, which has loaded nothing yet. */
async function elsewhere<T>(look: (db: Db) => Promise<T>): Promise<T> {
  const other = connect(test_.database.url)
  return look(other).finally(() => other.destroy())
}

const itemsFor = async (query: string) => {
  const subscriber = { id: undefined, max: 5, topics: [{ name: 'T', query, quota: null }] }
  return (await chooseDigest(db(), subscriber, '2026-11-20')).items
}
const titlesFor = async (query: string) => {
  const items = await itemsFor(query)
  const papers = await db().selectFrom('papers').select(['id', 'title']).execute()
  return items.map((item) => papers.find(({ id }) => id === item.paperId)!.title)
}

describe('the corpus is trained', () => {
  test('not while papers are few, and ranking uses the starter', async () => {
    at('20T09:00')
    await add(499, 1)
    await tick()
    expect(await models()).toEqual([])
    expect(await currentModel(db())).toBeUndefined()
    expect(await learned(db())).toBe(0)
    expect(await titlesFor('"graph neural network" bees')).toHaveLength(5)
  })

  test('once there are enough, by one of two workers', async () => {
    at('20T10:00')
    await add(1, 500)
    await Promise.all([tick(), tick()])
    expect(await models()).toEqual([
      {
        id: expect.any(Number),
        papers: 500,
        trained_at: test_.tools.now(),
        checked_at: test_.tools.now(),
        parts: expect.any(Number),
      },
    ])
    const corpus = await currentCorpusModel(db())
    expect(await learned(db())).toBe(500)
    expect(await currentCorpusModel(db())).toBe(corpus)
  })

  test('and digests use it: an acronym finds its long form', async () => {
    await store(test_.tools, '2026-11-20', [
      {
        title: 'A graph neural network for maps',
        abstract: 'It reads maps.',
        authors: ['M'],
        arxivId: '2611.00001',
      },
    ])
    expect(await titlesFor('GNN +maps')).toEqual(['A graph neural network for maps'])
    const [item] = await itemsFor('GNN +maps')
    expect(item!.reasons.map(({ text }) => text).join()).toMatch(/“GNN” \(= graph neural networks?\)/)
  })

  test('once a day, and then only where texts have changed', async () => {
    const [first] = await ids()
    at('20T20:00')
    await tick()
    expect(await ids()).toEqual([first])
    at('21T10:00')
    await tick()
    const [, second] = await models()
    expect(second).toMatchObject({ papers: 501 })
    at('22T10:00')
    await tick()
    expect(await ids()).toEqual([first, second!.id])
    expect((await models())[1]).toMatchObject({
      trained_at: new Date('2026-11-21T10:00:00Z'),
      checked_at: test_.tools.now(),
    })
  })

  test('at once where the papers have doubled', async () => {
    at('22T10:10')
    await add(501, 1001)
    await tick()
    expect((await models()).at(-1)).toMatchObject({ papers: 1002 })
  })
})

describe('a model', () => {
  test('that lost a part is not used: the one before is, and the next training replaces it', async () => {
    const all = await ids()
    await db().deleteFrom('corpus_model_parts').where('model_id', '=', all.at(-1)!).execute()
    await elsewhere(async (other) => {
      expect(await learned(other)).toBe(501)
      at('22T10:20')
      await trainCorpusModel.run({ tick: '' }, { ...test_.tools, db: other })
      expect(await learned(other)).toBe(1002)
    })
    expect(await ids()).toHaveLength(2)
    expect(await ids()).not.toContain(all[0])
  })

  test('with damaged bytes is not used: where no other is whole, ranking uses the starter', async () => {
    const last = (await ids()).at(-1)!
    const { body } = await db()
      .selectFrom('corpus_model_parts')
      .select('body')
      .where('model_id', '=', last)
      .executeTakeFirstOrThrow()
    const damaged = Buffer.from(body)
    damaged[damaged.length >> 1]! ^= 0xff
    const put = (bytes: Buffer) =>
      db()
        .updateTable('corpus_model_parts')
        .set({ body: bytes })
        .where('model_id', '=', last)
        .where('part', '=', 0)
        .execute()
    await put(damaged)
    await elsewhere(async (other) => {
      expect(await learned(other)).toBe(0)
    })
    await put(body)
  })

  test('of another format is left alone, and one of this format trained', async () => {
    await db().updateTable('corpus_models').set({ format: 0 }).execute()
    expect(await learned(db())).toBe(0)
    at('22T10:30')
    await tick()
    expect(await learned(db())).toBe(1002)
  })
})

describe('after a crash in the middle of it', () => {
  let claimed: number
  beforeEach(async () => {
    await db().deleteFrom('corpus_models').where('trained_at', 'is', null).execute()
    const crashed = {
      format: CORPUS_FORMAT,
      input_digest: 'x',
      papers: 7,
      started_at: new Date('2026-11-24T10:00:00Z'),
    }
    const row = await db()
      .insertInto('corpus_models')
      .values(crashed)
      .returning('id')
      .executeTakeFirstOrThrow()
    claimed = row.id
    await db()
      .insertInto('corpus_model_parts')
      .values({ model_id: claimed, part: 0, body: Buffer.from('half') })
      .execute()
  })

  test('what was stored counts for nothing, and the training waits until its time is over', async () => {
    await add(1, 3000)
    const before = await ids()
    at('24T10:20')
    await tick()
    expect(await ids()).toEqual(before)
    expect(await learned(db())).toBe(1002)
  })

  test('then it is done anew', async () => {
    at('24T10:31')
    await tick()
    expect(await ids()).not.toContain(claimed)
    expect((await models()).at(-1)).toMatchObject({ papers: 1003, trained_at: test_.tools.now() })
  })
})
