import type { Transaction } from '../platform/database/database.ts'
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
