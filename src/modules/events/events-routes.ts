import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { cloudEventOf } from '../../events/cloud-event.ts'
import { keptNumbers, readEvents } from '../../events/event-store.ts'
import { EVENT_TYPE_NAMES, EVENT_TYPES, type EventType } from '../../events/event-types.ts'
import { EveryFault } from '../../indicators/every-fault.ts'
import { authorityOf } from '../../platform/access/access.ts'
import type { Database } from '../../platform/database/database.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { listOf } from '../../platform/http/parameters.ts'
import { etagOf, isFresh, NotModified, setValidators } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { nearMatches } from '../../vocabulary/near-match.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { EVENT_SCHEMAS, EventPage, EventsQuery, OfAuthority } from './events-schemas.ts'

export interface EventsRoutesOptions {
  readonly database: Database
  /** Where callers reach the service, without a trailing slash; null: `source` is a path. */
  readonly publicUrl: string | null
}

/** The number of the last event seen. */
const Position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** What happened, for those whom nobody outside can call: to be asked for, as often as they like. */
export const eventsRoutes =
  ({ database, publicUrl }: EventsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of EVENT_SCHEMAS) app.addSchema(schema)

    app.get(
      '/v1/authorities/:authority/events',
      {
        config: { scope: ['observations:read', 'returns:write'] },
        schema: {
          operationId: 'listEvents',
          tags: ['Events'],
          summary: 'What happened',
          description:
            'Events of the authority, oldest first, from `after` on. None is missed and none comes twice, whoever writes at the same time. Keep `next` and ask again with it, and with the ETag of the answer before in `If-None-Match`: where nothing happened since, the answer is 304. What is older than the service keeps (EVENT_DAYS) is cleared away; a cursor from before that is answered 410.',
          params: OfAuthority,
          querystring: EventsQuery,
          response: {
            200: {
              description: 'Events, none where nothing happened.',
              headers: { etag: { type: 'string', description: 'Stands for this answer.' } },
              content: { 'application/json': { schema: refTo(EventPage) } },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'invalid-cursor', 'events-cleared'),
          },
        },
      },
      async (request, reply) => {
        const { after, limit = 100 } = request.query
        const faults = new EveryFault()
        const authority = faults.reading(() => authorityOf(request, request.params.authority))
        const types = faults.reading(() => typesOf(listOf(request.query.type)))
        const asked =
          after === undefined || authority === undefined
            ? null
            : faults.reading(() => readCursor(after, feedOf(authority.code), Position, 'after'))
        faults.refuse()
        const { code } = authority!
        const { events, first, last } = await database.read([code], async (transaction) => {
          const numbers = await keptNumbers(transaction, code)
          const from = asked ?? Math.max(0, numbers.first - 1)
          refuseLost(from, numbers)
          return {
            events: await readEvents(transaction, code, { after: from, types: types!, limit }),
            ...numbers,
          }
        })
        const etag = etagOf([
          'events',
          code,
          after ?? '',
          String(types),
          `${limit} ${first} ${last}`,
          publicUrl ?? '',
        ])
        if (isFresh(request, etag)) return reply.code(304).send(null)
        setValidators(reply, etag)
        // Where all there is was given, on from the last there is: also past what the filter left out.
        const seen = events.length === limit ? events.at(-1)!.number : last
        return reply.send({
          data: events.map((event) => cloudEventOf(event, publicUrl ?? '')),
          next: writeCursor(feedOf(code), seen),
        })
      },
    )
  }

const feedOf = (authority: string): string => JSON.stringify(['events', authority])

/** Null for all. */
function typesOf(words: readonly string[]): EventType[] | null {
  const unknown = words.filter((word) => !Object.hasOwn(EVENT_TYPES, word))
  if (unknown.length > 0)
    throw new Refusal(
      'invalid-request',
      'There are no events of this type.',
      unknown.map((word) => {
        const didYouMean = nearMatches(word, EVENT_TYPE_NAMES)
        return {
          pointer: '/query/type',
          code: 'unknown-event-type',
          detail: 'There is no such type of event.',
          allowed: EVENT_TYPE_NAMES,
          ...(didYouMean.length > 0 && { didYouMean }),
        }
      }),
    )
  return words.length === 0 ? null : (words as EventType[])
}

/** Going on from a place whose next events are gone, or that never was, would miss some without a word. */
function refuseLost(after: number, { first, last }: { first: number; last: number }): void {
  const detail =
    after < first - 1
      ? 'Events after this cursor were cleared away. Read anew what you follow, then begin again without `after`.'
      : after > last
        ? 'The cursor is ahead of the last event: the service was restored to an earlier state. Read anew what you follow, then begin again without `after`.'
        : null
  if (detail === null) return
  throw new Refusal('events-cleared', detail, [{ pointer: '/query/after', code: 'events-cleared', detail }])
}
