import type { ReturnedEpisode, ReturnedRows } from '../../src/forecast/markov/returned-rows.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { reportingYearOf } from '../../src/vocabulary/period.ts'

/** An episode of ADA, in a foster home from the day she came into care, with what a test says otherwise. */
export function returned(
  decom: string,
  dec: string | null,
  otherwise: Partial<ReturnedEpisode> = {},
): ReturnedEpisode {
  return {
    child: 'ADA',
    year: reportingYearOf((dec ?? decom) as Day),
    decom: decom as Day,
    rne: 'S',
    place: 'U4',
    provider: 'PR1',
    dec: dec as Day | null,
    rec: dec === null ? null : 'X1',
    reasonPlaceChange: null,
    ...otherwise,
  }
}

/** Those episodes, of children born on a day. */
export function rowsOf(episodes: readonly ReturnedEpisode[], born = '2008-06-15'): ReturnedRows {
  const children = [...new Set(episodes.map(({ child }) => child))]
  return {
    episodes,
    children: children.map((child) => ({ child, year: 2020, born: born as Day })),
    uasc: [],
  }
}
