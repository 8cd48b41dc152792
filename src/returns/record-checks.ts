import type { Transaction } from '../platform/database/database.ts'
import { TABLES, type Table, type TableName } from '../vocabulary/ssda903.ts'
import { type Findings, MOST_LISTED } from './finding.ts'

/**
 * Checks of a return's rows against each other, set-based, after all of them are in: a child that is not in the
 * header table, a child returned twice, another date of birth, two episodes at once. Rows with an error are taken
 * out again, so that a partial load holds only what agrees with itself. Gives the rows taken out, by table.
 */
export async function checkRecords(
  transaction: Transaction,
  present: ReadonlySet<TableName>,
  fileOf: ReadonlyMap<TableName, string>,
  findings: Findings,
): Promise<Map<TableName, number>> {
  const takenOut = new Map<TableName, number>()
  for (const table of TABLES) {
    if (!present.has(table.name)) continue
    const checks = checksOf(table)
    if (checks.length === 0) continue
    await collectBroken(transaction, table, checks)
    await report(transaction, table, checks, fileOf.get(table.name) ?? null, findings)
    const rows = await takeOut(transaction, table, checks)
    findings.leaveOut(table.name, rows)
    if (rows > 0) takenOut.set(table.name, rows)
  }
  return takenOut
}

/** The transaction's own table of the rows that break a check. */
export const brokenOf = (table: Table): string => `broken_${table.relation}`

/**
 * Collects the rows that break a check, with the number of the check, in a table of the transaction's own: there may
 * be millions. Checks of the same rows go through them together, in one statement.
 */
async function collectBroken(
  transaction: Transaction,
  table: Table,
  checks: readonly RecordCheck[],
): Promise<void> {
  await transaction.query(
    `check.${table.name}.broken`,
    `create temporary table ${brokenOf(table)} (row int, broken int) on commit drop`,
  )
  for (const of of new Set(checks.map((check) => check.of))) {
    const together = checks.flatMap((check, index) =>
      check.of === of ? [{ index, where: check.where }] : [],
    )
    await transaction.query(
      `check.${table.name}.${together.map(({ index }) => checks[index]!.rule).join('.')}`,
      `
    insert into ${brokenOf(table)} (row, broken)
    select checked.row, broken.number
      from (select r.row, array_remove(array[${together
        .map(({ index, where }) => `case when ${where} then ${index} end`)
        .join(',\n                                              ')}], null) as broken
              from ${of}) checked
     cross join lateral unnest(checked.broken) as broken(number)`,
    )
  }
}

/** Lists as many as are listed at all, and counts the rest. */
async function report(
  transaction: Transaction,
  table: Table,
  checks: readonly RecordCheck[],
  file: string | null,
  findings: Findings,
): Promise<void> {
  const counts = await transaction.query<{ broken: number; count: number }>(
    `check.${table.name}.counts`,
    `select b.broken, count(*)::int as count from ${brokenOf(table)} b group by b.broken order by b.broken`,
  )
  for (const { broken, count } of counts) {
    const { severity, rule, columns, message } = checks[broken]!
    const finding = (row: number) => ({ severity, rule, table: table.name, file, row, columns, message })
    const listed = await transaction.query<{ row: number }>(
      `check.${table.name}.list`,
      `select b.row from ${brokenOf(table)} b where b.broken = $1 order by b.row limit $2`,
      [broken, findings.isFull ? 1 : MOST_LISTED],
    )
    for (const { row } of listed) findings.add(finding(row))
    findings.addUnlisted(finding(listed.at(-1)!.row), count - listed.length)
  }
}

/** Takes the rows with an error out again, and says how many they are. */
async function takeOut(
  transaction: Transaction,
  table: Table,
  checks: readonly RecordCheck[],
): Promise<number> {
  const errors = checks.flatMap(({ severity }, index) => (severity === 'error' ? [index] : []))
  const [taken] = await transaction.query<{ rows: number }>(
    `check.${table.name}.takeOut`,
    `with taken as (
       delete from incoming_${table.relation} r
        where r.row in (select b.row from ${brokenOf(table)} b where b.broken = any($1::int[]))
       returning r.row)
     select count(*)::int as rows from taken`,
    [errors],
  )
  return taken!.rows
}

