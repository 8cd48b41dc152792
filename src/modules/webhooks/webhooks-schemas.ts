import { Type } from 'typebox'
import { EVENT_TYPE_NAMES } from '../../events/event-types.ts'
import { AuthorityCode, Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { MOST_WEBHOOKS } from '../../webhooks/webhook-store.ts'

/** What the calls on webhooks take and give. */

const strict = { additionalProperties: false } as const

const id = (what: string) => Type.String({ format: 'uuid', description: what })
const WEBHOOK_ID = id('Id of the webhook.')

export const OfAuthority = Type.Object({ authority: AuthorityCode }, strict)
export const OfWebhook = Type.Object({ authority: AuthorityCode, id: WEBHOOK_ID }, strict)
export const OfDelivery = Type.Object(
  { authority: AuthorityCode, id: WEBHOOK_ID, delivery: id('Id of the delivery.') },
  strict,
)

export const DeliveriesQuery = Type.Object(
  { limit: Type.Optional(pageLimit(100, 1000)), cursor: Type.Optional(Cursor) },
  strict,
)

const eventType = (description: string) => Type.Enum([...EVENT_TYPE_NAMES], { type: 'string', description })
const orNull = (description: string, more: { format?: 'date-time' } = {}) =>
  Type.Union([Type.String(more), Type.Null()], { description })
const MOMENT = { format: 'date-time' } as const

const URL_OF =
  'Where messages are sent by POST: an https URL of a host on the public internet (or one that WEBHOOK_HOSTS names), on port 443 or from 1024 on, without user name, password and fragment. It may hold a word that only the receiver knows; whoever may manage webhooks sees it.'
const TYPES_OF = 'The types of events that it is told of; empty: all.'

/** What is sent. Read member by member by `readAskedWebhook`, which names every fault; this is for readers. */
export const WebhookBody = named(
  'WebhookBody',
  Type.Object(
    {
      url: Type.String({
        maxLength: 2000,
        description: URL_OF,
        examples: ['https://hooks.example.gov.uk/care'],
      }),
      types: Type.Optional(Type.Array(eventType('A type of event.'), { description: TYPES_OF })),
    },
    { ...strict, description: 'An address, and what it is to be told of.' },
  ),
)

const members = {
  id: WEBHOOK_ID,
  authority: Type.String({ description: 'GSS code of the authority.' }),
  url: Type.String({ description: URL_OF }),
  types: Type.Array(Type.String({ description: 'A type of event.' }), { description: TYPES_OF }),
  version: Type.Integer({ minimum: 1, description: 'Counts up with every change; the first is 1.' }),
  createdAt: Type.String({ format: 'date-time', description: 'When it was made.' }),
  createdBy: Type.String({ description: 'Who made it: the name of the caller.' }),
  failingSince: orNull('Since when nothing has come through; null where the last message did.', MOMENT),
  disabledAt: orNull('Since when it is told no more; null while it is. A PUT tells it again.', MOMENT),
  disabledBecause: orNull('Why it is told no more.'),
}

export const Webhook = named(
  'Webhook',
  Type.Object(members, { ...strict, description: 'An address that is told of events.' }),
)

const SECRET = Type.String({
  pattern: '^whsec_[A-Za-z0-9+/]+=*$',
  description:
    'What messages are signed with, as Standard Webhooks writes it. Shown this once; the service keeps it sealed.',
})

export const NewWebhook = named(
  'NewWebhook',
  Type.Object(
    { ...members, secret: SECRET },
    { ...strict, description: 'A webhook just made, with its secret.' },
  ),
)

export const WebhookSecret = named(
  'WebhookSecret',
  Type.Object(
    {
      secret: SECRET,
      previousUntil: Type.String({
        format: 'date-time',
        description: 'Until when messages are signed with the secret before as well.',
      }),
    },
    { ...strict, description: 'A new secret.' },
  ),
)

export const WebhookList = named(
  'WebhookList',
  Type.Object(
    {
      data: Type.Array(refTo(Webhook), {
        description: `Webhooks in the order in which they were made; an authority has at most ${MOST_WEBHOOKS}.`,
      }),
      next: Type.Null({ description: 'There is always one page only.' }),
    },
    { ...strict, description: 'The webhooks of an authority.' },
  ),
)

export const WebhookDelivery = named(
  'WebhookDelivery',
  Type.Object(
    {
      id: id('Id of the delivery.'),
      event: id('Id of the event; its message carries it as `webhook-id`.'),
      type: eventType('The type of the event.'),
      status: Type.Enum(['waiting', 'delivered', 'failed'], {
        type: 'string',
        description:
          '`waiting`: to be sent, or to be sent again; `delivered`: answered 2xx; `failed`: given up.',
      }),
      attempts: Type.Integer({
        minimum: 0,
        description: 'How often it was sent, since it was last asked for.',
      }),
      lastStatus: Type.Union([Type.Integer({ minimum: 100, maximum: 999 }), Type.Null()], {
        description: 'HTTP status of the last answer; null where there was none.',
      }),
      lastFault: orNull(
        'Why there was no answer: `timeout` (15 seconds), `name-not-found`, `connection-refused`, `connection-broken`, `certificate-not-accepted`, `address-not-allowed`; `webhook-disabled` where it was given up unsent.',
      ),
      lastAttemptAt: orNull('When it was last sent.', MOMENT),
      nextAttemptAt: orNull('When it is sent next, or a little later; null where it is not.', MOMENT),
    },
    { ...strict, description: 'What became of telling a webhook of an event.' },
  ),
)

export const WebhookDeliveryPage = named(
  'WebhookDeliveryPage',
  Type.Object(
    {
      data: Type.Array(refTo(WebhookDelivery), { description: 'Deliveries, of the newest event first.' }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
    },
    { ...strict, description: 'A page of a webhook’s deliveries.' },
  ),
)

export const WEBHOOK_SCHEMAS = [
  WebhookBody,
  Webhook,
  NewWebhook,
  WebhookSecret,
  WebhookList,
  WebhookDelivery,
  WebhookDeliveryPage,
]
