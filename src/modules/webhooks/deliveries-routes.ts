import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { appendTestEvent } from '../../events/event-store.ts'
import { authorityOf } from '../../platform/access/access.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { type Delivery, listDeliveries, retryDelivery } from '../../webhooks/delivery-store.ts'
import type { Webhook } from '../../webhooks/webhook-store.ts'
import type { WebhooksRoutesOptions } from './options.ts'
import { BODY_REFUSALS, PRIVATE, unknown, webhookOf } from './webhook-parts.ts'
import {
  DeliveriesQuery,
  OfDelivery,
  OfWebhook,
  WebhookDelivery,
  WebhookDeliveryPage,
} from './webhooks-schemas.ts'

/** What became of telling webhooks, and telling them again. */
export const deliveriesRoutes =
  ({ database, now }: Pick<WebhooksRoutesOptions, 'database' | 'now'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    const base = '/v1/authorities/:authority/webhooks'

    app.post(
      `${base}/:id/test`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'testWebhook',
          tags: ['Events'],
          summary: 'Send a webhook a test',
          description:
            'Has the address told of an event of the type `webhook.test`, whatever types it asks for. What became of it is among its deliveries, and the event is in the feed.',
          params: OfWebhook,
          headers: KeyHeaders,
          response: {
            202: {
              description: 'The delivery of the test, waiting; it is sent within seconds.',
              headers: REPLAYED,
              content: { 'application/json': { schema: refTo(WebhookDelivery) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-webhook',
              'webhook-refused',
              ...KEY_REASONS,
              ...BODY_REFUSALS,
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { id } = request.params
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.change(database, async (transaction) => {
            mustBeTold(await webhookOf(transaction, code, id, true))
            await appendTestEvent(transaction, code, id)
            // The newest: nobody else appends until this transaction ends.
            const [delivery] = await listDeliveries(transaction, code, id, { before: null, limit: 1 })
            return { status: 202, body: givenDelivery(delivery!) }
          }),
        )
      },
    )

    app.get(
      `${base}/:id/deliveries`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'listWebhookDeliveries',
          tags: ['Events'],
          summary: 'What became of telling a webhook',
          description: 'A delivery for each event that it was to be told of, as long as the event is kept.',
          params: OfWebhook,
          querystring: DeliveriesQuery,
          response: {
            200: {
              description: 'A page of deliveries.',
              content: { 'application/json': { schema: refTo(WebhookDeliveryPage) } },
            },
            ...refusals('unknown-authority', 'unknown-webhook', 'invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { limit = 100, cursor } = request.query
        const { id } = request.params
        const question = JSON.stringify(['webhook-deliveries', code, id])
        const before = cursor === undefined ? null : readCursor(cursor, question, Position)
        const deliveries = await database.read([code], async (transaction) => {
          await webhookOf(transaction, code, id)
          return listDeliveries(transaction, code, id, { before, limit: limit + 1 })
        })
        const page = deliveries.slice(0, limit)
        const last = page.at(-1)
        reply.header('cache-control', PRIVATE)
        return reply.send({
          data: page.map(givenDelivery),
          next:
            deliveries.length > limit && last
              ? writeCursor(question, { number: last.eventNumber, id: last.id })
              : null,
        })
      },
    )

    app.post(
      `${base}/:id/deliveries/:delivery/retry`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'retryWebhookDelivery',
          tags: ['Events'],
          summary: 'Send a message again',
          description:
            'Has the message of a delivery sent again within seconds, whatever became of it before; where that fails, it is tried again as a new one would be.',
          params: OfDelivery,
          headers: KeyHeaders,
          response: {
            202: {
              description: 'The delivery, waiting.',
              headers: REPLAYED,
              content: { 'application/json': { schema: refTo(WebhookDelivery) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-webhook',
              'unknown-delivery',
              'webhook-refused',
              ...KEY_REASONS,
              ...BODY_REFUSALS,
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { id, delivery } = request.params
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.change(database, async (transaction) => {
            mustBeTold(await webhookOf(transaction, code, id, true))
            const waiting = await retryDelivery(transaction, code, id, delivery, now())
            if (waiting === null)
              throw unknown('unknown-delivery', 'delivery', 'The webhook has no such delivery.')
            return { status: 202, body: givenDelivery(waiting) }
          }),
        )
      },
    )
  }

const Position = Type.Object(
  {
    number: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    id: Type.String({ format: 'uuid' }),
  },
  { additionalProperties: false },
)

function mustBeTold({ disabledAt }: Webhook): void {
  if (disabledAt === null) return
  const detail = 'The webhook is told no more; PUT it, and it is told again.'
  throw new Refusal('webhook-refused', detail, [{ pointer: '/path/id', code: 'webhook-disabled', detail }])
}

const givenDelivery = ({ eventNumber: _, ...delivery }: Delivery): Static<typeof WebhookDelivery> => delivery
