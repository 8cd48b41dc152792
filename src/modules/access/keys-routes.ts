import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { decideKey } from '../../platform/access/kept/decisions.ts'
import {
  createKey,
  listKeys,
  type ManagedKey,
  readKey,
  revokeKey,
} from '../../platform/access/kept/key-store.ts'
import { newApiKey } from '../../platform/access/keys/api-key.ts'
import { managerOf } from '../../platform/access/manager.ts'
import { KeyHeaders, REPLAYED, SEALED_KEY_REASONS } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { etagOf, isFresh, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refuseMismatch } from '../../platform/http/required-match.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { pageOf } from './access-lists.ts'
import type { AccessRoutesOptions } from './access-routes.ts'
import {
  ApiKey,
  ApiKeyPage,
  ListQuery,
  MadeKey,
  NewKey,
  NoQuery,
  OfKey,
  readWantedKey,
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

/** Keys for callers that can do nothing else than send one. */
export const keysRoutes =
  ({ database, state, rules, now }: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const base = '/v1/access/keys'

    app.post(
      base,
      {
        config: { scope: 'admin', documentedBody: refTo(NewKey) },
        bodyLimit: LARGEST_BODY,
        schema: {
          operationId: 'createApiKey',
          tags: ['Access'],
          summary: 'Make an API key',
          description:
            'Makes a key and shows it this once (and again only to whoever repeats the request with its Idempotency-Key). It is for callers that can’t sign in at `/oauth/token`, such as a spreadsheet: it expires after API_KEY_DAYS (90) at the latest, and carries no more than the scopes of API_KEY_SCOPES (figures only, unless configured otherwise).',
          querystring: NoQuery,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The key, shown this once.',
              headers: { ...LOCATION_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(MadeKey) } },
            },
            ...refusals('access-refused', ...SEALED_KEY_REASONS, ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        const at = now()
        // Before the Idempotency-Key is looked at: who may not make such a key any more is not shown it again.
        const decision = decideKey(readWantedKey(request.body), manager, rules, at)
        return answerOnce(request, reply, OF_SERVICE, async (once) => {
          const answer = await once.change(database, async (transaction) => {
            const secret = newApiKey()
            const made = await createKey(transaction, decision, secret, { by: manager.name, at })
            const headers = { location: `${base}/${made.id}` }
            return { status: 201, headers, body: { key: secret.key, made: given(made) }, sealed: true }
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
          operationId: 'listApiKeys',
          tags: ['Access'],
          summary: 'The API keys',
          description:
            'Every key, those revoked and expired as well, in the order in which they were made; never the keys themselves. An admin of some authorities is given those that reach no further.',
          querystring: ListQuery,
          response: {
            200: {
              description: 'A page of API keys.',
              content: { 'application/json': { schema: refTo(ApiKeyPage) } },
            },
            ...refusals('invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { authorities } = managerOf(request)
        const page = await pageOf('keys', authorities, request.query, (asked) =>
          database.read([], (transaction) => listKeys(transaction, asked)),
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
          operationId: 'getApiKey',
          tags: ['Access'],
          summary: 'One API key',
          description: 'What a key may do, and until when; never the key itself.',
          params: OfKey,
          querystring: NoQuery,
          response: {
            200: {
              description: 'The key.',
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(ApiKey) } },
            },
            304: NotModified,
            ...refusals('unknown-key'),
          },
        },
      },
      async (request, reply) => {
        const key = await database.read([], (transaction) =>
          readKey(transaction, request.params.id, managerOf(request).authorities),
        )
        if (!key) throw unknownKey()
        const etag = etagFor(key)
        reply.header('etag', etag).header('cache-control', PRIVATE)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return reply.send(given(key))
      },
    )

    app.delete(
      `${base}/:id`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'revokeApiKey',
          tags: ['Access'],
          summary: 'Revoke an API key',
          description:
            'Ends a key within five seconds in every process, for good; it stays on record. Of one that is revoked already nothing changes. With `If-Match` only in the state that its ETag stands for.',
          params: OfKey,
          querystring: NoQuery,
          response: {
            204: Type.Null({ description: 'It is revoked.' }),
            ...refusals('unknown-key', 'precondition-failed', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        await database.write([], async (transaction) => {
          const key = await readKey(transaction, request.params.id, manager.authorities)
          if (!key) throw unknownKey()
          refuseMismatch(request, etagFor(key))
          await revokeKey(transaction, key.id, { by: manager.name, at: now() })
        })
        state.forget()
        return reply.code(204).send(null)
      },
    )
  }

/** A key never changes, save that it is revoked. */
const etagFor = ({ id, revokedAt }: ManagedKey): string => etagOf(['key', id, revokedAt ?? ''])

const given = (key: ManagedKey) => ({
  ...key,
  grants: givenGrants(key.grants),
})

function unknownKey(): Refusal {
  const detail = 'There is no such API key that the access token may manage.'
  return new Refusal('unknown-key', detail, [{ pointer: '/path/id', code: 'unknown-key', detail }])
}
