import { FORECAST_AGES, FORECAST_PLACEMENTS } from '../placement-groups.ts'

/**
 * Rates of leaving and moving are constant within a cell: unaccompanied or not, group of placement, band of age, time
 * in care, time since the last move. The bands are narrow where rates change fast (the first months, 16 and 17) and
 * wide elsewhere, for a council of a few hundred children has few events to fill them.
 */
export const PLACEMENTS = FORECAST_PLACEMENTS.length
export const FOSTERING = FORECAST_PLACEMENTS.indexOf('fostering')
export const REPORT_AGES = FORECAST_AGES.length

/** Ages in years at which the bands start; the last ends at 18. */
export const AGE_STARTS = [0, 1, 5, 10, 16, 17] as const
export const AGES = AGE_STARTS.length
/** The reported band (`FORECAST_AGES`) that each of these bands is part of. */
export const REPORT_AGE_OF = [0, 1, 2, 3, 4, 4] as const

/** Days since entry to care, and since the last move, at which the bands start. */
export const CARE_STARTS = [0, 28, 91, 182, 365, 730, 1461] as const
export const CARE_BANDS = CARE_STARTS.length
export const MOVE_STARTS = [0, 91, 365, 730] as const
export const MOVE_BANDS = MOVE_STARTS.length

/** Cells of one placement group, age and UASC status. */
export const TIMES = CARE_BANDS * MOVE_BANDS
export const CELLS = 2 * PLACEMENTS * AGES * TIMES

/** First cell of a child's group and age; `care * MOVE_BANDS + move` is added for the time. */
export const cellsOf = (uasc: number, placement: number, age: number): number =>
  ((uasc * PLACEMENTS + placement) * AGES + age) * TIMES

export function bandOf(starts: readonly number[], value: number): number {
  let band = starts.length - 1
  while (band > 0 && value < starts[band]!) band--
  return band
}

/** Pairs of bands that can meet: nobody has been in a placement for longer than in care. */
export const MEETING_TIMES: readonly { readonly care: number; readonly move: number }[] = CARE_STARTS.flatMap(
  (_, care) =>
    MOVE_STARTS.flatMap((start, move) =>
      start < (CARE_STARTS[care + 1] ?? Number.POSITIVE_INFINITY) ? [{ care, move }] : [],
    ),
)

/** Ways out of a placement: out of care, by kind, and to another placement. */
export const EXIT_KINDS = ['reunification', 'special-guardianship', 'adoption', 'other'] as const
export type ExitKind = (typeof EXIT_KINDS)[number]
export const MOVE = EXIT_KINDS.length
export const OUTCOMES = EXIT_KINDS.length + 1

const KIND_OF_REASON: ReadonlyMap<string, ExitKind> = new Map([
  ...['E4A', 'E4B', 'E13'].map((code) => [code, 'reunification'] as const),
  // E41, a child arrangements order, settles with whom the child is to live, as a special guardianship order does.
  ...['E41', 'E43', 'E44', 'E45', 'E46', 'E47', 'E48'].map((code) => [code, 'special-guardianship'] as const),
  ...['E11', 'E12'].map((code) => [code, 'adoption'] as const),
])

/** The kind of exit that a reason for ceasing (REC) names. */
export const exitKindOf = (reason: string | null): number =>
  EXIT_KINDS.indexOf((reason !== null && KIND_OF_REASON.get(reason)) || 'other')
