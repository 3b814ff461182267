import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { reasonsInJson } from '../../digests/reasonsInJson.ts'
import { tuneNow } from '../../digests/tuneTopic.ts'
import { PICKINESS } from '../../domain.ts'
import { nothingInWords } from '../../ranking/choose/nothingChosen.ts'
import type { Site } from '../site/site.ts'

/** As fast as somebody types, with pauses; each costs milliseconds of the process. */
const TUNINGS = { max: 60, timeWindow: '1 minute' }

const Wish = z.object({
  query: z.string('a text'),
  max: z.coerce.number('a number').int('a whole number').min(1, '1 or more').max(50, '50 or less').optional(),
  trendWeight: z.coerce.number('a number').min(0, '0 or more').max(1, '1 or less').optional(),
  pickiness: z.enum(PICKINESS, `one of ${PICKINESS.join(', ')}`).optional(),
})

/** POST /api/tune, a form or JSON: what a query would bring, as JSON. It only reads, and what it reads is public. */
export function addTuneApi(server: FastifyInstance, site: Site): void {
  server.post('/api/tune', { config: { rateLimit: TUNINGS, fromAnywhere: true } }, async (request, reply) => {
    const wish = Wish.safeParse(request.body ?? {})
    if (!wish.success) return reply.code(400).send({ error: whatIsWrong(wish.error) })
    const tuned = await tuneNow(site.db, site.now(), wish.data)
    if (!tuned.readable) return reply.code(400).send({ error: tuned.advice, position: tuned.position })
    const { readable: _always, digest, quiet, ...answer } = tuned
    const items = digest.map((item) => ({ ...item, ...reasonsInJson(item.reasons) }))
    return { digest: items, ...answer, ...(quiet === undefined ? {} : { quiet: nothingInWords(quiet) }) }
  })
}

function whatIsWrong({ issues: [first] }: z.ZodError): string {
  const name = first?.path.join('.') || 'the body'
  const expected = first?.path.length ? first.message : 'an object or form with a query'
  return `Expected ${expected} as ${name}, got something else: send {"query": "…"}, and if you like max (1 to 50), trendWeight (0 to 1) and pickiness (${PICKINESS.join(', ')}).`
}
