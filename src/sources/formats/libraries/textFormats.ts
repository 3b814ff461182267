import { bibtex } from './bibtex.ts'
import { citationTags } from './tags.ts'
import type { TextFormat } from './textRecords.ts'
import { citationXml } from './xmlRecords.ts'

/** All formats of libraries that are texts of many records. The first that claims a text reads it. */
export const textFormats: readonly TextFormat[] = [citationTags, bibtex, citationXml]
