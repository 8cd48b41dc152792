import type { Transaction } from '../platform/database/database.ts'
import { TABLES, type Table, type TableName } from '../vocabulary/ssda903.ts'
import type { Findings } from './finding.ts'

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
    const bad = new Set<number>()
    for (const check of checksOf(table)) {
      const rows = await transaction.query<{ row: number }>(`check.${table.name}.${check.rule}`, check.text)
      for (const { row } of rows) {
        findings.add({
          severity: check.severity,
          rule: check.rule,
          table: table.name,
          file: fileOf.get(table.name) ?? null,
          row,
          columns: check.columns,
          message: check.message,
        })
        if (check.severity === 'error') bad.add(row)
      }
    }
    if (bad.size === 0) continue
    takenOut.set(table.name, bad.size)
    await transaction.query(
      `check.${table.name}.takeOut`,
      `delete from incoming_${table.relation} r where r.row = any($1::int[])`,
      [[...bad]],
    )
  }
  return takenOut
}

interface RecordCheck {
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly columns: readonly string[]
  readonly message: string
  /** One row for each row that breaks the rule. */
  readonly text: string
}

const checksOf = (table: Table): RecordCheck[] => [
  ...(table.name === 'Header' ? [] : againstHeader(table)),
  ...(table.once ? [onlyOnce(table, table.once)] : []),
  ...(table.name === 'Header' ? headerChecks : []),
  ...(table.name === 'Episodes' ? episodeChecks : []),
  ...(table.name === 'UASC' ? [otherSex] : []),
  ...duplicateKeys(table),
]

const onlyOnce = (table: Table, rule: string): RecordCheck => ({
  severity: 'error',
  rule,
  columns: ['CHILD'],
  message: `the child is in ${table.name} more than once; a return holds a child there once`,
  text: `
    select repeated.row
      from (select r.row, row_number() over (partition by r.child order by r.row) as occurrence
              from incoming_${table.relation} r) repeated
     where repeated.occurrence > 1`,
})

const againstHeader = (table: Table): RecordCheck[] => [
  {
    severity: 'error',
    rule: table.notInHeader ?? 'child-not-in-header',
    columns: ['CHILD'],
    message: 'the child has no row in Header that could be loaded',
    text: `
    select r.row
      from incoming_${table.relation} r
      left join incoming_returned_header h
        on h.child = r.child
     where h.child is null`,
  },
  ...(table.columns.some(({ name }) => name === 'DOB')
    ? [
        {
          severity: 'error' as const,
          rule: table.otherBirth ?? 'other-birth',
          columns: ['DOB'],
          message: 'DOB is not the DOB that Header gives for the child',
          text: `
    select r.row
      from incoming_${table.relation} r
      join incoming_returned_header h
        on h.child = r.child
     where h.dob <> r.dob`,
        },
      ]
    : []),
]

const otherSex: RecordCheck = {
  severity: 'error',
  rule: 'INT21',
  columns: ['SEX'],
  message: 'SEX is not the SEX that Header gives for the child',
  text: `
    select r.row
      from incoming_returned_uasc r
      join incoming_returned_header h
        on h.child = r.child
     where h.sex <> r.sex`,
}

const headerChecks: RecordCheck[] = [
  {
    severity: 'warning',
    rule: '444',
    columns: ['UPN'],
    message: 'another child has the same UPN',
    text: `
    select shared.row
      from (select h.row, count(*) over (partition by h.upn) as children
              from incoming_returned_header h
             where h.upn not like 'UN_') shared
     where shared.children > 1`,
  },
]

/** A table's natural key; rows that share it say the same thing twice, or contradict each other. */
const KEYS: Partial<Record<TableName, { columns: readonly string[]; but?: string }>> = {
  // An episode of no days may share its start with the one that takes its place (examples.md E24).
  Episodes: { columns: ['CHILD', 'DECOM'], but: 'r.dec is null or r.dec > r.decom' },
  PlacedAdoption: { columns: ['CHILD', 'DATE_PLACED'] },
  Missing: { columns: ['CHILD', 'MISSING', 'MIS_START'] },
  SWEpisodes: { columns: ['CHILD', 'SW_ID', 'SW_DECOM'] },
  DoLo: { columns: ['CHILD', 'DOLO_START'] },
  Reviews: { columns: ['CHILD', 'REVIEW'] },
}

