/**
 * How often a host may be asked, according to its operator. Hosts that share a name here share one pace over the
 * whole installation, whichever process or machine asks.
 */

const SECOND = 1_000

export interface HostPace {
  /** The name of what shares the pace: a host, a group of hosts, or a part of a host. */
  name: string
  /**
   * Time from the end of one request to the beginning of the next, in milliseconds; 0: no limit, also on requests at
   * the same time.
   */
  gapMs: number
}

/**
 * arXiv: "no more than one request every three seconds, […] a single connection at a time", over all machines
 * (https://info.arxiv.org/help/api/tou.html).
 * Hugging Face: 100 pages and 500 API calls in five minutes for a client without a token
 * (https://huggingface.co/docs/hub/rate-limits).
 * Semantic Scholar: clients without a key share one allowance, so ours asks seldom.
 * PubMed (3 a second), OpenAlex (10), Crossref (5) and others that say more or nothing: one request a second.
 */
export function paceOf({ hostname, host, pathname }: URL): HostPace {
  if (isLoopback(hostname)) return { name: host, gapMs: 0 }
  if (isWithin(hostname, 'arxiv.org')) return { name: 'arxiv.org', gapMs: 3 * SECOND }
  if (isWithin(hostname, 'huggingface.co')) {
    return pathname.startsWith('/api/')
      ? { name: 'huggingface.co/api', gapMs: 0.65 * SECOND }
      : { name: 'huggingface.co', gapMs: 3.1 * SECOND }
  }
  if (hostname === 'api.semanticscholar.org') return { name: host, gapMs: 5 * SECOND }
  return { name: host, gapMs: SECOND }
}

/** A source on the same machine needs no pace. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`)
}
