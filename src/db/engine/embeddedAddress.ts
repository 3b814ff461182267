/**
 * Marks an embedded database's address for the other files of this folder. A client sends it as the application's
 * name.
 */
const MARK = 'application_name=paperboy-embedded'

/** The connection string of an embedded database whose unix socket is in this folder. */
export function embeddedAddress(socketDir: string): string {
  return `postgresql://postgres@/postgres?host=${encodeURIComponent(socketDir)}&${MARK}`
}

export function isEmbedded(url: string): boolean {
  return url.endsWith(MARK)
}
