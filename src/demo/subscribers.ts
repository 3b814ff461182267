import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts'
import { createToken } from '../db/subscribers/tokens.ts'
import { parseTopicOption } from '../ranking/language/topicOption.ts'
import { DEFAULTS } from '../subscribers/preferences.ts'
import { signUp } from '../subscribers/subscribing.ts'
import type { NextJob, Tools } from '../tools.ts'

export interface DemoSubscriber {
  id: number
  email: string
}

/** Two people with different interests. */
const SUBSCRIBERS = [
  {
    email: 'maria@example.org',
    topics: [
      'Health="chest x-ray" ecg heart diagnosis "medical imaging" patients^0.5',
      'Living things=protein genome cell biology species',
    ],
  },
  {
    email: 'kenji@example.org',
    topics: [
      'Robots=robot manipulation grasping "motion planning" navigation',
      'Language models="language model" transformer reasoning -survey',
      'Sky and sea=galaxy telescope climate ocean weather',
    ],
  },
]

/** Adds the sample subscribers; returns them and the jobs that follow. */
export async function addSubscribers(
  tools: Tools,
): Promise<{ subscribers: DemoSubscriber[]; next: NextJob[] }> {
  const subscribers: DemoSubscriber[] = []
  const next: NextJob[] = []
  for (const { email, topics } of SUBSCRIBERS) {
    const request = { ...DEFAULTS, email, topics: topics.map((topic) => parseTopicOption(topic)) }
    const signedUp = await signUp(tools, { ...request, source: 'command line', confirmed: true })
    const subscriber = await findSubscriberByEmail(tools.db, email)
    subscribers.push({ id: subscriber!.id, email })
    next.push(...signedUp.next)
  }
  return { subscribers, next }
}

/** The address of a subscriber's preferences page. */
export async function preferencesAddress(tools: Tools, subscriber: DemoSubscriber): Promise<string> {
  const token = await createToken(tools.db, { purpose: 'manage', subscriberId: subscriber.id }, tools.now())
  return `${tools.publicUrl}/preferences/${token}`
}
