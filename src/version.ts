/** Paperboy's version, the same as in package.json (tests/version.test.ts). */
export const VERSION = '0.1.0'
