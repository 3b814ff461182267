import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../src/errors.ts'
import {
  children,
  childText,
  headOf,
  parseXml,
  rawText,
  refuseDamage,
} from '../../../src/sources/reading/xml.ts'

const parse = (xml: string) => parseXml(xml, 'a', 'a feed')

test('elements, attributes and text, prefixes left out', () => {
  const root = parse(
    '<?xml version="1.0"?>\n<!-- x --><a xmlns:p="urn:p"><p:b c="1 &amp; 2">t</p:b><b/> <b><![CDATA[<u>]]>v</b></a>\n',
  )
  expect(children(root, 'b').map(rawText)).toEqual(['t', '', '<u>v'])
  expect(children(root, 'b')[0]?.attributes).toEqual({ c: '1 & 2' })
  expect([childText(root, 'b'), childText(root, 'c'), childText(undefined, 'b')]).toEqual([
    't',
    undefined,
    undefined,
  ])
})

describe('entities', () => {
  test.each([
    ['are decoded once', '&amp;lt; &lt; &#60; &#x3c;', '&lt; < < <'],
    ['that XML does not know stay', '&nbsp; &eacute;', '&nbsp; &eacute;'],
    ['that are none stay', 'a & b &; &#; &#xZZ;', 'a & b &; &#; &#xZZ;'],
  ])('%s', (_name, xml, text) => {
    expect(rawText(parse(`<a>${xml}</a>`))).toBe(text)
  })
})

describe('damage is refused with its line', () => {
  test.each([
    ['<a>\n<b></a>', '</a> where </b> is open at line 2'],
    ['<a></a></a>', 'a second root </a> at line 1'],
    ['</a>', '</a> where nothing is open at line 1'],
    ['<a></a>\n<a></a>', 'a second root <a> at line 2'],
    ['<a></a> x', 'text behind the root at line 1'],
    ['x <a></a>', 'text outside of the root at line 1'],
    ['<a>\n\n1 < 2</a>', 'a broken tag at line 3'],
    ['<a b=c></a>', 'a broken tag at line 1'],
    ['<a b="<"></a>', 'a broken tag at line 1'],
    ['<a><b', 'truncated XML at line 1'],
    ['<a><!-- x', 'truncated XML at line 1'],
    ['<a>\n<b>', 'truncated XML at line 2 (<b> is not closed)'],
    ['', 'truncated XML at line 1'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'a definition of entities at line 1'],
    ['<b></b>', 'XML of another kind (<b>)'],
  ])('%j', (xml, came) => {
    expect(() => parse(xml)).toThrow(PermanentError)
    expect(() => parse(xml)).toThrow(`got ${came}`)
  })
})

describe('hostile documents are refused at once', () => {
  const ENTITIES = Array.from({ length: 9 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join(
    '',
  )
  test.each([
    ['a billion laughs', `<!DOCTYPE a [<!ENTITY e0 "ha">${ENTITIES}]><a>&e9;</a>`],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['100,000 nested elements', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['100,000 open elements', '<a>'.repeat(100_000)],
    ['100,000 open comments', `<a>${'<!--'.repeat(100_000)}`],
    ['100,000 open tags', `<a>${'<b '.repeat(100_000)}`],
    ['a tag of spaces', `<a>${'<b'}${' '.repeat(1_000_000)}</a>`],
    ['attributes without end', `<a ${'b="" '.repeat(100_000)}`],
    ['more elements than any answer has', `<a>${'<b/>'.repeat(1_000_000)}</a>`],
  ])('%s', (_name, xml) => {
    expect(() => refuseDamage(xml, 'a feed')).toThrow(PermanentError)
    expect(() => parse(xml)).toThrow(PermanentError)
  })

  test('what a document type names is never fetched and changes nothing', () => {
    expect(rawText(parse('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a>t</a>'))).toBe('t')
  })
})

test.each([
  [
    '<?xml version="1.0"?>\n<!-- <b> -->\n<!DOCTYPE a>\n<a x="y"><c/>',
    { root: 'a', head: expect.stringContaining('x="y">') },
  ],
  ['<rdf:RDF\n xmlns="x">', { root: 'rdf:RDF', head: expect.any(String) }],
  ['text <a>', undefined],
  ['', undefined],
])('the head of %j', (page, expected) => {
  expect(headOf(page, /<c/)).toEqual(expected)
})
