import { Type } from 'typebox'

/**
 * The header by which a caller may repeat a request whose answer it did not get, without doing its work twice. A route
 * has `headers: KeyHeaders`, `REPLAYED` among the headers of its answers, the refusals of `KEY_REASONS`, and answers by
 * `answerOnce`.
 */
export const IdempotencyKey = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[\\x21-\\x7e]+$',
  description:
    'A word of the caller’s own for this request: 1 to 255 visible ASCII characters, such as a UUID. Sent again with the same request, the first answer comes again (with `Idempotency-Replayed: true`) and nothing is done twice.',
})

/** The headers of a call that takes the key and no other header of its own. */
export const KeyHeaders = Type.Object({ 'idempotency-key': Type.Optional(IdempotencyKey) })

/** Says in an answer that it is an earlier one. */
export const REPLAYED_HEADER = 'idempotency-replayed'

/** The same, for the headers of a documented answer. */
export const REPLAYED = {
  [REPLAYED_HEADER]: {
    type: 'string',
    enum: ['true'],
    description: 'The answer is the one that an earlier request with this Idempotency-Key got.',
  },
}

/** Why a key may be refused. */
export const KEY_REASONS = ['idempotency-key-in-use', 'idempotency-key-reused'] as const

/** The same for an answer that is kept sealed, which another master key does not open. */
export const SEALED_KEY_REASONS = [...KEY_REASONS, 'kept-answer-lost'] as const
