import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type TObject, type TSchema, type TString, Type } from 'typebox'
import type { Manager } from '../../platform/access/kept/decisions.ts'
import type { Asked, Change, Managed } from '../../platform/access/kept/managed.ts'
import { managerOf } from '../../platform/access/manager.ts'
import type { Transaction } from '../../platform/database/database.ts'
import { isFresh, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refuseMismatch } from '../../platform/http/required-match.ts'
import { type Named, refTo } from '../../platform/http/schema-names.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { pageOf } from './access-lists.ts'
import { ListQuery, NoQuery } from './access-schemas.ts'
import { ETAG_HEADER, PRIVATE } from './answer-parts.ts'
import type { AccessRoutesOptions } from './options.ts'

interface Words {
  readonly operationId: string
  readonly summary: string
  readonly description: string
}

/** A kind of thing that an admin manages, how it is kept and how it is spoken of. */
export interface ManagedKind<Item extends Managed> {
  /** In the plural, as in its address and its cursors. */
  readonly name: 'clients' | 'keys' | 'grants'
  readonly unknownReason: 'unknown-client' | 'unknown-key' | 'unknown-grant'
  readonly schemas: {
    readonly params: TObject<{ id: TString }>
    readonly one: Named<TSchema>
    readonly page: Named<TSchema>
  }
  /** Null where there is none, or none that a manager of these authorities may see. */
  readonly read: (transaction: Transaction, id: string, within: Asked['within']) => Promise<Item | null>
  readonly list: (transaction: Transaction, asked: Asked) => Promise<Item[]>
  readonly revoke: (transaction: Transaction, id: string, change: Change) => Promise<unknown>
  readonly etagFor: (item: Item) => string
  /** As it is given out. */
  readonly given: (item: Item) => unknown
  /** As it is spoken of in refusals: `API key`. */
  readonly called: string
  /** As answers are described. */
  readonly answers: { readonly one: string; readonly page: string }
  readonly words: { readonly list: Words; readonly get: Words; readonly revoke: Words }
}

/** Listing, reading and revoking, which are the same for whatever is managed. */
export const managedRoutes =
  <Item extends Managed>(
    kind: ManagedKind<Item>,
    { database, state, now }: AccessRoutesOptions,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { schemas, answers, words, unknownReason } = kind
    const base = `/v1/access/${kind.name}`

    app.get(
      base,
      {
        config: { scope: 'admin' },
        schema: {
          ...words.list,
          tags: ['Access'],
          querystring: ListQuery,
          response: {
            200: {
              description: answers.page,
              content: { 'application/json': { schema: refTo(schemas.page) } },
            },
            ...refusals('invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { authorities } = managerOf(request)
        const page = await pageOf(kind.name, authorities, request.query, (asked) =>
          database.read([], (transaction) => kind.list(transaction, asked)),
        )
        reply.header('cache-control', PRIVATE)
        return { data: page.data.map(kind.given), next: page.next }
      },
    )

    app.get(
      `${base}/:id`,
      {
        config: { scope: 'admin' },
        schema: {
          ...words.get,
          tags: ['Access'],
          params: schemas.params,
          querystring: NoQuery,
          response: {
            200: {
              description: answers.one,
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(schemas.one) } },
            },
            304: NotModified,
            ...refusals(unknownReason),
          },
        },
      },
      async (request, reply) => {
        const item = await database.read([], (transaction) =>
          managedWithin(kind, transaction, request.params.id, managerOf(request)),
        )
        const etag = kind.etagFor(item)
        reply.header('etag', etag).header('cache-control', PRIVATE)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return reply.send(kind.given(item))
      },
    )

    app.delete(
      `${base}/:id`,
      {
        config: { scope: 'admin' },
        schema: {
          ...words.revoke,
          tags: ['Access'],
          params: schemas.params,
          querystring: NoQuery,
          response: {
            204: Type.Null({ description: 'It is revoked.' }),
            ...refusals(unknownReason, 'precondition-failed', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const manager = managerOf(request)
        await database.write([], async (transaction) => {
          const item = await managedWithin(kind, transaction, request.params.id, manager)
          refuseMismatch(request, kind.etagFor(item))
          await kind.revoke(transaction, item.id, { by: manager.name, at: now() })
        })
        state.forget()
        return reply.code(204).send(null)
      },
    )
  }

/** What a manager asks for by its id; refused as unknown where it reaches beyond what they manage. */
export async function managedWithin<Item extends Managed>(
  kind: Pick<ManagedKind<Item>, 'read' | 'unknownReason' | 'called'>,
  transaction: Transaction,
  id: string,
  { authorities }: Pick<Manager, 'authorities'>,
): Promise<Item> {
  const item = await kind.read(transaction, id, authorities)
  if (!item) throw unknownManaged(kind)
  return item
}

export function unknownManaged({
  unknownReason,
  called,
}: Pick<ManagedKind<Managed>, 'unknownReason' | 'called'>) {
  const detail = `There is no such ${called} that the access token may manage.`
  return new Refusal(unknownReason, detail, [{ pointer: '/path/id', code: unknownReason, detail }])
}

/** Of what is revoked nothing changes any more. */
export function revokedAlready(what: string): Refusal {
  const detail = `The ${what} is revoked, for good; make another.`
  return new Refusal('access-refused', detail, [{ pointer: '/path/id', code: 'revoked', detail }])
}