function duplicateKeys(table: Table): RecordCheck[] {
  const key = KEYS[table.name]
  if (!key) return []
  return [
    {
      severity: 'error',
      rule: 'duplicate',
      columns: key.columns,
      message: `an earlier row has the same ${key.columns.join(', ')}`,
      text: `
    select repeated.row
      from (select r.row,
                   row_number() over (partition by ${key.columns.map((name) => `r.${name.toLowerCase()}`).join(', ')} order by r.row) as occurrence
              from incoming_${table.relation} r
             where (${key.but ?? 'true'})) repeated
     where repeated.occurrence > 1`,
    },
  ]
}

/** Each episode with days beside the child's next one; \`where\` says what is wrong with the two. */
const withNext = (where: string): string => `
    select pair.row
      from (select e.*, lead(e.decom) over next as next_decom, lead(e.rne) over next as next_rne,
                   lead(e.place) over next as next_place, lead(e.pl_post) over next as next_post, lead(e.ls) over next as next_ls
              from incoming_returned_episode e
             where (e.dec is null or e.dec > e.decom)
            window next as (partition by e.child order by e.decom, e.row)) pair
     where ${where}`

const episodeChecks: RecordCheck[] = [
  {
    severity: 'error',
    rule: '302',
    columns: ['DECOM'],
    message: 'DECOM is before the date of birth',
    text: `
    select e.row
      from incoming_returned_episode e
      join incoming_returned_header h
        on h.child = e.child
     where e.decom < h.dob`,
  },
  {
    severity: 'error',
    rule: '142',
    columns: ['DEC', 'REC'],
    message: "the episode is open, but the child's next episode has begun; DEC must not be after its DECOM",
    text: withNext('pair.dec is null and pair.next_decom > pair.decom'),
  },
  {
    severity: 'error',
    rule: '501',
    columns: ['DECOM', 'DEC'],
    message: "the episode ends after the child's next episode begins; DEC must not be after its DECOM",
    text: withNext('pair.dec > pair.next_decom and pair.next_decom > pair.decom'),
  },
  {
    severity: 'warning',
    rule: '433',
    columns: ['DEC', 'REC'],
    message: 'there is a gap: REC is X1, but the next episode begins later',
    text: withNext(`pair.rec = 'X1' and pair.dec < pair.next_decom`),
  },
  {
    severity: 'warning',
    rule: '388',
    columns: ['REC'],
    message: 'REC is X1, but no episode follows',
    text: withNext(`pair.rec = 'X1' and pair.dec is not null and pair.next_decom is null`),
  },
  {
    severity: 'warning',
    rule: '431',
    columns: ['REC'],
    message: 'REC is X1, but the next episode has RNE S',
    text: withNext(`pair.rec = 'X1' and pair.dec = pair.next_decom and pair.next_rne = 'S'`),
  },
  {
    severity: 'warning',
    rule: '432',
    columns: ['REC'],
    message: 'the child ceased to be looked after, but the next episode has an RNE other than S',
    text: withNext(`pair.rec <> 'X1' and pair.dec is not null and pair.next_rne <> 'S'`),
  },
  {
    severity: 'warning',
    rule: '225',
    columns: ['REASON_PLACE_CHANGE'],
    message: 'the reason for the placement change that follows is missing',
    text: withNext(`pair.rec = 'X1' and pair.dec = pair.next_decom and pair.reason_place_change is null
       and pair.next_rne in ('P', 'B', 'T', 'U') and pair.place !~ '^T' and pair.next_place !~ '^T'`),
  },
  {
    severity: 'warning',
    rule: '434',
    columns: ['PLACE', 'PL_POST', 'LS'],
    message:
      'the next episode says that only the legal status changed (RNE L), but it has another placement or postcode',
    text: withNext(`pair.dec = pair.next_decom and pair.next_rne = 'L'
       and (pair.next_place <> pair.place or pair.next_post is distinct from pair.pl_post)`),
  },
  {
    severity: 'warning',
    rule: '426',
    columns: ['LS'],
    message: 'a short break (V3, V4) turns into a period of care in the same return',
    text: withNext(
      `pair.ls in ('V3', 'V4') and pair.dec = pair.next_decom and pair.next_ls not in ('V3', 'V4')`,
    ),
  },
]
