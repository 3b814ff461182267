import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { readCounts } from '../../db/counts.ts'
import { listFetchCounts } from '../../db/fetching/fetchCounts.ts'
import { listSources } from '../../db/fetching/sources.ts'
import { describeModel } from '../../digests/corpus/currentModel.ts'
import { gatherFacts } from '../../health/gatherFacts.ts'
import { judge } from '../../health/verdict.ts'
import { healthSources, type Site } from '../site/site.ts'
import { refuseStranger } from './watcher.ts'

const SCRAPES = { max: 30, timeWindow: '1 minute' }

/**
 * Prometheus metrics at /metrics, for whoever may see the desk.
 */
export function addMetrics(server: FastifyInstance, site: Site): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'paperboy_http_request_duration_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '(none)'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  const gauges = createGauges(registry)

  server.get('/metrics', { config: { rateLimit: SCRAPES } }, async (request, reply) => {
    const refusal = await refuseStranger(site, request, reply)
    if (refusal) return refusal
    await fill(gauges, site)
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

type Gauges = ReturnType<typeof createGauges>

function createGauges(registry: Registry) {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `paperboy_${name}`, help, labelNames, registers: [registry] })
  return {
    papers: gauge('papers', 'Papers known.'),
    sightings: gauge('sightings', 'Observations of papers in listings.'),
    pages: gauge('pages', 'Raw pages kept.'),
    suppressions: gauge('suppressions', 'Addresses that get no mail.'),
    subscribers: gauge('subscribers', 'Subscribers by status.', 'status'),
    digests: gauge('digests', 'Digests by status.', 'status'),
    jobs: gauge('jobs', 'Jobs by step and state.', 'step', 'state'),
    outcome: gauge('source_outcome', '1 for what the last fetch of a source came to.', 'source', 'outcome'),
    // Fetches happen in other processes: the database counts them.
    fetches: new Counter({
      name: 'paperboy_fetches_total',
      help: 'Fetches by source and what they came to.',
      labelNames: ['source', 'outcome'],
      registers: [registry],
    }),
    corpusModelPapers: gauge(
      'corpus_model_papers',
      'Papers that ranking has learned from; 0 before the first training.',
    ),
    corpusModelTrained: gauge('corpus_model_trained_timestamp_seconds', 'When that was; 0 before.'),
    needs: gauge('needs_person', '1 for each thing that needs a person.', 'kind', 'key', 'severity'),
    workers: gauge('workers', 'Workers that reported within the last minutes.'),
    databaseBytes: gauge('database_bytes', 'Size of the database on disk.'),
    queuePaused: gauge('queue_paused', '1 where a person stopped the queue of a step.', 'step'),
    oldestJob: gauge('queue_oldest_job_seconds', 'How long the oldest waiting job has waited.', 'step'),
    failures: gauge('source_failures', 'Fetches of a source that failed in a row.', 'source'),
  }
}

async function fill(gauges: Gauges, site: Site): Promise<void> {
  for (const gauge of Object.values(gauges)) gauge.reset()
  const counts = await readCounts(site.db)
  for (const name of ['papers', 'sightings', 'pages', 'suppressions'] as const) gauges[name].set(counts[name])
  for (const name of ['subscribers', 'digests'] as const) {
    for (const [status, count] of Object.entries(counts[name])) gauges[name].set({ status }, count)
  }
  for (const source of await listSources(site.db)) {
    gauges.failures.set({ source: source.name }, source.failures)
    if (source.outcome) gauges.outcome.set({ source: source.name, outcome: source.outcome }, 1)
  }
  for (const { source, outcome, fetches } of await listFetchCounts(site.db)) {
    gauges.fetches.inc({ source, outcome }, fetches)
  }
  const model = await describeModel(site.db)
  gauges.corpusModelPapers.set(model?.papers ?? 0)
  if (model) gauges.corpusModelTrained.set(model.trainedAt.getTime() / 1000)
  await fillHealth(gauges, site)
}

/** The list of checks, and the queues that they look at. */
async function fillHealth(gauges: Gauges, site: Site): Promise<void> {
  const facts = await gatherFacts(healthSources(site))
  gauges.workers.set(facts.workers.alive)
  gauges.databaseBytes.set(facts.database.bytes)
  for (const { kind, key, severity } of judge(facts).items) gauges.needs.set({ kind, key, severity }, 1)
  // Without the queue the rest is still worth reading: its own item tells that it is away.
  if ('away' in facts.queues) return
  for (const { step, paused, oldest, ...queue } of facts.queues) {
    for (const state of ['waiting', 'active', 'delayed', 'completed', 'failed'] as const) {
      gauges.jobs.set({ step, state }, queue[state])
    }
    gauges.queuePaused.set({ step }, paused ? 1 : 0)
    gauges.oldestJob.set({ step }, oldest === undefined ? 0 : (facts.now.getTime() - oldest.getTime()) / 1000)
  }
}
