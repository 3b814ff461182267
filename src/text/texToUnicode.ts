import { renderTex } from './tex/tex.ts'

/** What may be TeX. Text without any of it is plain. */
const TEX = /[\\$`~]|[\^_]\{/

/**
 * A title, abstract or name for people to read: TeX formulas, accents and commands as Unicode. Plain text comes back
 * unchanged, prices ("$5 and $6") included; so does what is not understood. Never throws; linear time.
 */
export function texToUnicode(text: string): string {
  return TEX.test(text) ? renderTex(text) : text
}
