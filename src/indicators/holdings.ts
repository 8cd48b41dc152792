import { LRUCache } from 'lru-cache'
import type { Transaction } from '../platform/database/database.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'
import type { Day } from '../vocabulary/day.ts'
import type { ReportingYear } from '../vocabulary/period.ts'
import type { TableName } from '../vocabulary/ssda903.ts'
import type { ReferenceNeed } from './definition.ts'

/** What an authority's returns in force know about: one stretch of days a year, and the tables that came with it. */
export interface Coverage {
  readonly year: ReportingYear
  readonly coversFrom: Day
  readonly coversTo: Day
  readonly tables: readonly TableName[]
}

/** What an authority's figures can be made from: decides which of them are available. */
export interface Holdings {
  /** The returns in force, by year. */
  readonly returns: readonly Coverage[]
  readonly reference: ReadonlySet<ReferenceNeed>
  /** Children aged 0 to 17 in the authority, mid-year estimates by calendar year. */
  readonly childPopulation: ReadonlyMap<number, number>
  /** Of each kind of record beside the return, the first days of the months in which one is dated, in order. */
  readonly records: ReadonlyMap<string, readonly Day[]>
}

/** Reads which years and tables the returns in force cover; the `returns` know it. */
export type ReadCoverage = (
  transaction: Transaction,
  authorities: readonly string[],
) => Promise<readonly (Coverage & { readonly authority: string })[]>

const NOTHING: Holdings = {
  returns: [],
  reference: new Set(),
  childPopulation: new Map(),
  records: new Map(),
}

export const holdingsOf = (held: ReadonlyMap<string, Holdings>, authority: string): Holdings =>
  held.get(authority) ?? NOTHING

/** About twenty kilobytes each. */
const MOST_KEPT = 1_000

/**
 * Reads what authorities hold, and keeps it by the version of their records: a version names one state of the returns,
 * of the records beside them and of the reference data, so what is kept is never out of date. An authority without
 * records is asked for each time, since its version stays the same whatever reference data is loaded.
 */
export function newKeptHoldings(
  readCoverage: ReadCoverage,
): (
  transaction: Transaction,
  versions: ReadonlyMap<string, string>,
) => Promise<ReadonlyMap<string, Holdings>> {
  const kept = new LRUCache<string, Holdings>({ max: MOST_KEPT })
  return async (transaction, versions) => {
    const held = new Map<string, Holdings>()
    const missing: string[] = []
    for (const [authority, version] of versions) {
      const known = version === NO_DATA ? undefined : kept.get(`${authority} ${version}`)
      if (known) held.set(authority, known)
      else missing.push(authority)
    }
    if (missing.length === 0) return held
    for (const [authority, holdings] of await readHoldings(transaction, missing, readCoverage)) {
      held.set(authority, holdings)
      kept.set(`${authority} ${versions.get(authority)}`, holdings)
    }
    return held
  }
}

/** What each of the authorities holds, as the transaction sees it. */
export async function readHoldings(
  transaction: Transaction,
  authorities: readonly string[],
  readCoverage: ReadCoverage,
): Promise<ReadonlyMap<string, Holdings>> {
  const returns = Map.groupBy(await readCoverage(transaction, authorities), ({ authority }) => authority)
  const beside = await transaction.query<{
    what: 'postcodes' | 'population' | 'records'
    authority: string | null
    kind: string | null
    year: number | null
    children: number | null
    months: Day[] | null
  }>('holdings.read', BESIDE_RETURNS, [authorities])
  const reference = new Set<ReferenceNeed>()
  if (beside.some(({ what }) => what === 'postcodes')) reference.add('postcodes')
  if (beside.some(({ what }) => what === 'population')) reference.add('population')
  const own = Map.groupBy(beside, ({ authority }) => authority)
  return new Map(
    authorities.map((authority) => {
      const rows = own.get(authority) ?? []
      return [
        authority,
        {
          returns: returns.get(authority) ?? [],
          reference,
          childPopulation: new Map(
            rows.filter(({ what }) => what === 'population').map(({ year, children }) => [year!, children!]),
          ),
          records: new Map(
            rows.filter(({ what }) => what === 'records').map(({ kind, months }) => [kind!, months!]),
          ),
        },
      ]
    }),
  )
}

const BESIDE_RETURNS = `
select 'postcodes' as what, null as authority, null as kind, null::int as year, null::int as children, null::text[] as months
  from care.reference_state s
 where s.kind = 'postcodes'
union all
select 'population', p.area, null, p.year::int, p.children, null
  from care.child_population p
 where p.area = any($1::text[])
union all
select 'records', c.authority, c.kind, null, null, array_agg(to_char(c.month, 'YYYY-MM-DD') order by c.month)
  from care.record_coverage c
 where c.authority = any($1::text[])
 group by c.authority, c.kind`
