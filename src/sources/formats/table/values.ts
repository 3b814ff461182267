import { countOf, type Fields, fieldsOf, linkOf, namesOf, textOf } from '../../reading/fields.ts'
import { markupLines, mayHoldMarkup, plainText } from '../../reading/markup.ts'
import { abstractIn, withoutHeading } from '../../reading/prose/abstracts.ts'
import { quotedTexts, writtenValue } from '../../reading/writtenValue.ts'

/** Values of a record, in the many forms in which catalogues, libraries and tables have them. Total: undefined for others. */

/** Where an object keeps the text that it stands for: OpenReview, DataCite, DBLP, feed readers. */
const TEXT_NAMES = [
  'value',
  'title',
  'description',
  'content',
  'text',
  '#text',
  '_',
  'name',
  'display_name',
  'fullname',
]

/** The first text: of a string, a list, or an object that holds it. Markup in it goes. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return plainText(unbraced(value))
  return textsIn(value).flatMap((text) => plainText(text) ?? [])[0]
}

/** `{Lanterns that light}`: tables that were made of BibTeX keep its braces around a value. */
function unbraced(value: string): string {
  return value.startsWith('{') ? value.replace(/^\{([^{}]*)\}$/, '$1') : value
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value))
    return value.slice(0, 100).flatMap((item) => (Array.isArray(item) ? [] : textsIn(item)))
  const fields = fieldsOf(value)
  const name = fields && TEXT_NAMES.find((candidate) => typeof fields[candidate] === 'string')
  return name === undefined ? [] : [fields![name] as string]
}

/** A paper's abstract: text, OpenAlex's inverted index, DataCite's list of descriptions, paragraphs in a list. */
export function abstractOf(value: unknown): string | undefined {
  if (typeof value === 'string') return abstractOfText(value)
  const inverted = invertedText(value)
  if (inverted !== undefined) return textOf(inverted)
  const described = Array.isArray(value) ? value.filter(isAbstract) : value
  return textOf(abstractIn(textsIn(described).flatMap(markupLines)))
}

/** Text without markup is one line: nothing stands around the abstract but a heading in front of it. */
function abstractOfText(value: string): string | undefined {
  const text = textOf(unbraced(value))
  if (text === undefined) return undefined
  if (mayHoldMarkup(text)) return textOf(abstractIn(markupLines(text)))
  const bare = withoutHeading(text)
  return bare === text ? text : textOf(bare)
}

function isAbstract(item: unknown): boolean {
  const kind = fieldsOf(item)?.descriptionType
  return kind === undefined || kind === 'Abstract'
}

const MOST_WORDS = 20_000

/** `{"We": [0], "light": [1, 4]}`: each word with the places at which it stands. */
function invertedText(value: unknown): string | undefined {
  const entries = Object.entries(fieldsOf(value) ?? {})
  if (entries.length === 0 || !entries.every(([, places]) => Array.isArray(places))) return undefined
  const words: string[] = []
  for (const [word, places] of entries) {
    for (const place of places as unknown[]) {
      if (Number.isInteger(place) && (place as number) >= 0 && (place as number) < MOST_WORDS)
        words[place as number] = word
    }
  }
  return words.filter(Boolean).join(' ')
}

const MOST_IDS = 50

/** All texts in a value that may be ids: a string or number, a list, or an object by the names of its kinds. */
export function idsIn(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value]
  if (Array.isArray(value))
    return value.slice(0, MOST_IDS).flatMap((item) => (Array.isArray(item) ? [] : idsIn(item)))
  const fields = fieldsOf(value)
  return fields === undefined ? [] : Object.entries(fields).slice(0, MOST_IDS).flatMap(idOf)
}

/** `{"ArXiv": "2603.01236"}`, `{"identifierType": "DOI", "identifier": …}`. Numbers alone are ids of a catalogue's own. */
function idOf([name, id]: [string, unknown]): string[] {
  if (typeof id !== 'string') return []
  return /^arxiv$/i.test(name) ? [`arXiv:${id.replace(/^arxiv:/i, '')}`] : [id]
}

/** The addresses in a value: a string, a list, objects with `url` or `href`. */
export function linksIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const link = linkOf(value)
    return link === undefined ? [] : [link]
  }
  if (Array.isArray(value))
    return value.slice(0, MOST_IDS).flatMap((item) => (Array.isArray(item) ? [] : linksIn(item)))
  const fields: Fields | undefined = fieldsOf(value)
  return [
    linkOf(fields?.url),
    linkOf(fields?.href),
    linkOf(fields?.URL),
    linkOf(fields?.value),
    linkOf(fields?.landing_page_url),
  ].flatMap((link) => link ?? [])
}

/** The items of a list, of a list written in one text, or of a text that `separator` parts. */
export function listOf(value: unknown, separator: RegExp): string[] | undefined {
  if (typeof value === 'string') {
    const written = writtenValue(value)
    if (Array.isArray(written)) return listOf(written, separator)
    const isList = value.includes('[') && /^\s*\[.*\]\s*$/s.test(value)
    return namesOf(isList ? quotedTexts(value) : value.split(separator))
  }
  const listed = fieldsOf(value)?.value ?? value
  return Array.isArray(listed) ? namesOf(listed.flatMap((item) => nameIn(item) ?? [])) : undefined
}

function nameIn(item: unknown): string | undefined {
  const fields = fieldsOf(item)
  return (
    textOf(item) ??
    textOf(fields?.name ?? fields?.term ?? fields?.display_name ?? fields?.subject ?? fields?.tag)
  )
}

/** A count, in digits with or without commas. */
export function numberOf(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\s*[\d,]{1,13}(?:\.0)?\s*$/.test(value)
  return countOf(isText ? Number(value.replaceAll(',', '')) : value)
}
