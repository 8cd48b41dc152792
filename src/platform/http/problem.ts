import { type TProperties, type TSchema, Type } from 'typebox'
import type { Fault as DomainFault, RefusalReason } from '../../vocabulary/refusal.ts'
import { type Named, named, refTo } from './schema-names.ts'

/** What a caller is told of each reason: the status, a short title, and the page at `/problems/<reason>`. */
export const problems = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    explanation:
      'A part of the request is missing, unknown or not of the form asked for. `errors` names every fault: a JSON pointer to where it is, what is wrong, and what is allowed. Unknown query parameters are refused, since a misspelt filter that is passed over gives figures for more than was asked.',
  },
  'not-found': {
    status: 404,
    title: 'No such address',
    explanation:
      'The service has nothing at this address. The addresses it has are listed in its documentation (/docs) and its OpenAPI document (/openapi.json). Upper and lower case differ.',
  },
  'unknown-authority': {
    status: 404,
    title: 'No such authority',
    explanation:
      'The code names no local authority in England with children’s services, or none that your access covers. Give the nine-character GSS code (E08000034) or the DfE’s three digits (382).',
  },
  'unknown-indicator': {
    status: 404,
    title: 'No such indicator',
    explanation:
      'No indicator has this id. The catalogue is at /v1/indicators; ids are lower case, with hyphens.',
  },
  'unknown-period': {
    status: 400,
    title: 'No such period',
    explanation:
      'A period is a reporting year (2024-25, the year ending 31 March 2025), a quarter of one (2024-25Q4), a month (2025-03) or a day (2025-03-31), and must be one that the indicator is made for.',
  },
  'unknown-breakdown': {
    status: 400,
    title: 'No such breakdown',
    explanation:
      'The breakdown is not a dimension, or not one of this indicator. The catalogue at /v1/indicators lists the breakdowns of each. Join two with * to cross them.',
  },
  'unknown-return': {
    status: 404,
    title: 'No such return',
    explanation: 'The authority has no return with this id; it may have been withdrawn.',
  },
  'unknown-child': {
    status: 404,
    title: 'No such child',
    explanation: 'The authority’s records hold no child with this identifier.',
  },
  'unknown-record-kind': {
    status: 404,
    title: 'No such kind of record',
    explanation:
      'The address names no kind of record that the service keeps beside the returns. The kinds, with their columns, are at /v1/record-kinds; names are lower case, with hyphens.',
  },
  'unknown-record': {
    status: 404,
    title: 'No such record',
    explanation: 'The authority has no record of this kind with this id; it may have been deleted.',
  },
  'unknown-target': {
    status: 404,
    title: 'No such target',
    explanation:
      'The authority has neither a target nor a commentary for this indicator and period; it may have been taken away.',
  },
  'unknown-publication': {
    status: 404,
    title: 'No such publication',
    explanation:
      'The authority has no publication with this id that the access token may read. With the scope observations:read:public alone, those for the public are all there are.',
  },
  'unknown-forecast': {
    status: 404,
    title: 'No such forecast',
    explanation:
      'The authority has no forecast with this id; it may have been deleted. Asked for again with the same question and seed over the same records, a forecast is the same.',
  },
  'forecast-refused': {
    status: 422,
    title: 'The forecast can’t be made',
    explanation:
      'The question can be understood but not answered from what the authority’s returns hold, or it contradicts itself: `errors` names every fault. Nothing was kept.',
  },
  'unknown-year': {
    status: 400,
    title: 'No such reporting year',
    explanation:
      'A reporting year is written as the two calendar years it touches, 2024-25 for 1 April 2024 to 31 March 2025, and must be one whose return the service can read.',
  },
  'unknown-reference': {
    status: 404,
    title: 'No such kind of reference data',
    explanation:
      'The kinds of reference data are authorities, neighbours, population, postcodes, districts, adjacent and comparators. Of neighbours each set has a name of its own where it is read, such as neighbours-2025.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor is not valid',
    explanation:
      'The cursor was cut, changed, or belongs to another question. Follow `next` as it was given, with the same filters, or begin again without a cursor.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid access token',
    explanation:
      'The call carries no access token, or one that is not (or no longer) valid. Send it as `Authorization: Bearer <token>`.',
  },
  forbidden: {
    status: 403,
    title: 'The access token does not allow this',
    explanation:
      'The access token is valid but lacks the scope that this call needs; `errors` names it. Ask whoever issued the token.',
  },
  'return-refused': {
    status: 422,
    title: 'The return was not loaded',
    explanation:
      'The return has errors, so nothing of it was loaded and nothing changed. `summary` counts what was found; `findings` names the rows. Mend them at the source and send the return again.',
  },
  'not-a-return': {
    status: 422,
    title: 'The files are not a return',
    explanation:
      'None of the files could be read as a table of a return. A CSV table is known by its header row; XML, workbooks and JSON by their structure.',
  },
  'reference-refused': {
    status: 422,
    title: 'The reference data was not loaded',
    explanation:
      'The file has faults, so nothing of it was loaded and nothing changed. `findings` names the rows and columns, and what is allowed there; `findingCount` counts them all. Mend the file and send it again.',
  },
  'not-reference-data': {
    status: 422,
    title: 'The file is not reference data of this kind',
    explanation:
      'The file could not be read, or its header row is not one of this kind. `errors` names the columns that are looked for; `otherKind` the kind that the file is of, where it is one of another. A file is CSV in UTF-8, plain or gzipped.',
  },
  'records-refused': {
    status: 422,
    title: 'The records were not written',
    explanation:
      'The records have errors, so nothing was written and nothing changed. For one record `errors` names what contradicts what; for a file `summary` counts what was found and `findings` names the rows. Mend them at the source and send them again, or send the rest with accept=partial.',
  },
  'unknown-client': {
    status: 404,
    title: 'No such client',
    explanation:
      'There is no client with this id that the access token may manage. Clients are at /v1/access/clients.',
  },
  'unknown-key': {
    status: 404,
    title: 'No such API key',
    explanation:
      'There is no API key with this id that the access token may manage. Keys are at /v1/access/keys.',
  },
  'unknown-grant': {
    status: 404,
    title: 'No such grant',
    explanation:
      'There is no grant with this id that the access token may manage. Grants are at /v1/access/grants.',
  },
  'access-refused': {
    status: 422,
    title: 'This can’t be granted',
    explanation:
      'The request can be understood, but what it asks for may not be given: `errors` names every fault. Nothing was changed.',
  },
  'unknown-webhook': {
    status: 404,
    title: 'No such webhook',
    explanation: 'The authority has no webhook with this id; it may have been deleted.',
  },
  'webhook-refused': {
    status: 422,
    title: 'The address can’t be told of events',
    explanation:
      'An address of a webhook is an https URL of a host on the public internet, or one that the service’s configuration names. `errors` says what stands against it. Nothing was changed.',
  },
  'unknown-delivery': {
    status: 404,
    title: 'No such delivery',
    explanation:
      'The webhook has no delivery with this id; deliveries are cleared away together with the events that they tell of.',
  },
  'events-cleared': {
    status: 410,
    title: 'The events after this cursor were cleared away',
    explanation:
      'Events are kept for as many days as the service’s configuration says, and the cursor is older: some that came after it are gone. Read anew what you follow (returns, publications, figures), then ask without `after` for the oldest events that are kept and go on from there.',
  },
  'purpose-required': {
    status: 400,
    title: 'The purpose is missing',
    explanation:
      'Calls that give out something about children must say what for, in the header X-Purpose; it is kept in the audit trail.',
  },
  'child-restricted': {
    status: 403,
    title: 'Processing of this child’s records is restricted',
    explanation:
      'The records of this child are kept but may not be used (UK GDPR, Article 18), save for one of the purposes that `errors` lists, named in the header X-Purpose.',
  },
  'child-erased': {
    status: 410,
    title: 'The child was erased',
    explanation:
      'What the service held on this child was erased (UK GDPR, Article 17). What is loaded of them later is left out.',
  },
  'unknown-correction': {
    status: 404,
    title: 'No such correction',
    explanation: 'The child has no correction with this id, or it was withdrawn.',
  },
  'unknown-restriction': {
    status: 404,
    title: 'The child’s records are not restricted',
    explanation: 'The use of what is held on this child is not restricted.',
  },
  'unknown-erasure': {
    status: 404,
    title: 'No such erasure',
    explanation:
      'The authority erased nobody under this pseudonym, or the erasure was lifted. Erasures are at /v1/authorities/{authority}/erasures.',
  },
  'correction-refused': {
    status: 422,
    title: 'The correction was not made',
    explanation:
      'The correction can be understood but not made: `errors` names every fault. Nothing was changed.',
  },
  'precondition-required': {
    status: 428,
    title: 'The change must say what state it is of',
    explanation:
      'The resource exists, and changing it unseen would undo what somebody else has changed since. Get it, and send the ETag that it came with in If-Match; `If-Match: *` changes it whatever its state.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    explanation:
      'The caller, or the address that it calls from, has asked for more than its share in the last minute. Try again after the seconds in the Retry-After header; RateLimit says what is left.',
  },
  'precondition-failed': {
    status: 412,
    title: 'The record is not in the state that was asked for',
    explanation:
      'If-Match names another state of the record than the one it is in, or If-None-Match rules out the one it is in: somebody else has written it since. Get it again, and decide anew.',
  },
  'nothing-sent': {
    status: 400,
    title: 'Nothing was sent',
    explanation: 'The request has no file, or only empty ones.',
  },
  'upload-too-large': {
    status: 413,
    title: 'The request is too large',
    explanation:
      'The body, one of its files, or what a compressed file unpacks to is larger than the service takes, or there are too many files.',
  },
  'address-too-long': {
    status: 414,
    title: 'The address is too long',
    explanation:
      'The path and the query have more characters than the service reads. Ask for fewer things at a time.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    explanation:
      'The request line and the headers together are larger than the 16 KiB that the service takes.',
  },
  'request-too-slow': {
    status: 408,
    title: 'The request came too slowly',
    explanation:
      'The headers or the body did not come within the time allowed, or an upload stopped; the connection is closed and nothing was changed. Send the request again.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type is not supported',
    explanation: 'The body’s Content-Type is missing or not one that this call takes.',
  },
  'not-acceptable': {
    status: 406,
    title: 'No representation that the caller accepts',
    explanation:
      'The Accept header rules out every form in which the answer can be given. Accept application/json or text/csv, or ask with `format=json` or `format=csv`.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    explanation: 'The address exists but not with this method. The Allow header lists those it has.',
  },
  'idempotency-key-in-use': {
    status: 409,
    title: 'A request with this idempotency key is under way',
    explanation: 'An earlier request with the same Idempotency-Key has not ended. Try again when it has.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The idempotency key belongs to another request',
    explanation:
      'An earlier request with other content had this Idempotency-Key. Use a new key for each new request; use the old one only to repeat the same request.',
  },
  'kept-answer-lost': {
    status: 409,
    title: 'The answer of the first request can’t be shown again',
    explanation:
      'The request was carried out when its Idempotency-Key was first sent. Its answer holds a secret and was kept sealed, and the service’s MASTER_KEY has been changed since, so it does not open. Nothing was done again: look at what there is, revoke what you can’t use, and make another with a new Idempotency-Key.',
  },
  unavailable: {
    status: 503,
    title: 'The service is not available',
    explanation:
      'The service, or its database, cannot answer at the moment. Nothing was changed, unless `detail` says that it may have been. Try again after the seconds in the Retry-After header.',
  },
  timeout: {
    status: 504,
    title: 'The answer took too long',
    explanation:
      'The database did not answer within the time allowed, and the work was given up; nothing was changed. Ask for fewer periods, authorities or breakdowns at a time.',
  },
  'internal-error': {
    status: 500,
    title: 'The service failed',
    explanation:
      'Something went wrong that is not the caller’s fault. `instance` identifies the request in the service’s log; quote it when you report the problem.',
  },
} as const satisfies Record<RefusalReason, { status: number; title: string; explanation: string }>

