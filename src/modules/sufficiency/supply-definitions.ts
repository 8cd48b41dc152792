import { count, type IndicatorDefinition, percentage, type Switch } from '../../indicators/definition.ts'
import type { RecordKindName } from '../../vocabulary/record-kinds.ts'

const FOR_OWN_USE = 'it is for the authority’s own use, with `audience=internal`.'

/**
 * What all figures of supply have in common. They are for the authority's own use: so many foster places are filled by
 * so many children, and a home of two beds that is judged inadequate is where two children live.
 */
export const SUPPLY = { subject: 'sufficiency', internalOnly: FOR_OWN_USE } as const

/** As it stands on the last day of the period. */
export const onLastDay = (...records: readonly RecordKindName[]) =>
  ({ ...SUPPLY, lookBack: 'last-day', records }) as const

/** What happened in the period. */
export const inPeriod = (...records: readonly RecordKindName[]) =>
  ({ ...SUPPLY, lookBack: 'period', records }) as const

/** What happened in the period, by records that hold on from their day: one dated before the period tells of it too. */
export const inPeriodHoldingOn = (...records: readonly RecordKindName[]) =>
  ({ ...inPeriod(...records), recordsHoldOn: true }) as const

type Said<D> = Omit<
  D,
  'subject' | 'lookBack' | 'records' | 'polarity' | 'dimensions' | 'kind' | 'unit' | 'decimals'
> &
  Partial<Pick<IndicatorDefinition, 'polarity' | 'dimensions' | 'decimals'>>
type Common = (ReturnType<typeof onLastDay> | ReturnType<typeof inPeriod>) &
  Pick<IndicatorDefinition, 'recordsHoldOn'>

/** A count of what there is. */
export const counted = (common: Common, definition: Said<Parameters<typeof count>[0]>): IndicatorDefinition =>
  count({ polarity: 'neutral', dimensions: [], ...common, ...definition })

export const shareOf = (
  common: Common,
  definition: Said<Parameters<typeof percentage>[0]>,
): IndicatorDefinition => percentage({ polarity: 'neutral', dimensions: [], ...common, ...definition })

export const TERMS: Switch = {
  name: 'termsOfADay',
  value: 'latest-by-the-day',
  meaning:
    'A household is on the terms that started last on or before the day. One that was approved by then, and whose first terms on record start later, is on those.',
}

export const DESCRIBED: Switch = {
  name: 'providerOfADay',
  value: 'latest-by-the-day-or-first-after',
  meaning:
    'A provider is as its latest record dated on or before the day says; one that is first recorded later, as that record says of its registration and closing. No figure is given for a day before the first record of any provider.',
}

export const OWN_HOMES: Switch = {
  name: 'ownHomes',
  value: 'run-by-a-local-authority-in-the-area',
  meaning:
    'Homes that a local authority runs in the area are the authority’s own; outside the area, those with the provider code PR1 and without PR2.',
}

export const AREA =
  'A home lies in the area by the authority that its record names, or by its postcode where it names none.'
export const AREA_NOT_KNOWN = 'Homes whose area is not known: see homes-area-not-known-count.'
