/** What stands around a person's name in lists: labels, titles, degrees, marks, contacts, "et al.". */

/** What precedes a list: "Authors: …", "Autoren: …", "作者：…", "By …". */
const LABEL =
  /^\s*(?:(?:authors?(?:\(s\))?|by|written by|creators?|von|verfasser|autor(?:en|es|as|i|a)?|auteurs?|autori|autoři|autorzy|författare|forfattere|yazarlar?|penulis|szerzők|tác giả|par|por|di|authoren|авторы?|作者|著者|저자)\s*[:：]\s*|(?:by|By|BY)\s+(?=\p{Lu}))/iu
/** The text before it is looked at from its beginning only: from each place in it would take quadratic time. */
const ET_AL = /(?<![\s,])[\s,]*\bet\.?\s?al\.?$/i
const OTHERS =
  /^(?:et\.?\s?al\.?|(?:and |\+\s?)?(?:\d{1,4} )?(?:others|more|other authors|more authors)|\+\s?\d{1,4}|u\.\s?a\.|и др\.?|等|ほか|외)$/i
/** The same behind a name in Chinese, Japanese or Korean. */
const EAST_ASIAN_OTHERS = /(?<=[\p{sc=Han}\p{sc=Hang}])\s?(?:\s等人?|ほか|\s외\s?\d{1,3}명)$/u
/** Marks of footnotes behind a name: signs, numbers in brackets, and numbers that a copy has lowered onto the line. */
const FOOTNOTES =
  /(?:[\s*†‡§¶∗⁎¹²³⁴-⁹⁰#]|\^\{?[\d,a-f*†]{1,8}\}?|\[\d{1,2}(?:,\s?\d{1,2})*\]|\d{1,2}(?<=\s.{0,40}\p{Ll}\d{1,2}))+$/u
/** An address or an ORCID iD behind a name. */
const CONTACT = /\s?(?:<\S{1,100}@\S{1,100}>|(?:https?:\/\/orcid\.org\/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/
const TITLE = /^(?:(?:Prof|Dr|Mr|Mrs|Ms)\b\.?\s?(?:(?:rer|med|phil)\.\s?|nat\.\s?|-Ing\.\s?)*)+(?=\p{Lu})/u
/** What stands behind a name, between commas, and belongs to it. */
const DEGREE = /^(?:Ph\.?\s?D|D\.?Phil|M\.?\s?D|M\.?Sc|B\.?Sc|M\.?A|MPH|MBBS|Esq|FRCP)\.?$/

/** The list without its label. */
export function withoutLabel(text: string): string {
  return text.replace(LABEL, '')
}

/** Whether the text only says that there are more: "et al.", "3 others". */
export function isOthers(text: string): boolean {
  return OTHERS.test(text)
}

/** Whether a list says at its end that there are more. */
export function endsInOthers(text: string): boolean {
  return ET_AL.test(text)
}

const MOST_MARKS = 40

/** The name alone: without titles, marks of footnotes, contacts and "et al.". Linear time. */
export function bareName(text: string): string {
  const name = text
    .replace(/^\s*(?:and|&)\s/i, '')
    .replace(ET_AL, '')
    .replace(EAST_ASIAN_OTHERS, '')
    .replace(CONTACT, '')
    .replace(/^[\s*_]+/, '')
    .replace(TITLE, '')
    .trim()
  // Marks are few. From each place in a long text the pattern would take quadratic time.
  return name.slice(0, -MOST_MARKS) + name.slice(-MOST_MARKS).replace(FOOTNOTES, '')
}

/** Whether the text is a degree of the person: "Eva Muster, MD". In "Muster, MD" these are initials. */
export function isDegreeOf(name: string, text: string): boolean {
  return DEGREE.test(text) && (/\s/.test(name) || /^ph/i.test(text))
}
