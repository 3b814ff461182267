/** The package comes without types; this is what is used of it. */
declare module 'bibtex-parse' {
  export interface BibtexValue {
    /** `identifier` is the name of a definition; a list is joined. */
    datatype: string
    value: string | BibtexValue[] | null
  }
  type Item =
    | { itemtype: 'comment' | 'preamble' }
    | ({ itemtype: 'string'; name: string } & BibtexValue)
    | { itemtype: 'entry'; key: string; type: string; fields: ({ name: string } & BibtexValue)[] }
  const bibtex: {
    /** The items of a .bib file, values as written. @throws SyntaxError. */
    parse(text: string, options: { number: 'string' }): Item[]
  }
  export default bibtex
}
