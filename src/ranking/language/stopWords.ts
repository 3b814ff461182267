import { stem } from './stem.ts'

/** English function words. They say nothing about a paper's subject, so a query ignores them outside of quotes. */
const STOP_WORDS = new Set(
  `a about above after again against all also although always am among an and another any are aren't as at be
  because been before being below between both but by can can't cannot could couldn't did didn't do does doesn't
  doing don't done down during each either else etc even ever every for from further had hadn't has hasn't have
  haven't having he her here hers herself him himself his how however i if in indeed instead into is isn't it it's
  its itself just least less let many may me might mine more most much must mustn't my myself neither never no nor
  not now of off often on once only or other others ought our ours ourselves out over own per perhaps quite rather
  really same shall shan't she should shouldn't since so some still such than that that's the their theirs them
  themselves then there there's therefore these they this those though through thus to together too toward towards
  under until unless up upon us very via was wasn't we were weren't what what's when where whereas whether which
  while who whom whose why will with within without won't would wouldn't yet you your yours yourself yourselves`.split(
    /\s+/,
  ),
)

/** Whether `word` (lower case) is an English function word. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word)
}

const STOP_STEMS = new Set([...STOP_WORDS].map(stem))

/** Whether the stem is that of an English function word. In a small corpus model such words seem to be related to a subject. */
export function isStopStem(stem: string): boolean {
  return STOP_STEMS.has(stem)
}
