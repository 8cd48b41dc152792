import type { KeptEvent } from './event-store.ts'
import type { EventType } from './event-types.ts'

/** An event as it leaves: a structured CloudEvent 1.0. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: EventType
  readonly subject: string
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: Readonly<Record<string, string>>
}

/** `base` is where callers reach the service, or nothing: then `source` and `subject` are relative to it. */
export const cloudEventOf = (event: KeptEvent, base: string): CloudEvent => ({
  specversion: '1.0',
  id: event.id,
  source: `${base}/v1/authorities/${event.authority}`,
  type: event.type,
  subject: event.subject,
  time: event.at,
  datacontenttype: 'application/json',
  data: event.data,
})
