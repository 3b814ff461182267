import { describe, expect, test } from 'vitest'
import { parseExamples } from '../../src/subscribers/examples.ts'

describe('a hostile .bib file', () => {
  test('whose definitions double line by line is read as far as a text is kept', () => {
    const doubled = Array.from({ length: 40 }, (_, at) => `@string{a${at + 1} = a${at} # a${at}}`)
    const bib = [`@string{a0 = "${'ice '.repeat(250)}"}`, ...doubled, '@misc{x, title = a40}'].join('\n')
    const { examples, left } = parseExamples(bib)
    expect([examples.length, left]).toEqual([1, []])
    expect(examples[0]!.text).toBe('ice '.repeat(1250))
    expect(examples[0]!.entry.title.length).toBeLessThanOrEqual(20_000)
  })

  test('of very many items is counted to its end and read to the thousandth', () => {
    const items = Array.from({ length: 1200 }, (_, at) => `@misc{x${at}, title = {Ice cores ${at}}}`)
    const { examples, left } = parseExamples(items.join('\n'))
    expect([examples.length, left.length]).toEqual([1000, 200])
  })
})
