import type { LocalDate } from '../../domain.ts'
import type { LikedPaper } from '../score/taste.ts'

const MONTHS = ['Jan', 'Feb', 'March', 'April', 'May', 'June', 'July', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec']
const LONGEST_TITLE = 70

/** `“Protein folds”, which you saved on 3 May`. The year stands there if it is not that of `day`. Days are those of UTC. */
export function likedInWords(
  { title, liked }: Pick<LikedPaper, 'title' | 'liked'>,
  day: LocalDate | null,
): string {
  const name = `“${shortened(title)}”`
  if (liked === undefined) return `${name}, which you liked`
  if (liked.as === 'example') return `${name}, one of your examples`
  const { at } = liked
  const year = day?.startsWith(String(at.getUTCFullYear())) ? '' : ` ${at.getUTCFullYear()}`
  return `${name}, which you ${liked.as} on ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${year}`
}

/** Cut at a word. */
function shortened(title: string): string {
  const whole = title.replace(/\s+/g, ' ').trim()
  if (whole.length <= LONGEST_TITLE) return whole
  return `${whole.slice(0, LONGEST_TITLE).replace(/\s+\S*$/, '')} …`
}
