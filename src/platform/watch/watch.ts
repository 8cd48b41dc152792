import { type Metrics, newMetrics } from './metrics.ts'
import { openTracing, type Tracing } from './tracing.ts'

/** How a running service is seen from outside: by numbers always, by traces where a collector is configured. */
export interface Watch {
  readonly metrics: Metrics
  /** Null where traces go nowhere. */
  readonly tracing: Tracing | null
}

export async function newWatch(config: { readonly otlpEndpoint: string | null }): Promise<Watch> {
  return {
    metrics: newMetrics(),
    // The libraries of tracing take longer to load than the rest of the service: only who asks for them pays.
    tracing: config.otlpEndpoint === null ? null : await openTracing(config.otlpEndpoint),
  }
}
