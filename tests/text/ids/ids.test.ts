import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseArxivId } from '../../../src/text/ids/arxivId.ts'
import { parseDoi } from '../../../src/text/ids/doi.ts'
import { thorough } from '../../support/thorough.ts'

describe('parseArxivId', () => {
  const newId = { id: '2401.00001' }
  const second = { id: '2401.00001', version: 2 }
  const spellings: [string, ReturnType<typeof parseArxivId>][] = [
    ['2401.00001', newId],
    ['2401.00001v2', second],
    [' 2401.00001\n', newId],
    ['[2401.00001]', newId],
    ['2401.00001v2.pdf', second],
    ['2401.00001 [cs.CL]', newId],
    ['2401.00001v2 (cond-mat.mtrl-sci)', second],
    ['0704.0001', { id: '0704.0001' }],
    ['1412.9999', { id: '1412.9999' }],
    ['1501.00001', { id: '1501.00001' }],
    ['arXiv:2401.00001', newId],
    ['ARXIV:2401.00001v2', second],
    ['arXiv: 2401.00001', newId],
    ['arXiv preprint arXiv:2401.00001, 2024', newId],
    ['arXiv:2401.00001v2 [cs.CL] 5 Jan 2024', second],
    ['A Title. (arXiv:2401.00001v2 [hep-ex] CROSS LISTED)', second],
    ['arXiv:2401.00001v2 Announce Type: new \nAbstract: In 2020.12345 steps', second],
    ['oai:arXiv.org:2401.00001v2', second],
    ['http://arxiv.org/abs/2401.00001v2', second],
    ['https://www.arxiv.org/abs/2401.00001', newId],
    ['https://export.arxiv.org/pdf/2401.00001v2.pdf', second],
    ['https://arxiv.org/pdf/2401.00001.pdf#page=3', newId],
    ['https://arxiv.org/html/2401.00001v2#S3.SS1', second],
    ['https://arxiv.org/format/2401.00001', newId],
    ['arxiv.org/abs/2401.00001?context=cs', newId],
    ['//arxiv.org/abs/2401.00001', newId],
    ['/abs/2401.00001', newId],
    ['https://web.archive.org/web/20240105000000id_/https://arxiv.org/abs/2401.00001', newId],
    ['https://ar5iv.labs.arxiv.org/html/2401.00001', newId],
    ['https://www.alphaxiv.org/abs/2401.00001v2', second],
    ['https://arxiv.org/src/2401.00001', newId],
    ['http://xxx.lanl.gov/abs/hep-th/9901001', { id: 'hep-th/9901001' }],
    ['https://arxiv.org/abs/arXiv:2401.00001', newId],
    ['https://api.semanticscholar.org/arXiv:2401.00001', newId],
    ['https://scirate.com/arxiv/2401.00001v2', second],
    ['arXiv 2401.00001', newId],
    ['arxiv.2401.00001v2', second],
    ['2401.00001\u200b', newId],
    ['10.48550/arXiv.2401.00001', newId],
    ['https://doi.org/10.48550/ARXIV.2401.00001', newId],
    ['https://doi.org/10.48550%2FarXiv.2401.00001', newId],
    ['https://huggingface.co/papers/2401.00001#community', newId],
    ['https://huggingface.co/papers/2401.00001.md', newId],
    ['https://hf.co/papers/2401.00001', newId],
    ['https://huggingface.co/api/papers/2401.00001', newId],
    ['https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2401.00001.png', newId],
    ['https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2401.00001/gradient.png', newId],
    ['/papers/2401.00001', newId],
    ['/login?next=%2Fpapers%2F2401.00001', newId],
    ['https://huggingface.co/login?next=%252Fpapers%252F2401.00001', newId],
    ['hep-th/9901001', { id: 'hep-th/9901001' }],
    ['HEP-TH/9901001v3', { id: 'hep-th/9901001', version: 3 }],
    ['math.CA/0611800v2', { id: 'math/0611800', version: 2 }],
    ['physics.plasm-ph/0601001', { id: 'physics/0601001' }],
    ['q-bio/0601001', { id: 'q-bio/0601001' }],
    ['http://arxiv.org/abs/cs.AI/0612001', { id: 'cs/0612001' }],
    ['https://arxiv.org/pdf/astro-ph/0601001v1.pdf', { id: 'astro-ph/0601001', version: 1 }],
    ['arXiv:quant-ph/0201082v1', { id: 'quant-ph/0201082', version: 1 }],
    ['10.48550/arXiv.hep-th/9901001', { id: 'hep-th/9901001' }],
    ['https://huggingface.co/papers/cs%2F0612001', { id: 'cs/0612001' }],
  ]
  test.each(spellings)('%j', (text, expected) => {
    expect(parseArxivId(text)).toEqual(expected)
  })

  const damaged: [string, string][] = [
    ['2503.0213', '2503.02130'],
    ['704.0001', '0704.0001'],
    ['704.001', '0704.0010'],
    ['1203.456', '1203.4560'],
    ['https://arxiv.org/abs/2503.02', '2503.02000'],
    ['arXiv:2503.0213', '2503.02130'],
  ]
  test.each(damaged)('repairs %j, which lost zeros as a floating-point number', (text, id) => {
    expect(parseArxivId(text)).toEqual({ id, repaired: true })
  })

  test.each([
    '',
    'v2',
    'arXiv',
    '2401',
    '2401.',
    '.00001',
    '2413.00001',
    '2400.00001',
    '0703.0001',
    '9999.12345',
    '0000.0000',
    '2401.00000',
    '2401.000012',
    '0808.05394',
    '12401.00001',
    '1.2401.00001',
    '2401.00001.5',
    '2401.00001x',
    '-2401.00001',
    '€2401.00001',
    '2401.00001 dollars',
    'the value 2401.00001 is large',
    'arXiv:12401.00001',
    'preprint 2503.02',
    '2503.02',
    '3.1415',
    '2503.0213v1',
    '704.0001v1',
    'hep-th/9913001',
    'hep-th/0801001',
    'hep-th/9901000',
    'hep-th/99010011',
    'nosuch/9901001',
    'hep-th/990100',
    'https://arxiv.org/list/cs.CL/2401',
    'https://arxiv.org/list/cs/0612001',
    'https://notarxiv.org/abs/2401.00001',
    'https://example.org/papers/2401.00001',
    'https://example.org/uploads/9901001',
    'https://huggingface.co/datasets/papers/2401.00001',
    '2401.00001v0',
    'https://arxiv.org/abs/2401.00001v1234',
    'https://huggingface.co/papers/date/2024-08-01',
    'https://huggingface.co/papers/trending',
    '10.1145/2401.00001',
    '%',
    '%zz%2',
  ])('finds no id in %j', (text) => {
    expect(parseArxivId(text)).toBeUndefined()
  })

  test('finds every id again in what it gives', () => {
    const id = fc
      .tuple(
        fc.integer({ min: 15, max: 49 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 99_999 }),
      )
      .map(([year, month, n]) => `${year}${`${month}`.padStart(2, '0')}.${`${n}`.padStart(5, '0')}`)
    const around = fc.constantFrom(
      ['', ''],
      ['arXiv:', 'v3 [cs.CL]'],
      ['https://arxiv.org/pdf/', '.pdf'],
      ['see http://export.arxiv.org/abs/', ' and more'],
    )
    fc.assert(
      fc.property(id, around, (id, [before, after]) => parseArxivId(`${before}${id}${after}`)?.id === id),
    )
  })

  test('a float repaired is the id it came from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (n) => {
        const id = `2503.${`${n}`.padStart(5, '0')}`
        const parsed = parseArxivId(`https://arxiv.org/abs/${Number(id)}`)
        return parsed?.id === id && (parsed.repaired === true) === id.endsWith('0')
      }),
    )
  })

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseArxivId(text)
        parseDoi(text)
      }),
    )
  })
})

