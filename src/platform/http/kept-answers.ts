import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { isFresh, setValidators } from './preconditions.ts'

/** A finished body, and the validator of what it was made from. */
export interface FinishedAnswer {
  readonly etag: string
  readonly body: Buffer
}

export interface KeptAnswers {
  /**
   * Answers with JSON: 304 where the caller holds it, the kept body where there is one, else what `make` gives. Its
   * validator may be a newer one than was looked for, where the data changed in between; it is kept under its own.
   */
  answer(
    request: Pick<FastifyRequest, 'headers'>,
    reply: FastifyReply,
    etag: string,
    make: () => Promise<FinishedAnswer>,
  ): Promise<FastifyReply> | FastifyReply
}

const JSON_TYPE = 'application/json; charset=utf-8'

/**
 * Keeps finished bodies by their validator, so that a page that was made once is sent again without reading,
 * measuring or writing it anew. The validator has the versions of the data in it: a body never outlives its data.
 * Requests for the same body that come while it is made wait for it together.
 */
export function keptAnswers(mostBytes: number): KeptAnswers {
  const bodies = new LRUCache<string, Buffer>({
    maxSize: mostBytes,
    maxEntrySize: mostBytes / 4,
    sizeCalculation: (body) => body.length + 256,
  })
  const underWay = new Map<string, Promise<FinishedAnswer>>()

  const send = (reply: FastifyReply, { etag, body }: FinishedAnswer): FastifyReply => {
    setValidators(reply, etag)
    return reply.type(JSON_TYPE).send(body)
  }

  const made = (etag: string, make: () => Promise<FinishedAnswer>): Promise<FinishedAnswer> => {
    const making =
      underWay.get(etag) ??
      make()
        .then((finished) => {
          bodies.set(finished.etag, finished.body)
          return finished
        })
        .finally(() => underWay.delete(etag))
    underWay.set(etag, making)
    return making
  }

  return {
    answer(request, reply, etag, make) {
      if (isFresh(request, etag)) {
        setValidators(reply, etag)
        return reply.code(304).send(null)
      }
      const body = bodies.get(etag)
      if (body !== undefined) return send(reply, { etag, body })
      return made(etag, make).then((finished) => send(reply, finished))
    },
  }
}
