import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { refusals } from '../../platform/http/problem.ts'
import { purposeOf } from '../../platform/http/purpose.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { eraseChildren, type Tombstone as Left, liftErasure, listTombstones } from '../../rights/erasure.ts'
import { childNamed, mustBeHeld } from '../../rights/subject-rows.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import type { RightsRoutesOptions } from './options.ts'
import {
  ErasuresQuery,
  OfAuthority,
  OfErasure,
  OfSubject,
  Tombstone,
  TombstonePage,
} from './rights-schemas.ts'

const PRIVATE = 'private, no-store'

const Position = Type.String({ minLength: 1, maxLength: 100 })

/** Erasing a child, and the tombstones of those who were erased. */
export const erasureRoutes =
  ({ database, subjectOf, audit, inTurn, onChange }: RightsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const erasures = '/v1/authorities/:authority/erasures'

    app.delete(
      '/v1/authorities/:authority/children/:child',
      {
        config: { scope: 'admin', audited: 'child.erase' },
        schema: {
          operationId: 'eraseChild',
          tags: ['People’s rights'],
          summary: 'Erase a child',
          description:
            'Erases everything that is held on a child (UK GDPR, Article 17), for the reason given in `X-Purpose`: the rows of all returns, also those no longer in force, and of records, with their history, corrections and a restriction; what findings and kept answers say of them; and what was derived. Figures are made anew without the child, and the data version moves. A tombstone stays, under a pseudonym: the child is answered with `child-erased`, and what a return or a file of records says of the child from then on is left out with a warning. What was **published** stays as it is: it is frozen, and holds counts without any child, small ones withheld. The audit trail stays too; it knows the child by the pseudonym only. It can’t be undone; lifting the erasure lets the sources bring the child back.',
          params: OfSubject,
          response: {
            200: {
              description: 'The child is erased.',
              content: { 'application/json': { schema: refTo(Tombstone) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-child',
              'child-erased',
              'purpose-required',
              'unsupported-media-type',
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const child = childNamed(request.params.child)
        const reason = reasonIn(purposeOf(request))
        const [tombstone] = await inTurn(code, () =>
          database.load([code], async (transaction) => {
            await mustBeHeld(transaction, { authority: code, child }, subjectOf)
            const left = await eraseChildren(transaction, {
              authority: code,
              children: [child],
              reason,
              by: request.caller.name,
              subjectOf,
            })
            const rows = Object.values(left[0]!.rows).reduce((sum, count) => sum + count, 0)
            await audit.append(transaction, request, { rows, children: [child], status: 200 })
            return left
          }),
        )
        onChange()
        reply.header('cache-control', PRIVATE)
        return given(code, tombstone!)
      },
    )

    app.get(
      erasures,
      {
        config: { scope: 'admin', audited: 'erasure.list' },
        schema: {
          operationId: 'listErasures',
          tags: ['People’s rights'],
          summary: 'The erasures of an authority',
          description:
            'The tombstones of the children who were erased: pseudonym, when, by whom, why, and how many rows. Nobody can tell from them who it was but by asking with the child’s identifier.',
          params: OfAuthority,
          querystring: ErasuresQuery,
          response: {
            200: {
              description: 'A page of tombstones.',
              content: { 'application/json': { schema: refTo(TombstonePage) } },
            },
            ...refusals('unknown-authority', 'invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { limit = 100, cursor } = request.query
        const question = `erasures ${code}`
        const after = cursor === undefined ? null : readCursor(cursor, question, Position)
        const tombstones = await database.read([code], (transaction) =>
          listTombstones(transaction, code, { after, limit: limit + 1 }),
        )
        const page = tombstones.slice(0, limit)
        request.touched = { rows: page.length, children: [] }
        reply.header('cache-control', PRIVATE)
        return {
          data: page.map((one) => given(code, one)),
          next: tombstones.length > limit ? writeCursor(question, page.at(-1)!.subject) : null,
        }
      },
    )

    app.delete(
      `${erasures}/:subject`,
      {
        config: { scope: 'admin', audited: 'erasure.lift' },
        schema: {
          operationId: 'liftErasure',
          tags: ['People’s rights'],
          summary: 'Lift an erasure',
          description:
            'Takes a tombstone away, where the erasure was a mistake. What was erased does not come back by itself: load the returns and records that name the child again; the same files are taken, although they were loaded before.',
          params: OfErasure,
          response: {
            204: Type.Null({ description: 'It is lifted.' }),
            ...refusals('unknown-authority', 'unknown-erasure', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { subject } = request.params
        await inTurn(code, () =>
          database.load([code], async (transaction) => {
            if (!(await liftErasure(transaction, code, subject))) throw unknownErasure()
            await audit.append(transaction, request, { rows: 0, children: [] })
          }),
        )
        onChange()
        return reply.code(204).send(null)
      },
    )
  }

/** Why the child is erased; a tombstone without a reason could not be answered for. */
function reasonIn(purpose: string | undefined): string {
  if (purpose !== undefined) return purpose
  const detail = 'Say in X-Purpose why the child is erased: it is kept with the tombstone.'
  throw new Refusal('purpose-required', detail, [
    { pointer: '/headers/x-purpose', code: 'missing', detail, allowed: ['1 to 200 printable characters'] },
  ])
}

const given = (authority: string, tombstone: Left): Static<typeof Tombstone> => ({
  ...tombstone,
  authority,
  rows: { ...tombstone.rows },
})

function unknownErasure(): Refusal {
  const detail = 'The authority has no erasure under this pseudonym.'
  return new Refusal('unknown-erasure', detail, [
    { pointer: '/path/subject', code: 'unknown-erasure', detail },
  ])
}
