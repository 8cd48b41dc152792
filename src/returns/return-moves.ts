import type { Transaction } from '../platform/database/database.ts'
import type { Day } from '../vocabulary/day.ts'
import type { ReportingYear } from '../vocabulary/period.ts'

/** A return from which figures are made, by what it is known again. */
export interface HeldReturn {
  readonly id: string
  readonly year: ReportingYear
  readonly coversFrom: Day
  readonly coversTo: Day
  readonly loadedAt: string
  readonly contentHash: string
}

/** What became of a return since a moment, when and by whom. */
export interface ReturnMove {
  readonly id: string
  readonly year: ReportingYear
  /** `in-force-again`: the return that had replaced it was withdrawn. */
  readonly move: 'loaded' | 'withdrawn' | 'in-force-again'
  readonly at: string
  readonly by: string
  /** Whether the figures of today are made from other returns for it; else it came and went again since. */
  readonly counts: boolean
}

/** Keeps that a return was withdrawn, in the transaction that does so. */
export async function keepWithdrawal(
  transaction: Transaction,
  authority: string,
  id: string,
  by: string,
): Promise<void> {
  await transaction.query(
    'returns.keepWithdrawal',
    `insert into care.withdrawn_return (authority, id, year, covers_from, covers_to, content_hash, loaded_at,
                                        loaded_by, withdrawn_at, withdrawn_by, was_in_force)
     select r.authority, r.id, r.year, r.covers_from, r.covers_to, r.content_hash, r.loaded_at,
            r.loaded_by, clock_timestamp(), $3, r.in_force
       from care.return r
      where r.authority = $1 and r.id = $2`,
    [authority, id, by],
  )
}

/** The returns from which an authority's figures are made, by year. */
export const readReturnsInForce = (transaction: Transaction, authority: string): Promise<HeldReturn[]> =>
  transaction.query<HeldReturn>(
    'returns.inForce',
    `select r.id, r.year, r.covers_from as "coversFrom", r.covers_to as "coversTo", r.loaded_at as "loadedAt",
            r.content_hash as "contentHash"
       from care.return r
      where r.authority = $1 and r.in_force
      order by r.year`,
    [authority],
  )

interface KnownReturn {
  readonly id: string
  readonly year: ReportingYear
  readonly inForce: boolean
  readonly loadedAt: string
  readonly loadedBy: string
  readonly withdrawnAt: string | null
  readonly withdrawnBy: string | null
}

/**
 * What became of an authority's returns since figures were made from `held`, the earliest first. Goes by which returns
 * were in force then and are now: a load that had begun before the moment and ended after it is none of `held`.
 */
export async function readReturnMoves(
  transaction: Transaction,
  authority: string,
  held: readonly Pick<HeldReturn, 'id'>[],
  since: string,
): Promise<ReturnMove[]> {
  const known = await transaction.query<KnownReturn>(
    'returns.known',
    `select r.id, r.year, r.in_force as "inForce", r.loaded_at as "loadedAt", r.loaded_by as "loadedBy",
            null::timestamptz as "withdrawnAt", null as "withdrawnBy"
       from care.return r
      where r.authority = $1
      union all
     select w.id, w.year, false, w.loaded_at, w.loaded_by, w.withdrawn_at, w.withdrawn_by
       from care.withdrawn_return w
      where w.authority = $1`,
    [authority],
  )
  return movesSince(known, new Set(held.map(({ id }) => id)), since)
}

function movesSince(known: readonly KnownReturn[], held: ReadonlySet<string>, since: string): ReturnMove[] {
  const moves: ReturnMove[] = []
  for (const { id, year, inForce, loadedAt, loadedBy, withdrawnAt, withdrawnBy } of known) {
    const wasHeld = held.has(id)
    // Of the returns for its year that held then, the one whose withdrawal let an earlier one in again.
    const gaveWay = known.find((one) => one.year === year && held.has(one.id) && one.withdrawnAt !== null)
    if (!wasHeld && loadedAt > since)
      moves.push({ id, year, move: 'loaded', at: loadedAt, by: loadedBy, counts: inForce })
    else if (!wasHeld && inForce)
      moves.push(
        gaveWay
          ? {
              id,
              year,
              move: 'in-force-again',
              at: gaveWay.withdrawnAt!,
              by: gaveWay.withdrawnBy!,
              counts: true,
            }
          : { id, year, move: 'loaded', at: loadedAt, by: loadedBy, counts: true },
      )
    if (withdrawnAt !== null && (wasHeld || withdrawnAt > since))
      moves.push({ id, year, move: 'withdrawn', at: withdrawnAt, by: withdrawnBy!, counts: wasHeld })
  }
  return moves.sort((a, b) => (a.at === b.at ? a.year - b.year : a.at < b.at ? -1 : 1))
}
