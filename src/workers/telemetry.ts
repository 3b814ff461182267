import type { Telemetry } from 'bullmq'
import { PermanentError } from '../errors.ts'
import { VERSION } from '../version.ts'

/** Traces of what the queues do, sent to a collector. */
export interface Traces {
  /** For BullMQ's queues and workers: https://docs.bullmq.io/guide/telemetry */
  telemetry: Telemetry
  /** Sends what is left, and stops. */
  close(): Promise<void>
}

const PACKAGES =
  'bullmq-otel @opentelemetry/sdk-trace-node @opentelemetry/exporter-trace-otlp-http @opentelemetry/resources'

/**
 * Starts to send a span for each job that is enqueued and each that runs, by OTLP over HTTP
 * (https://opentelemetry.io/docs/specs/otlp/#otlphttp). A collector that is away holds up nothing.
 * @param endpoint the base address, as OTEL_EXPORTER_OTLP_ENDPOINT has it: `/v1/traces` is added.
 * @throws PermanentError if the optional packages are not installed.
 */
export async function openTraces(endpoint: string): Promise<Traces> {
  const [{ BullMQOtel }, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await load()
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'paperboy', 'service.version': VERSION }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  })
  provider.register()
  return {
    telemetry: new BullMQOtel({ tracerName: 'paperboy', version: VERSION }) as unknown as Telemetry,
    // What cannot be sent any more is lost; that is no reason not to stop.
    close: () => provider.shutdown().catch(() => {}),
  }
}

async function load() {
  try {
    return await Promise.all([
      import('bullmq-otel'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new PermanentError(
      `OTEL_EXPORTER_OTLP_ENDPOINT: expected an installation with optional packages, got one without them; run npm install ${PACKAGES}, or unset it`,
    )
  }
}