interface RecordCheck {
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly columns: readonly string[]
  readonly message: string
  /** What is gone through, as a from clause with the table's rows as `r`; and what is true of a row that breaks the rule. */
  readonly of: string
  readonly where: string
}

const checksOf = (table: Table): RecordCheck[] => [
  ...(table.name === 'Header' ? [] : againstHeader(table)),
  ...(table.once ? [onlyOnce(table, table.once)] : []),
  ...(table.name === 'Header' ? headerChecks : []),
  ...(table.name === 'Episodes' ? episodeChecks : []),
  ...(table.name === 'UASC' ? [otherSex] : []),
  ...duplicateKeys(table),
]

/** Each row beside the child's row in Header, where there is one. */
const besideHeader = (relation: string): string => `incoming_${relation} r
              left join incoming_returned_header h
                on h.child = r.child`

/** The rows that share their values in some columns with others, each with its place among them. */
const repeated = (relation: string, columns: readonly string[]): string => {
  const key = columns.map((name) => `r.${name.toLowerCase()}`).join(', ')
  return `(
            select r.row, row_number() over (partition by ${key} order by r.row) as occurrence
              from incoming_${relation} r
             where (${key}) in (select ${key} from incoming_${relation} r group by ${key} having count(*) > 1)) r`
}

const onlyOnce = (table: Table, rule: string): RecordCheck => ({
  severity: 'error',
  rule,
  columns: ['CHILD'],
  message: `the child is in ${table.name} more than once; a return holds a child there once`,
  of: repeated(table.relation, ['CHILD']),
  where: 'r.occurrence > 1',
})

const againstHeader = (table: Table): RecordCheck[] => [
  {
    severity: 'error',
    rule: table.notInHeader ?? 'child-not-in-header',
    columns: ['CHILD'],
    message: 'the child has no row in Header that could be loaded',
    of: besideHeader(table.relation),
    where: 'h.child is null',
  },
  ...(table.columns.some(({ name }) => name === 'DOB')
    ? [
        {
          severity: 'error' as const,
          rule: table.otherBirth ?? 'other-birth',
          columns: ['DOB'],
          message: 'DOB is not the DOB that Header gives for the child',
          of: besideHeader(table.relation),
          where: 'h.dob <> r.dob',
        },
      ]
    : []),
]

const otherSex: RecordCheck = {
  severity: 'error',
  rule: 'INT21',
  columns: ['SEX'],
  message: 'SEX is not the SEX that Header gives for the child',
  of: besideHeader('returned_uasc'),
  where: 'h.sex <> r.sex',
}

const headerChecks: RecordCheck[] = [
  {
    severity: 'warning',
    rule: '444',
    columns: ['UPN'],
    message: 'another child has the same UPN',
    of: `(
            select h.row, count(*) over (partition by h.upn) as children
              from incoming_returned_header h
             where h.upn not like 'UN_') r`,
    where: 'r.children > 1',
  },
]

/** A table's natural key; rows that share it say the same thing twice, or contradict each other. */
const KEYS: Partial<Record<TableName, readonly string[]>> = {
  Episodes: ['CHILD', 'DECOM'],
  PlacedAdoption: ['CHILD', 'DATE_PLACED'],
  Missing: ['CHILD', 'MISSING', 'MIS_START'],
  SWEpisodes: ['CHILD', 'SW_ID', 'SW_DECOM'],
  DoLo: ['CHILD', 'DOLO_START'],
  Reviews: ['CHILD', 'REVIEW'],
}

function duplicateKeys(table: Table): RecordCheck[] {
  const key = KEYS[table.name]
  if (!key) return []
  return [
    {
      severity: 'error',
      rule: 'duplicate',
      columns: key,
      message: `an earlier row has the same ${key.join(', ')}`,
      ...(table.name === 'Episodes'
        ? // An episode of no days may share its start with the one that takes its place (examples.md E24).
          { of: BETWEEN_NEIGHBOURS, where: 'r.decom = r.decom_before' }
        : { of: repeated(table.relation, key), where: 'r.occurrence > 1' }),
    },
  ]
}

