/**
 * How often a host may be asked, by what its operator says. Who shares a name here shares one pace over the whole
 * installation, whatever process or machine asks.
 */

const SECOND = 1_000

export interface HostPace {
  /** Of what shares the pace: a host, a group of hosts, or one part of a host. */
  name: string
  /** From the end of one request to the beginning of the next, in milliseconds; 0: as often and as many as one likes. */
  gapMs: number
}

/**
 * arXiv: "no more than one request every three seconds, […] a single connection at a time", over all machines
 * (https://info.arxiv.org/help/api/tou.html). Hugging Face: in five minutes 100 pages and 500 calls of the API for a
 * reader without a token (https://huggingface.co/docs/hub/rate-limits). Others say nothing: one request a second.
 */
export function paceOf({ hostname, host, pathname }: URL): HostPace {
  if (isLoopback(hostname)) return { name: host, gapMs: 0 }
  if (isWithin(hostname, 'arxiv.org')) return { name: 'arxiv.org', gapMs: 3 * SECOND }
  if (isWithin(hostname, 'huggingface.co')) {
    return pathname.startsWith('/api/')
      ? { name: 'huggingface.co/api', gapMs: 0.65 * SECOND }
      : { name: 'huggingface.co', gapMs: 3.1 * SECOND }
  }
  return { name: host, gapMs: SECOND }
}

/** A source on the same machine disturbs nobody. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`)
}
