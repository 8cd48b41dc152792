/**
 * Why a call is refused, in words of the domain. The edge (`platform/http/problem.ts`) knows the HTTP status
 * and the page of each reason; nothing below the edge does.
 */
export const REFUSAL_REASONS = [
  'invalid-request',
  'not-found',
  'unknown-authority',
  'unknown-indicator',
  'unknown-period',
  'unknown-breakdown',
  'unknown-return',
  'unknown-child',
  'unknown-record-kind',
  'unknown-record',
  'unknown-target',
  'unknown-publication',
  'unknown-forecast',
  'forecast-refused',
  'unknown-year',
  'unknown-reference',
  'invalid-cursor',
  'unauthenticated',
  'forbidden',
  'return-refused',
  'not-a-return',
  'reference-refused',
  'not-reference-data',
  'records-refused',
  'unknown-client',
  'unknown-key',
  'unknown-grant',
  'access-refused',
  'unknown-webhook',
  'webhook-refused',
  'unknown-delivery',
  'events-cleared',
  'purpose-required',
  'child-restricted',
  'child-erased',
  'unknown-correction',
  'unknown-restriction',
  'unknown-erasure',
  'correction-refused',
  'precondition-required',
  'too-many-requests',
  'precondition-failed',
  'nothing-sent',
  'upload-too-large',
  'address-too-long',
  'headers-too-large',
  'request-too-slow',
  'unsupported-media-type',
  'not-acceptable',
  'method-not-allowed',
  'idempotency-key-in-use',
  'idempotency-key-reused',
  'kept-answer-lost',
  'unavailable',
  'timeout',
  'internal-error',
] as const

export type RefusalReason = (typeof REFUSAL_REASONS)[number]

/** One fault of a call: where it is, what kind it is, what is wrong, and what is allowed instead. */
export interface Fault {
  /** JSON pointer into the request: `/query/period`, `/path/authority`, `/files/episodes.csv`. */
  readonly pointer: string
  readonly code: string
  readonly detail: string
  readonly allowed?: readonly string[]
  /** Near matches of what was asked. */
  readonly didYouMean?: readonly string[]
}

export class Refusal extends Error {
  readonly reason: RefusalReason
  readonly faults: readonly Fault[]
  /** Further members of the problem, such as the findings of a refused return. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(
    reason: RefusalReason,
    detail: string,
    faults: readonly Fault[] = [],
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail)
    this.name = 'Refusal'
    this.reason = reason
    this.faults = faults
    this.members = members
  }
}
