import { addYears, type Day, daysBetween, laterOf } from '../../vocabulary/day.ts'
import { firstDayOfYear, lastDayOfYear, reportingYearOf } from '../../vocabulary/period.ts'
import {
  AGE_BOUNDARIES,
  type CostItem,
  costItemOf,
  FORECAST_AGES,
  type ForecastAge,
  type ForecastPlacement,
  forecastPlacementOf,
} from '../placement-groups.ts'
import { cleanEpisodes, type JoinedEpisode, joinChildren, mergeContinued } from './clean-episodes.ts'
import type { ReturnedRows } from './returned-rows.ts'
import type { Whereabouts } from './states.ts'
import { Unmeasurable } from './unmeasurable.ts'

/** A child's time in one placement within one age band. `[startedOn, ceasedOn)`. */
export interface PreparedEpisode {
  readonly child: string
  readonly uasc: boolean
  readonly startedOn: Day
  /** Null while it lasts. */
  readonly ceasedOn: Day | null
  readonly age: ForecastAge
  /** The band on the day of its end: the next one, where a birthday ended it. */
  readonly ageAtEnd: ForecastAge
  readonly placement: ForecastPlacement
  readonly costItem: CostItem
  readonly before: Whereabouts
  /** Null while it lasts. */
  readonly after: Whereabouts | null
  /** Why it began and ended as returned, or `Age` where a birthday did it. */
  readonly rne: string
  readonly rec: string | null
  readonly reasonPlaceChange: string | null
}

export interface PreparedEpisodes {
  readonly episodes: readonly PreparedEpisode[]
  /** First and last day of the reporting years that the rows tell of. */
  readonly dataFrom: Day
  readonly dataTo: Day
  /** Rows that were left after repeats and contradictions were settled, before placements were merged and split. */
  readonly cleanedCount: number
  /** Rows left out since the child was, by the date of birth, not yet conceived or already thirty. */
  readonly impossibleAges: number
}

/** What the existing models divide days by. A birthday can so fall a day beside the calendar's. */
const DAYS_IN_YEAR = 365.24

/** Band boundaries in years; nobody in care is older, nor born more than a year after coming into it. */
const BOUNDARIES: readonly number[] = AGE_BOUNDARIES
const [YOUNGEST, OLDEST] = [-1, 30]

const ageInYears = (day: Day, born: Day): number => daysBetween(born, day) / DAYS_IN_YEAR

const bandOf = (years: number): number => BOUNDARIES.filter((boundary) => boundary <= years).length

/**
 * The rows of the returns as an unbroken story of each child, in the states that the model counts by. The data ends with
 * the reporting year of its latest start or end, as in the existing models, or of `knownTo` where that is later: until
 * then those who are still in care grow older.
 */
export function prepare(rows: ReturnedRows, knownTo?: Day): PreparedEpisodes {
  const cleaned = cleanEpisodes(joinChildren(rows))
  if (cleaned.length === 0)
    throw new Unmeasurable(
      'nothing-returned',
      'No episode of a child with a known date of birth was returned.',
    )
  const dataFrom = firstDayOfYear(Math.min(...new Set(cleaned.map(({ year }) => year))))
  const latest = cleaned
    .flatMap(({ decom, dec }) => (dec === null ? [decom] : [decom, dec]))
    .reduce(laterOf, knownTo ?? cleaned[0]!.decom)
  const dataTo = lastDayOfYear(reportingYearOf(latest))

  const merged = mergeContinued(cleaned)
  const possible = merged.filter(
    (episode) =>
      isPossible(ageInYears(episode.decom, episode.born)) &&
      isPossible(ageInYears(episode.dec ?? dataTo, episode.born)),
  )
  const split = possible.flatMap((episode) => splitAtBirthdays(episode, dataTo))
  return {
    episodes: split.map((part, index) => withNeighbours(part, split[index - 1], split[index + 1])),
    dataFrom,
    dataTo,
    cleanedCount: cleaned.length,
    impossibleAges: merged.length - possible.length,
  }
}

const isPossible = (years: number): boolean => years >= YOUNGEST && years < OLDEST

interface BandPart extends JoinedEpisode {
  readonly band: number
  readonly bandAtEnd: number
}

/** One part for each band that a child passes through; an open episode passes those until the end of the data. */
function splitAtBirthdays(episode: JoinedEpisode, dataTo: Day): BandPart[] {
  const first = bandOf(ageInYears(episode.decom, episode.born))
  const last = bandOf(ageInYears(episode.dec ?? dataTo, episode.born))
  // An end before the start leads back; there is nothing to split then.
  if (last <= first) return [{ ...episode, band: first, bandAtEnd: last }]
  // Born on 29 February, a child comes of age on 28 February here, as in the existing models.
  const birthday = (band: number): Day => addYears(episode.born, BOUNDARIES[band - 1]!)
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const band = first + index
    return {
      ...episode,
      ...(band > first && { decom: birthday(band), rne: 'Age' }),
      ...(band < last && { dec: birthday(band + 1), rec: 'Age', reasonPlaceChange: '' }),
      band,
      bandAtEnd: Math.min(band + 1, last),
    }
  })
}

function withNeighbours(
  part: BandPart,
  previous: BandPart | undefined,
  next: BandPart | undefined,
): PreparedEpisode {
  const comesFrom = previous?.child === part.child && previous.dec === part.decom ? previous : undefined
  const goesTo = next?.child === part.child && next.decom === part.dec ? next : undefined
  return {
    child: part.child,
    uasc: part.uasc,
    startedOn: part.decom,
    ceasedOn: part.dec,
    age: FORECAST_AGES[part.band]!,
    ageAtEnd: FORECAST_AGES[part.bandAtEnd]!,
    placement: forecastPlacementOf(part.place),
    costItem: costItemOf(part.place, part.provider),
    before: comesFrom ? forecastPlacementOf(comesFrom.place) : 'not-in-care',
    after: part.dec === null ? null : goesTo ? forecastPlacementOf(goesTo.place) : 'not-in-care',
    rne: part.rne,
    rec: part.rec,
    reasonPlaceChange: part.reasonPlaceChange,
  }
}
