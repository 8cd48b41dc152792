import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import { Type } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'
import { callerOf } from '../access/access.ts'
import { type FindCaller, holdsAny } from '../access/caller.ts'
import { onlyRefusals } from '../http/problem.ts'
import { METRICS_TYPE, type Metrics } from './metrics.ts'

export interface MetricsRoutesOptions {
  readonly metrics: Metrics
  readonly findCaller: FindCaller
}

/**
 * Metrics on the port of the service. They tell how much a council works with it, so they are for whoever is on the
 * machine itself, or holds the scope `admin`.
 */
export const metricsRoutes: FastifyPluginAsyncTypebox<MetricsRoutesOptions> = async (
  app,
  { metrics, findCaller },
) => {
  app.get(
    '/metrics',
    {
      onRequest: async (request) => {
        if (isOnThisMachine(request.raw)) return
        const caller = await callerOf(request, findCaller)
        request.calledBy = caller.name
        if (holdsAny(caller, ['admin'])) return
        throw new Refusal('forbidden', 'The access token lacks the scope admin.', [
          {
            pointer: '/headers/authorization',
            code: 'missing-scope',
            detail: 'The access token lacks the scope admin.',
            allowed: ['admin'],
          },
        ])
      },
      schema: {
        operationId: 'getMetrics',
        tags: ['Service'],
        summary: 'Numbers for watching over the service',
        description:
          'Requests, problems, statements, connections, loads, ages of data, forecasts and the process, in the text format of Prometheus. No label holds an address or anything about a child. For calls from the machine itself, not through a proxy, and for the scope `admin` from anywhere. With `METRICS_PORT` set, it is on that port instead, open to whoever reaches it.',
        security: [{}, { bearer: ['admin'] }],
        response: {
          200: {
            description: 'The metrics, in version 0.0.4 of the text format.',
            content: { 'text/plain': { schema: Type.String({ description: 'Lines of metrics.' }) } },
          },
          ...onlyRefusals('unauthenticated', 'forbidden', 'internal-error', 'unavailable'),
        },
      },
    },
    async (_request, reply) =>
      reply
        .type(METRICS_TYPE)
        .header('cache-control', 'no-store')
        .send(await metrics.text()),
  )
}

const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

/** Whether the caller is on this machine and speaks for itself: a proxy on it speaks for the whole internet. */
export function isOnThisMachine({
  socket,
  headers,
}: Pick<FastifyRequest['raw'], 'socket' | 'headers'>): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false
  const address = socket.remoteAddress ?? ''
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}

/** `/metrics` alone, on a port of its own that only who watches over the service can reach. */
export async function serveMetrics(
  metrics: Pick<Metrics, 'text'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const server = createServer((request: IncomingMessage, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics' || !['GET', 'HEAD'].includes(request.method ?? ''))
      return void response.writeHead(404).end()
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': METRICS_TYPE }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  // It watches the process; it is no reason for it to live on.
  server.unref()
  return server
}
