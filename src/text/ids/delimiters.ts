const ENCODED: Record<string, string> = {
  '20': ' ',
  '23': '#',
  '28': '(',
  '29': ')',
  '2c': ',',
  '2f': '/',
  '3a': ':',
  '3b': ';',
  '3c': '<',
  '3d': '=',
  '3e': '>',
  '3f': '?',
  '5b': '[',
  '5d': ']',
}

/**
 * Undoes percent-encoding, applied once or twice, of the delimiters that ids contain. Everything else stays as it is.
 * `except`: codes that stay encoded, in lower case.
 */
export function decodeDelimiters(text: string, except: readonly string[] = []): string {
  if (!text.includes('%')) return text
  return text.replace(/%(?:25)?([0-9a-f]{2})/gi, (whole, hex: string) =>
    except.includes(hex.toLowerCase()) ? whole : (ENCODED[hex.toLowerCase()] ?? whole),
  )
}
