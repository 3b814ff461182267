import { textOf } from './fields.ts'

/**
 * Reads the text and the links of a page that was saved as text, in their order, from any tool: Markdown links
 * `[text](address)`, numbered links `[text][12]` as w3m and links write them, or a text with its address on the line
 * below.
 */
export interface Piece {
  /** Counted from 1. */
  line: number
  /** With white space collapsed and pictures left out. */
  text: string
  isLink: boolean
  /** Other text precedes it on its line. */
  isInline: boolean
  /** Absent for a numbered link if the list of addresses is missing. */
  url?: string
  /** The link is a whole heading. */
  isHeading: boolean
}

export interface LinkedText {
  pieces: Piece[]
  /** The line of a link that is cut off by the end of the text. */
  cutAt?: number
}

/** An escaped character, a bracket, or the beginning of a heading. No link extends across a heading. */
const TOKEN = /\\[^\n]|[[\]]|\n(?=#{1,6}\s)/g
const ADDRESS = /\(((?:[^\s()]|\([^\s()]*\)){1,2000})(?:\s+"[^"\n]{0,300}")?\)/y
const NUMBER = /\[(\d{1,5})\]/y
/** A line in the list of addresses does not open a link. */
const LISTED = /\[\d{1,5}\]:?\s{1,8}https?:\/\//y
const LONGEST_LINK = 20_000

interface Link {
  start: number
  end: number
  /** As written. */
  inner: string
  url: string | undefined
  isNumbered: boolean
}

/** Reads a whole text in one pass. Never throws. */
export function readLinkedText(page: string): LinkedText {
  const { links, cut } = findLinks(page, readAddresses(page))
  const lines = lineCounter(page)
  let end = 0
  const pieces = links.flatMap((link) => {
    const before = readParagraphs(page, end, link.start, lines)
    end = link.end
    return [...before, ...linkPiece(page, link, lines)]
  })
  const all = pieces.concat(readParagraphs(page, end, page.length, lines))
  return { pieces: joinAddresses(all), cutAt: cut === undefined ? undefined : lineCounter(page)(cut) }
}

/** The outermost Markdown links in a text, without pictures. `end` is the offset after each. */
export function markdownLinks(text: string): { text: string; url: string; start: number; end: number }[] {
  // Most cells of a table have no link, and are not looked through sign by sign.
  if (!text.includes('](')) return []
  return findLinks(text, new Map()).links.flatMap(({ start, end, inner, url }) =>
    url === undefined || text[start - 1] === '!' ? [] : { text: plainMarkdown(inner), url, start, end },
  )
}

/** `[12]: https://…` or `12. https://…`: the list of addresses that numbered links refer to. */
function readAddresses(page: string): Map<string, string> {
  const found = page.matchAll(/^\s{0,8}\[?(\d{1,5})(?:\]:?|\.)\s{1,8}(https?:\/\/\S{1,2000})\s*$/gm)
  return new Map(Array.from(found, (match) => [match[1]!, match[2]!]))
}

function findLinks(page: string, addresses: Map<string, string>): { links: Link[]; cut: number | undefined } {
  const links: Link[] = []
  let opened: number[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(page); match !== null; match = TOKEN.exec(page)) {
    if (match[0] === '[') opened.push(match.index)
    else if (match[0].startsWith('\n')) opened = []
    if (match[0] !== ']' || opened.length === 0) continue
    const link = linkAt(page, opened.at(-1)!, match.index, addresses)
    // A single bracket inside a link, as in "(0, 1]", does not end the link.
    if (link !== undefined || opened.length > 1) opened.pop()
    if (link === undefined) continue
    addOutermost(links, link)
    TOKEN.lastIndex = link.end
  }
  return { links, cut: opened.find((start) => page.length - start < LONGEST_LINK && isCutLink(page, start)) }
}

/** Adds a link. A link inside it is part of its text, and goes. */
function addOutermost(links: Link[], link: Link): void {
  while (links.length > 0 && links.at(-1)!.start > link.start) links.pop()
  links.push(link)
}

function linkAt(
  page: string,
  start: number,
  close: number,
  addresses: Map<string, string>,
): Link | undefined {
  if (close - start > LONGEST_LINK) return undefined
  const inner = page.slice(start + 1, close)
  ADDRESS.lastIndex = close + 1
  const address = ADDRESS.exec(page)
  if (address !== null) return { start, end: ADDRESS.lastIndex, inner, url: address[1], isNumbered: false }
  NUMBER.lastIndex = close + 1
  const number = NUMBER.exec(page)?.[1]
  if (number === undefined) return undefined
  return { start, end: NUMBER.lastIndex, inner, url: addresses.get(number), isNumbered: true }
}

/** A bracket at the beginning of a line opens a link that is a block of its own. */
function isCutLink(page: string, start: number): boolean {
  LISTED.lastIndex = start
  return /^(?:#{1,6}\s)?$/.test(lineBefore(page, start)) && !LISTED.test(page)
}

/** The text before an offset on its line; only the end of a very long line. */
function lineBefore(page: string, at: number): string {
  const text = page.slice(Math.max(0, at - 200), at)
  return text.slice(text.lastIndexOf('\n') + 1)
}

function linkPiece(page: string, link: Link, lines: (at: number) => number): Piece[] {
  const isPicture = page[link.start - 1] === '!'
  const text = textOf(link.isNumbered ? link.inner : plainMarkdown(link.inner))
  if (isPicture || text === undefined) return []
  const before = lineBefore(page, link.start)
  const isHeading = /^#{2,4} ?$/.test(before)
  const isInline = !isHeading && before.trim() !== ''
  return [{ line: lines(link.start), text, isLink: true, isInline, url: link.url, isHeading }]
}

/**
 * Markdown without pictures. A backslash at the end of a line is removed, and so is one that escapes a Markdown
 * character.
 */
export function plainMarkdown(inner: string): string {
  if (!inner.includes('\\') && !inner.includes('![')) return inner
  return inner
    .replace(/!\[[^\]]{0,200}\]\([^)\s]{0,2000}\)/g, '')
    .replace(/\\{1,2}(?=\n| {2})/g, ' ')
    .replace(/\\([\\`*_[\]#>~|])/g, '$1')
}

/** The text between links, one piece per paragraph. */
function readParagraphs(page: string, start: number, end: number, lines: (at: number) => number): Piece[] {
  const pieces: Piece[] = []
  for (const match of page.slice(start, end).matchAll(/[^\n]+(?:\n(?![^\S\n]*\n)[^\n]+)*/g)) {
    const text = textOf(match[0])
    if (text === undefined) continue
    const line = lines(start + match.index)
    pieces.push({ line, text, isLink: false, isInline: false, isHeading: false })
  }
  return pieces
}

/** If a paragraph is followed by an address on its own line, the paragraph becomes a link. */
function joinAddresses(pieces: Piece[]): Piece[] {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    const isAddress = !piece.isLink && /^https?:\/\/\S+$/.test(piece.text)
    if (isAddress && last && !last.isLink)
      joined[joined.length - 1] = { ...last, isLink: true, url: piece.text }
    else if (!isAddress) joined.push(piece)
  }
  return joined
}

/** Counts lines up to growing offsets. Each line end is visited once. */
function lineCounter(page: string): (at: number) => number {
  let line = 1
  let lineEnd = endOfLine(page, 0)
  return (at) => {
    while (lineEnd < at) {
      line += 1
      lineEnd = endOfLine(page, lineEnd + 1)
    }
    return line
  }
}

function endOfLine(page: string, from: number): number {
  const end = page.indexOf('\n', from)
  return end === -1 ? page.length : end
}
