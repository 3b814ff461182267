import { deserialize, serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { trainCollection } from '../../src/ranking/collection.ts'
import { buildIndex } from '../../src/ranking/paperIndex.ts'
import { parseQuery } from '../../src/ranking/query.ts'
import { rankTopic } from '../../src/ranking/rank.ts'
import { paper } from './papers.ts'

const POOL = [
  paper(1, 'Graph neural networks (GNNs) for molecules', { abstract: 'Message passing between atoms.' }),
  paper(2, 'Deep graph neural networks (GNN)', { abstract: 'Message passing over nodes, made deep.' }),
  paper(3, 'Cooking pasta', { abstract: 'Water, salt and time.' }),
]

test('a collection that was stored and read again ranks as before', () => {
  const trained = trainCollection(POOL)
  const stored = deserialize(serialize(trained)) as typeof trained
  const today = [paper(7, 'A GNN'), paper(8, 'Salt', { abstract: 'In water.' }), paper(9, 'Passing messages')]
  const ranked = rankTopic(buildIndex(today, trained), parseQuery('gnn message'))
  expect(ranked.map(({ paperId }) => paperId)).toEqual([7, 9])
  expect(rankTopic(buildIndex(today, stored), parseQuery('gnn message'))).toEqual(ranked)
})
