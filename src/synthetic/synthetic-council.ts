import type { ReportingYear } from '../vocabulary/period.ts'
import { TABLES, type TableName, tableNamed } from '../vocabulary/ssda903.ts'
import { type Council, childInCare } from './child-in-care.ts'
import { concernsReturns, entrantsOf } from './council-history.ts'
import { yearEnd, yearStart } from './day-number.ts'
import { Homes } from './homes.ts'
import { Random, seedOf } from './random.ts'
import { workedExamples } from './worked-examples.ts'
import { addToReturn, emptyTables } from './yearly-return.ts'

export interface SyntheticReturn {
  /** Calendar year in which the reporting year ends. */
  readonly year: ReportingYear
  /** Rows by table, cells in the order of the table's columns in vocabulary/ssda903.ts, '' = missing, days DD/MM/YYYY */
  readonly tables: ReadonlyMap<TableName, readonly (readonly string[])[]>
}

export interface SyntheticOptions {
  readonly seed: number
  /** First and last reporting year for which a return is made. */
  readonly firstYear: ReportingYear
  readonly lastYear: ReportingYear
  /** Roughly how many children are in care on any day. */
  readonly childrenInCare: number
  /** Prefix of child ids, so that councils' ids differ. */
  readonly idPrefix?: string
  /** Adds the worked examples E01-E29 as children of their own, shifted so that "2025" is lastYear (default false). */
  readonly withWorkedExamples?: boolean
}

const CHILDREN_PER_WORKER = 16

/**
 * The yearly returns of a council that exists nowhere. Its history is simulated first and the returns are cut from
 * it, so that they agree with each other as a council's do. The same options give the same returns.
 */
export function syntheticReturns(options: SyntheticOptions): SyntheticReturn[] {
  const { firstYear, lastYear } = options
  if (lastYear < firstYear) throw new RangeError(`lastYear ${lastYear} is before firstYear ${firstYear}`)
  const [firstDay, lastDay] = [yearStart(firstYear), yearEnd(lastYear)]
  const returns = Array.from({ length: lastYear - firstYear + 1 }, (_, index) => ({
    year: firstYear + index,
    tables: emptyTables(),
  }))
  const council = councilOf(options)
  for (const entrant of entrantsOf(options)) {
    if (!concernsReturns(entrant, firstDay, lastDay)) continue
    const record = childInCare(entrant, council)
    for (const { year, tables } of returns) addToReturn(tables, record, year)
  }
  if (options.withWorkedExamples)
    for (const record of workedExamples(council.idPrefix, lastYear))
      for (const { year, tables } of returns) addToReturn(tables, record, year)
  return returns
}

function councilOf({ seed, childrenInCare, firstYear, idPrefix = '' }: SyntheticOptions): Council {
  const random = new Random(seedOf(seed, 3))
  const workers = new Set<string>()
  while (workers.size < Math.max(5, Math.round(childrenInCare / CHILDREN_PER_WORKER)))
    workers.add(`SW${random.int(100_000, 999_999)}`)
  const homes = new Homes(seed, childrenInCare)
  return { seed, idPrefix, homes, workers: [...workers], returnsFrom: yearStart(firstYear) }
}

/** Names of the files as councils' case-management systems write them. */
const FILE_NAMES: Readonly<Record<TableName, string>> = {
  Header: 'header.csv',
  Episodes: 'episodes.csv',
  UASC: 'uasc.csv',
  Reviews: 'reviews.csv',
  OC2: 'oc2.csv',
  OC3: 'oc3.csv',
  AD1: 'ad1.csv',
  PlacedAdoption: 'placed_for_adoption.csv',
  PrevPerm: 'previous_permanence.csv',
  Missing: 'missing.csv',
  SWEpisodes: 'sw_episodes.csv',
  DoLo: 'dolo.csv',
}

/**
 * The files as a council would send them, one CSV for each table that the year's return has; a table without rows is
 * a header row. No cell holds a comma or a quotation mark, so none needs quoting.
 */
export function csvFiles({ year, tables }: SyntheticReturn): { name: string; text: string }[] {
  return TABLES.filter(({ since }) => since === undefined || since <= year).map(({ name }) => {
    const header = tableNamed(name).columns.map((column) => column.name)
    const lines = [header, ...(tables.get(name) ?? [])].map((cells) => `${cells.join(',')}\r\n`)
    return { name: FILE_NAMES[name], text: lines.join('') }
  })
}
