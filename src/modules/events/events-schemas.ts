import { Type } from 'typebox'
import { EVENT_TYPE_NAMES, EVENT_TYPES } from '../../events/event-types.ts'
import { AuthorityCode, pageLimit, textList } from '../../platform/http/parameters.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

/** What the feed of events takes and gives. */

const strict = { additionalProperties: false } as const

export const OfAuthority = Type.Object({ authority: AuthorityCode }, strict)

export const EventsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          '`next` of the answer before, as it is: events after it are given. Unless given, from the oldest that is kept.',
      }),
    ),
    type: textList(`Only events of these types: ${EVENT_TYPE_NAMES.join(', ')}.`, 'return.loaded'),
    limit: Type.Optional(pageLimit(100, 1000)),
  },
  strict,
)

const idOf = (what: string) => Type.Optional(Type.String({ description: what }))

/** No member but these leaves, whatever is kept: nothing in it is of a child, and none is a figure. */
export const EventData = named(
  'EventData',
  Type.Object(
    {
      return: idOf('Id of the return.'),
      year: idOf('Reporting year of the return, such as 2024-25.'),
      kind: idOf('Kind of the records, as in /v1/authorities/{authority}/records/{kind}.'),
      publication: idOf('Id of the publication.'),
      audience: idOf('Whom the publication is for: `internal` or `public`.'),
      reference: idOf('Kind of the reference data, as in /v1/reference/{kind}.'),
      forecast: idOf('Id of the forecast.'),
      webhook: idOf('Id of the webhook.'),
      dataVersion: idOf('Version of the authority’s records after it; equal versions mean equal records.'),
    },
    {
      ...strict,
      description:
        'Which thing it was, by ids; the type says which members there are. Figures, and whatever is said of children, are only where the ids lead, for callers who may see them.',
    },
  ),
)

export const Event = named(
  'Event',
  Type.Object(
    {
      specversion: Type.Literal('1.0', { description: 'Version of CloudEvents.' }),
      id: Type.String({
        format: 'uuid',
        description: 'Id of the event. A webhook tells it as `webhook-id`: the same event has the same id.',
      }),
      source: Type.String({
        format: 'uri-reference',
        description:
          'The authority that it happened at: its address, or its path where the service was not told its own address (PUBLIC_URL).',
      }),
      type: Type.Enum([...EVENT_TYPE_NAMES], {
        type: 'string',
        description: EVENT_TYPE_NAMES.map((name) => `\`${name}\`: ${EVENT_TYPES[name]}`).join(' '),
      }),
      subject: Type.String({ description: 'Path of what it is about, under this service.' }),
      time: Type.String({ format: 'date-time', description: 'When it happened (UTC).' }),
      datacontenttype: Type.Literal('application/json', { description: 'Media type of `data`.' }),
      data: refTo(EventData),
    },
    { ...strict, description: 'What happened, as a structured CloudEvent 1.0.' },
  ),
)

export const EventPage = named(
  'EventPage',
  Type.Object(
    {
      data: Type.Array(refTo(Event), { description: 'Events, oldest first.' }),
      next: Type.String({
        description:
          'Where to go on: keep it, and send it as `after` next time. It is never null, since the feed has no end: an empty page has one as well.',
      }),
    },
    { ...strict, description: 'A stretch of an authority’s events.' },
  ),
)

export const EVENT_SCHEMAS = [EventData, Event, EventPage]
