import type { Transaction } from '../platform/database/database.ts'

/** What an authority aims at, or says, for an indicator and a period. */
export interface Target {
  readonly indicator: string
  readonly period: string
  /** In the indicator's unit; null where there is only a commentary. */
  readonly value: number | null
  /** Where amber ends and red begins; null where nothing lies between the target and red. */
  readonly amber: number | null
  readonly commentary: string | null
  readonly setBy: string
  readonly setAt: string
}

/** A target as it was at a time: the first version is 1. */
export interface TargetVersion extends Target {
  readonly version: number
  /** This version took the target away. */
  readonly removed: boolean
}

interface Row extends Omit<TargetVersion, 'value' | 'amber'> {
  /** As PostgreSQL writes a numeric. */
  readonly value: string | null
  readonly amber: string | null
}

const COLUMNS = `t.indicator, t.period, t.version, t.value, t.amber, t.commentary, t.removed,
            t.set_by as "setBy", t.set_at as "setAt"`

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text))

const versionOf = ({ value, amber, ...row }: Row): TargetVersion => ({
  ...row,
  value: numberOf(value),
  amber: numberOf(amber),
})

/** The targets that hold for an authority in some periods, by indicator and period. */
export async function readTargets(
  transaction: Transaction,
  authority: string,
  periods: readonly string[],
): Promise<Target[]> {
  const rows = await transaction.query<Row>(
    'targets.ofPeriods',
    `select * from (
       select distinct on (t.indicator, t.period) ${COLUMNS}
         from care.target t
        where t.authority = $1 and t.period = any($2::text[])
        order by t.indicator, t.period, t.version desc
     ) as latest
      where not latest.removed
      order by latest.indicator, latest.period`,
    [authority, periods],
  )
  return rows.map(versionOf).map(({ version: _version, removed: _removed, ...target }) => target)
}

export interface TargetFilter {
  readonly periods: readonly string[] | null
  readonly indicators: readonly string[] | null
  /** The last one seen. */
  readonly after: { readonly indicator: string; readonly period: string } | null
  readonly limit: number
}

/** The targets that hold, by indicator and period. */
export async function listTargets(
  transaction: Transaction,
  authority: string,
  { periods, indicators, after, limit }: TargetFilter,
): Promise<TargetVersion[]> {
  const rows = await transaction.query<Row>(
    'targets.list',
    `select * from (
       select distinct on (t.indicator, t.period) ${COLUMNS}
         from care.target t
        where t.authority = $1
          and ($2::text[] is null or t.period = any($2))
          and ($3::text[] is null or t.indicator = any($3))
          and ($4::text is null or (t.indicator, t.period) > ($4, $5))
        order by t.indicator, t.period, t.version desc
     ) as latest
      where not latest.removed
      order by latest.indicator, latest.period
      limit $6`,
    [authority, periods, indicators, after?.indicator ?? null, after?.period ?? null, limit],
  )
  return rows.map(versionOf)
}

/** Versions that are given of a target's history; older ones are kept all the same. */
const MOST_VERSIONS = 100

/** Every version of a target, the newest first. */
export async function readTargetHistory(
  transaction: Transaction,
  authority: string,
  indicator: string,
  period: string,
): Promise<TargetVersion[]> {
  const rows = await transaction.query<Row>(
    'targets.history',
    `select ${COLUMNS}
       from care.target t
      where t.authority = $1 and t.indicator = $2 and t.period = $3
      order by t.version desc
      limit $4`,
    [authority, indicator, period, MOST_VERSIONS],
  )
  return rows.map(versionOf)
}

/** What is to hold for an indicator and a period; null takes it away. */
export interface TargetChange {
  readonly authority: string
  readonly indicator: string
  readonly period: string
  readonly to: Pick<Target, 'value' | 'amber' | 'commentary'> | null
  readonly by: string
  /**
   * Called with the target as it stands, null where there is none, and whether another is to take its place; what it
   * throws ends the change.
   */
  readonly precondition: (existing: TargetVersion | null, isReplaced: boolean) => void
}

export interface TargetChanged {
  readonly result: 'created' | 'changed' | 'unchanged'
  /** Null where it was taken away, or was not there to be taken. */
  readonly target: TargetVersion | null
}

const TARGETS_LOCK = 903_103

/** Adds a version to a target, where it says anything else than the one before. Not a word of it moves a figure. */
export async function changeTarget(
  transaction: Transaction,
  { authority, indicator, period, to, by, precondition }: TargetChange,
): Promise<TargetChanged> {
  await transaction.query('targets.queue', 'select pg_advisory_xact_lock($1, hashtext($2))', [
    TARGETS_LOCK,
    authority,
  ])
  const [latest = null] = await readTargetHistory(transaction, authority, indicator, period)
  const existing = latest?.removed ? null : latest
  const isSame = to === null ? existing === null : existing !== null && saysTheSame(existing, to)
  precondition(existing, to !== null && existing !== null && !isSame)
  if (isSame) return { result: 'unchanged', target: existing }
  const [row] = await transaction.query<Row>(
    'targets.add',
    `insert into care.target as t (authority, indicator, period, version, value, amber, commentary, removed, set_by,
                                   set_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp())
     returning ${COLUMNS}`,
    [
      authority,
      indicator,
      period,
      (latest?.version ?? 0) + 1,
      to?.value ?? null,
      to?.amber ?? null,
      to?.commentary ?? null,
      to === null,
      by,
    ],
  )
  if (to === null) return { result: 'changed', target: null }
  return { result: existing ? 'changed' : 'created', target: versionOf(row!) }
}

const saysTheSame = (a: Pick<Target, 'value' | 'amber' | 'commentary'>, b: typeof a): boolean =>
  a.value === b.value && a.amber === b.amber && a.commentary === b.commentary
