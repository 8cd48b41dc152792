import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SpanCollector {
  /** Its base, for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  /** What was sent, as it came. */
  readonly bodies: readonly string[]
  close(): void
}

/** A collector of OpenTelemetry on this machine that keeps what it is sent. */
export async function spanCollector(): Promise<SpanCollector> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, bodies, close: () => server.close() }
}