export type StatusOf<Reason extends RefusalReason> = (typeof problems)[Reason]['status']

export const PROBLEM_JSON = 'application/problem+json'

export const Fault = named(
  'Fault',
  Type.Object(
    {
      pointer: Type.String({
        description:
          'JSON pointer (RFC 6901) into the request: `/query/period`, `/path/authority`, `/body/name`, `/headers/accept`, `/files/episodes.csv`.',
      }),
      code: Type.String({
        description: 'What kind of fault it is, for programs: stable, lower case, with hyphens.',
      }),
      detail: Type.String({ description: 'What is wrong, for people.' }),
      allowed: Type.Optional(
        Type.Array(Type.String(), {
          description: 'What is allowed instead: the values, the pattern or the bounds.',
        }),
      ),
      didYouMean: Type.Optional(
        Type.Array(Type.String(), {
          description: 'Allowed words near the one that was sent, nearest first.',
        }),
      ),
    },
    { additionalProperties: false, description: 'One fault of a request.' },
  ),
)

const problemMembers = {
  type: Type.String({
    format: 'uri',
    description:
      'The reason, as the address of a page that explains it. Its last segment is the code to branch on.',
  }),
  title: Type.String({ description: 'The reason in a few words; the same for every problem of this type.' }),
  status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status, repeated.' }),
  detail: Type.String({ description: 'What went wrong this time.' }),
  instance: Type.String({
    format: 'uri',
    description: 'Identifies this request; the service’s log has it too.',
  }),
  errors: Type.Array(refTo(Fault), { description: 'Every fault of the request at once; may be empty.' }),
}

