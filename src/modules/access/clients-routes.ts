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
import { decideClient, decideSecretExpiry, nameTaken } from '../../platform/access/kept/decisions.ts'
import { newClientSecret } from '../../platform/access/keys/client-secret.ts'
import { hashOf } from '../../platform/access/keys/secret-text.ts'
import { managerOf } from '../../platform/access/manager.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED, SEALED_KEY_REASONS } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { etagOf } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { mismatch, requireMatch } from '../../platform/http/required-match.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { strictBody } from '../../platform/http/strict-body.ts'
import {
  Client,
  ClientChange,
  ClientPage,
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
} from './answer-parts.ts'
import {
  type ManagedKind,
  managedRoutes,
  managedWithin,
  revokedAlready,
  unknownManaged,
} from './managed-routes.ts'
import type { AccessRoutesOptions } from './options.ts'

const readChange = strictBody(ClientChange)
const readSecret = strictBody(NewSecret)

/** The systems that sign in at the token endpoint. */
export const clientsRoutes =
  (options: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { database, state, now } = options
    const base = '/v1/access/clients'
    await app.register(managedRoutes(CLIENTS, options))

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
            const before = await managedWithin(CLIENTS, transaction, id, manager)
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
          managedWithin(CLIENTS, transaction, request.params.id, manager),
        )
        return answerOnce(request, reply, OF_SERVICE, async (once) => {
          const answer = await once.change(database, async (transaction) => {
            const client = await managedWithin(CLIENTS, transaction, request.params.id, manager)
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
          const client = await managedWithin(CLIENTS, transaction, id, manager)
          if (!client.secrets.some((one) => one.id === secret)) throw unknownManaged(CLIENTS)
          await revokeSecret(transaction, id, secret, { by: manager.name, at: now() })
        })
        state.forget()
        return reply.code(204).send(null)
      },
    )
  }

const etagFor = ({ id, version }: ManagedClient): string => etagOf(['client', id, String(version)])

const given = (client: ManagedClient) => ({
  ...client,
  grants: givenGrants(client.grants),
  jwks: client.jwks && { keys: [...client.jwks.keys] },
  secrets: [...client.secrets],
})

const CLIENTS: ManagedKind<ManagedClient> = {
  name: 'clients',
  unknownReason: 'unknown-client',
  schemas: { params: OfClient, one: Client, page: ClientPage },
  read: readClient,
  list: listClients,
  revoke: revokeClient,
  etagFor,
  given,
  called: 'client or secret',
  answers: { one: 'The client.', page: 'A page of clients.' },
  words: {
    list: {
      operationId: 'listClients',
      summary: 'The clients',
      description:
        'Every client, those revoked as well, in the order in which they were made. An admin of some authorities is given those clients that reach no further.',
    },
    get: {
      operationId: 'getClient',
      summary: 'One client',
      description:
        'What a client may do, its public keys, and when its secrets were made. Its ETag is for `If-Match`.',
    },
    revoke: {
      operationId: 'revokeClient',
      summary: 'Revoke a client',
      description:
        'Ends a client with its secrets and tokens, within five seconds in every process, for good; it stays on record. Of one that is revoked already nothing changes. With `If-Match` only in the state that its ETag stands for.',
    },
  },
}
