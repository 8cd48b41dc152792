import type { Transaction } from '../../platform/database/database.ts'
import { REGIONS } from '../../vocabulary/authority.ts'

export interface AuthorityRecord {
  readonly code: string
  readonly dfeCode: string
  readonly name: string
  readonly region: string | null
  readonly regionName: string | null
  readonly type: string
  readonly existedFrom: string | null
  readonly existedUntil: string | null
  readonly successors: string[]
  readonly neighbours: {
    set: 2021 | 2025
    neighbours: { rank: number; authority: string; closeness: string }[]
  }[]
  readonly adjacent: string[]
}

/** Authorities with what belongs to them; those with these codes, or all. */
export async function readAuthorities(
  transaction: Transaction,
  wanted: readonly string[] | null,
): Promise<AuthorityRecord[]> {
  const rows = await transaction.query<Omit<AuthorityRecord, 'regionName'>>(
    'reference.authorities',
    `with ranked as (
       select neighbour.authority, neighbour.set_year,
              jsonb_agg(jsonb_build_object('rank', neighbour.rank, 'authority', neighbour.neighbour,
                                           'closeness', neighbour.closeness) order by neighbour.rank) as neighbours
         from care.statistical_neighbour as neighbour
        where $1::text[] is null or neighbour.authority = any ($1)
        group by neighbour.authority, neighbour.set_year
     ), alike as (
       select ranked.authority,
              jsonb_agg(jsonb_build_object('set', ranked.set_year, 'neighbours', ranked.neighbours)
                        order by ranked.set_year) as neighbours
         from ranked group by ranked.authority
     ), around as (
       select border.authority, array_agg(border.adjacent order by border.adjacent) as adjacent
         from care.adjacent_authority as border group by border.authority
     ), covered as (
       select heir.authority, array_agg(heir.today order by heir.today) as successors
         from care.authority_today as heir where heir.today <> heir.authority group by heir.authority
     )
     select authority.code, authority.dfe_code as "dfeCode", authority.name, authority.region, authority.type,
            authority.existed_from as "existedFrom", authority.existed_until as "existedUntil",
            coalesce(covered.successors, '{}') as successors,
            coalesce(around.adjacent, '{}') as adjacent,
            coalesce(alike.neighbours, '[]') as neighbours
       from care.reference_authority as authority
       left join alike on alike.authority = authority.code
       left join around on around.authority = authority.code
       left join covered on covered.authority = authority.code
      where $1::text[] is null or authority.code = any ($1)
      order by authority.code`,
    [wanted],
  )
  return rows.map((row) => ({
    ...row,
    regionName: row.region === null ? null : (REGIONS[row.region] ?? null),
  }))
}

/** The code that the database has for what a caller wrote: a GSS code, or a DfE code that one authority of today has. */
export async function codeHeld(transaction: Transaction, code: string): Promise<string | null> {
  const [row] = await transaction.query<{ code: string }>(
    'reference.authority.code',
    `select authority.code from care.reference_authority as authority
      where authority.code = $1 or authority.dfe_code = $1
      order by authority.existed_until nulls first limit 1`,
    [code],
  )
  return row?.code ?? null
}
