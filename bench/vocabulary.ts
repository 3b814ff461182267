import { createRandom, type Random } from './random.ts'

/** Made-up words, with the number and frequencies of words in abstracts. */

const COMMON =
  'the of and a in to we is for that with on this by are as an be which from it can model models method methods results show our ' +
  'these using has data based two between than their not or at system learning theory both present study paper proposed field ' +
  'quantum energy approach such large time new network networks analysis have also problem find structure states state function'
const ONSETS = 'b c d f g h l m n p r s t v br cl dr fr gr pl pr st str tr ph th ch sp sc'.split(' ')
const CORES = 'a e i o u ae ia io ea ou'.split(' ')
const CODAS = ['', '', '', 'l', 'm', 'n', 'r', 's', 't', 'x', 'ct', 'nt', 'nd', 'rm']
const ENDINGS = [
  '',
  '',
  '',
  '',
  's',
  's',
  'ing',
  'ed',
  'tion',
  'ic',
  'al',
  'ity',
  'ous',
  'metric',
  'graph',
  'dynamics',
]

const RARE_WORDS = 60_000

/** Words by rank, the most frequent first. */
export function makeVocabulary(): string[] {
  const random = createRandom(7)
  const words = new Set(COMMON.split(' '))
  while (words.size < RARE_WORDS) words.add(makeWord(random))
  return [...words]
}

function makeWord(random: Random): string {
  const syllables = Array.from(
    { length: random.between(1, 2) },
    () => random.pick(ONSETS) + random.pick(CORES) + random.pick(CODAS),
  )
  return syllables.join('') + random.pick(ENDINGS)
}

/** Draws a word of a text by Zipf's law with exponent 1: rank r has a frequency of about 1/r. */
export function drawWord(words: string[], random: Random): string {
  return words[Math.floor(words.length ** random.next()) - 1]!
}

/** Draws a word of a title. Titles have few function words. */
export function drawTitleWord(words: string[], random: Random): string {
  return words[Math.floor(40 * (words.length / 40) ** random.next()) - 1]!
}
