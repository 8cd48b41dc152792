import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import type { Database } from '../../platform/database/database.ts'
import { AuthorityCode } from '../../platform/http/parameters.ts'
import { refusals } from '../../platform/http/problem.ts'
import { purposeOf } from '../../platform/http/purpose.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { readPast } from '../../records/record-history.ts'
import { childIn, readRecord } from '../../records/record-store.ts'
import { mustBeUsable } from '../../rights/restrictions.ts'
import { LONGEST_ID } from '../../vocabulary/record-columns.ts'
import { RECORD_KINDS } from '../../vocabulary/record-kinds.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { givenColumns } from './given-columns.ts'
import type { GivenColumns } from './records-schemas.ts'
import { unknownKind } from './unknown-kind.ts'

const PastRecord = named(
  'PastRecord',
  Type.Object(
    {
      record: Type.Unsafe<GivenColumns>({
        type: 'object',
        additionalProperties: true,
        description: 'What it said until then, by the columns of its kind as /v1/record-kinds lists them.',
      }),
      revision: Type.Integer({ minimum: 1, description: 'Its revision.' }),
      writtenAt: Type.String({ format: 'date-time', description: 'When it was written.' }),
      writtenBy: Type.String({ description: 'Who wrote it.' }),
      change: Type.Enum(['changed', 'deleted'], { type: 'string', description: 'What became of it then.' }),
      changedAt: Type.String({ format: 'date-time', description: 'When it was changed or deleted.' }),
      changedBy: Type.String({ description: 'Who changed or deleted it.' }),
    },
    { additionalProperties: false, description: 'What a record was before it was changed or deleted.' },
  ),
)

const RecordHistory = named(
  'RecordHistory',
  Type.Object(
    {
      data: Type.Array(refTo(PastRecord), { description: 'The latest first; empty where it never changed.' }),
      next: Type.Null({ description: 'All are on this page.' }),
    },
    { additionalProperties: false, description: 'The history of a record.' },
  ),
)

const OfKindAndRecord = Type.Object(
  {
    authority: AuthorityCode,
    kind: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The kind of record, as /v1/record-kinds lists it.',
      examples: ['health-assessments'],
    }),
    id: Type.String({
      minLength: 1,
      maxLength: LONGEST_ID,
      description: 'The record’s id, as the system that keeps it gives it.',
    }),
  },
  { additionalProperties: false },
)

/** What records were before they were corrected: the same call for every kind. */
export const recordHistoryRoutes =
  ({ database }: { readonly database: Database }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(PastRecord)
    app.addSchema(RecordHistory)

    app.get(
      '/v1/authorities/:authority/records/:kind/:id/history',
      {
        config: { scope: 'children:read', audited: 'record.read' },
        schema: {
          operationId: 'getRecordHistory',
          tags: ['Records'],
          summary: 'What a record was before',
          description:
            'Every state that a record had before it was changed or deleted, who did so and when: a record that was wrong is put right by writing it anew, and what it said stays known (UK GDPR, Article 16). An erasure of the child takes it away.',
          params: OfKindAndRecord,
          response: {
            200: {
              description: 'The history.',
              content: { 'application/json': { schema: refTo(RecordHistory) } },
            },
            ...refusals('unknown-authority', 'unknown-record-kind', 'unknown-record', 'child-restricted'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { id } = request.params
        const kind = RECORD_KINDS.find(({ name }) => name === request.params.kind)
        if (!kind) throw unknownKind(request.params.kind)
        const { past, children } = await database.read([code], async (transaction) => {
          const record = await readRecord(transaction, kind, code, id)
          const states = await readPast(transaction, kind, code, id)
          if (!record && states.length === 0) throw unknownRecord()
          const children = [record && childIn(kind, record), ...states.map(({ child }) => child)]
          for (const child of new Set(children))
            await mustBeUsable(transaction, { authority: code, child }, purposeOf(request))
          return { past: states, children: children.filter((child) => child !== null) }
        })
        request.touched = { rows: past.length, children }
        reply.header('cache-control', 'private, no-store')
        return {
          data: past.map(({ values, revision, writtenAt, writtenBy, change, changedAt, changedBy }) => ({
            record: givenColumns(kind, values),
            revision,
            writtenAt,
            writtenBy,
            change,
            changedAt,
            changedBy,
          })),
          next: null,
        }
      },
    )
  }

function unknownRecord(): Refusal {
  const detail = 'The authority has, and had, no record of this kind with this id.'
  return new Refusal('unknown-record', detail, [{ pointer: '/path/id', code: 'unknown-record', detail }])
}
