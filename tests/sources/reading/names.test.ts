import { describe, expect, test } from 'vitest'
import { authorsOf, fullName, splitNames } from '../../../src/sources/reading/names.ts'
import { givenFirst } from '../../../src/text/names/personName.ts'

describe('splitNames', () => {
  test.each([
    ['Ada Lovelace', ['Ada Lovelace']],
    ['Muster E, Beispiel BQ.', ['E Muster', 'BQ Beispiel']],
    ['Muster E et al', ['E Muster']],
    ['Eva Muster / Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster • Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Lovelace, Ada, Babbage, Charles', ['Ada Lovelace', 'Charles Babbage']],
    ['Eva Muster1, Bob Beispiel2', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster^1, Bob Beispiel^{2,3}', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster [1], Bob Beispiel [2]', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster <eva@example.org>, Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster 0000-0001-2345-6789, Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Dr. Eva Muster, Prof. Dr. Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster, PhD, Bob Beispiel, MD', ['Eva Muster', 'Bob Beispiel']],
    ['MUSTER Eva, BEISPIEL Bob', ['Eva MUSTER', 'Bob BEISPIEL']],
    ['EVA MUSTER, BOB BEISPIEL', ['EVA MUSTER', 'BOB BEISPIEL']],
    ['Eva Muster and Beispiel, Bob and Carl Sample', ['Eva Muster', 'Bob Beispiel', 'Carl Sample']],
    ['King, Jr., Martin Luther', ['Martin Luther King Jr.']],
    ['Muster, Eva, Jr. and Beispiel, Bob III', ['Eva Muster Jr.', 'Bob Beispiel III']],
    ['Eva Muster y Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['José Ortega y Gasset, Eva Muster', ['José Ortega y Gasset', 'Eva Muster']],
    ['Eva Muster och Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Autoři: Eva Muster', ['Eva Muster']],
    ['Eva Muster, Bob Beispiel, +3 more', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster and 3 others', ['Eva Muster']],
    ['김철수 외 2명', ['김철수']],
    ['王小明 等', ['王小明']],
    ['Eva Muster, University of Owls; Bob Beispiel, MIT', ['Eva Muster', 'Bob Beispiel']],
    ['OpenAI, Eva Muster, Bob Beispiel', ['OpenAI', 'Eva Muster', 'Bob Beispiel']],
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
    [
      "Muster, E., van der Beispiel, B. Q., O'Sample, D.",
      ['E. Muster', 'B. Q. van der Beispiel', "D. O'Sample"],
    ],
    ['Muster, E.N., Beispiel, B.Q.', ['E.N. Muster', 'B.Q. Beispiel']],
    ['Beispiel, B.Q.', ['B.Q. Beispiel']],
    ['Muster, Eva', ['Eva Muster']],
    ['k muster , s beispiel', ['k muster', 's beispiel']],
    ['eva muster , bo beispiel', ['eva muster', 'bo beispiel']],
    ['van der Beispiel, Bob', ['Bob van der Beispiel']],
    ['Beispiel, B. Q. van der', ['B. Q. van der Beispiel']],
    ['Muster, Eva and Beispiel, Bob', ['Eva Muster', 'Bob Beispiel']],
    ['Muster Vega, Eva and de la Cruz, Bob Juan', ['Eva Muster Vega', 'Bob Juan de la Cruz']],
    ['Muster, Eva, and Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Muster, E., & Beispiel, B.', ['E. Muster', 'B. Beispiel']],
    ['Muster, E., Beispiel, B., & Sample, C.', ['E. Muster', 'B. Beispiel', 'C. Sample']],
    ['Roe, S., Jr., & Beispiel, J.-P.', ['S. Roe Jr.', 'J.-P. Beispiel']],
    ['Muster, E., The Drawer Group', ['E. Muster', 'The Drawer Group']],
    ['Muster E, Beispiel BQ, van der Sample D', ['E Muster', 'BQ Beispiel', 'D van der Sample']],
    ['Muster E.; Beispiel B.Q.', ['E. Muster', 'B.Q. Beispiel']],
    ['Muster, E.; Beispiel, B.; and Sample, Cy', ['E. Muster', 'B. Beispiel', 'Cy Sample']],
    ['Vega Muster, Eva María; Roe Beispiel, Bob', ['Eva María Vega Muster', 'Bob Roe Beispiel']],
    ['Eva Muster | Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster & Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Zoe Beispiel, Adam & Eve Group', ['Zoe Beispiel', 'Adam & Eve Group']],
    ['The Owl and Newt Collaboration: A. One', ['The Owl and Newt Collaboration', 'A. One']],
    ['A. One, Owl and Newt Consortia', ['A. One', 'Owl and Newt Consortia']],
    ['Owl & Newt Lab and Bob Beispiel', ['Owl & Newt Lab', 'Bob Beispiel']],
    ['Society of Owls and Newts; Bob Beispiel', ['Society of Owls and Newts', 'Bob Beispiel']],
    ['Eva Muster and Owl Team', ['Eva Muster', 'Owl Team']],
    ['Muster, Eva and Owl Team', ['Eva Muster', 'Owl Team']],
    ['Eva Muster & The Drawer Group', ['Eva Muster', 'The Drawer Group']],
    ['Owl Team and Newt Team', ['Owl Team', 'Newt Team']],
    ['王小明、李雷', ['王小明', '李雷']],
    ['王小明，李雷', ['王小明', '李雷']],
    ['王小明, 李雷', ['王小明', '李雷']],
    ['作者：王小明；李雷', ['王小明', '李雷']],
    ['Autoren: Eva Muster und Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Auteurs : Eva Muster et Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Муcтер И. И., Пример П. П.', ['И. И. Муcтер', 'П. П. Пример']],
    ['By Eva Muster*, Bob Beispiel†', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster, MIT', ['Eva Muster', 'MIT']],
    ['Santiago Ramón y Cajal, Ada King', ['Santiago Ramón y Cajal', 'Ada King']],
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
    expect(splitNames(`Group of A${' and A'.repeat(25_000)}`)?.length).toBe(10_000)
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

test.each<[unknown, string[] | undefined]>([
  [
    [
      { family: 'Example', given: 'Ada' },
      { family: 'Muster', given: 'Björn', 'non-dropping-particle': 'van' },
    ],
    ['Ada Example', 'Björn van Muster'],
  ],
  [
    [{ literal: 'The Drawer Group' }, { name: 'Ada Example' }],
    ['The Drawer Group', 'Ada Example'],
  ],
  [
    [
      { creatorType: 'author', firstName: 'C.', lastName: 'Beispiel' },
      { creatorType: 'editor', firstName: 'D.', lastName: 'Drawer' },
    ],
    ['C. Beispiel'],
  ],
  [[{ author: { id: 'A1', display_name: 'Ada Example' } }], ['Ada Example']],
  [[{ surname: 'Roe', given_name: 'Sam', suffix: 'Jr.' }], ['Sam Roe Jr.']],
  [[{ family: '王', given: '小明' }], ['王小明']],
  [[{ name: 'Muster, Eva', nameType: 'Personal' }], ['Eva Muster']],
  [{ name: 'Ada Example' }, ['Ada Example']],
  [
    ['Muster, E.', 'Beispiel, B.'],
    ['E. Muster', 'B. Beispiel'],
  ],
  [
    ['Ada Example', 'Muster, Eva', 'Drawer Group'],
    ['Ada Example', 'Eva Muster', 'Drawer Group'],
  ],
  ['[{"name": "Ada Example"}, {"name": "Bo"}]', ['Ada Example', 'Bo']],
  [`['Ann', "O'Hara"]`, ['Ann', "O'Hara"]],
  ['Muster, E., Beispiel, B.', ['E. Muster', 'B. Beispiel']],
  [[{ affiliation: 'X' }, 5, null], undefined],
  [undefined, undefined],
  [7, undefined],
])('authorsOf %j', (value, authors) => {
  expect(authorsOf(value)).toEqual(authors)
})

test('where given names are known to come first, a comma parts names', () => {
  expect(splitNames('Plato, Socrates', 'given first')).toEqual(['Plato', 'Socrates'])
  expect(splitNames('Qwen, A, Bo Lind', 'given first')).toEqual(['Qwen', 'A', 'Bo Lind'])
})

describe('authorsOf', () => {
  test.each<[unknown, string[] | undefined]>([
    [
      "[{'authorId': '123', 'name': \"Eva O'Muster\"}, {'authorId': None, 'name': 'Bob'}]",
      ["Eva O'Muster", 'Bob'],
    ],
    ["[{'family': 'Muster', 'given': 'Eva'}]", ['Eva Muster']],
    ["('Eva Muster', 'Bob Beispiel')", undefined],
    ["[u'Eva Muster', u'Bob Beispiel',]", ['Eva Muster', 'Bob Beispiel']],
    ["['Eva Muster' 'Bob Beispiel']", ['Eva Muster', 'Bob Beispiel']],
    ["[Author(name='Eva Muster'), Author(name='Bob Beispiel')]", ['Eva Muster', 'Bob Beispiel']],
    ['{"Eva Muster","Bob Beispiel"}', ['Eva Muster', 'Bob Beispiel']],
    ['{"family":"Muster","given":"Eva"}', ['Eva Muster']],
    ['Eva Muster\nBob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster, Bob\nBeispiel', ['Eva Muster', 'Bob Beispiel']],
    ['<span>Eva Muster</span>, <a href="x">Bob Beispiel</a>', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster<br/>Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    ['Eva Muster&nbsp;and&#160;Bob Beispiel', ['Eva Muster', 'Bob Beispiel']],
    [{ author: ['Eva Muster', 'Bob Beispiel'] }, ['Eva Muster', 'Bob Beispiel']],
    [{ 0: 'Eva Muster', 1: 'Bob Beispiel' }, ['Eva Muster', 'Bob Beispiel']],
    [
      [
        ['Muster', 'Eva', ''],
        ['Beispiel', 'Bob', 'Jr.'],
      ],
      ['Eva Muster', 'Bob Beispiel Jr.'],
    ],
    [[{ user: { fullname: 'Eva Muster' } }], ['Eva Muster']],
    [[{ initials: 'E.', surname: 'Muster' }], ['E. Muster']],
    [[{ firstName: 'Eva', middleName: 'Q.', lastName: 'Muster' }], ['Eva Q. Muster']],
    [[{ first: 'Eva', middle: ['Q'], last: 'Muster' }], ['Eva Q Muster']],
    [[{ CollectiveName: 'The Drawer Group' }], ['The Drawer Group']],
    [
      ['Eva Muster', 'Bob Beispiel', 'et al.'],
      ['Eva Muster', 'Bob Beispiel'],
    ],
    [[{ key: '/authors/1' }], undefined],
  ])('%j', (value, names) => {
    expect(authorsOf(value)).toEqual(names)
  })

  test('a text of many signs is read in linear time', () => {
    for (const part of ['a ', '* a', '\\', "'", '{"', '[', 'A y ', 'x1', ' ;'])
      expect(() => authorsOf(part.repeat(40_000))).not.toThrow()
  })
})