/** Each episode with days between the child's one before and next one. */
const BETWEEN_NEIGHBOURS = `(
            select e.*, lag(e.decom) over life as decom_before, lead(e.decom) over life as next_decom,
                   lead(e.rne) over life as next_rne, lead(e.place) over life as next_place,
                   lead(e.pl_post) over life as next_post, lead(e.ls) over life as next_ls
              from incoming_returned_episode e
             where (e.dec is null or e.dec > e.decom)
            window life as (partition by e.child order by e.decom, e.row)) r`

const episodeChecks: RecordCheck[] = [
  {
    severity: 'error',
    rule: '302',
    columns: ['DECOM'],
    message: 'DECOM is before the date of birth',
    of: besideHeader('returned_episode'),
    where: 'r.decom < h.dob',
  },
  {
    severity: 'error',
    rule: '142',
    columns: ['DEC', 'REC'],
    message: "the episode is open, but the child's next episode has begun; DEC must not be after its DECOM",
    of: BETWEEN_NEIGHBOURS,
    where: 'r.dec is null and r.next_decom > r.decom',
  },
  {
    severity: 'error',
    rule: '501',
    columns: ['DECOM', 'DEC'],
    message: "the episode ends after the child's next episode begins; DEC must not be after its DECOM",
    of: BETWEEN_NEIGHBOURS,
    where: 'r.dec > r.next_decom and r.next_decom > r.decom',
  },
  {
    severity: 'warning',
    rule: '433',
    columns: ['DEC', 'REC'],
    message: 'there is a gap: REC is X1, but the next episode begins later',
    of: BETWEEN_NEIGHBOURS,
    where: `r.rec = 'X1' and r.dec < r.next_decom`,
  },
  {
    severity: 'warning',
    rule: '388',
    columns: ['REC'],
    message: 'REC is X1, but no episode follows',
    of: BETWEEN_NEIGHBOURS,
    where: `r.rec = 'X1' and r.dec is not null and r.next_decom is null`,
  },
  {
    severity: 'warning',
    rule: '431',
    columns: ['REC'],
    message: 'REC is X1, but the next episode has RNE S',
    of: BETWEEN_NEIGHBOURS,
    where: `r.rec = 'X1' and r.dec = r.next_decom and r.next_rne = 'S'`,
  },
  {
    severity: 'warning',
    rule: '432',
    columns: ['REC'],
    message: 'the child ceased to be looked after, but the next episode has an RNE other than S',
    of: BETWEEN_NEIGHBOURS,
    where: `r.rec <> 'X1' and r.dec is not null and r.next_rne <> 'S'`,
  },
  {
    severity: 'warning',
    rule: '225',
    columns: ['REASON_PLACE_CHANGE'],
    message: 'the reason for the placement change that follows is missing',
    of: BETWEEN_NEIGHBOURS,
    where: `r.rec = 'X1' and r.dec = r.next_decom and r.reason_place_change is null
       and r.next_rne in ('P', 'B', 'T', 'U') and r.place !~ '^T' and r.next_place !~ '^T'`,
  },
  {
    severity: 'warning',
    rule: '434',
    columns: ['PLACE', 'PL_POST', 'LS'],
    message:
      'the next episode says that only the legal status changed (RNE L), but it has another placement or postcode',
    of: BETWEEN_NEIGHBOURS,
    where: `r.dec = r.next_decom and r.next_rne = 'L'
       and (r.next_place <> r.place or r.next_post is distinct from r.pl_post)`,
  },
  {
    severity: 'warning',
    rule: '426',
    columns: ['LS'],
    message: 'a short break (V3, V4) turns into a period of care in the same return',
    of: BETWEEN_NEIGHBOURS,
    where: `r.ls in ('V3', 'V4') and r.dec = r.next_decom and r.next_ls not in ('V3', 'V4')`,
  },
]
