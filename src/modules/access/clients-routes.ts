import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  addSecret,
  changeClient,
  createClient,
  listClients,
  type ManagedClient,
  readClient,
  revokeClient,
  revokeSecret,
} from '../../platform/access/kept/client-store.ts'
import {
  decideClient,
  decideSecretExpiry,
  type Manager,
  nameTaken,
} from '../../platform/access/kept/decisions.ts'
import { newClientSecret } from '../../platform/access/keys/client-secret.ts'
import { hashOf } from '../../platform/access/keys/secret-text.ts'
import { managerOf } from '../../platform/access/manager.ts'
import type { Transaction } from '../../platform/database/database.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED, SEALED_KEY_REASONS } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { etagOf, isFresh, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { mismatch, refuseMismatch, requireMatch } from '../../platform/http/required-match.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { strictBody } from '../../platform/http/strict-body.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { pageOf } from './access-lists.ts'
import type { AccessRoutesOptions } from './access-routes.ts'
import {
  Client,
  ClientChange,
  ClientPage,
  ListQuery,
  MadeSecret,
  NewClient,
  NewSecret,
  NoQuery,
  OfClient,
  OfSecret,
  readWantedClient,
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

const readChange = strictBody(ClientChange)
const readSecret = strictBody(NewSecret)

/** The systems that sign in at the token endpoint. */
export const clientsRoutes =
  ({ database, state, now }: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const base = '/v1/access/clients'

    app.post(
      base,
      {
        config: { scope: 'admin', documentedBody: refTo(NewClient) },
        bodyLimit: LARGEST_BODY,
        schema: {
          operationId: 'createClient',
          tags: ['Access'],
          summary: 'Make a client',
          description:
            'Makes a client that signs in at `/oauth/token`: by `private_key_jwt` with the public keys sent here, or by a secret, which is made next at `/v1/access/clients/{id}/secrets`. An admin of some authorities gives access to those alone.',
          querystring: NoQuery,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The client is made.',
              headers: { ...ETAG_HEADER, ...LOCATION_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(Client) } },
            },
            ...refusals('access-refused', ...KEY_REASONS, ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const wanted = readWantedClient(request.body)
        const at = now()
        const decision = decideClient(wanted, manager, at)
        return answerOnce(request, reply, OF_SERVICE, async (once) => {
          const answer = await once.change(database, async (transaction) => {
            const id = await createClient(
              transaction,
              { name: wanted.name, ...decision },
              { by: manager.name, at },
            )
            if (id === null) throw nameTaken()
            const client = (await readClient(transaction, id, '*'))!
            const headers = { etag: etagFor(client), location: `${base}/${id}` }
            return { status: 201, headers, body: given(client) }
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
          operationId: 'listClients',
          tags: ['Access'],
          summary: 'The clients',
          description:
            'Every client, those revoked as well, in the order in which they were made. An admin of some authorities is given those clients that reach no further.',
          querystring: ListQuery,
          response: {
            200: {
              description: 'A page of clients.',
              content: { 'application/json': { schema: refTo(ClientPage) } },
            },
            ...refusals('invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { authorities } = managerOf(request)
        const page = await pageOf('clients', authorities, request.query, (asked) =>
          database.read([], (transaction) => listClients(transaction, asked)),
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
          operationId: 'getClient',
          tags: ['Access'],
          summary: 'One client',
          description:
            'What a client may do, its public keys, and when its secrets were made. Its ETag is for `If-Match`.',
          params: OfClient,
          querystring: NoQuery,
          response: {
            200: {
              description: 'The client.',
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(Client) } },
            },
            304: NotModified,
            ...refusals('unknown-client'),
          },
        },
      },
      async (request, reply) => {
        const client = await database.read([], (transaction) =>
          clientWithin(transaction, request.params.id, managerOf(request).authorities),
        )
        const etag = etagFor(client)
        reply.header('etag', etag).header('cache-control', PRIVATE)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return reply.send(given(client))
      },
    )

    app.put(
      `${base}/:id`,
      {
        config: { scope: 'admin', documentedBody: refTo(ClientChange) },
        bodyLimit: LARGEST_BODY,
        schema: {
          operationId: 'putClient',
          tags: ['Access'],
          summary: 'Change a client',
          description:
            'Sets what a client may do, its public keys and when it expires, all anew. Needs `If-Match` with the ETag of the client as it was read. Tokens that it already has are held to it within five seconds.',
          params: OfClient,
          querystring: NoQuery,
          headers: KeyHeaders,
          response: {
            200: {
              description: 'The client as it is now.',
              headers: { ...ETAG_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(Client) } },
            },
            ...refusals(
              'unknown-client',
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
        const wanted = readChange(request.body)
        const { id } = request.params
        return answerOnce(request, reply, OF_SERVICE, async (once) => {
          const answer = await once.change(database, async (transaction) => {
            const before = await clientWithin(transaction, id, manager.authorities)
            requireMatch(request, etagFor(before))
            if (before.revokedAt !== null) throw revokedAlready('client')
            const decision = decideClient(wanted, manager, now())
            if (!(await changeClient(transaction, before, decision))) throw mismatch()
            const client = (await readClient(transaction, id, '*'))!
            return { status: 200, headers: { etag: etagFor(client) }, body: given(client) }
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
          operationId: 'revokeClient',
          tags: ['Access'],
          summary: 'Revoke a client',
          description:
            'Ends a client with its secrets and tokens, within five seconds in every process, for good; it stays on record. Of one that is revoked already nothing changes. With `If-Match` only in the state that its ETag stands for.',
          params: OfClient,
          querystring: NoQuery,
          response: {
            204: Type.Null({ description: 'It is revoked.' }),
            ...refusals('unknown-client', 'precondition-failed', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        await database.write([], async (transaction) => {
          const client = await clientWithin(transaction, request.params.id, manager.authorities)
          refuseMismatch(request, etagFor(client))
          await revokeClient(transaction, client.id, { by: manager.name, at: now() })
        })
        state.forget()
        return reply.code(204).send(null)
      },
    )

    app.post(
      `${base}/:id/secrets`,
      {
        config: { scope: 'admin', documentedBody: refTo(NewSecret) },
        bodyLimit: LARGEST_BODY,
        schema: {
          operationId: 'createClientSecret',
          tags: ['Access'],
          summary: 'Make a secret of a client',
          description:
            'Makes a further secret and shows it this once (and again only to whoever repeats the request with its Idempotency-Key). Those before it stay good until they are revoked or expire, so that one can take another’s place without a gap.',
          params: OfClient,
          querystring: NoQuery,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The secret, shown this once.',
              headers: REPLAYED,
              content: { 'application/json': { schema: refTo(MadeSecret) } },
            },
            ...refusals('unknown-client', 'access-refused', ...SEALED_KEY_REASONS, ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const at = now()
        const { expiresAt = null } = readSecret(request.body ?? {})
        // Before the key is looked at: it must not show a secret again to who has ceased to manage the client.
        await database.read([], (transaction) =>
          clientWithin(transaction, request.params.id, manager.authorities),
        )
        return answerOnce(request, reply, OF_SERVICE, async (once) => {
          const answer = await once.change(database, async (transaction) => {
            const client = await clientWithin(transaction, request.params.id, manager.authorities)
            if (client.revokedAt !== null) throw revokedAlready('client')
            const secret = newClientSecret()
            const made = await addSecret(
              transaction,
              {
                client: client.id,
                hash: hashOf(secret),
                expiresAt: decideSecretExpiry(expiresAt, at),
              },
              { by: manager.name, at },
            )
            return { status: 201, body: { secret, made }, sealed: true }
          })
          state.forget()
          return answer
        })
      },
    )

    app.delete(
      `${base}/:id/secrets/:secret`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'revokeClientSecret',
          tags: ['Access'],
          summary: 'Revoke a secret of a client',
          description:
            'Ends one secret of a client, for good. Tokens that the client has already stay good until they expire; to end those as well, revoke the client.',
          params: OfSecret,
          querystring: NoQuery,
          response: {
            204: Type.Null({ description: 'It is revoked.' }),
            ...refusals('unknown-client', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const { id, secret } = request.params
        await database.write([], async (transaction) => {
          const client = await clientWithin(transaction, id, manager.authorities)
          if (!client.secrets.some((one) => one.id === secret)) throw unknownClient()
          await revokeSecret(transaction, id, secret, { by: manager.name, at: now() })
        })
        state.forget()
        return reply.code(204).send(null)
      },
    )
  }

async function clientWithin(
  transaction: Transaction,
  id: string,
  authorities: Manager['authorities'],
): Promise<ManagedClient> {
  const client = await readClient(transaction, id, authorities)
  if (!client) throw unknownClient()
  return client
}

const etagFor = ({ id, version }: ManagedClient): string => etagOf(['client', id, String(version)])

const given = (client: ManagedClient) => ({
  ...client,
  grants: givenGrants(client.grants),
  jwks: client.jwks && { keys: [...client.jwks.keys] },
  secrets: [...client.secrets],
})

function unknownClient(): Refusal {
  const detail = 'There is no such client or secret that the access token may manage.'
  return new Refusal('unknown-client', detail, [{ pointer: '/path/id', code: 'unknown-client', detail }])
}

function revokedAlready(what: string): Refusal {
  const detail = `The ${what} is revoked, for good; make another.`
  return new Refusal('access-refused', detail, [{ pointer: '/path/id', code: 'revoked', detail }])
}
