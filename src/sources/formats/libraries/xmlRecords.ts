import { PermanentError } from '../../../errors.ts'
import { decodeEntities } from '../../../text/entities.ts'
import { type Fields, textOf } from '../../reading/fields.ts'
import { child, children, childText, parseXml, rawText, type XmlElement } from '../../reading/xml.ts'
import type { RecordReader, TextFormat } from './textRecords.ts'

/**
 * Records of catalogues and libraries in XML: PubMed (https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html), DBLP
 * (https://dblp.org/xml/dblp.dtd), MODS (https://www.loc.gov/standards/mods/), EndNote and Zotero's RDF. A dump of DBLP is
 * one document of gigabytes, so each record is read as a document of its own.
 */
export const citationXml: TextFormat = {
  name: 'citation-xml',
  detect: (head) => kindOf(head) !== undefined,
  begins:
    /<(?:PubmedArticle|PubmedBookArticle|(?:article|inproceedings|incollection|book|phdthesis|mastersthesis|data|proceedings|www)(?=\s[^<>]{0,300}\bkey=)|(?:mods:)?mods|record(?=>\s*(?:<database\b|<source-app\b|<rec-number\b|<ref-type\b|<contributors\b|<titles\b))|(?:bib:(?:Article|Document|Book|BookSection|Report|Thesis|Manuscript)|rdf:Description)(?=\s+rdf:about=))(?=[\s>])/g,
  reader: () => readElement,
}

/** The roots of these documents. A root with another meaning is told apart by what stands behind it. */
const ROOTS: [root: RegExp, inside: RegExp][] = [
  [/<PubmedArticleSet\b/, /<Pubmed(?:Book)?Article\b/],
  [/<dblp(?:person)?\b/, /\bkey=/],
  [/<(?:mods:)?(?:modsCollection|mods)\b/, /<(?:mods:)?titleInfo\b/],
  [/<xml>\s*<records>/, /<record>/],
  [/<rdf:RDF\b[^>]{0,2000}zotero\.org\/namespaces/, /<(?:bib:|rdf:Description)/],
]
const HEAD = 200_000

function kindOf(head: string): number | undefined {
  if (!/^\s*</.test(head)) return undefined
  const text = head.slice(0, HEAD)
  const found = ROOTS.findIndex(([root, inside]) => root.test(text.slice(0, 5_000)) && inside.test(text))
  return found === -1 ? undefined : found
}

const readElement: RecordReader = (text) => {
  const name = /^<([\w:.-]+)/.exec(text)?.[1] ?? ''
  const end = text.lastIndexOf(`</${name}>`)
  if (end === -1) return { fault: `expected a whole record, got a <${name}> that breaks off` }
  const bare = name.slice(name.indexOf(':') + 1)
  const reader = READERS[bare]
  if (reader === undefined) return undefined
  try {
    return reader(parseXml(withoutNamed(text.slice(0, end + name.length + 3)), bare, `a record (${name})`))
  } catch (error) {
    if (error instanceof PermanentError) return { fault: error.message }
    throw error
  }
}

/** XML knows five entities by name; others, which a document defines elsewhere, are those of HTML. */
function withoutNamed(text: string): string {
  return text.replace(/&(?!(?:amp|lt|gt|quot|apos);)[a-z]\w{1,30};/gi, (entity) => decodeEntities(entity))
}

const READERS: Record<string, (element: XmlElement) => Fields> = {
  PubmedArticle: readPubmed,
  article: readDblp,
  inproceedings: readDblp,
  incollection: readDblp,
  book: readDblp,
  phdthesis: readDblp,
  mastersthesis: readDblp,
  mods: readMods,
  record: readEndnote,
  ...Object.fromEntries(
    ['Article', 'Document', 'Book', 'BookSection', 'Report', 'Thesis', 'Manuscript', 'Description'].map(
      (name) => [name, readZotero],
    ),
  ),
}

