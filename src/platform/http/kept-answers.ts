import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { etagOf, isFresh, setValidators } from './preconditions.ts'

/** A finished body, and the validator of what it was made from. */
export interface FinishedAnswer {
  readonly etag: string
  readonly body: Buffer
}

export interface KeptAnswers {
  /**
   * What to send, the head of the reply being set: nothing with 304 where the caller holds it, the kept body where
   * there is one, else what `make` gives. That may have a newer validator than was looked for, where the data changed
   * in between; it is kept under its own. A handler returns it: bytes pass the serialiser by.
   */
  answer(
    request: Pick<FastifyRequest, 'headers'>,
    reply: Headed,
    etag: string,
    make: () => Promise<FinishedAnswer>,
  ): Promise<Sent>
  /**
   * As `answer`, but the validator that goes out is that of the bytes alone: it tells no more than they do, not even
   * that something behind them has changed. `state` names what they are made from, for keeping them.
   */
  answerByContent(
    request: Pick<FastifyRequest, 'headers'>,
    reply: Headed,
    state: string,
    make: () => Promise<FinishedAnswer>,
  ): Promise<Sent>
}

/** The part of a reply that stands before the body. */
type Headed = Pick<FastifyReply, 'header' | 'type' | 'code'>

/**
 * What a handler returns in place of the object that its schema describes: bytes, a stream or nothing. To the compiler
 * it is of any type, so who makes it says what is in it with the type of the schema.
 */
export type Sent = never

/** Finished bytes, a stream, or nothing with 304, as what a handler returns. */
export const sent = (payload: Buffer | Readable | undefined): Sent => payload as Sent

const JSON_TYPE = 'application/json; charset=utf-8'

/** Answers 304: the caller holds what this validator stands for. */
export function notModified(reply: Headed, etag: string): Sent {
  setValidators(reply as FastifyReply, etag)
  reply.code(304)
  // Null would be written out as a body of four bytes, of which the head then tells and none comes.
  return sent(undefined)
}

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

  const send = (reply: Headed, { etag, body }: FinishedAnswer): Sent => {
    setValidators(reply as FastifyReply, etag)
    reply.type(JSON_TYPE)
    return sent(body)
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
    async answerByContent(request, reply, state, make) {
      const body = bodies.get(state) ?? (await made(state, make)).body
      const etag = etagOf([body.toString('latin1')])
      return isFresh(request, etag) ? notModified(reply, etag) : send(reply, { etag, body })
    },
    async answer(request, reply, etag, make) {
      if (isFresh(request, etag)) return notModified(reply, etag)
      const body = bodies.get(etag)
      return send(reply, body === undefined ? await made(etag, make) : { etag, body })
    },
  }
}
