import type { CookieSerializeOptions } from '@fastify/cookie'

/** `secure`: people come by https. */
interface Scheme {
  secure: boolean
}

/** Options of every cookie: out of reach for scripts, signed, and over https never sent in the clear. */
export function cookieOptions({ secure }: Scheme): CookieSerializeOptions {
  return { path: '/', httpOnly: true, signed: true, secure }
}

/** Over https the `__Host-` prefix keeps other hosts of the domain from setting the cookie (RFC 6265bis §4.1.3.2). */
export function cookieName({ secure }: Scheme, name: string): string {
  return secure ? `__Host-paperboy-${name}` : `paperboy-${name}`
}
