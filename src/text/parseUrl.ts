/**
 * A URL by the URL standard, relative to `base` if given; undefined for a text that is none. Not `URL.canParse`: in Node 20 it
 * refuses addresses with letters such as ü once it was called some thousand times.
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