test('a bare number is the id that it is in brackets', () => {
  const numbers = fc.stringMatching(/^[0-9.]{0,12}$|^[0-9]{4}\.[0-9]{4,5}\.?$/)
  fc.assert(
    fc.property(numbers, (text) => {
      expect(parseArxivId(text)).toEqual(parseArxivId(`(${text})`))
    }),
  )
})

describe('parseDoi', () => {
  const doi = '10.1145/3292500'
  const spellings: [string, string][] = [
    ['10.1145/3292500', doi],
    ['doi:10.1145/3292500', doi],
    ['DOI: 10.1145/3292500.', doi],
    ['https://doi.org/10.1145/3292500', doi],
    ['http://dx.doi.org/10.1145/3292500', doi],
    ['doi.org/10.1145/3292500?utm_source=x#top', doi],
    ['https://doi.org/10.1145%2F3292500', doi],
    ['https://dl.acm.org/doi/pdf/10.1145/3292500?casa=1', doi],
    ['https://www.frontiersin.org/articles/10.3389/fnins.2020.00001/full', '10.3389/fnins.2020.00001'],
    ['(see 10.1145/3292500), and', doi],
    ['“10.1145/3292500”;', doi],
    ['<i>10.1145/3292500.</i>', doi],
    ['<a href="https://doi.org/10.1145/3292500">', doi],
    ['10.1145/3292500, 10.1145/3292501', doi],
    ['10.1145/3292500;10.1145/3292501', doi],
    ['10.1007/978-3-319-10602-1_48', '10.1007/978-3-319-10602-1_48'],
    ['10.1103/PhysRevD.76.013009', '10.1103/physrevd.76.013009'],
    ['10.1016/S0140-6736(05)12345-6).', '10.1016/s0140-6736(05)12345-6'],
    [
      '10.1002/(SICI)1097-4679(199807)54:4<417::AID-JCLP4>3.0.CO;2-#',
      '10.1002/(sici)1097-4679(199807)54:4<417::aid-jclp4>3.0.co;2-#',
    ],
    [
      'https://doi.org/10.1002/(SICI)1097-4679(199807)54:4%3C417::AID-JCLP4%3E3.0.CO;2-%23',
      '10.1002/(sici)1097-4679(199807)54:4<417::aid-jclp4>3.0.co;2-#',
    ],
    ['10.1000.10/123456', '10.1000.10/123456'],
    [
      '10.1175/1520-0469(1995)052&lt;1234:ABCDEF&gt;2.0.CO;2',
      '10.1175/1520-0469(1995)052<1234:abcdef>2.0.co;2',
    ],
    [
      'https://doi.org/10.1577/1548-8659(1998)127<iii::AID-X1>2.0.CO;2-2</a></p>',
      '10.1577/1548-8659(1998)127<iii::aid-x1>2.0.co;2-2',
    ],
    ['10.1145/3292500</a></p>', doi],
    ['10.1145/3292500<br/>', doi],
    ['https://doi.org/10.1145/3292500>here', doi],
    ['https://journals.example/article/file?id=10.1145/3292500&type=printable', doi],
    ['https://journals.example/content/pdf/10.1145/3292500.pdf', doi],
    ['https://journals.example/doi/10.1145/3292500/fulltext.html', doi],
    ['https://journals.example/article/10.1145/3292500/ampdf', doi],
    ['10.1145/3292500.html', '10.1145/3292500.html'],
    ['https://academic.oup.com/ink/article/doi/10.1093/ink/gkzz494/8688746?rss=1', '10.1093/ink/gkzz494'],
    ['https://academic.oup.com/ink/article-pdf/doi/10.1093/ink/15.3.211/600123', '10.1093/ink/15.3.211'],
    ['10.1093/ink/gkzz494/8688746', '10.1093/ink/gkzz494/8688746'],
    ['10.48550/arXiv.2401.00001 10.1145/3292500', doi],
  ]
  test.each(spellings)('%j', (text, expected) => {
    expect(parseDoi(text)).toBe(expected)
  })

  const biorxiv: [string, string][] = [
    ['10.1101/2024.01.02.999899v2', '10.1101/2024.01.02.999899'],
    ['https://www.biorxiv.org/content/10.1101/2024.01.02.999899v1', '10.1101/2024.01.02.999899'],
    [
      'https://www.biorxiv.org/content/10.1101/2024.01.02.999899v2.full.pdf+html',
      '10.1101/2024.01.02.999899',
    ],
    ['https://www.medrxiv.org/content/10.64898/2026.09.18.999654v1?rss=1', '10.64898/2026.09.18.999654'],
    ['https://www.biorxiv.org/content/10.1101/123456v3.supplementary-material', '10.1101/123456'],
    ['https://www.biorxiv.org/content/biorxiv/early/2018/01/02/10.1101/123456.full.pdf', '10.1101/123456'],
    ['https://www.biorxiv.org/content/10.1101/123456.abstract', '10.1101/123456'],
    ['10.1101/gr.123456.107', '10.1101/gr.123456.107'],
    ['10.1101/087969309.15.1', '10.1101/087969309.15.1'],
  ]
  test.each(biorxiv)('bioRxiv and medRxiv have one DOI for all versions: %j', (text, expected) => {
    expect(parseDoi(text)).toBe(expected)
  })

  test.each([
    '10.21203/rs.3.rs-12345/v1',
    '10.26434/chemrxiv-2023-abcde-v2',
    '10.12688/f1000research.12345.2',
    '10.20944/preprints202401.0001.v1',
    '10.7554/elife.12345.2',
  ])('other servers have one for each version: %j', (doi) => {
    expect(parseDoi(doi)).toBe(doi)
    expect(parseDoi(`https://doi.org/${doi}`)).toBe(doi)
    expect(parseDoi(`https://server.example/article/${doi}?rss=1`)).toBe(doi)
  })

  test.each([
    '',
    'doi:',
    '10.1145',
    '10.1145/',
    '10.1145/...',
    '10.12/3',
    '110.1145/3292500',
    '3.10.1145/3292500',
    'https://doi.org/',
    '10.48550/arXiv.2401.00001',
    'https://doi.org/10.48550/arxiv.2401.00001',
    `10.1145/${'x'.repeat(600)}`,
  ])('finds none in %j', (text) => {
    expect(parseDoi(text)).toBeUndefined()
  })

  test.each(['10.1145/3.<b?', '10.1145/3.<b).', '10.1145/3.<br/'])(
    'cuts a tag without its end off %j',
    (text) => {
      expect(parseDoi(text)).toBe('10.1145/3')
    },
  )

  test('gives nothing that it would read differently the second time', () => {
    const text = fc.string({ unit: fc.constantFrom(...'10./-_();:<>ab,?#% "]'), maxLength: 40 })
    fc.assert(
      fc.property(text, (suffix) => {
        const once = parseDoi(`10.1145/${suffix}`)
        return once === undefined || parseDoi(once) === once
      }),
      { numRuns: thorough(100) },
    )
  })
})

