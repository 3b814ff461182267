import { existsSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { STARTER_FILE, starterModel } from '../../../src/digests/corpus/starter.ts'
import { withStarter } from '../../../src/digests/corpus/withStarter.ts'
import { rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { trainTaste } from '../../../src/ranking/score/taste.ts'
import { paper } from '../../ranking/papers.ts'

const starter = starterModel()
const ids = (papers: Parameters<typeof buildIndex>[0], query: string, corpus = true) =>
  rankTopic(buildIndex(papers, corpus ? starter : undefined), parseQuery(query)).map(({ paperId }) => paperId)

/** Papers of fields that the starter has not learned from. */
const PHYSICS = [
  paper(1, 'Neutron scattering in spin ice', {
    abstract: 'Monopole excitations in pyrochlore magnets at 50 mK.',
  }),
  paper(2, 'Muon g-2 and lattice QCD', { abstract: 'Hadronic vacuum polarization on the lattice.' }),
]
const BIOLOGY = [
  paper(3, 'Zebrafish fin regeneration', { abstract: 'Blastema cells express fgf20a after amputation.' }),
  paper(4, 'Yeast mating type switching', { abstract: 'HO endonuclease cuts the MAT locus.' }),
]
const GERMAN = [
  paper(5, 'Die Wasserrahmenrichtlinie in der Praxis', {
    abstract: 'Flussgebiete werden bewirtschaftet, Gewässer untersucht.',
  }),
  paper(6, 'Mittelalterliche Urkunden', { abstract: 'Siegel und Schreiber der Kanzlei im Kloster.' }),
]
const OTHERS = [...PHYSICS, ...BIOLOGY, ...GERMAN]

describe('the starter model', () => {
  test('is a file of at most 8 MB in the package', () => {
    expect(existsSync(STARTER_FILE)).toBe(true)
    expect(statSync(STARTER_FILE).size).toBeLessThan(8 * 1024 * 1024)
  })

  test('knows acronyms and related words from the first paper on', () => {
    const papers = [
      paper(1, 'Retrieval-augmented generation for law', { abstract: 'Passages are retrieved and read.' }),
      paper(2, 'Bees in gardens', { abstract: 'Pollen and flowers.' }),
    ]
    expect(ids(papers, 'RAG')).toEqual([1])
    expect(ids(papers, 'RAG', false)).toEqual([])
  })

  test('teaches a taste from one like', () => {
    const taste = trainTaste(starter, [
      paper(9, 'Gaussian splatting of streets', {
        abstract: 'Novel views are rendered from splats in real time.',
      }),
    ])!
    const listed = [
      paper(1, 'Radiance fields, faster', { abstract: 'Novel view synthesis by rendering 3D Gaussians.' }),
      paper(2, 'Tokenizers for code', { abstract: 'A language model reads programs.' }),
    ]
    const ranked = rankTopic(buildIndex(listed, starter), parseQuery('-nothing'), { taste })
    expect(ranked.map(({ paperId }) => paperId)).toEqual([1, 2])
  })

  test.each([
    'neutron scattering',
    'zebrafish',
    'yeast mating',
    'Wasserrahmenrichtlinie',
    'Urkunden Kloster',
    'lattice QCD',
  ])('does no harm to other fields: %s', (query) => {
    expect(ids(OTHERS, query)).toEqual(ids(OTHERS, query, false))
  })

  test('gives way: it adds hardly anything to papers of another field, and near papers to those of its own', () => {
    // A starter of computing has a few papers with words such as "Fall" or "Praxis".
    expect(withStarter(GERMAN, starter).length).toBeLessThan(GERMAN.length + 5)
    const own = paper(1, 'Vision-language-action models for robot manipulation', {
      abstract: 'A policy of vision, language and action for robotic manipulation with diffusion.',
    })
    const filled = withStarter([own], starter)
    expect(filled.length).toBeGreaterThan(1)
    expect(filled.length).toBeLessThan(50)
    expect(filled.slice(1).every(({ id }) => id < 0)).toBe(true)
  })
})
