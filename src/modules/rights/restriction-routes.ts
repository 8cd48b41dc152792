import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import { replayedFor } from '../../platform/access/audited-routes.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { etagOf, isFresh, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refuseMismatch } from '../../platform/http/required-match.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { strictBody } from '../../platform/http/strict-body.ts'
import {
  liftRestriction,
  PURPOSES_DESPITE_RESTRICTION,
  type Restriction as Restricted,
  readRestriction,
  restrict,
} from '../../rights/restrictions.ts'
import { childNamed, mustBeHeld, type Subject } from '../../rights/subject-rows.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import type { RightsRoutesOptions } from './options.ts'
import { OfSubject, Restriction, RestrictionBody } from './rights-schemas.ts'

const PRIVATE = 'private, no-store'
const readBody = strictBody(RestrictionBody)

const WHAT_IT_DOES = `While it stands, calls that give out what is held on the child refuse with \`child-restricted\`, and lists withhold what they would say of the child and mark the row \`restricted\`; unless \`X-Purpose\` begins with one of ${PURPOSES_DESPITE_RESTRICTION.map((word) => `\`${word}\``).join(', ')} (Article 18(2)). What arrives is still stored, and figures go on counting the child: counts are a statutory duty and give nothing of the child.`

/** That the records of a child are kept but not used. */
export const restrictionRoutes =
  ({ database, subjectOf, audit }: RightsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const url = '/v1/authorities/:authority/children/:child/restriction'

    app.get(
      url,
      {
        config: { scope: ['children:read', 'returns:write', 'admin'], audited: 'restriction.read' },
        schema: {
          operationId: 'getChildRestriction',
          tags: ['People’s rights'],
          summary: 'Whether the use of a child’s records is restricted',
          description: `The restriction of a child’s records, since when and why (UK GDPR, Article 18). ${WHAT_IT_DOES} Its ETag is for \`If-Match\`.`,
          params: OfSubject,
          response: {
            200: {
              description: 'The restriction.',
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(Restriction) } },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-child', 'child-erased', 'unknown-restriction'),
          },
        },
      },
      async (request, reply) => {
        const of = subjectIn(request, request.params)
        const restriction = await database.read([of.authority], async (transaction) => {
          await mustBeHeld(transaction, of, subjectOf)
          return readRestriction(transaction, of)
        })
        if (!restriction) throw unknownRestriction()
        request.touched = { rows: 1, children: [of.child] }
        const etag = etagFor(of, restriction)
        setHead(reply, etag)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return reply.send(given(of, restriction))
      },
    )

    app.put(
      url,
      {
        config: {
          scope: 'returns:write',
          audited: 'restriction.write',
          documentedBody: refTo(RestrictionBody),
        },
        bodyLimit: 16 * 1024,
        schema: {
          operationId: 'putChildRestriction',
          tags: ['People’s rights'],
          summary: 'Restrict the use of a child’s records',
          description: `Restricts the use of what is held on a child (UK GDPR, Article 18), or changes the reason; to change one that stands, send its ETag in \`If-Match\`. ${WHAT_IT_DOES}`,
          params: OfSubject,
          headers: KeyHeaders,
          response: {
            200: {
              description: 'The reason is changed, or was the same already.',
              headers: { ...ETAG_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(Restriction) } },
            },
            201: {
              description: 'The child’s records are restricted from now on.',
              headers: { ...ETAG_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(Restriction) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-child',
              'child-erased',
              'precondition-failed',
              'precondition-required',
              ...KEY_REASONS,
              'unsupported-media-type',
              'upload-too-large',
            ),
          },
        },
      },
      async (request, reply) => {
        const of = subjectIn(request, request.params)
        const { reason } = readBody(request.body)
        const about = { authority: of.authority, replayed: replayedFor(request) }
        return answerOnce(request, reply, about, (once) =>
          once.change(database, async (transaction) => {
            await mustBeHeld(transaction, of, subjectOf)
            const { result, restriction } = await restrict(transaction, {
              ...of,
              reason,
              by: request.caller.name,
              precondition: (existing) => mustBeMeant(request, of, existing),
            })
            const status = result === 'created' ? 201 : 200
            await audit.append(transaction, request, { rows: 1, children: [of.child], status })
            const headers = { etag: etagFor(of, restriction) }
            return { status, headers, body: given(of, restriction), child: of.child }
          }),
        )
      },
    )

    app.delete(
      url,
      {
        config: { scope: 'admin', audited: 'restriction.lift' },
        schema: {
          operationId: 'deleteChildRestriction',
          tags: ['People’s rights'],
          summary: 'Lift the restriction of a child’s records',
          description:
            'Lifts the restriction: what is held on the child may be used again. Tell the child, or who speaks for them, before you do (UK GDPR, Article 18(3)). Send the ETag of the restriction in `If-Match`.',
          params: OfSubject,
          response: {
            204: Type.Null({ description: 'It is lifted.' }),
            ...refusals(
              'unknown-authority',
              'unknown-child',
              'child-erased',
              'unknown-restriction',
              'precondition-failed',
              'precondition-required',
              'unsupported-media-type',
            ),
          },
        },
      },
      async (request, reply) => {
        const of = subjectIn(request, request.params)
        await database.write([of.authority], async (transaction) => {
          await mustBeHeld(transaction, of, subjectOf)
          const lifted = await liftRestriction(transaction, {
            ...of,
            precondition: (existing) => mustBeMeant(request, of, existing),
          })
          if (!lifted) throw unknownRestriction()
          await audit.append(transaction, request, { rows: 1, children: [of.child] })
        })
        return reply.code(204).send(null)
      },
    )
  }

/** The child that a call is about, once the caller may ask about the authority. */
const subjectIn = (request: FastifyRequest, params: Static<typeof OfSubject>): Subject => ({
  authority: authorityOf(request, params.authority).code,
  child: childNamed(params.child),
})

const ETAG_HEADER = {
  etag: { type: 'string', description: 'Stands for the state of the restriction, for `If-Match`.' },
}

const etagFor = ({ authority, child }: Subject, { version, restrictedAt }: Restricted): string =>
  etagOf([authority, child, String(version), restrictedAt])

function setHead(reply: FastifyReply, etag: string): void {
  reply.header('etag', etag).header('cache-control', PRIVATE)
}

const given = (of: Subject, restriction: Restricted): Static<typeof Restriction> => ({
  ...of,
  ...restriction,
})

/** Who changes what stands must have seen it. */
function mustBeMeant(request: FastifyRequest, of: Subject, existing: Restricted | null): void {
  if (
    existing &&
    request.headers['if-match'] === undefined &&
    request.headers['if-none-match'] === undefined
  ) {
    const detail = 'The records are restricted already; send the ETag of the restriction in If-Match.'
    throw new Refusal('precondition-required', detail, [
      { pointer: '/headers/if-match', code: 'precondition-required', detail },
    ])
  }
  const detail = 'The restriction is not in the state that the request is of.'
  refuseMismatch(request, existing && etagFor(of, existing), detail)
}

function unknownRestriction(): Refusal {
  const detail = 'The use of this child’s records is not restricted.'
  return new Refusal('unknown-restriction', detail, [
    { pointer: '/path/child', code: 'unknown-restriction', detail },
  ])
}
