import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ReturnedChild, ReturnedEpisode, ReturnedRows } from '../../src/forecast/markov/returned-rows.ts'
import { stateIndex, type Whereabouts } from '../../src/forecast/markov/states.ts'
import type { CostItem, ForecastAge } from '../../src/forecast/placement-groups.ts'
import { type Day, parseDay } from '../../src/vocabulary/day.ts'

/** What the existing demand models were given and what came out of them, and how they name things. */
const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

export const expectedOf = <T>(model: 'a' | 'b'): T =>
  JSON.parse(readFileSync(`${DATA}forecast/model-${model}-expected.json`, 'utf8')) as T

type Row = Readonly<Record<string, string>>

/** These files quote nothing. */
function rowsOf(file: string): Row[] {
  const [header = '', ...lines] = readFileSync(DATA + file, 'utf8')
    .trim()
    .split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
  })
}

const day = (cell: string | undefined): Day | null => (cell ? parseDay(cell) : null)

const episodeOf = (row: Row, year: number): ReturnedEpisode => ({
  child: row.CHILD!,
  year,
  decom: day(row.DECOM)!,
  rne: row.RNE!,
  place: row.PLACE!,
  provider: row.PLACE_PROVIDER || null,
  dec: day(row.DEC),
  rec: row.REC || null,
  reasonPlaceChange: row.REASON_PLACE_CHANGE || null,
})

const childOf = (row: Row, year: number): ReturnedChild => ({ child: row.CHILD!, year, born: day(row.DOB) })

/** The sample of model B: three authorities together, whose children's ids collide. */
export function sampleOfModelB(): ReturnedRows {
  const folder = 'forecast/model-b-sample/'
  return {
    episodes: rowsOf(`${folder}episodes.csv`).map((row) => episodeOf(row, Number(row.YEAR))),
    children: rowsOf(`${folder}header.csv`).map((row) => childOf(row, Number(row.YEAR))),
    uasc: rowsOf(`${folder}uasc.csv`).map(({ CHILD }) => CHILD!),
  }
}

/** The returns of 2016-17 to 2020-21 that model A's expected numbers come from, year by year. */
export const samplesOfModelA = (): ReturnedRows[] =>
  [2017, 2018, 2019, 2020, 2021].map((year) => returnedIn(`ssda903/returns-2017-2021/${year}/`, year))

/** The rows of one year's return, from a folder of the shared data. */
export const returnedIn = (folder: string, year: number): ReturnedRows => ({
  episodes: rowsOf(`${folder}episodes.csv`).map((row) => episodeOf(row, year)),
  children: rowsOf(`${folder}header.csv`).map((row) => childOf(row, year)),
  uasc: rowsOf(`${folder}uasc.csv`).map(({ CHILD }) => CHILD!),
})

const AGES: Readonly<Record<string, ForecastAge>> = {
  'Birth to 1': 'under-1',
  '1 to 5': '1-to-4',
  '5 to 10': '5-to-9',
  '10 to 16': '10-to-15',
  '16 to 18+': '16-and-over',
  BIRTH_TO_ONE: 'under-1',
  ONE_TO_FIVE: '1-to-4',
  FIVE_TO_TEN: '5-to-9',
  TEN_TO_SIXTEEN: '10-to-15',
  SIXTEEN_TO_EIGHTEEN: '16-and-over',
}

const PLACEMENTS: Readonly<Record<string, Whereabouts>> = {
  fostering: 'fostering',
  residential: 'residential',
  supported: 'supported',
  other: 'other',
  'not in care': 'not-in-care',
}

/** The state that model B calls `10 to 16 - Fostering` and model A `TEN_TO_SIXTEEN|FOSTERING`. */
export function stateNamed(name: string): number {
  const [age = '', placement = ''] = name.split(name.includes('|') ? '|' : ' - ')
  return stateIndex(AGES[age]!, PLACEMENTS[placement.toLowerCase().replaceAll('_', ' ')]!)
}

/** Model B's names for kinds of placement, and the weekly prices that stand in its code for want of real ones. */
export const COST_ITEMS_OF_MODEL_B: readonly (readonly [name: string, item: CostItem, perWeek: number])[] = [
  ['Fostering (Friend/Relative)', 'fostering-friend-or-relative', 100],
  ['Fostering (In-house)', 'fostering-in-house', 150],
  ['Fostering (IFA)', 'fostering-agency', 250],
  ['Residential (In-house)', 'residential-in-house', 1000],
  ['Residential (External)', 'residential-external', 1000],
  ['Supported accommodation', 'supported-accommodation', 1000],
  ['Secure home', 'secure-home', 1000],
  ['Placed with family', 'placed-with-family', 1000],
  ['Other', 'other', 1000],
]

export const PRICES_OF_MODEL_B = Object.fromEntries(
  COST_ITEMS_OF_MODEL_B.map(([, item, perWeek]) => [item, perWeek]),
) as Record<CostItem, number>
