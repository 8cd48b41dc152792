import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED, SEALED_KEY_REASONS } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { jsonObjectOf } from '../../platform/http/json-object.ts'
import { etagOf, isFresh, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refuseMismatch } from '../../platform/http/required-match.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { readAskedWebhook } from '../../webhooks/asked-webhook.ts'
import { newSecret, OVERLAP_MS, openSecrets, rotated, sealSecrets } from '../../webhooks/signature.ts'
import {
  changeSecrets,
  changeWebhook,
  createWebhook,
  deleteWebhook,
  type Webhook as KeptWebhook,
  listWebhooks,
  MOST_WEBHOOKS,
} from '../../webhooks/webhook-store.ts'
import { deliveriesRoutes } from './deliveries-routes.ts'
import type { WebhooksRoutesOptions } from './options.ts'
import { BODY_REFUSALS, PRIVATE, webhookOf } from './webhook-parts.ts'
import {
  NewWebhook,
  OfAuthority,
  OfWebhook,
  WEBHOOK_SCHEMAS,
  Webhook,
  WebhookBody,
  WebhookList,
  WebhookSecret,
} from './webhooks-schemas.ts'

/** An address and a list of words. */
const LARGEST_WEBHOOK = 16 * 1024

const MESSAGES =
  'Messages are as Standard Webhooks 1.0 says: a POST of the event as `GET …/events` gives it (a structured CloudEvent, `application/cloudevents+json`), with `webhook-id` (the event’s id: the same message may come more than once), `webhook-timestamp` and `webhook-signature`. Answer 2xx within 15 seconds; what else the answer says is not read, and redirects are not followed. Whatever else comes of it, it is sent again after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, each up to a tenth later. An answer of 410, or five days of failure, ends it. The order of messages is not promised: where it matters, follow the feed of events.'

