/** What subscribers are told of, and in what words. */
export const EVENT_TYPES = {
  'return.loaded':
    'A return was loaded. `data`: `return` (its id), `year`, `dataVersion`. The `subject` is the return.',
  'return.withdrawn':
    'A return was withdrawn. `data`: `return` (its id), `year`, `dataVersion`. The `subject` is where it was.',
  'records.changed':
    'Records beside the returns were written or deleted. `data`: `kind`, `dataVersion`. The `subject` is the kind’s records.',
  'figures.published':
    'Figures were published. `data`: `publication` (its id), `audience`, `dataVersion`. The `subject` is the publication.',
  'figures.changed':
    'Reference data was loaded that figures of the authority are made with. `data`: `reference` (its kind), `dataVersion`. The `subject` is the observations.',
  'forecast.made':
    'A forecast was made and kept. `data`: `forecast` (its id), `dataVersion`. The `subject` is the forecast.',
  'webhook.test':
    'A webhook was asked to be tested. `data`: `webhook` (its id). The `subject` is the webhook.',
} as const

export type EventType = keyof typeof EVENT_TYPES

export const EVENT_TYPE_NAMES = Object.keys(EVENT_TYPES) as readonly EventType[]

/**
 * What an event tells beside its type: ids by which a caller who may see them finds the things themselves. Never a
 * figure, and nothing of a child: whoever holds a webhook’s address may see neither.
 */
export interface EventData {
  readonly 'return.loaded': { readonly return: string; readonly year: string; readonly dataVersion: string }
  readonly 'return.withdrawn': {
    readonly return: string
    readonly year: string
    readonly dataVersion: string
  }
  readonly 'records.changed': { readonly kind: string; readonly dataVersion: string }
  readonly 'figures.published': {
    readonly publication: string
    readonly audience: string
    readonly dataVersion: string
  }
  readonly 'figures.changed': { readonly reference: string; readonly dataVersion: string }
  readonly 'forecast.made': { readonly forecast: string; readonly dataVersion: string }
  readonly 'webhook.test': { readonly webhook: string }
}
