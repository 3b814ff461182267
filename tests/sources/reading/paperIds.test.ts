import { describe, expect, test } from 'vitest'
import { arxivIdOf, doiOf, paperDoi, repairedArxivId } from '../../../src/sources/reading/paperIds.ts'
import { parseArxivId } from '../../../src/text/ids/arxivId.ts'
import { parseDoi } from '../../../src/text/ids/doi.ts'

describe('arxivIdOf', () => {
  test.each([
    ['2401.00001', '2401.00001'],
    [' 2401.00001v12 ', '2401.00001'],
    ['0704.0001v1', '0704.0001'],
    ['hep-th/9901001v2', 'hep-th/9901001'],
    ['math.CA/0611800', 'math/0611800'],
    ['arXiv:2401.00001v2', '2401.00001'],
    ['ARXIV: 2401.00001', '2401.00001'],
    ['oai:arXiv.org:2401.00001v1', '2401.00001'],
    ['oai:arXiv.org:cs/0612001', 'cs/0612001'],
    ['http://export.arxiv.org/abs/2401.00001', '2401.00001'],
    ['https://arxiv.org/pdf/2401.00001v3.pdf', '2401.00001'],
    ['https://arxiv.org/html/2401.00001v3#S2', '2401.00001'],
    ['https://huggingface.co/papers/2401.00001#community', '2401.00001'],
    ['https://huggingface.co/login?next=%2Fpapers%2F2401.00001', '2401.00001'],
    ['[2401.00001]', '2401.00001'],
    ['2401.00001v2.pdf', '2401.00001'],
    ['2401.00001 [cs.CL]', '2401.00001'],
    ['cond-mat.mtrl-sci/0102003', 'cond-mat/0102003'],
    ['arXiv:2401.001', undefined],
    ['704.0001', undefined],
    ['https://arxiv.org/abs/2401.0001', undefined],
    ['hep-th/9901000', undefined],
    ['hep-th/9713001', undefined],
    ['2401.00000', undefined],
    ['https://www.alphaxiv.org/abs/2401.00001', '2401.00001'],
    ['https://doi.org/10.48550/arXiv.2401.00001', '2401.00001'],
    ['https://doi.org/10.48550%2FarXiv.2401.00001', '2401.00001'],
    ['2401.0001', undefined],
    ['0704.00012', undefined],
    ['2413.00001', undefined],
    ['2401.000011', undefined],
    ['10.1000/2401.00001', undefined],
    ['https://example.org/2401.00001', undefined],
    ['https://notarxiv.org/abs/2401.00001', undefined],
    ['see 2401.00001', undefined],
    ['', undefined],
    [2401.00001, undefined],
    [null, undefined],
  ])('%j', (value, id) => {
    expect(arxivIdOf(value)).toBe(id)
    // What is found here is an id to the matcher too, and the same one.
    if (id !== undefined) expect(parseArxivId(`${value}`)?.id).toBe(id)
  })
})

test.each([
  [704.0001, '0704.0001'],
  ['704.0001', '0704.0001'],
  [2503.0213, '2503.02130'],
  ['2503.021', '2503.02100'],
  ['2503.02', undefined],
  ['2401.00001', '2401.00001'],
  ['hep-th/9901001', 'hep-th/9901001'],
  ['2413.0001', undefined],
  [12, undefined],
  [undefined, undefined],
])('repairedArxivId %j', (value, id) => {
  expect(repairedArxivId(value)).toBe(id)
})

describe('doiOf', () => {
  test.each([
    ['10.1145/3292500.3330701', '10.1145/3292500.3330701'],
    ['doi:10.1000/ABC.', '10.1000/abc'],
    ['https://doi.org/10.1000/abc?af=R', '10.1000/abc'],
    ['https://doi.org/10.1000%2Fabc', '10.1000/abc'],
    ['10.1016/S0370-2693(97)01234-5', '10.1016/s0370-2693(97)01234-5'],
    ['10.1000/a 10.1000/b', '10.1000/a'],
    ['(10.1000/a)', '10.1000/a'],
    ['10.48550/arXiv.2401.00001', undefined],
    ['10.1000/a b', undefined],
    ['https://doi.org/10.1000/a b', undefined],
    ['10.1000/a [doi]', '10.1000/a'],
    ['10.1000/a,10.1000/b', '10.1000/a'],
    ['10.1000/a</dc:identifier>', '10.1000/a'],
    ['10.1000/ä1', '10.1000/ä1'],
    [
      '10.1002/(SICI)1097-4679(199807)54:4<417::AID-JCLP4>3.0.CO;2-#',
      '10.1002/(sici)1097-4679(199807)54:4<417::aid-jclp4>3.0.co;2-#',
    ],
    [
      'http://dx.doi.org/10.1002/(SICI)1097-4679(199807)54:4<417::AID-JCLP4>3.0.CO;2-U',
      '10.1002/(sici)1097-4679(199807)54:4<417::aid-jclp4>3.0.co;2-u',
    ],
    ['https://ink.example/file?id=10.1000/ABC&type=printable', '10.1000/abc'],
    ['https://doi.org/10.1000/a>b', undefined],
    ['https://publisher.example/doi/10.1000/ABC/full', '10.1000/abc'],
    ['J. Ink 3, doi:10.1000/a', '10.1000/a'],
    ['10.1/x', undefined],
    ['10.1000/', undefined],
    ['none', undefined],
    [5, undefined],
  ])('%j', (value, doi) => {
    expect(doiOf(value)).toBe(doi)
    if (doi !== undefined) expect(parseDoi(doi)).toBe(doi)
  })
})

test.each<[unknown[], unknown[], string | undefined]>([
  [['doi:10.1000/a'], ['https://ink.example/doi/10.1000/a/8688746'], '10.1000/a'],
  [[], ['https://ink.example/doi/10.1000/a/8688746', 'https://doi.org/10.1000/a'], '10.1000/a'],
  [[], ['https://ink.example/doi/10.1000/a'], '10.1000/a'],
  [['10.1000/a', '10.1000/b'], ['https://doi.org/10.1000/a'], undefined],
  [['none'], ['https://doi.org/10.1000/a'], '10.1000/a'],
  [['10.48550/arXiv.2401.00001'], [], undefined],
])('paperDoi: what is stated in %j outweighs what links say in %j', (stated, links, doi) => {
  expect(paperDoi(stated, links)).toBe(doi)
})