/** Addresses that are told of events, kept by an authority's administrators. */
export const webhooksRoutes =
  ({ database, master, rules, now }: WebhooksRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of WEBHOOK_SCHEMAS) app.addSchema(schema)
    const base = '/v1/authorities/:authority/webhooks'

    app.post(
      base,
      {
        config: { scope: 'admin', documentedBody: refTo(WebhookBody) },
        bodyLimit: LARGEST_WEBHOOK,
        schema: {
          operationId: 'createWebhook',
          tags: ['Events'],
          summary: 'Have an address told of events',
          description: `Makes a webhook, and shows the secret by which its messages are signed: this once (and again only to whoever repeats the request with its Idempotency-Key). An authority has at most ${MOST_WEBHOOKS}. ${MESSAGES}`,
          params: OfAuthority,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The webhook, with its secret.',
              headers: {
                ...ETAG_HEADER,
                ...REPLAYED,
                location: { type: 'string', description: 'The address of the webhook.' },
              },
              content: { 'application/json': { schema: refTo(NewWebhook) } },
            },
            ...refusals('unknown-authority', 'webhook-refused', ...SEALED_KEY_REASONS, ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const body = jsonObjectOf(request.body, 'a url, and types')
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.make(
            database,
            () => readAskedWebhook(body, rules),
            async (transaction, asked) => {
              const secret = newSecret()
              const secrets = sealSecrets(master, [{ secret, until: null }])
              const kept = { ...asked, secrets }
              const webhook = await createWebhook(transaction, code, kept, request.caller.name)
              if (webhook === null)
                throw refused(`The authority has ${MOST_WEBHOOKS} webhooks, which is as many as it may.`)
              const location = `/v1/authorities/${code}/webhooks/${webhook.id}`
              return {
                status: 201,
                headers: { etag: etagFor(webhook), location },
                body: { ...given(webhook, code), secret },
                sealed: true,
              }
            },
          ),
        )
      },
    )

    app.get(
      base,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'listWebhooks',
          tags: ['Events'],
          summary: 'The webhooks of an authority',
          description:
            'Every address that is told of events, and how that goes. Secrets are not shown again.',
          params: OfAuthority,
          response: {
            200: {
              description: 'The webhooks.',
              content: { 'application/json': { schema: refTo(WebhookList) } },
            },
            ...refusals('unknown-authority'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const webhooks = await database.read([code], (transaction) => listWebhooks(transaction, code))
        reply.header('cache-control', PRIVATE)
        return reply.send({ data: webhooks.map((webhook) => given(webhook, code)), next: null })
      },
    )

    app.get(
      `${base}/:id`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'getWebhook',
          tags: ['Events'],
          summary: 'One webhook',
          description: 'The webhook, and how telling it goes. Its ETag is for `If-Match`.',
          params: OfWebhook,
          response: {
            200: {
              description: 'The webhook.',
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(Webhook) } },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-webhook'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const webhook = await database.read([code], (transaction) =>
          webhookOf(transaction, code, request.params.id),
        )
        setHead(reply, webhook)
        if (isFresh(request, etagFor(webhook))) return reply.code(304).send(null)
        return reply.send(given(webhook, code))
      },
    )

    app.put(
      `${base}/:id`,
      {
        config: { scope: 'admin', documentedBody: refTo(WebhookBody) },
        bodyLimit: LARGEST_WEBHOOK,
        schema: {
          operationId: 'putWebhook',
          tags: ['Events'],
          summary: 'Change a webhook',
          description:
            'Gives it another address or other types; its secret stays. One that was told no more is told again, from the next event on. `If-Match` must say what state is changed.',
          params: OfWebhook,
          headers: KeyHeaders,
          response: {
            200: {
              description: 'The webhook as it is now.',
              headers: { ...ETAG_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(Webhook) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-webhook',
              'webhook-refused',
              'precondition-required',
              'precondition-failed',
              ...KEY_REASONS,
              ...BODY_REFUSALS,
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        if (request.headers['if-match'] === undefined) throw matchRequired()
        const body = jsonObjectOf(request.body, 'a url, and types')
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.make(
            database,
            () => readAskedWebhook(body, rules),
            async (transaction, asked) => {
              mustBeMeant(request, await webhookOf(transaction, code, request.params.id, true))
              const webhook = await changeWebhook(transaction, code, request.params.id, asked)
              return { status: 200, headers: { etag: etagFor(webhook) }, body: given(webhook, code) }
            },
          ),
        )
      },
    )

    app.delete(
      `${base}/:id`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'deleteWebhook',
          tags: ['Events'],
          summary: 'Delete a webhook',
          description:
            'The address is told no more, and its deliveries are deleted with it. With `If-Match` only in the state that its ETag stands for.',
          params: OfWebhook,
          response: {
            204: Type.Null({ description: 'It is deleted.' }),
            ...refusals('unknown-authority', 'unknown-webhook', 'precondition-failed', ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        await database.write([code], async (transaction) => {
          mustBeMeant(request, await webhookOf(transaction, code, request.params.id, true))
          await deleteWebhook(transaction, code, request.params.id)
        })
        return reply.code(204).send(null)
      },
    )

    app.post(
      `${base}/:id/secrets`,
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'rotateWebhookSecret',
          tags: ['Events'],
          summary: 'Give a webhook a new secret',
          description:
            'Shows a new secret, this once (and again only to whoever repeats the request with its Idempotency-Key). For 24 hours messages are signed with the one before as well, so that the receiver can be changed in the meantime without missing one.',
          params: OfWebhook,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The new secret.',
              headers: REPLAYED,
              content: { 'application/json': { schema: refTo(WebhookSecret) } },
            },
            ...refusals('unknown-authority', 'unknown-webhook', ...SEALED_KEY_REASONS, ...BODY_REFUSALS),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { id } = request.params
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.change(database, async (transaction) => {
            const secret = newSecret()
            const at = now()
            const { secrets } = await webhookOf(transaction, code, id, true)
            const next = rotated(openSecrets(master, secrets), secret, at)
            await changeSecrets(transaction, code, id, sealSecrets(master, next))
            const previousUntil = new Date(at.getTime() + OVERLAP_MS).toISOString()
            return { status: 201, body: { secret, previousUntil }, sealed: true }
          }),
        )
      },
    )

    await app.register(deliveriesRoutes({ database, now }))
  }

/* ---- what comes in ---------------------------------------------------------------------------------------- */

const refused = (detail: string): Refusal =>
  new Refusal('webhook-refused', detail, [{ pointer: '/path/authority', code: 'webhook-refused', detail }])

function matchRequired(): Refusal {
  const detail = 'The header If-Match is missing: it says which state of the webhook is to be changed.'
  return new Refusal('precondition-required', detail, [
    { pointer: '/headers/if-match', code: 'missing', detail, allowed: ['the ETag of the webhook', '*'] },
  ])
}

function mustBeMeant(request: FastifyRequest, webhook: KeptWebhook): void {
  const detail = 'The webhook is not in the state that the request names: it has changed since.'
  refuseMismatch(request, etagFor(webhook), detail)
}

/* ---- what goes out ---------------------------------------------------------------------------------------- */

const ETAG_HEADER = {
  etag: { type: 'string', description: 'Stands for the state of the webhook, for `If-Match`.' },
}

const etagFor = ({ id, version, failingSince, disabledAt }: KeptWebhook): string =>
  etagOf(['webhook', id, String(version), String(failingSince), String(disabledAt)])

function setHead(reply: FastifyReply, webhook: KeptWebhook): void {
  reply.header('etag', etagFor(webhook)).header('cache-control', PRIVATE)
}

const given = (webhook: KeptWebhook, authority: string): Static<typeof Webhook> => ({
  id: webhook.id,
  authority,
  url: webhook.url,
  types: [...webhook.types],
  version: webhook.version,
  createdAt: webhook.createdAt,
  createdBy: webhook.createdBy,
  failingSince: webhook.failingSince,
  disabledAt: webhook.disabledAt,
  disabledBecause: webhook.disabledBecause,
})
