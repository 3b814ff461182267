import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { PermanentError } from '../../errors.ts'
import { parseUrl } from '../../text/parseUrl.ts'

/**
 * Keeps the fetcher away from the machine's own network. An address that somebody typed, or a redirect, must not
 * reach a database or a cloud's metadata service. Names are checked at the moment they are resolved for the
 * connection, so an answer that changes between two look-ups cannot slip through.
 */

const REMEDY = 'use a public address, or set ALLOW_PRIVATE_SOURCES=true'
/** The ranges that ALLOW_PRIVATE_SOURCES opens. Link-local addresses have metadata services and stay closed. */
const OPENABLE = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])
/** Metadata services at other addresses: of Amazon and Google by IPv6, of Alibaba. */
const METADATA = new Set(['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200'])

/** Throws PermanentError for anything but a plain http(s) address, and for a refused IP address in any spelling. */
export function checkAddress(address: string, allowPrivate: boolean): URL {
  const url = parseUrl(address)
  if (url === undefined)
    throw new PermanentError(`expected an http(s) address, got ${JSON.stringify(address)}`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new PermanentError(`expected an http(s) address, got ${JSON.stringify(address)}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new PermanentError(`expected an address without user and password, got one for ${url.host}`)
  }
  // The URL parser has already turned `2130706433`, `0x7f.1` and `127.1` into 127.0.0.1.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (ipaddr.isValid(host)) {
    const range = refusedRange(host, allowPrivate)
    if (range !== undefined) throw refusal(url.hostname, host, range)
  }
  return url
}

/** A resolver for sockets. It fails for a name if any of its addresses is refused. */
export function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '')
      for (const { address } of addresses) {
        const range = refusedRange(address, allowPrivate)
        if (range !== undefined) return callback(refusal(hostname, address, range), '')
      }
      const first = addresses[0]
      if (options.all || first === undefined) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}

/** The name of the range that makes an IP address refused (`loopback`, `linkLocal`, …), or undefined. */
export function refusedRange(ip: string, allowPrivate: boolean): string | undefined {
  // Turns an IPv4-mapped IPv6 address into its IPv4 address.
  const address = ipaddr.process(ip)
  if (METADATA.has(address.toString())) return 'metadata'
  const range = address.range()
  if (range === 'unicast') {
    // Global unicast is 2000::/3 (RFC 4291 §2.4, IANA); `::127.0.0.1` would pass as unicast otherwise.
    const isGlobal = !(address instanceof ipaddr.IPv6) || ((address.parts[0] ?? 0) & 0xe000) === 0x2000
    return isGlobal ? undefined : 'reserved'
  }
  return allowPrivate && OPENABLE.has(range) ? undefined : range
}

function refusal(host: string, ip: string, range: string): PermanentError {
  const of = host.replace(/[[\]]/g, '') === ip ? '' : ` (${ip})`
  return new PermanentError(`expected a public address, got ${host}${of}, which is ${range}: ${REMEDY}`)
}
