import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import type { RankablePaper } from '../../../src/ranking/index/paperIndex.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { paper } from '../papers.ts'

const DUMP = new URL('../../../../shared/dumps/hf-papers-search-page.txt', import.meta.url)

/** The dump is two lines of banner, a glued "Subscribe", then titles and abstracts in turn. */
function dumpPapers(): RankablePaper[] {
  const lines = readFileSync(DUMP, 'utf8')
    .split('\n')
    .slice(2)
    .filter((line) => line.trim() !== '')
  return Array.from({ length: lines.length / 2 }, (_, at) =>
    paper(at + 1, lines[2 * at]!.replace(/^Subscribe/, ''), { abstract: lines[2 * at + 1]!, day: null }),
  )
}

describe.skipIf(!existsSync(DUMP))('a real search page, 228 papers on transfer learning', () => {
  test('the five best for a health topic are about its subjects', () => {
    const papers = dumpPapers()
    const query = parseQuery('"chest x-ray" ecg mortality brain tumor')
    const best = rankTopic(buildIndex(papers), query, { limit: 5 })
    const titles = best.map(({ paperId }) => papers[paperId - 1]!.title)
    expect(titles.slice(0, 4).sort()).toEqual([
      'Diagnosing COVID-19 Severity from Chest X-Ray Images Using ViT and CNN Architectures',
      'Enhanced Mortality Prediction In Patients With Subarachnoid Haemorrhage Using A Deep Learning Model Based On The Initial CT Scan',
      'Enhancing Brain Tumor Segmentation Using Channel Attention and Transfer learning',
      'Self-Supervised Pre-Training with Joint-Embedding Predictive Architecture Boosts ECG Classification Performance',
    ])
    // The page has just one paper on each subject; the fifth is the one most about the brain (fMRI).
    expect(titles[4]).toBe('The Wisdom of a Crowd of Brains: A Universal Brain Encoder')
    for (const { reasons } of best) expect(reasons[0]!.text).toMatch(/^matches “.+” in the title$/)
  })
})