const FIXTURES = '../shared/fixtures'
describe.skipIf(!existsSync(FIXTURES))('ids in real data', () => {
  const read = (name: string) => readFileSync(join(FIXTURES, name), 'utf8')

  test('every record of the arXiv snapshot has its own id', () => {
    const ids = read('arxiv_snapshot/arxiv-metadata-oai-snapshot.json')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id as string)
    expect(ids.length).toBeGreaterThan(90)
    expect(ids.map((id) => parseArxivId(id)?.id)).toEqual(ids)
  })

  test('id, abs and pdf of one day of arXiv agree', () => {
    const records = read('arxiv_daily_jsonl/2025-03-18.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; abs: string; pdf: string })
    const disagreeing = records.filter(
      ({ id, abs, pdf }) =>
        new Set([id, parseArxivId(id)?.id, parseArxivId(abs)?.id, parseArxivId(pdf)?.id]).size > 1,
    )
    expect(disagreeing).toEqual([])
  })

  test('every arXiv link in every file is read', () => {
    const files = readdirSync(FIXTURES, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    )
    const links = files.flatMap((file) =>
      [
        ...readFileSync(join(file.parentPath, file.name), 'latin1').matchAll(
          /https?:\/\/(?:\w+\.)?arxiv\.org\/(?:abs|pdf|html)\/[a-z0-9./-]*\d(?:v\d+)?(?:\.pdf)?(?![\w.])/gi,
        ),
      ].map(([link]) => link),
    )
    expect(links.length).toBeGreaterThan(3000)
    expect([...new Set(links.filter((link) => parseArxivId(link) === undefined))]).toEqual([])
  })

  test('an id that arXiv itself cannot have is none', () => {
    expect(parseArxivId('http://export.arxiv.org/abs/0808.05394')).toBeUndefined()
  })
})
