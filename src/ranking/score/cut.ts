import type { Pickiness } from '../../domain.ts'
import { AS_TITLE, CLEARLY, IN_PASSING } from './coverage.ts'

/*
 * The cut: what a paper must reach to be sent at all. One scale serves all topics, subscribers and days: the interest is measured
 * by what the strongest hundredth of the corpus model's papers reaches for the same query, and the taste by what one
 * in twenty of them reaches. So a topic whose words are common asks for more, and the day's best does not come merely for being first. A topic of one word or phrase asks for the papers that name it, however common it is.
 */

/** The parts of the cut: of the strong interest, and of the strong taste. docs/experiments/the-cut.md */
const CUTS: Record<Pickiness, { interest: number; taste: number }> = {
  surely: { interest: 0.6, taste: 1 },
  balanced: { interest: 0.36, taste: 0.62 },
  more: { interest: 0.18, taste: 0.3 },
}

/** How plainly a paper has to name the only word of a topic. */
const NAMINGS: Record<Pickiness, number> = { surely: AS_TITLE, balanced: CLEARLY, more: IN_PASSING }

/** The part of what it takes, 0 to 1, that a paper has by how plainly it names the only word of a topic. */
export function shareOfNaming(pickiness: Pickiness, naming: number): number {
  return Math.min(naming / NAMINGS[pickiness], 1)
}

/**
 * The least fit with which a paper is sent. `strong` is the interest that one of a hundred papers of the corpus model reaches;
 * 0 without a corpus model, or where so few papers have the topic's words that the floor alone decides. `strongTaste` is what the
 * taste adds to the score of one in twenty of these papers.
 */
export function leastFitOf(pickiness: Pickiness, strong: number, strongTaste: number): number {
  if (strong === 0) return 0
  const { interest, taste } = CUTS[pickiness]
  return interest * strong + taste * strongTaste
}
