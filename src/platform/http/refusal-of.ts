import { Refusal, type RefusalReason } from '../../vocabulary/refusal.ts'

/**
 * The refusal that an error of a library stands for, or null where it is a failure of ours. Goes by codes, never by
 * message texts, and repeats none: they quote the body, the address or the parameters of a query.
 */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  for (const code of codesOf(error)) {
    const known = BY_CODE[code] ?? (SQLSTATE.test(code) ? BY_CLASS[code.slice(0, 2)] : undefined)
    if (known) return new Refusal(known.reason, known.detail)
  }
  const reason = BY_STATUS[statusOf(error)]
  return reason ? new Refusal(reason, 'The request can’t be read as it was sent.') : null
}

/** Codes of an error and of what caused it: Drizzle keeps PostgreSQL's SQLSTATE on the cause. */
function* codesOf(error: unknown, depth = 0): Generator<string> {
  if (typeof error !== 'object' || error === null || depth > 4) return
  if ('code' in error && typeof error.code === 'string') yield error.code
  if ('cause' in error) yield* codesOf(error.cause, depth + 1)
  // A connection refused on every address of a host comes as one error that holds several.
  if (error instanceof AggregateError) for (const one of error.errors) yield* codesOf(one, depth + 1)
}

/** Only Fastify and its plugins are believed: a library's own `statusCode` of 404 is not an answer of ours. */
const statusOf = (error: unknown): number =>
  error instanceof Error &&
  'statusCode' in error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('FST_')
    ? Number(error.statusCode)
    : 0

interface Known {
  readonly reason: RefusalReason
  readonly detail: string
}

const known = (reason: RefusalReason, detail: string): Known => ({ reason, detail })
const DATABASE_AWAY = known('unavailable', 'The database can’t be reached at the moment.')
const TOO_LONG = known('timeout', 'The database did not answer within the time allowed.')
const BUSY = known(
  'unavailable',
  'Others are changing the same at the moment, and it took too long to wait for them.',
)
const TOO_MANY_PARTS = known('upload-too-large', 'The request has more files or fields than this call takes.')

const BY_CODE: Readonly<Record<string, Known>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: known('invalid-request', 'The body is not valid JSON.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: known('invalid-request', 'The Content-Type says JSON but the body is empty.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: known(
    'invalid-request',
    'The body is not as long as its Content-Length says.',
  ),
  FST_ERR_CTP_BODY_TOO_LARGE: known('upload-too-large', 'The body is larger than this call takes.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: known(
    'unsupported-media-type',
    'The Content-Type of the body is missing or not one that this call takes.',
  ),
  FST_ERR_BAD_URL: known('invalid-request', 'The address is not valid: check its percent-encoding.'),
  FST_ERR_MAX_PARAM_LENGTH: known('invalid-request', 'A part of the address is longer than any that exists.'),
  FST_ERR_HANDLER_TIMEOUT: known('timeout', 'The answer took longer than the time allowed.'),
  FST_REQ_FILE_TOO_LARGE: known('upload-too-large', 'A file is larger than this call takes.'),
  FST_FILES_LIMIT: TOO_MANY_PARTS,
  FST_PARTS_LIMIT: TOO_MANY_PARTS,
  FST_FIELDS_LIMIT: TOO_MANY_PARTS,
  FST_INVALID_MULTIPART_CONTENT_TYPE: known('unsupported-media-type', 'The body is not multipart/form-data.'),
  FST_INVALID_JSON_FIELD_ERROR: known('invalid-request', 'A field says that it is JSON but is not.'),
  FST_PROTO_VIOLATION: known('invalid-request', 'A field of the form has a name that is not allowed.'),
  FST_MP_PREMATURE_CLOSE: known('invalid-request', 'The body ended before the form did.'),

  // PostgreSQL: a statement or a transaction took too long, or the process was silent in the middle of one.
  '57014': TOO_LONG,
  '25P03': TOO_LONG,
  '25P04': TOO_LONG,
  // Rows or tables held by another transaction; two that waited for each other, also when tried again.
  '55P03': BUSY,
  '40001': BUSY,
  '40P01': BUSY,
  // Shutting down, crashed, starting up; the connection closed for its silence; the database dropped under it.
  '57P01': DATABASE_AWAY,
  '57P02': DATABASE_AWAY,
  '57P03': DATABASE_AWAY,
  '57P04': DATABASE_AWAY,
  '57P05': DATABASE_AWAY,
  // Read-only: a replica that has not been made the primary yet.
  '25006': DATABASE_AWAY,
  '3D000': DATABASE_AWAY,
  ECONNREFUSED: DATABASE_AWAY,
}

/** Classes of SQLSTATE as a whole: no connection; refused login; out of memory, disk or connections; disk failing. */
const BY_CLASS: Readonly<Record<string, Known>> = {
  '08': DATABASE_AWAY,
  '28': DATABASE_AWAY,
  '53': DATABASE_AWAY,
  '58': DATABASE_AWAY,
}
const SQLSTATE = /^[0-9A-Z]{5}$/

const BY_STATUS: Readonly<Record<number, RefusalReason>> = {
  400: 'invalid-request',
  404: 'not-found',
  406: 'not-acceptable',
  408: 'timeout',
  413: 'upload-too-large',
  414: 'invalid-request',
  415: 'unsupported-media-type',
  503: 'unavailable',
}
