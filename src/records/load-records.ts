import type { Database, Transaction } from '../platform/database/database.ts'
import { recordsHaveChanged } from '../returns/data-version.ts'
import { ERASED_ROW, type SubjectOf, takeOutErased } from '../returns/erased-rows.ts'
import { type Finding, type FindingCount, Findings } from '../returns/finding.ts'
import { type IncomingFile, pointerTo } from '../returns/load-return.ts'
import { waitForTurn } from '../returns/return-store.ts'
import type { Day } from '../vocabulary/day.ts'
import {
  childColumnOf,
  type RecordKind,
  type RecordKindName,
  relationOf,
} from '../vocabulary/record-kinds.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { copyRecords, findingOf } from './copy-records.ts'
import { keepPast } from './record-history.ts'
import { acrossFault, beforeBirth, daysOf, measureCoverage, unknownChild } from './record-store.ts'
import { storedColumnsOf } from './stored-columns.ts'

/** Findings that an answer lists row by row; the counts are of all. */
export const MOST_GIVEN = 1_000

export interface RecordsRequest {
  readonly authority: string
  readonly kind: RecordKind<RecordKindName>
  /** Whether rows that can be understood are written when others can't. */
  readonly partially: boolean
  /** Does everything, and keeps nothing. */
  readonly dryRun: boolean
  /** The day that a published list describes; null where it is to be found in the list, or is today. */
  readonly asAt?: Day | null
  readonly by: string
  readonly today: Day
  /** Knows erased children by their pseudonyms; needed where the authority erased any. */
  readonly subjectOf?: SubjectOf | undefined
}

export interface RecordsOutcome {
  readonly result: 'loaded' | 'unchanged' | 'checked'
  readonly rowsRead: number
  readonly created: number
  readonly changed: number
  readonly unchanged: number
  readonly leftOut: number
  /** The day that a published list describes; null for a file of the kind's own columns. */
  readonly asAt: Day | null
  readonly summary: RecordsSummary
  readonly findings: readonly Finding<RecordKindName>[]
  /** Ids of the children that the rows are about, for the audit trail. */
  readonly children: readonly string[]
}

export interface RecordsSummary {
  readonly errors: number
  readonly warnings: number
  readonly findings: readonly FindingCount<RecordKindName>[]
  /** Whether there were more findings than are listed row by row. */
  readonly listIsCut: boolean
}

export interface RecordsHooks {
  /** Called first of all within the transaction; what it throws ends the load. */
  readonly onStart?: (transaction: Transaction) => Promise<void>
  /** Called when the file is read; what it throws ends the load, and nothing is kept. */
  readonly afterReading?: (transaction: Transaction, contentHash: string) => Promise<void>
  /** Called at the end, for what has to be kept with the records or not at all. */
  readonly beforeCommit?: (transaction: Transaction, outcome: RecordsOutcome) => Promise<void>
}

/**
 * Writes the records of one file, all or nothing, in one transaction: a record whose id is there already takes its
 * place, the others are added, and what is not in the file stays. Writes of one authority wait for each other.
 */
export async function loadRecords(
  database: Database,
  request: RecordsRequest,
  files: AsyncIterable<IncomingFile>,
  hooks: RecordsHooks = {},
): Promise<RecordsOutcome> {
  try {
    return await database.load([request.authority], async (transaction) => {
      await hooks.onStart?.(transaction)
      const outcome = await load(transaction, request, files, hooks)
      if (request.dryRun) throw new Undone(outcome)
      await hooks.beforeCommit?.(transaction, outcome)
      return outcome
    })
  } catch (thrown) {
    if (thrown instanceof Undone) return thrown.outcome
    throw thrown
  }
}

/** Ends a transaction without keeping what it did. */
class Undone extends Error {
  readonly outcome: RecordsOutcome
  constructor(outcome: RecordsOutcome) {
    super('nothing is kept')
    this.outcome = outcome
  }
}

