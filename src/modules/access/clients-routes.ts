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
} from './access-schemas.ts'
import { BODY_REFUSALS, ETAG_HEADER, LARGEST_BODY, LOCATION_HEADER, PRIVATE } from './answer-parts.ts'

const readNew = strictBody(NewClient)
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
          response: {
            201: {
              description: 'The client is made.',
              headers: { ...ETAG_HEADER, ...LOCATION_HEADER },
              content: { 'application/json': { schema: refTo(Client) } },
            },
            ...refusals('access-refused', ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const wanted = readNew(request.body)
        const at = now()
        const decision = decideClient(wanted, manager, at)
        const client = await database.write([], async (transaction) => {
          const id = await createClient(
            transaction,
            { name: wanted.name, ...decision },
            { by: manager.name, at },
          )
          if (id === null) throw nameTaken()
          return (await readClient(transaction, id, '*'))!
        })
        state.forget()
        reply
          .header('etag', etagFor(client))
          .header('location', `${base}/${client.id}`)
          .header('cache-control', PRIVATE)
        return reply.code(201).send(given(client))
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
          readClient(transaction, request.params.id, managerOf(request).authorities),
        )
        if (!client) throw unknownClient()
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
          response: {
            200: {
              description: 'The client as it is now.',
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(Client) } },
            },
            ...refusals(
              'unknown-client',
              'access-refused',
              'precondition-required',
              'precondition-failed',
              ...BODY_REFUSALS,
            ),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const wanted = readChange(request.body)
        const { id } = request.params
        const client = await database.write([], async (transaction) => {
          const before = await readClient(transaction, id, manager.authorities)
          if (!before) throw unknownClient()
          requireMatch(request, etagFor(before))
          if (before.revokedAt !== null) throw revokedAlready('client')
          const decision = decideClient(wanted, manager, now())
          if (!(await changeClient(transaction, before, decision))) throw mismatch()
          return (await readClient(transaction, id, '*'))!
        })
        state.forget()
        reply.header('etag', etagFor(client)).header('cache-control', PRIVATE)
        return given(client)
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
          const client = await readClient(transaction, request.params.id, manager.authorities)
          if (!client) throw unknownClient()
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
            'Makes a further secret and shows it this once. Those before it stay good until they are revoked or expire, so that one can take another’s place without a gap.',
          params: OfClient,
          querystring: NoQuery,
          response: {
            201: {
              description: 'The secret, shown this once.',
              content: { 'application/json': { schema: refTo(MadeSecret) } },
            },
            ...refusals('unknown-client', 'access-refused', ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const at = now()
        const { expiresAt = null } = readSecret(request.body ?? {})
        const secret = newClientSecret()
        const made = await database.write([], async (transaction) => {
          const client = await readClient(transaction, request.params.id, manager.authorities)
          if (!client) throw unknownClient()
          if (client.revokedAt !== null) throw revokedAlready('client')
          return addSecret(
            transaction,
            {
              client: client.id,
              hash: hashOf(secret),
              expiresAt: decideSecretExpiry(expiresAt, at),
            },
            { by: manager.name, at },
          )
        })
        state.forget()
        reply.header('cache-control', 'no-store')
        return reply.code(201).send({ secret, made })
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
          const client = await readClient(transaction, id, manager.authorities)
          if (!client?.secrets.some((one) => one.id === secret)) throw unknownClient()
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
  grants: client.grants.map(({ scopes, authorities }) => ({
    scopes: [...scopes],
    authorities: [...authorities],
  })),
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
