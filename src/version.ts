/** Paperboy's own version, that of package.json (tests/version.test.ts). */
export const VERSION = '0.1.0'
