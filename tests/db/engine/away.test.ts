import { expect, test } from 'vitest'
import { isAway } from '../../../src/db/engine/away.ts'

const failure = (fields: object, message = 'it failed') => Object.assign(new Error(message), fields)

test.each([
  [failure({ code: 'ECONNREFUSED', syscall: 'connect' }), true],
  [failure({ code: 'ENOENT', syscall: 'connect' }), true],
  [failure({ code: '57P01' }), true],
  [failure({ code: '57P03' }), true],
  [failure({ code: '53300' }), true],
  [failure({ code: '08006' }), true],
  [new Error('Connection terminated unexpectedly'), true],
  [new Error('timeout exceeded when trying to connect'), true],
  [failure({ code: 'ENOENT', syscall: 'open' }), false],
  [failure({ code: '23505' }), false],
  [failure({ code: '57014' }), false],
  [new Error('papers is not a function'), false],
  ['Connection terminated', false],
])('%s (%#): %s', (error, expected) => {
  expect(isAway(error)).toBe(expected)
})