/** RFC 9457. Members that are not listed are stripped on the way out, so that no slip can put data into an error. */
export const Problem = named(
  'Problem',
  Type.Object(problemMembers, {
    additionalProperties: false,
    description: 'Why a request was refused (RFC 9457).',
  }),
)

/**
 * A problem with further members, for the routes that declare it: the members of a `Refusal` come through as far
 * as this schema names them, and no further.
 */
export const problemWith = <const Id extends string, Members extends TProperties>(
  id: Id,
  members: Members,
  description: string,
) => named(id, Type.Object({ ...problemMembers, ...members }, { additionalProperties: false, description }))

/** A response-schema entry that answers with this problem schema. */
export const problemResponse = <S extends TSchema>(description: string, schema: Named<S>) => ({
  description,
  content: { [PROBLEM_JSON as typeof PROBLEM_JSON]: { schema: refTo(schema) } },
})

type ProblemResponse = ReturnType<typeof problemResponse<typeof Problem>>

/** Reasons for which any call under `/v1` may be refused; `refusals()` adds them to what a route names itself. */
export const STANDING_REASONS = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'too-many-requests',
  'address-too-long',
  'internal-error',
  'unavailable',
  'timeout',
] as const satisfies readonly RefusalReason[]

/** The response entries of exactly these reasons, grouped by status: for what needs no access token. */
export function onlyRefusals<Reason extends RefusalReason>(
  ...reasons: readonly Reason[]
): Record<StatusOf<Reason>, ProblemResponse> {
  const byStatus = new Map<number, RefusalReason[]>()
  for (const reason of new Set(reasons)) {
    const { status } = problems[reason]
    byStatus.set(status, [...(byStatus.get(status) ?? []), reason])
  }
  const entries = [...byStatus].map(([status, group]) => [status, problemResponse(describe(group), Problem)])
  return Object.fromEntries(entries)
}