async function load(
  transaction: Transaction,
  request: RecordsRequest,
  files: AsyncIterable<IncomingFile>,
  hooks: RecordsHooks,
): Promise<RecordsOutcome> {
  const { kind, authority, partially, dryRun } = request
  await waitForTurn(transaction, authority)
  const findings = new Findings<RecordKindName>()
  const taken = await copyRecords(transaction, { ...request, asAt: request.asAt ?? null }, files, findings)
  await hooks.afterReading?.(transaction, taken.contentHash)
  const erased = await leaveOutErased(transaction, request, taken.file, findings)
  if (taken.isReadable) {
    await checkChildren(transaction, request, taken.file, findings)
    await checkAcross(transaction, request, taken.file, findings)
  }
  const summary: RecordsSummary = {
    errors: findings.errors,
    warnings: findings.warnings,
    findings: findings.counts(),
    listIsCut: findings.errors + findings.warnings > MOST_GIVEN,
  }
  const listed = findings.listed().slice(0, MOST_GIVEN)
  if (findings.errors > 0 && !(partially && taken.isReadable)) throw refused(request, summary, listed)

  const { created, changed } = await keepRecords(transaction, request)
  if (created + changed > 0) {
    await measureCoverage(transaction, kind, authority)
    await recordsHaveChanged(transaction, authority, kind.name)
  }
  return {
    result: dryRun ? 'checked' : created + changed > 0 ? 'loaded' : 'unchanged',
    rowsRead: taken.read,
    created,
    changed,
    unchanged: taken.kept - erased - created - changed,
    leftOut: taken.leftOut + erased,
    asAt: taken.asAt,
    summary,
    findings: listed,
    children: await childrenIn(transaction, kind),
  }
}

/** Rows about children who were erased are left out, each with a warning that does not say who it is about. */
async function leaveOutErased(
  transaction: Transaction,
  { kind, authority, subjectOf }: RecordsRequest,
  file: string,
  findings: Findings<RecordKindName>,
): Promise<number> {
  const column = childColumnOf(kind)
  if (column === null) return 0
  const [taken] = await takeOutErased(transaction, authority, subjectOf, ['incoming_record'])
  for (const row of taken?.rows ?? [])
    findings.add(findingOf(kind, file, row, { ...ERASED_ROW, columns: [column.name] }))
  return taken?.rows.length ?? 0
}

async function childrenIn(transaction: Transaction, kind: RecordKind): Promise<string[]> {
  if (childColumnOf(kind) === null) return []
  const rows = await transaction.query<{ child: string }>(
    'records.childrenIn',
    'select distinct i.child from incoming_record i where i.child is not null',
  )
  return rows.map(({ child }) => child)
}

/** Whether the rows' children are known, and born before the rows' days; in one statement for all rows. */
async function checkChildren(
  transaction: Transaction,
  { kind, authority }: RecordsRequest,
  file: string,
  findings: Findings<RecordKindName>,
): Promise<void> {
  if (childColumnOf(kind) === null) return
  const early = daysOf(kind).map((name) => `case when i.${name} < c.born then '${name}' end`)
  const rows = await transaction.query<{ row: number; early: string[] | null }>(
    'records.children',
    `with checked as (
       select i.row, case when c.child is not null
                          then array_remove(array[${early.join(', ')}]::text[], null) end as early
         from incoming_record i
         left join care.child c on c.authority = $1 and c.child = i.child
     )
     select k.row, k.early from checked k
      where k.early is null or cardinality(k.early) > 0
      order by k.row`,
    [authority],
  )
  const unknown = unknownChild(kind)
  for (const { row, early: columns } of rows)
    findings.add(findingOf(kind, file, row, columns === null ? unknown : beforeBirth(columns)))
}

/** What is odd about the rows beside other records; each rule in one statement for all rows. */
async function checkAcross(
  transaction: Transaction,
  { kind, authority }: RecordsRequest,
  file: string,
  findings: Findings<RecordKindName>,
): Promise<void> {
  for (const rule of kind.acrossRecords ?? []) {
    const rows = await transaction.query<{ row: number }>(
      'records.acrossRows',
      // Not every rule asks for the authority, and a parameter that a statement does not have is an error.
      `select r.row from incoming_record r where $1::text is not null and ${rule.isBroken} order by r.row`,
      [authority],
    )
    for (const { row } of rows) findings.add(findingOf(kind, file, row, acrossFault(rule)))
  }
}

