import { describe, expect, test } from 'vitest'
import { tuneTopic } from '../../../src/ranking/choose/tuning.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { paper } from '../papers.ts'

const ON = '2026-11-20'
const listed = buildIndex([
  paper(1, 'Songs of whales', { abstract: 'A whale sings in the ocean.', day: ON }),
  paper(2, 'Filming a whale', { abstract: 'Video of a whale in the ocean.', day: ON }),
  paper(3, 'Нейронные сети', { abstract: 'Сети обучаются на примерах.', day: ON }),
  paper(4, '鲸鱼的歌声', { abstract: '鲸鱼在海洋里唱歌。', day: ON }),
])
const answerTo = (query: string) => tuneTopic({ month: listed, today: listed }, query, { on: ON })

describe('what hardly anybody means', () => {
  test.each([
    ['an operator thrice', 'NOT NOT NOT', 8, /after NOT at position 8.*robot NOT video/],
    ['an operator alone', 'AND', 0, /before AND at position 0.*robot AND navigation/],
    ['another one', 'OR', 0, /before OR at position 0/],
    ['NOT alone', 'NOT', 0, /after NOT at position 0/],
    ['an operator at the end', 'whale AND', 6, /after AND at position 6/],
    ['parentheses around nothing', '()', 0, /a word, a "phrase" or a field.*name a subject/],
    ['fifty that close nothing', ')'.repeat(50), 0, /name a subject/],
    [
      'more parentheses than anybody can follow',
      `${'('.repeat(51)}whale${')'.repeat(51)}`,
      50,
      /at most 50 parentheses/,
    ],
    ['a field without a value', 'title:', 6, /a value after the field at position 6.*title:diffusion/],
    ['a quote that is left open', 'whale "song', 6, /closing quote for the one at position 6/],
    [
      '10,000 characters',
      'whale '.repeat(1667).slice(0, 10_000),
      4000,
      /at most 4,000 characters, got 10,000/,
    ],
    ['10,000 characters without a blank', 'x'.repeat(10_000), 4000, /at most 4,000 characters/],
    ['an emoji alone', '🐋', 0, /such as “🐋”: name a subject/],
    ['a character that nobody sees', '\0', 0, /name a subject/],
  ])('%s is answered with a position and advice', (_, query, position, advice) => {
    expect(answerTo(query)).toEqual({ readable: false, position, advice: expect.stringMatching(advice) })
  })

  test.each([
    ['fifty parentheses inside one another', `${'('.repeat(50)}whale${')'.repeat(50)}`, [1, 2]],
    ['fifty that are never closed', `${'('.repeat(50)}whale`, [1, 2]],
    ['a word ruled out twice over', 'whale NOT NOT NOT video', [1]],
    ['an emoji beside a word', 'whale 🐋', [1, 2]],
    ['another script', 'нейронные сети', [3]],
    ['a script without blanks', '鲸鱼', [4]],
  ])('%s is answered with the papers meant', (_, query, papers) => {
    const answer = answerTo(query)
    if (!answer.readable) throw new Error(answer.advice)
    expect(answer.digest.map(({ paperId }) => paperId).sort()).toEqual(papers)
  })
})
