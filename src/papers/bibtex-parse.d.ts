/** The package comes without types; this is what is used of it. */
declare module 'bibtex-parse' {
  const bibtex: {
    /** Entries with `key`, `type` and their fields in capitals, definitions put in. @throws SyntaxError with a place. */
    entries(text: string): Record<string, unknown>[]
  }
  export default bibtex
}
