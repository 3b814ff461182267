import { describe, expect, test } from 'vitest'
import { fullName, givenFirst, splitNames } from '../../../src/sources/reading/names.ts'

describe('splitNames', () => {
  test.each([
    ['Ada Lovelace', ['Ada Lovelace']],
    ['A. One, B. Two and C. Three', ['A. One', 'B. Two', 'C. Three']],
    ['A. One, B. Two, and C. Three', ['A. One', 'B. Two', 'C. Three']],
    ['A. One (X, Y), B. Two ((1) X, (2) Y)', ['A. One', 'B. Two']],
    ['Neal J. Evans, II, Sam Roe, Jr.', ['Neal J. Evans II', 'Sam Roe Jr.']],
    ['Xingtong Liu et.al.', ['Xingtong Liu']],
    ['A. One, B. Two, et al.', ['A. One', 'B. Two']],
    ['The X Collaboration: A. One, B. Two', ['The X Collaboration', 'A. One', 'B. Two']],
    ["C. Bal\\'azs, M. {\\O}bro, {Foo, and Bar}", ["C. Bal\\'azs", 'M. {\\O}bro', '{Foo, and Bar}']],
    ['Anders Andersen, Sandy Anderson', ['Anders Andersen', 'Sandy Anderson']],
    ['A. One (never closed, B. Two', ['A. One (never closed', 'B. Two']],
    ['A. One) B', ['A. One) B']],
    [' , ;, ', undefined],
    ['1, †, A. One', ['A. One']],
    ['et al.', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (text, names) => {
    expect(splitNames(text)).toEqual(names)
  })

  test('takes linear time', () => {
    const nested = `A${'('.repeat(99_999)}`
    expect(splitNames(nested)).toEqual([nested])
    expect(splitNames(`A${'{'.repeat(49_999)}${','.repeat(50_000)}`)?.length).toBe(1)
    expect(splitNames(`${' '.repeat(99_999)}A`)).toEqual(['A'])
    expect(splitNames(' and'.repeat(25_000))?.length).toBeLessThan(25_000)
  })
})

test.each([
  ['Young, J. E.', 'J. E. Young'],
  ['de Naray, Rachel Kuzio', 'Rachel Kuzio de Naray'],
  ['Roe, Sam, Jr.', 'Sam Roe Jr.'],
  ['Roe, Jr., Sam', 'Sam Roe Jr.'],
  ['Drawer Group', 'Drawer Group'],
  ['A, B, C, D', 'A, B, C, D'],
])('givenFirst %j', (name, expected) => {
  expect(givenFirst(name)).toBe(expected)
})

test.each([
  [['Roe', 'Sam', 'Jr.'], 'Sam Roe Jr.'],
  [['Roe', null, 5], 'Roe'],
  [['', ' ', undefined], undefined],
])('fullName %j', ([family, given, suffix], expected) => {
  expect(fullName(family, given, suffix)).toBe(expected)
})
