import type { Cell } from '../../platform/http/csv.ts'
import type { outgoingForecast } from './outgoing-forecast.ts'

/** The children of a forecast as a tidy table: a row for each course, day, group of placements and age band. */
export const FORECAST_CSV_COLUMNS = [
  'authority',
  'forecast',
  'course',
  'day',
  'placement',
  'age_band',
  'mean',
  'variance',
  'lower_80',
  'upper_80',
  'lower_95',
  'upper_95',
] as const

type Outgoing = ReturnType<typeof outgoingForecast>

export function* forecastRows(
  authority: string,
  id: string,
  { days, baseline, scenario }: Pick<Outgoing, 'days' | 'baseline' | 'scenario'>,
): Generator<Cell[]> {
  for (const [course, of] of [
    ['baseline', baseline],
    ['scenario', scenario],
  ] as const)
    for (const series of of?.children ?? [])
      for (const [at, day] of days.entries())
        yield [
          authority,
          id,
          course,
          day,
          series.placement,
          series.ageBand,
          series.mean[at],
          series.variance[at],
          series.lower80[at],
          series.upper80[at],
          series.lower95[at],
          series.upper95[at],
        ]
}
