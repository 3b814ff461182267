import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CorpusModel } from '../../ranking/corpus/corpusModel.ts'
import { unpackStarter } from './starterBytes.ts'

/** Where the package keeps the starter: beside src/ and dist/. */
export const STARTER_FILE = fileURLToPath(new URL('../../../models/starter.bin.gz', import.meta.url))

let loaded: CorpusModel | undefined

/**
 * The corpus model that the package brings along, for an installation that has learned none of its own yet. It was learned from
 * arXiv's metadata (docs/decisions/starter.md). Loaded once per process, at the first use, which takes a fifth of a second.
 */
export function starterModel(): CorpusModel {
  loaded ??= unpackStarter(readFileSync(STARTER_FILE))
  return loaded
}
