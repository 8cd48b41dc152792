import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import { type MasterKey, subjectOf } from '../../platform/access/master-key.ts'
import type { Database } from '../../platform/database/database.ts'
import { CsvTable, csvStream } from '../../platform/http/csv.ts'
import { nextLink, readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { daysAsked } from '../../platform/http/parameters.ts'
import { refusals } from '../../platform/http/problem.ts'
import { CSV_CONTENT_TYPE, representationFor } from '../../platform/http/representation.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { type KeptEntry, listEntries } from './audit-queries.ts'
import { AuditEntry, AuditPage, AuditQuery, OfAuthority } from './audit-schemas.ts'

export interface AuditRoutesOptions {
  readonly database: Database
  /** What the pseudonyms in the trail were made with. */
  readonly master: MasterKey
}

/**
 * The number of the last row, and the pseudonym that the rows were narrowed to: with it in the cursor, the address of
 * the next page does without the child's id.
 */
const Position = Type.Object(
  {
    number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    subject: Type.Union([Type.String({ maxLength: 60 }), Type.Null()]),
  },
  { additionalProperties: false },
)

/** An authority’s own audit trail, for its information governance. */
export const auditRoutes =
  ({ database, master }: AuditRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(AuditEntry)
    app.addSchema(AuditPage)

    app.get(
      '/v1/authorities/:authority/audit',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'listAuditEntries',
          tags: ['Audit'],
          summary: 'Who read and wrote what about children',
          description:
            'The audit trail of the authority, the newest row first: one for each call that was answered and that read or wrote something about its children. Rows are never changed or deleted, and each has a hash over itself and the one before, so that whoever keeps a hash can tell later that nothing before it was touched. Children stand in it as pseudonyms; ask for the rows of one with `child`. As CSV, a `Link` header leads to the next page.',
          params: OfAuthority,
          querystring: AuditQuery,
          response: {
            200: {
              description: 'A page of the trail.',
              headers: {
                link: {
                  type: 'string',
                  description: 'Of a table that goes on: the address of the next page.',
                },
              },
              content: {
                'application/json': { schema: refTo(AuditPage) },
                'text/csv': { schema: CsvTable },
              },
            },
            ...refusals('unknown-authority', 'invalid-cursor', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { caller = null, action = null, limit = 100, cursor, format } = request.query
        const as = representationFor(request.headers.accept, format)
        const { from, to } = daysAsked(request.query)
        const child = request.query.child?.trim().toUpperCase()
        const question = JSON.stringify(['audit', code, from, to, caller, action])
        const before = cursor === undefined ? null : readCursor(cursor, question, Position)
        const asked = child === undefined ? null : subjectOf(master, code, child)
        if (before !== null && asked !== null && asked !== before.subject) throw ofAnotherChild()
        const subject = asked ?? before?.subject ?? null
        const rows = await database.read([code], (transaction) =>
          listEntries(transaction, {
            authority: code,
            from,
            to,
            caller,
            action,
            subject,
            before: before?.number ?? null,
            limit: limit + 1,
          }),
        )
        const page = rows.slice(0, limit)
        const next =
          rows.length > limit ? writeCursor(question, { number: page.at(-1)!.number, subject }) : null
        reply.header('cache-control', 'private, no-store').header('vary', 'Accept')
        if (as === 'json') return reply.send({ data: page.map(givenEntry), next, authority: code })
        if (next !== null) reply.header('link', nextLink(withoutChild(request.url), next))
        return reply
          .type(CSV_CONTENT_TYPE)
          .header('content-disposition', 'attachment; filename="audit.csv"')
          .send(csvStream(CSV_COLUMNS, page.map(csvRow)))
      },
    )
  }

/* ---- what comes in ---------------------------------------------------------------------------------------- */

function ofAnotherChild(): Refusal {
  const detail = 'The cursor belongs to another question; keep the filters, or begin again without a cursor.'
  return new Refusal('invalid-cursor', detail, [{ pointer: '/query/cursor', code: 'invalid-cursor', detail }])
}

/** The address of the question without the child's id in it, which the cursor stands for. */
function withoutChild(url: string): { url: string } {
  const [path, search = ''] = url.split('?', 2)
  const query = new URLSearchParams(search)
  query.delete('child')
  return { url: `${path}?${query}` }
}

/* ---- what goes out ---------------------------------------------------------------------------------------- */

const givenEntry = ({ authority: _, previous, hash, ...entry }: KeptEntry): Static<typeof AuditEntry> => ({
  ...entry,
  scopes: [...entry.scopes],
  subjects: [...entry.subjects],
  previous: previous.toString('hex'),
  hash: hash.toString('hex'),
})

const CSV_COLUMNS = [
  'number',
  'at',
  'caller',
  'onBehalfOf',
  'scopes',
  'action',
  'method',
  'route',
  'status',
  'rows',
  'subjects',
  'purpose',
  'question',
  'network',
  'requestId',
  'previous',
  'hash',
] as const satisfies readonly (keyof Static<typeof AuditEntry>)[]

const csvRow = (kept: KeptEntry) => {
  const entry = givenEntry(kept)
  return CSV_COLUMNS.map((name) => {
    const value = entry[name]
    return Array.isArray(value) ? value.join(' ') : value
  })
}