function texts(element: XmlElement | undefined, name: string): string[] {
  return children(element, name).flatMap((one) => textOf(rawText(one)) ?? [])
}

function at(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(child, element)
}

function textAt(element: XmlElement | undefined, ...path: string[]): string | undefined {
  const found = at(element, ...path)
  return found && textOf(rawText(found))
}

/** All elements with that name, however deep. */
function allIn(element: XmlElement | undefined, name: string): XmlElement[] {
  const inner = (element?.nodes ?? []).filter((node) => typeof node === 'object') as XmlElement[]
  return inner.flatMap((one) => [...(one.name === name ? [one] : []), ...allIn(one, name)])
}

function readPubmed(record: XmlElement): Fields {
  const citation = child(record, 'MedlineCitation')
  const article = child(citation, 'Article')
  const pmid = childText(citation, 'PMID')
  const ids = [
    ...children(article, 'ELocationID'),
    ...allIn(at(record, 'PubmedData', 'ArticleIdList'), 'ArticleId'),
  ]
  const isDoi = ({ attributes }: XmlElement) => (attributes.EIdType ?? attributes.IdType) === 'doi'
  const abstract = children(child(article, 'Abstract'), 'AbstractText').map(labelled)
  return {
    title: withoutStop(childText(article, 'ArticleTitle')),
    abstract: abstract.join(' '),
    authors: children(child(article, 'AuthorList'), 'Author').flatMap(personOf),
    doi: ids.filter(isDoi).map(rawText),
    url: pmid === undefined ? undefined : `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    venue: textAt(article, 'Journal', 'Title') ?? textAt(citation, 'MedlineJournalInfo', 'MedlineTA'),
    published:
      dateOf(child(article, 'ArticleDate')) ?? dateOf(at(article, 'Journal', 'JournalIssue', 'PubDate')),
    keywords: texts(child(citation, 'KeywordList'), 'Keyword'),
  }
}

/** PubMed and DBLP write a full stop behind each title. */
function withoutStop(title: string | undefined): string | undefined {
  return title?.replace(/(?<=[^.])\.$/, '')
}

/** "BACKGROUND: Nobody had measured it." */
function labelled(element: XmlElement): string {
  const { Label } = element.attributes
  const text = textOf(rawText(element)) ?? ''
  return Label === undefined ? text : `${Label}: ${text}`
}

function personOf(author: XmlElement): string | object {
  const group = childText(author, 'CollectiveName')
  if (group !== undefined) return group
  return {
    family: childText(author, 'LastName'),
    given: childText(author, 'ForeName') ?? childText(author, 'Initials'),
    suffix: childText(author, 'Suffix'),
  }
}

function dateOf(date: XmlElement | undefined): string | undefined {
  const parts = ['Year', 'Month', 'Day'].flatMap((name) => childText(date, name) ?? [])
  return parts.length === 0 ? childText(date, 'MedlineDate') : parts.join('-')
}

function readDblp(record: XmlElement): Fields {
  const { key } = record.attributes
  return {
    title: withoutStop(childText(record, 'title')),
    // DBLP numbers people of one name.
    authors: texts(record, 'author').map((name) => name.replace(/\s\d{4}$/, '')),
    url: [...texts(record, 'ee'), ...(key === undefined ? [] : [`https://dblp.org/rec/${key}`])],
    doi: texts(record, 'ee').filter((address) => /doi\.org\//.test(address)),
    venue: childText(record, 'journal') ?? childText(record, 'booktitle'),
    published: [childText(record, 'month'), childText(record, 'year')].filter(Boolean).join(' '),
    year: childText(record, 'year'),
  }
}

function readMods(record: XmlElement): Fields {
  const title = child(record, 'titleInfo')
  const host = children(record, 'relatedItem').find(({ attributes }) => attributes.type === 'host')
  const ids = children(record, 'identifier')
  const idsOf = (type: RegExp) =>
    ids.filter(({ attributes }) => type.test(attributes.type ?? '')).map(rawText)
  const main = [childText(title, 'nonSort'), childText(title, 'title')].filter(Boolean).join(' ')
  return {
    title: [main, childText(title, 'subTitle')].filter(Boolean).join(': '),
    abstract: texts(record, 'abstract'),
    authors: children(record, 'name').filter(isAuthor).flatMap(modsName),
    doi: idsOf(/^doi$/i),
    arxivid: idsOf(/^arxiv$/i).map((id) => `arXiv:${id.replace(/^arxiv:/i, '')}`),
    url: [...texts(child(record, 'location'), 'url'), ...idsOf(/^ur[il]$/i)],
    venue: textAt(host, 'titleInfo', 'title'),
    published: ['dateIssued', 'dateCreated'].flatMap(
      (name) => textAt(record, 'originInfo', name) ?? textAt(host, 'originInfo', name) ?? [],
    )[0],
    year: textAt(host, 'part', 'date'),
    keywords: children(record, 'subject').flatMap((subject) => texts(subject, 'topic')),
  }
}

/** A name without a role is an author's. */
function isAuthor(name: XmlElement): boolean {
  const roles = children(name, 'role').flatMap((role) => texts(role, 'roleTerm'))
  return roles.length === 0 || roles.some((role) => /^(?:aut|author|cre|creator)$/i.test(role))
}

function modsName(name: XmlElement): (object | string)[] {
  const parts = children(name, 'namePart')
  const of = (type: string) =>
    parts.filter(({ attributes }) => attributes.type === type).map((part) => rawText(part).trim())
  const family = of('family')
  return family.length === 0
    ? parts.filter(({ attributes }) => attributes.type === undefined).map(rawText)
    : [{ family: family.join(' '), given: of('given').join(' ') }]
}

function readEndnote(record: XmlElement): Fields {
  const authors = at(record, 'contributors', 'authors')
  return {
    title: textAt(record, 'titles', 'title'),
    abstract: childText(record, 'abstract'),
    authors: texts(authors, 'author'),
    doi: childText(record, 'electronic-resource-num'),
    url: allIn(child(record, 'urls'), 'url').flatMap((url) => textOf(rawText(url)) ?? []),
    venue: textAt(record, 'periodical', 'full-title') ?? textAt(record, 'titles', 'secondary-title'),
    published: withYear(textAt(record, 'dates', 'pub-dates', 'date'), textAt(record, 'dates', 'year')),
    year: textAt(record, 'dates', 'year'),
    keywords: texts(child(record, 'keywords'), 'keyword'),
  }
}

function withYear(date: string | undefined, year: string | undefined): string | undefined {
  if (date === undefined || year === undefined || /\d{4}/.test(date)) return date ?? year
  return `${date} ${year}`
}

function readZotero(record: XmlElement): Fields {
  const people = allIn(child(record, 'authors'), 'Person')
  const ids = children(record, 'identifier').map((id) => textOf(rawText(id)) ?? '')
  const host = child(record, 'isPartOf')
  const hosts = allIn(host, 'identifier').map((id) => textOf(rawText(id)) ?? '')
  const about = record.attributes['rdf:about']
  const dois = [...ids, ...hosts].filter((id) => /^(?:doi[: ]|10\.)/i.test(id))
  return {
    title: childText(record, 'title'),
    abstract: childText(record, 'abstract'),
    authors: people.map((person) => ({
      family: childText(person, 'surname'),
      given: childText(person, 'givenName') ?? childText(person, 'givenname'),
    })),
    doi: dois.map((id) => id.replace(/^doi[: ]+/i, '')),
    url: [about, ...ids].filter((link) => /^https?:/i.test(link ?? '')),
    venue: allIn(host, 'title').flatMap((title) => textOf(rawText(title)) ?? [])[0],
    published: childText(record, 'date'),
    keywords: children(record, 'subject').flatMap((subject) => textOf(rawText(subject)) ?? []),
    itemType: childText(record, 'itemType'),
  }
}
