/** Marks the address of an embedded database for the rest of this folder; to a client it is an application's name. */
const MARK = 'application_name=paperboy-embedded'

/** The connection string of an embedded database whose unix socket lies in this folder. */
export function embeddedAddress(socketDir: string): string {
  return `postgresql://postgres@/postgres?host=${encodeURIComponent(socketDir)}&${MARK}`
}

export function isEmbedded(url: string): boolean {
  return url.endsWith(MARK)
}
