import type { Entry } from '../../src/domain.ts'

const SUBJECTS: Record<string, string> = {
  glaciers: 'ice moraine crevasse meltwater snow valley runoff calving firn glacier albedo basin',
  violins: 'violin bow string varnish spruce luthier timbre bridge vibrato resonance concert plate',
  graphs:
    'node edge embedding message passing graph spectral convolution attention neighbourhood pooling link',
  bees: 'bee hive pollen nectar waggle forager colony queen brood swarm pesticide flower',
  steel: 'steel alloy annealing grain fatigue crack weld martensite carbon hardness creep furnace',
  courts: 'court judge statute appeal verdict precedent treaty jury tribunal contract liability plaintiff',
}

/**
 * Papers of six subjects, each with its own words; no two have the same text. `from`: the number of the first paper.
 */
export function corpusOf(count: number, from = 1): Entry[] {
  const names = Object.keys(SUBJECTS)
  return Array.from({ length: count }, (_, at) => {
    const number = from + at
    const subject = names[number % names.length]!
    const words = SUBJECTS[subject]!.split(' ')
    const pick = (n: number) => words[(number * 7 + n * n * 5 + Math.floor(number / 12) * n) % words.length]!
    return {
      title: `On ${pick(1)} and ${pick(2)} of ${subject}, part ${number}`,
      abstract: `We measure ${pick(3)}, ${pick(4)} and ${pick(5)} in setting ${number} and compare the ${pick(6)} with ${pick(7)}. ${LONG_FORMS[subject] ?? ''}`,
      authors: [`Author ${number}`],
      arxivId: `2610.${String(number).padStart(5, '0')}`,
      upvotes: number % 50,
    }
  })
}

/** Long forms that the papers explain, as real papers explain acronyms. */
const LONG_FORMS: Record<string, string> = {
  graphs: 'A graph neural network (GNN) learns it.',
}
