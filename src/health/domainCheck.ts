import { plural } from '../text/plural.ts'
import { span } from '../text/quantities.ts'
import type { Facts } from './facts.ts'
import type { Check } from './item.ts'

/** A domain that refuses once and takes the next try, as greylisting does, needs nobody. */
const REFUSALS_TOLD = 4

/** Recipient domains that put mail off (421, 4.7.x) again and again. Mail to all other domains goes on. */
export const domainCheck: Check<Facts> = {
  name: 'recipient domains',
  look: ({ domains, now }) =>
    domains
      .filter(({ tries }) => tries >= REFUSALS_TOLD)
      .map(({ domain, reason, waitMs, tries }) => ({
        kind: 'domain refuses',
        key: `domain refuses: ${domain}`,
        severity: 'warning',
        title: `${domain} takes no mail for now`,
        reason: `refused ${tries} times in a row, ${waitMs === 0 ? 'the next mail tries again' : `tried again in ${span(waitMs)}`}: ${reason}`,
        since: now,
        advice: `paperboy doctor --mail says what ${domain} may dislike; MAIL_DOMAIN_LIMITS sends it less at once`,
      })),
  tell: ({ domains }) =>
    domains.length === 0
      ? 'all take mail'
      : `${plural(domains.length, 'domain')} refused lately and ${domains.length === 1 ? 'is' : 'are'} tried again: ${domains.map(({ domain }) => domain).join(', ')}`,
}
