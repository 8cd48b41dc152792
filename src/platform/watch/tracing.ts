import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context, Span } from '@opentelemetry/api'
import { VERSION } from '../http/openapi.ts'

/** Spans for a collector (OpenTelemetry): what kind of thing was asked, never the address or anything in it. */
export interface Tracing {
  /** Begins the span of a request, inside the caller's trace where it sent one. */
  request(traceparent: string | undefined): RequestSpan
  /** Begins the span of a statement within the request at hand, and gives what ends it. */
  statement(name: string): (failed: boolean) => void
  /** Sends what has not been sent. */
  close(): Promise<void>
}

export interface RequestSpan {
  readonly traceId: string
  /** Runs what belongs to the request: statements in it become its children. */
  run(work: () => void): void
  end(answer: {
    readonly method: string
    readonly route: string | null
    readonly status: number
    readonly reason: string | null
  }): void
}

/** Version, trace, parent and flags, as W3C Trace Context writes them. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:$|-)/

/** The trace that a caller says its call belongs to; null where it says none. */
export const traceIdOf = (traceparent: string | undefined): string | null =>
  TRACEPARENT.exec(traceparent ?? '')?.[1] ?? null

/** Sends spans in batches to a collector; `endpoint` is its base, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it. */
export async function openTracing(endpoint: string): Promise<Tracing> {
  const [
    { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace },
    sdk,
    { OTLPTraceExporter },
    { resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'corporate-parenting-api',
      'service.version': VERSION,
    }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
      }),
    ],
  })
  const tracer = provider.getTracer('corporate-parenting-api', VERSION)
  const requests = new AsyncLocalStorage<Context>()

  function contextOf(traceparent: string | undefined): Context {
    const sent = TRACEPARENT.exec(traceparent ?? '')
    if (!sent) return ROOT_CONTEXT
    const [, traceId = '', spanId = '', flags = ''] = sent
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags: Number.parseInt(flags, 16) & 1,
      isRemote: true,
    })
  }

  const failed = (span: Span): void => void span.setStatus({ code: SpanStatusCode.ERROR })

  return {
    request(traceparent) {
      const parent = contextOf(traceparent)
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, parent)
      const context = trace.setSpan(parent, span)
      return {
        traceId: span.spanContext().traceId,
        run: (work) => requests.run(context, work),
        end({ method, route, status, reason }) {
          span.updateName(route === null ? method : `${method} ${route}`)
          span.setAttributes({
            'http.request.method': method,
            'http.response.status_code': status,
            ...(route !== null && { 'http.route': route }),
            ...(reason !== null && { 'error.type': reason }),
          })
          if (status >= 500) failed(span)
          span.end()
        },
      }
    },
    statement(name) {
      const context = requests.getStore()
      // Outside of a request (at the start, ahead of callers) there is nothing that a span would explain.
      if (context === undefined) return () => {}
      const span = tracer.startSpan(
        name,
        { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql', 'db.query.summary': name } },
        context,
      )
      return (hasFailed) => {
        if (hasFailed) failed(span)
        span.end()
      }
    },
    // A collector that is away must not hold up the end of the process by more than what is left is worth.
    close: () => provider.shutdown().catch(() => {}),
  }
}
