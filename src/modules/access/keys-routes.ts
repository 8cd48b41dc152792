import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
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
import { etagOf } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { ApiKey, ApiKeyPage, MadeKey, NewKey, NoQuery, OfKey, readWantedKey } from './access-schemas.ts'
import { BODY_REFUSALS, givenGrants, LARGEST_BODY, LOCATION_HEADER, OF_SERVICE } from './answer-parts.ts'
import { type ManagedKind, managedRoutes } from './managed-routes.ts'
import type { AccessRoutesOptions } from './options.ts'

/** Keys for callers that can do nothing else than send one. */
export const keysRoutes =
  (options: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { database, state, rules, now } = options
    const base = '/v1/access/keys'
    await app.register(managedRoutes(KEYS, options))

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
  }

/** A key never changes, save that it is revoked. */
const etagFor = ({ id, revokedAt }: ManagedKey): string => etagOf(['key', id, revokedAt ?? ''])

const given = (key: ManagedKey) => ({
  ...key,
  grants: givenGrants(key.grants),
})

const KEYS: ManagedKind<ManagedKey> = {
  name: 'keys',
  unknownReason: 'unknown-key',
  schemas: { params: OfKey, one: ApiKey, page: ApiKeyPage },
  read: readKey,
  list: listKeys,
  revoke: revokeKey,
  etagFor,
  given,
  called: 'API key',
  answers: { one: 'The key.', page: 'A page of API keys.' },
  words: {
    list: {
      operationId: 'listApiKeys',
      summary: 'The API keys',
      description:
        'Every key, those revoked and expired as well, in the order in which they were made; never the keys themselves. An admin of some authorities is given those that reach no further.',
    },
    get: {
      operationId: 'getApiKey',
      summary: 'One API key',
      description: 'What a key may do, and until when; never the key itself.',
    },
    revoke: {
      operationId: 'revokeApiKey',
      summary: 'Revoke an API key',
      description:
        'Ends a key within five seconds in every process, for good; it stays on record. Of one that is revoked already nothing changes. With `If-Match` only in the state that its ETag stands for.',
    },
  },
}
