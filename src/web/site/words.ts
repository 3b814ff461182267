import type { DigestStatus, SubscriberStatus } from '../../domain.ts'

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** What a subscriber's status means to them. */
export const SUBSCRIBER_STATUS: Record<SubscriberStatus, string> = {
  pending: 'Not confirmed yet',
  active: 'Active',
  paused: 'Paused',
  unsubscribed: 'Unsubscribed',
}

/** What became of a digest, in a word or two. */
export const DIGEST_STATUS: Record<DigestStatus, string> = {
  planned: 'Being prepared',
  composing: 'Being prepared',
  sending: 'On its way',
  sent: 'Sent',
  skipped: 'Not sent',
  failed: 'Failed',
  suppressed: 'Not sent',
  held: 'May not have arrived',
}
