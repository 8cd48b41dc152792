import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
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
import { etagOf } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { mismatch, requireMatch } from '../../platform/http/required-match.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import {
  IssuerGrant,
  IssuerGrantPage,
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
} from './answer-parts.ts'
import { type ManagedKind, managedRoutes, managedWithin, revokedAlready } from './managed-routes.ts'
import type { AccessRoutesOptions } from './options.ts'

/** What the bearers of other issuers' tokens may do, beside what the configuration grants them. */
export const grantsRoutes =
  (options: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { database, state, rules, now } = options
    const base = '/v1/access/grants'
    await app.register(managedRoutes(GRANTS, options))

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
            const before = await managedWithin(GRANTS, transaction, request.params.id, manager)
            requireMatch(request, etagFor(before))
            if (before.revokedAt !== null) throw revokedAlready('grant')
            const after = await changeGrant(transaction, before, decideGrant(wanted, manager, rules, now()))
            if (!after) throw mismatch()
            return { status: 200, headers: { etag: etagFor(after) }, body: given(after) }
          })
          state.forget()
          return answer
        })
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

const GRANTS: ManagedKind<ManagedGrant> = {
  name: 'grants',
  unknownReason: 'unknown-grant',
  schemas: { params: OfGrant, one: IssuerGrant, page: IssuerGrantPage },
  read: readGrant,
  list: listGrants,
  revoke: revokeGrant,
  etagFor,
  given,
  called: 'grant',
  answers: { one: 'The grant.', page: 'A page of grants.' },
  words: {
    list: {
      operationId: 'listIssuerGrants',
      summary: 'The grants to bearers of issuers’ tokens',
      description:
        'Every grant, those revoked as well, in the order in which they were made; those of the configuration are not among them. An admin of some authorities is given those that reach no further.',
    },
    get: {
      operationId: 'getIssuerGrant',
      summary: 'One grant',
      description: 'To whom it gives what. Its ETag is for `If-Match`.',
    },
    revoke: {
      operationId: 'revokeIssuerGrant',
      summary: 'Revoke a grant',
      description:
        'Ends a grant within five seconds in every process, for good; it stays on record. Of one that is revoked already nothing changes. With `If-Match` only in the state that its ETag stands for.',
    },
  },
}