/* ---- what is kept ----------------------------------------------------------------------------------------- */

async function keepRecords(
  transaction: Transaction,
  { kind, authority, by, today }: RecordsRequest,
): Promise<{ created: number; changed: number }> {
  const relation = relationOf(kind)
  const names = storedColumnsOf(kind).map(({ name }) => name)
  const others = names.filter((name) => name !== 'id')
  for (const column of kind.columns)
    if (column.kind === 'day' && column.ifBlank === 'today')
      await fillInDays(transaction, { relation, authority, today }, column.name, others)
  // What is never given out can't be sent back by who has read the record: left out, it stays.
  const ungiven = new Set(kind.columns.filter(({ neverGiven }) => neverGiven).map(({ name }) => name))
  const written = (name: string) =>
    ungiven.has(name) ? `coalesce(excluded.${name}, r.${name})` : `excluded.${name}`
  const before = others.map((name) => `r.${name}`).join(', ')
  const after = others.map(written).join(', ')
  const incoming = after.replaceAll('excluded.', 'i.')
  await keepPast(
    transaction,
    kind,
    { authority, by, change: 'changed' },
    `exists (select 1 from incoming_record i where i.id = r.id and (${before}) is distinct from (${incoming}))`,
  )
  const [counts] = await transaction.query<{ created: number; changed: number }>(
    'records.keep',
    `with written as (
       insert into care.${relation} as r (authority, written_by, written_at, revision, ${names.join(', ')})
       select $1, $2, clock_timestamp(), 1, ${names.map((name) => `i.${name}`).join(', ')}
         from incoming_record i
       on conflict (authority, id) do update
          set ${others.map((name) => `${name} = ${written(name)}`).join(', ')},
              written_by = excluded.written_by, written_at = excluded.written_at, revision = r.revision + 1
        where (${before}) is distinct from (${after})
       returning r.revision
     )
     select count(*) filter (where w.revision = 1) as created, count(*) filter (where w.revision > 1) as changed
       from written w`,
    [authority, by],
  )
  return counts!
}

/**
 * A day that stands for the day of writing where it is blank: that of the record as it stands where nothing else is
 * different, so that the same file sent again tomorrow changes nothing.
 */
async function fillInDays(
  transaction: Transaction,
  { relation, authority, today }: { relation: string; authority: string; today: Day },
  column: string,
  columns: readonly string[],
): Promise<void> {
  const list = (prefix: string) =>
    columns
      .filter((name) => name !== column)
      .map((name) => `${prefix}.${name}`)
      .join(', ')
  await transaction.query(
    'records.keepDays',
    `update incoming_record i set ${column} = r.${column}
       from care.${relation} r
      where r.authority = $1 and r.id = i.id and i.${column} is null
        and (${list('r')}) is not distinct from (${list('i')})`,
    [authority],
  )
  await transaction.query(
    'records.fillInDays',
    `update incoming_record i set ${column} = $1 where i.${column} is null`,
    [today],
  )
}

/* ---- why it is refused ------------------------------------------------------------------------------------ */

function refused(
  { kind, partially }: RecordsRequest,
  summary: RecordsSummary,
  findings: readonly Finding<RecordKindName>[],
): Refusal {
  const faults = findings
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ file, row, rule, message, allowed }): Fault => ({
        pointer: `${pointerTo(file!)}/rows/${row}`,
        code: rule,
        detail: message,
        ...(allowed && { allowed }),
      }),
    )
  const { errors } = summary
  return new Refusal(
    'records-refused',
    `${errors} ${errors === 1 ? 'fault' : 'faults'} in the file of ${kind.name}: nothing was changed. ` +
      (partially ? 'Mend its header row.' : 'Mend the rows, or write the rest with accept=partial.'),
    faults,
    { summary, findings },
  )
}
