import { isUtf8 } from 'node:buffer'

/**
 * Recognises the character set of a text that does not say it, as tables and libraries come out of older programs. Latin-1 counts as
 * windows-1252, GBK as gb18030, which contain them (https://encoding.spec.whatwg.org).
 */

interface Charset {
  label: string
  /** The characters that are most frequent in texts and tables of papers. */
  frequent: string
  /** How many bytes with their first bit set stand side by side, on average. */
  run: [least: number, most: number]
}

const MANY = Number.POSITIVE_INFINITY
const CHARSETS: Charset[] = [
  {
    label: 'gb18030',
    frequent:
      '的一是在和有中与了为研究方法基于模型学习论文标题作者摘要发表时间年月日期关键词分析系统数据网络用其对及',
    run: [2, MANY],
  },
  {
    label: 'shift_jis',
    frequent:
      'のにをはがとでるたしてすいなれりさまもかっらんくきこつあそよけめえーンスルトラリイクシテドレロタマアプネグムデジフ研究論文著者題名要旨手法学習年月日',
    run: [1, MANY],
  },
  {
    label: 'euc-jp',
    frequent:
      'のにをはがとでるたしてすいなれりさまもかっらんくきこつあそよけめえーンスルトラリイクシテドレロタマアプネグムデジフ研究論文著者題名要旨手法学習年月日',
    run: [2, MANY],
  },
  {
    label: 'euc-kr',
    frequent: '이다의는에을를가한고로하지도서기사자리인은어시대제연구논문제목저자초록방법학습년월일',
    run: [2, MANY],
  },
  {
    label: 'big5',
    frequent:
      '的一是在和有中與了為研究方法基於模型學習論文標題作者摘要發表時間年月日期關鍵詞分析系統數據網路用其對及',
    run: [1, MANY],
  },
  { label: 'windows-1251', frequent: 'оеаинтсрвлкмдпуяыьгзбчйхжшю', run: [2, MANY] },
  { label: 'windows-1252', frequent: 'éèàáíóúñçäöüßêôîâãõøåæìòùÉÄÖÜÅØ’“”–—', run: [1, 1.6] },
]

/** One damaged byte in a text of another character set is no evidence. */
const LEAST_RUNS = 3
const LEAST_SHARE = 0.25
const ENOUGH = 64 * 1024

/**
 * The character set of a text by its first bytes; undefined for UTF-8, for UTF-8 with damage, and where it cannot be told.
 */
export function charsetOf(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const bytes = head.subarray(0, ENOUGH)
  return unmarkedUtf16(bytes) ?? legacyCharset(bytes, bytes.length < head.length)
}

/** Mostly ASCII in UTF-16 has a NUL in every second byte. */
function unmarkedUtf16(bytes: Buffer): string | undefined {
  const sample = bytes.subarray(0, 2_000)
  if (sample.length < 8 || !sample.includes(0)) return undefined
  const nuls = [0, 0]
  sample.forEach((byte, at) => {
    if (byte === 0) nuls[at % 2]! += 1
  })
  const least = (sample.length / 2) * 0.7
  if (nuls[1]! > least && nuls[0] === 0) return 'utf-16le'
  return nuls[0]! > least && nuls[1] === 0 ? 'utf-16be' : undefined
}

function legacyCharset(bytes: Buffer, isCut: boolean): string | undefined {
  // The last character of a part may be cut.
  const text = isCut ? bytes.subarray(0, bytes.lastIndexOf(10) + 1) : bytes
  if (text.length === 0 || isUtf8(text) || text.includes(0)) return undefined
  const runs = text.toString('latin1').match(/[\x80-\xff]+/g) ?? []
  const isDamagedUtf8 =
    runs.filter((run) => run.length > 1 && isUtf8(Buffer.from(run, 'latin1'))).length * 5 > runs.length
  if (runs.length < LEAST_RUNS || isDamagedUtf8) return undefined
  const mean = runs.reduce((sum, { length }) => sum + length, 0) / runs.length
  const scores = CHARSETS.filter(({ run: [least, most] }) => mean >= least && mean <= most).map(
    (charset) => ({
      label: charset.label,
      share: shareOf(text, charset),
    }),
  )
  const [best] = scores.sort((one, other) => other.share - one.share)
  return best !== undefined && best.share >= LEAST_SHARE ? best.label : undefined
}

/** The share of a text's characters beyond ASCII that are frequent ones; 0 if it cannot be in this character set. */
function shareOf(bytes: Buffer, { label, frequent }: Charset): number {
  const text = new TextDecoder(label).decode(bytes)
  const others: string[] = text.match(/[^\x00-\x7f]/gu) ?? []
  if (others.length === 0 || others.includes('\uFFFD')) return 0
  const known = new Set(frequent)
  return (
    others.filter((character) => known.has(character.toLowerCase()) || known.has(character)).length /
    others.length
  )
}

/** What windows-1252 has where Latin-1 has control characters; the decoder of Node 20 takes the one for the other. */
const UPPER = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** A decoder of a stream in a character set. */
export function decoderOf(charset: string): (chunk?: Uint8Array) => string {
  const decoder = new TextDecoder(charset)
  const decode = (chunk?: Uint8Array) => decoder.decode(chunk, { stream: chunk !== undefined })
  if (charset !== 'windows-1252') return decode
  return (chunk) => decode(chunk).replace(/[\x80-\x9f]/g, (control) => UPPER[control.charCodeAt(0) - 0x80]!)
}