/** The response entries of a call under `/v1`: the reasons named, and those for which any call may be refused. */
export const refusals = <Reason extends RefusalReason = never>(...reasons: readonly Reason[]) =>
  onlyRefusals<Reason | (typeof STANDING_REASONS)[number]>(...STANDING_REASONS, ...reasons)

/** What a response entry says of the reasons it stands for: `unknown-authority: No such authority.` */
export const describe = (reasons: readonly RefusalReason[]): string =>
  reasons.map((reason) => `\`${reason}\`: ${problems[reason].title}.`).join(' ')

/** A problem as it is sent. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly errors: readonly DomainFault[]
  readonly [member: string]: unknown
}

export function problemBody(
  about: { readonly base: string; readonly requestId: string },
  reason: RefusalReason,
  detail: string,
  faults: readonly DomainFault[] = [],
  members: Readonly<Record<string, unknown>> = {},
): ProblemBody {
  const { status, title } = problems[reason]
  return {
    // First, so that no further member can stand in for one of the problem's own.
    ...members,
    type: `${about.base}/problems/${reason}`,
    title,
    status,
    detail,
    instance: instanceOf(about.requestId),
    errors: faults,
  }
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** A request id as a URI: ours are UUIDs, but a caller may have sent any word of its own. */
export const instanceOf = (requestId: string): string =>
  UUID.test(requestId) ? `urn:uuid:${requestId.toLowerCase()}` : `urn:x-request-id:${requestId}`
