import { Type } from 'typebox'

/**
 * The header by which a caller may repeat a request whose answer it did not get, without doing its work twice. Give it
 * to a route as `headers: Type.Object({ 'idempotency-key': Type.Optional(IdempotencyKey) })`.
 */
export const IdempotencyKey = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[\\x21-\\x7e]+$',
  description:
    'A word of the caller’s own for this request: 1 to 255 visible ASCII characters, such as a UUID. Sent again with the same request, the first answer comes again (with `Idempotency-Replayed: true`) and nothing is done twice.',
})

/** Says in an answer that it is an earlier one. */
export const REPLAYED_HEADER = 'idempotency-replayed'
