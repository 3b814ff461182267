import { expect, test } from 'vitest'
import { keep, keepPromise, keptFor, newCache, newPromiseCache } from '../src/caching.ts'
import { insertTopK } from '../src/topK.ts'

test('a value is computed once for each object', () => {
  let computed = 0
  const sizeOf = keptFor(({ length }: string[]) => {
    computed++
    return length
  })
  const [one, two] = [['a'], ['a']]
  expect([sizeOf(one), sizeOf(one), sizeOf(two)]).toEqual([1, 1, 1])
  expect(computed).toBe(2)
})

test('a cache is emptied before it would grow over its limit', () => {
  const cache = newCache<string, string>(5)
  keep(cache, 'a', 'A', 2)
  keep(cache, 'b', 'B', 3)
  expect([...cache.entries.keys()]).toEqual(['a', 'b'])
  expect(keep(cache, 'c', 'C', 1)).toBe('C')
  expect([...cache.entries.keys()]).toEqual(['c'])
  expect(cache.size).toBe(1)
})

test('a promise is made once, a failed one is made again, and a full cache drops the oldest', async () => {
  const cache = newPromiseCache<string, number>(2)
  let made = 0
  const make = async () => ++made
  expect(await keepPromise(cache, 'a', make)).toBe(1)
  expect(await keepPromise(cache, 'a', make)).toBe(1)
  const failed = keepPromise(cache, 'b', () => Promise.reject(new Error('no answer')))
  await expect(failed).rejects.toThrow('no answer')
  expect(await keepPromise(cache, 'b', make)).toBe(2)
  expect(await keepPromise(cache, 'c', make)).toBe(3)
  expect(await keepPromise(cache, 'b', make)).toBe(2)
  expect(await keepPromise(cache, 'a', make)).toBe(4)
})

test.each([
  [[3, 1, 2], 2, [1, 2]],
  [[3, 1, 2], 5, [1, 2, 3]],
  [[], 2, []],
  [[1, 1, 1], 2, [1, 1]],
])('of %j the best %i are %j', (numbers, k, expected) => {
  const best: number[] = []
  for (const number of numbers) insertTopK(best, number, k, (a, b) => a - b)
  expect(best).toEqual(expected)
})

test('of equal items the first comes first', () => {
  const best: { id: number; score: number }[] = []
  for (const id of [1, 2, 3]) insertTopK(best, { id, score: 7 }, 2, (a, b) => b.score - a.score)
  expect(best.map(({ id }) => id)).toEqual([1, 2])
})
