import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../vocabulary/refusal.ts'
import { preventsChange } from './preconditions.ts'

/**
 * Refuses a change that does not say what state it is of, or says another than the one there is. To be asked within
 * the transaction of the change, which goes by the version that was read in it.
 */
export function requireMatch(request: Pick<FastifyRequest, 'headers'>, etag: string): void {
  if (request.headers['if-match'] === undefined) {
    const detail = 'The change does not say what state it is of: send the ETag in If-Match.'
    throw new Refusal('precondition-required', detail, [
      { pointer: '/headers/if-match', code: 'precondition-required', detail },
    ])
  }
  refuseMismatch(request, etag)
}

/** Refuses a change of another state than the one there is; one that names no state goes through. */
export function refuseMismatch(
  request: Pick<FastifyRequest, 'headers'>,
  etag: string | null,
  detail?: string,
): void {
  const by = preventsChange(request, etag)
  if (by !== null) throw mismatch(by, detail)
}

export function mismatch(
  by: 'if-match' | 'if-none-match' = 'if-match',
  detail = 'The resource is not in the state that the request is of: it has been changed since.',
): Refusal {
  return new Refusal('precondition-failed', detail, [
    { pointer: `/headers/${by}`, code: 'precondition-failed', detail },
  ])
}
