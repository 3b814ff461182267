import { z } from 'zod'
import { answerMailRequest } from '../subscribers/mailRequests.ts'
import { defineStep } from './step.ts'

/**
 * Does what somebody asked for in a form, after the form was answered: adds a subscriber, or keeps what they typed, and
 * asks for the mail with the link.
 */
export const takeMailRequest = defineStep({
  name: 'takeMailRequest',
  payload: z.object({ requestId: z.number().int() }),
  key: ({ requestId }) => `${requestId}`,
  attempts: 5,
  concurrency: 2,
  keepsNoJobs: true,
  async run({ requestId }, tools) {
    return (await answerMailRequest(tools, requestId)).next
  },
})
