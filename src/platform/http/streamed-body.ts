import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../../vocabulary/refusal.ts'

/**
 * Lets the bodies of a module's calls stay streams, to be read while they are worked on. Bodies of other types are
 * refused. For use within the module's own plugin.
 */
export function streamBodies(app: FastifyInstance, mediaTypes: readonly string[]): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...mediaTypes], (_request, payload, done) => done(null, payload))
  app.addContentTypeParser('*', (request, _payload, done) =>
    isWithoutBody(request) ? done(null, undefined) : done(unsupported(mediaTypes)),
  )
  // A refusal may come before the body is read; the connection can't be used again with the rest of it in there.
  app.addHook('onSend', async (request, reply) => {
    if (request.raw.readableEnded || isWithoutBody(request)) return
    reply.header('connection', 'close')
    request.raw.unpipe()
    request.raw.resume()
  })
}

export const isWithoutBody = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'

/** The bytes of a body as they arrive; one that breaks off is the caller's doing. */
export async function* arriving(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  const chunks = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
  for (;;) {
    const next = await chunks.next().catch(() => {
      throw new Refusal('invalid-request', 'The body ended before it was complete.')
    })
    if (next.done) return
    yield next.value
  }
}

function unsupported(mediaTypes: readonly string[]): Refusal {
  const detail = `The body’s Content-Type is not one that this call takes: ${mediaTypes.join(', ')}.`
  return new Refusal('unsupported-media-type', detail, [
    { pointer: '/headers/content-type', code: 'unsupported-media-type', detail, allowed: mediaTypes },
  ])
}
