import { Type } from 'typebox'
import { AuthorityCode, Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { FormatQuery } from '../../platform/http/representation.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { LONGEST_ID } from '../../vocabulary/record-columns.ts'

export const OfAuthority = Type.Object({ authority: AuthorityCode }, { additionalProperties: false })

const DAY = '^\\d{4}-\\d{2}-\\d{2}$'

export const AuditQuery = Type.Object(
  {
    from: Type.Optional(
      Type.String({
        pattern: DAY,
        description: 'Only calls on this day (in England) or later: `YYYY-MM-DD`.',
        examples: ['2025-11-01'],
      }),
    ),
    to: Type.Optional(
      Type.String({
        pattern: DAY,
        description: 'Only calls on this day (in England) or before: `YYYY-MM-DD`.',
        examples: ['2025-11-30'],
      }),
    ),
    caller: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Only calls of this client, by its name.' }),
    ),
    action: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        pattern: '^[a-z][a-z.-]*$',
        description: 'Only calls that did this, such as `child.read` or `return.load`.',
        examples: ['child.read'],
      }),
    ),
    child: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: LONGEST_ID,
        description:
          'Only calls that touched this child, by the pseudonymous id that the authority’s records have. It is turned into the trail’s own pseudonym, and neither kept nor given back.',
      }),
    ),
    limit: Type.Optional(pageLimit(100, 1000)),
    cursor: Type.Optional(Cursor),
    format: Type.Optional(FormatQuery),
  },
  { additionalProperties: false },
)

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const hash = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description })

export const AuditEntry = named(
  'AuditEntry',
  Type.Object(
    {
      number: Type.Integer({
        minimum: 1,
        description: 'Its place in the authority’s chain: from 1, without gaps.',
      }),
      at: Type.String({
        description: 'When the row was written: RFC 3339 in UTC, to the microsecond.',
        examples: ['2025-11-22T12:00:00.000000Z'],
      }),
      caller: Type.String({ description: 'The client that called.' }),
      onBehalfOf: orNull(
        'For whom it called: the person whom the access token names, else what X-On-Behalf-Of said.',
      ),
      scopes: Type.Array(Type.String(), { description: 'The scopes that let the call through.' }),
      action: Type.String({
        description:
          'What was done to what: `child.read`, `record.write`. An action that ends in `.check` was a dry run; in `.replay`, an earlier answer that was given again.',
        examples: ['child.read'],
      }),
      method: Type.String({ description: 'HTTP method; CLI for a command of the operator’s.' }),
      route: Type.String({ description: 'The template of the route, without what the call put into it.' }),
      status: Type.Integer({ description: 'HTTP status of the answer; 0 for a command that was done.' }),
      rows: Type.Integer({ minimum: 0, description: 'Rows that were given out or written.' }),
      subjects: Type.Array(Type.String(), {
        description:
          'The children in them, as pseudonyms that stand in no other data: the first 128 bits of an HMAC-SHA-256 that only this service can make. Sorted, each once.',
      }),
      purpose: orNull('What the call was for, as X-Purpose said.'),
      question: Type.String({
        description: 'HMAC-SHA-256 of the address that was called: the same question has the same.',
      }),
      network: orNull(
        'The network that the call came from: IPv4 by its first 24 bits, IPv6 by its first 48.',
      ),
      requestId: Type.String({ description: '`X-Request-Id` of the call.' }),
      previous: hash('The hash of the row before; zeros for the first.'),
      hash: hash(
        'SHA-256 of a JSON array in UTF-8, without blanks: "audit-entry/1", authority, number, at, caller, onBehalfOf, scopes, action, method, route, status, rows, subjects, purpose, question, network, requestId, previous.',
      ),
    },
    {
      additionalProperties: false,
      description: 'A call that read or wrote something about children, as the audit trail keeps it.',
    },
  ),
)

export const AuditPage = named(
  'AuditPage',
  Type.Object(
    {
      data: Type.Array(refTo(AuditEntry), { description: 'Rows of the trail, the newest first.' }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
      authority: Type.String({ description: 'The authority whose trail it is, by its GSS code.' }),
    },
    { additionalProperties: false, description: 'A page of an authority’s audit trail.' },
  ),
)
