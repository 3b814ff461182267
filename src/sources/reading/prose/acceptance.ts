import { fieldsOf, textOf } from '../fields.ts'

/**
 * Where a paper was accepted, as authors and venues say it: in the comments on arXiv, or in the venue of a note of
 * OpenReview. Total: undefined if a text says nothing of it.
 */

const KIND =
  '(?:an?|the|as|long|short|full|regular|main|poster|spotlight|oral|highlight|workshop|conference|journal|demo|paper|papers|presentation|publication|contribution|talk)'
const SAYS = new RegExp(
  String.raw`(?<!\bnot )\b(?:accepted(?:\s${KIND}){0,4}\s(?:at|to|by|in|for)(?:\s(?:publication|presentation|inclusion)\s(?:at|in|by))?|(?:will|to) (?:appear|be presented|be published)(?:\s${KIND}){0,3}\s(?:at|in)|(?:published|presented)(?:\s${KIND}){0,3}\s(?:at|in)|camera[- ]ready(?:\sversion)?\s(?:for|at|of)|in (?:the )?proceedings of)\s(?:the\s)?(?=\S)`,
  'i',
)
/** What ends the name of a venue. A full stop ends it unless it belongs to an abbreviation, as in "Proc. IEEE". */
const END =
  /\s?[;,(\n]|\.\s(?=\p{Lu}\p{Ll})(?<!\b(?:Proc|Conf|Int|Trans|J|Symp|Lett|Assoc)\.\s)|\.?$|\s(?:as|with|on arxiv)\s/iu
/** `ICLR 2026`, `NeurIPS 2025 Spotlight`, `CVPR'26`: a part of a comment that is nothing else. */
const ALONE =
  /^(?=(?:[^A-Z]*[A-Z]){2})([A-Z][A-Za-z&+-]{1,15}(?:\s(?:Findings|Main|Workshops?|Demo|D&B))?\s?(?:20\d\d|['’]\d\d))(?:\s\(?(?:[Oo]ral|[Pp]oster|[Ss]potlight|[Hh]ighlight|[Mm]ain|[Ff]indings|[Ww]orkshops?|[Cc]onference|[Cc]amera[- ][Rr]eady|[Pp]aper|[Bb]est [Pp]aper(?: [Aa]ward)?)\)?){0,3}$/
const LONGEST = 2_000
const LONGEST_VENUE = 120

/** The venue of a comment: of "12 pages, accepted at ICLR 2026 (oral)" it is "ICLR 2026". */
export function acceptedVenue(comment: unknown): string | undefined {
  const text = textOf(comment)?.slice(0, LONGEST)
  if (text === undefined) return undefined
  const said = SAYS.exec(text)
  if (said !== null) {
    const rest = text.slice(said.index + said[0].length)
    const venue = rest.slice(0, END.exec(rest)?.index ?? rest.length).trim()
    if (/\p{L}{2}/u.test(venue) && venue.length <= LONGEST_VENUE) return venue
  }
  return text.split(/[;,.]\s*/).flatMap((part) => ALONE.exec(part.trim())?.[1] ?? [])[0]
}

const NOT_ACCEPTED = /\b(?:submitted to|submission|under review|withdrawn|(?:desk[- ])?rejected|reject)\b/i
/** `ICLR.cc/2026/Conference`: the venue of a note that was accepted. */
const VENUE_ID =
  /^([\w-]{2,30})\.(?:cc|org|net|com)\/(\d{4})\/(?:Conference|Workshop\/([\w-]{1,60})|[\w-]{1,60}_Track)$/

/**
 * The venue that a record names. OpenReview writes there what became of a paper: "ICLR 2026 Oral", but also "Submitted to ICLR
 * 2026", which is none.
 */
export function venueOf(value: unknown): string | undefined {
  const text = textOf(value) ?? textOf(fieldsOf(value)?.value)
  if (text === undefined || NOT_ACCEPTED.test(text)) return undefined
  const [, name, year, workshop] = VENUE_ID.exec(text) ?? []
  if (name === undefined) return /^[\w.-]+\.(?:cc|org)\/\d{4}\//.test(text) ? undefined : text
  return [name, year, workshop && `Workshop ${workshop}`].filter(Boolean).join(' ')
}
