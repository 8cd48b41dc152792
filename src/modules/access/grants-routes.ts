import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { decideGrant } from '../../platform/access/kept/decisions.ts'
import {
  changeGrant,
  createGrant,
  listGrants,
  type ManagedGrant,
  readGrant,
  revokeGrant,
} from '../../platform/access/kept/grant-store.ts'
import { managerOf } from '../../platform/access/manager.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { etagOf, isFresh, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { mismatch, refuseMismatch, requireMatch } from '../../platform/http/required-match.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { pageOf } from './access-lists.ts'
import type { AccessRoutesOptions } from './access-routes.ts'
import {
  IssuerGrant,
  IssuerGrantPage,
  ListQuery,
  NewGrant,
  NoQuery,
  OfGrant,
  readWantedGrant,
} from './access-schemas.ts'
import {
  BODY_REFUSALS,
  ETAG_HEADER,
  givenGrants,
  LARGEST_BODY,
  LOCATION_HEADER,
  OF_SERVICE,
  PRIVATE,
} from './answer-parts.ts'

/** What the bearers of other issuers' tokens may do, beside what the configuration grants them. */
export const grantsRoutes =
  ({ database, state, rules, now }: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const base = '/v1/access/grants'

    app.post(
      base,
      {
        config: { scope: 'admin', documentedBody: refTo(NewGrant) },
        bodyLimit: LARGEST_BODY,
        schema: {
          operationId: 'createIssuerGrant',
          tags: ['Access'],
          summary: 'Give access to bearers of an issuer’s tokens',
          description:
            'Says what the bearers of an OpenID Connect issuer’s tokens may do whose claim is, or holds, a value: those in a group, with an application role, or a single client. It adds to what the configuration (OIDC_ISSUERS) grants.',
          querystring: NoQuery,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The grant is made.',
              headers: { ...ETAG_HEADER, ...LOCATION_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(IssuerGrant) } },
            },
            ...refusals('access-refused', ...KEY_REASONS, ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const at = now()
        const decision = decideGrant(readWantedGrant(request.body), manager, rules, at)
        return answerOnce(request, reply, OF_SERVICE, async (once) => {
          const answer = await once.change(database, async (transaction) => {
            const grant = await createGrant(transaction, decision, { by: manager.name, at })
            const headers = { etag: etagFor(grant), location: `${base}/${grant.id}` }
            return { status: 201, headers, body: given(grant) }
          })
          state.forget()
          return answer
        })
      },
    )

    app.get(
      base,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'listIssuerGrants',
          tags: ['Access'],
          summary: 'The grants to bearers of issuers’ tokens',
          description:
            'Every grant, those revoked as well, in the order in which they were made; those of the configuration are not among them. An admin of some authorities is given those that reach no further.',
          querystring: ListQuery,
          response: {
            200: {
              description: 'A page of grants.',
              content: { 'application/json': { schema: refTo(IssuerGrantPage) } },
            },
            ...refusals('invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { authorities } = managerOf(request)
        const page = await pageOf('grants', authorities, request.query, (asked) =>
          database.read([], (transaction) => listGrants(transaction, asked)),
        )
        reply.header('cache-control', PRIVATE)
        return { data: page.data.map(given), next: page.next }
      },
    )

    app.get(
      `${base}/:id`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'getIssuerGrant',
          tags: ['Access'],
          summary: 'One grant',
          description: 'To whom it gives what. Its ETag is for `If-Match`.',
          params: OfGrant,
          querystring: NoQuery,
          response: {
            200: {
              description: 'The grant.',
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(IssuerGrant) } },
            },
            304: NotModified,
            ...refusals('unknown-grant'),
          },
        },
      },
      async (request, reply) => {
        const grant = await database.read([], (transaction) =>
          readGrant(transaction, request.params.id, managerOf(request).authorities),
        )
        if (!grant) throw unknownGrant()
        const etag = etagFor(grant)
        reply.header('etag', etag).header('cache-control', PRIVATE)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return reply.send(given(grant))
      },
    )

    app.put(
      `${base}/:id`,
      {
        config: { scope: 'admin', documentedBody: refTo(NewGrant) },
        bodyLimit: LARGEST_BODY,
        schema: {
          operationId: 'putIssuerGrant',
          tags: ['Access'],
          summary: 'Change a grant',
          description:
            'Sets to whom a grant gives what, all anew. Needs `If-Match` with the ETag of the grant as it was read. Acts within five seconds in every process.',
          params: OfGrant,
          querystring: NoQuery,
          headers: KeyHeaders,
          response: {
            200: {
              description: 'The grant as it is now.',
              headers: { ...ETAG_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(IssuerGrant) } },
            },
            ...refusals(
              'unknown-grant',
              'access-refused',
              'precondition-required',
              'precondition-failed',
              ...KEY_REASONS,
              ...BODY_REFUSALS,
            ),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const wanted = readWantedGrant(request.body)
        return answerOnce(request, reply, OF_SERVICE, async (once) => {
          const answer = await once.change(database, async (transaction) => {
            const before = await readGrant(transaction, request.params.id, manager.authorities)
            if (!before) throw unknownGrant()
            requireMatch(request, etagFor(before))
            if (before.revokedAt !== null) throw revokedAlready()
            const after = await changeGrant(transaction, before, decideGrant(wanted, manager, rules, now()))
            if (!after) throw mismatch()
            return { status: 200, headers: { etag: etagFor(after) }, body: given(after) }
          })
          state.forget()
          return answer
        })
      },
    )

    app.delete(
      `${base}/:id`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'revokeIssuerGrant',
          tags: ['Access'],
          summary: 'Revoke a grant',
          description:
            'Ends a grant within five seconds in every process, for good; it stays on record. Of one that is revoked already nothing changes. With `If-Match` only in the state that its ETag stands for.',
          params: OfGrant,
          querystring: NoQuery,
          response: {
            204: Type.Null({ description: 'It is revoked.' }),
            ...refusals('unknown-grant', 'precondition-failed', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        await database.write([], async (transaction) => {
          const grant = await readGrant(transaction, request.params.id, manager.authorities)
          if (!grant) throw unknownGrant()
          refuseMismatch(request, etagFor(grant))
          await revokeGrant(transaction, grant.id, { by: manager.name, at: now() })
        })
        state.forget()
        return reply.code(204).send(null)
      },
    )
  }

const etagFor = ({ id, version }: ManagedGrant): string => etagOf(['grant', id, String(version)])

const given = (grant: ManagedGrant) => ({
  ...grant,
  // One that another release kept may go by a claim that this one does not; it is shown as it is.
  claim: grant.claim as 'roles',
  grants: givenGrants(grant.grants),
})

function unknownGrant(): Refusal {
  const detail = 'There is no such grant that the access token may manage.'
  return new Refusal('unknown-grant', detail, [{ pointer: '/path/id', code: 'unknown-grant', detail }])
}

function revokedAlready(): Refusal {
  const detail = 'The grant is revoked, for good; make another.'
  return new Refusal('access-refused', detail, [{ pointer: '/path/id', code: 'revoked', detail }])
}
