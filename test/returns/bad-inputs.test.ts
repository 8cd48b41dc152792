import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { type TableName, tableNamed } from '../../src/vocabulary/ssda903.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { formOf, type ReturnsApp, returnsApp, type SentFile, sendForm } from '../support/returns-app.ts'
import { csvOf, FURTHER, filesOf, SAMPLE, type SampleReturn, withRows } from '../support/sample-return.ts'

const HERE = '/v1/authorities/E08000034/returns'
const LIMIT = 1024 * 1024

let database: TestDatabase
let service: ReturnsApp

beforeAll(async () => {
  database = await newDatabase()
  service = await returnsApp(database, { uploadLimitBytes: LIMIT })
  // Something is there already, so that "nothing changed" says more than "nothing is there".
  const before = filesOf({ ...SAMPLE, ...FURTHER }).map(({ name, content }) => ({
    name,
    content: String(content).replaceAll('ADA1', 'EVE5'),
  }))
  expect((await sendForm(service.client, before)).statusCode).toBe(201)
})
afterAll(async () => {
  await service.close()
  await database.drop()
})

/** Everything that a load writes, counted, and the version of the data. */
async function state(): Promise<unknown> {
  return database.database.read(['E08000034'], (transaction) =>
    transaction.query(
      'test.state',
      `select (select s.data_version from care.authority_state s) as version,
              (select count(*) from care.return) as returns, (select count(*) from care.finding) as findings,
              (select count(*) from care.returned_header) as headers, (select count(*) from care.returned_episode) as rows,
              (select count(*) from care.child) as children, (select count(*) from care.episode) as episodes,
              (select string_agg(c.child, ',' order by c.child) from care.child c) as who,
              (select count(*) from care.idempotency_key) as keys`,
    ),
  )
}

/** Whatever in the files could be a child's: ids, days, postcodes, numbers; codes stand in messages and must. */
function secretsIn(files: readonly SentFile[]): string[] {
  return files.flatMap(({ content }) =>
    String(content)
      .split(/[\r\n]+/)
      .slice(1)
      .flatMap((line) => line.split(/[,;\t"]/))
      .map((cell) => cell.trim())
      .filter((cell) => /\d/.test(cell) && cell.length >= 4 && cell.length < 60),
  )
}

const NONSENSE = 'QQ7Q9'

/** A row of the sample's with some cells changed. */
function row(table: TableName, changes: Record<string, string>, index = 0): string {
  const cells = (SAMPLE[table] ?? FURTHER[table] ?? DOLO)[index]!.split(',')
  for (const [column, value] of Object.entries(changes)) {
    const position = tableNamed(table).columns.findIndex(({ name }) => name === column)
    expect(position, `${table} has a column ${column}`).not.toBe(-1)
    cells[position] = value
  }
  return cells.join(',')
}
const DOLO = ['ADA1,14/05/2012,01/06/2024,01/07/2024']

/** The sample with the first row of a table changed; the other rows follow. */
const changed = (table: TableName, changes: Record<string, string>): SampleReturn => ({
  ...SAMPLE,
  [table]: [row(table, changes), ...(SAMPLE[table] ?? []).slice(1)],
})
/** The sample with a row behind the others of its table. */
const added = (table: TableName, ...rows: string[]): SampleReturn => ({
  ...SAMPLE,
  [table]: [...(SAMPLE[table] ?? FURTHER[table] ?? DOLO), ...rows],
})

const episode = (changes: Record<string, string>, index = 0) => row('Episodes', changes, index)

/* ---- rows ------------------------------------------------------------------------------------------------- */

type RowCase = readonly [
  what: string,
  sample: SampleReturn,
  rule: string,
  table: TableName | null,
  line: number | null,
  columns?: string,
]

/** A value of a column that can't be understood: [table, column, value, rule]. */
const CELLS: readonly (readonly [TableName, string, string, string])[] = [
  ['Header', 'CHILD', '', 'missing-child'],
  ['Header', 'CHILD', 'X'.repeat(37), 'missing-child'],
  ['Header', 'SEX', NONSENSE, '101'],
  ['Header', 'SEX', '', '101'],
  ['Header', 'DOB', '31/02/2012', '102'],
  ['Header', 'DOB', '2012-13-01', '102'],
  ['Header', 'DOB', '05/14/2012', '102'],
  ['Header', 'DOB', '14/05/12', '102'],
  ['Header', 'DOB', '41043', '102'],
  ['Header', 'DOB', '', '102'],
  ['Header', 'DOB', '14/05/2025', '301'],
  ['Header', 'ETHNIC', NONSENSE, '103'],
  ['Header', 'ETHNIC', '', '103'],
  ['Header', 'UPN', 'A'.repeat(21), '168'],
  ['Header', 'MOTHER', NONSENSE, '165'],
  ['Header', 'MC_DOB', NONSENSE, '171'],
  ['Episodes', 'DECOM', '29/02/2023', '141'],
  ['Episodes', 'DECOM', '', '141'],
  ['Episodes', 'RNE', NONSENSE, '143'],
  ['Episodes', 'RNE', '', '143'],
  ['Episodes', 'LS', NONSENSE, '144'],
  ['Episodes', 'LS', '', '144'],
  ['Episodes', 'CIN', NONSENSE, '145'],
  ['Episodes', 'CIN', '', '145'],
  ['Episodes', 'PLACE', NONSENSE, '146'],
  ['Episodes', 'PLACE', '', '146'],
  ['Episodes', 'PLACE_PROVIDER', NONSENSE, '178'],
  ['Episodes', 'DEC', '31/06/2024', '147'],
  ['Episodes', 'REC', NONSENSE, '149'],
  ['Episodes', 'REASON_PLACE_CHANGE', NONSENSE, '1009'],
  ['Episodes', 'HOME_POST', 'LS6 1AB AND MORE', '392c'],
  ['Episodes', 'URN', 'SC123456789', '1008'],
  ['UASC', 'SEX', NONSENSE, '101'],
  ['UASC', 'DOB', '', '102'],
  ['UASC', 'DUC', NONSENSE, '104'],
  ['Reviews', 'REVIEW', '', '166'],
  ['Reviews', 'REVIEW_CODE', NONSENSE, '167'],
  ['OC2', 'SDQ_SCORE', '41', '180'],
  ['OC2', 'SDQ_SCORE', '-1', '180'],
  ['OC2', 'SDQ_SCORE', '3.5', '180'],
  ['OC2', 'SDQ_REASON', NONSENSE, '196'],
  ['OC2', 'CONVICTED', NONSENSE, '181'],
  ['OC2', 'SUBSTANCE_MISUSE', 'YES', '181'],
  ['OC3', 'IN_TOUCH', NONSENSE, '131'],
  ['OC3', 'IN_TOUCH', '', '131'],
  ['OC3', 'ACTIV', NONSENSE, '132'],
  ['OC3', 'ACCOM', NONSENSE, '133'],
  ['AD1', 'DATE_INT', '00/08/2024', '112'],
  ['AD1', 'DATE_MATCH', NONSENSE, '113'],
  ['AD1', 'FOSTER_CARE', NONSENSE, '114'],
  ['AD1', 'NB_ADOPTR', '3', '175'],
  ['AD1', 'SEX_ADOPTR', NONSENSE, '176'],
  ['AD1', 'LS_ADOPTR', NONSENSE, '177'],
  ['PlacedAdoption', 'DATE_PLACED', '', '115'],
  ['PlacedAdoption', 'DATE_PLACED_CEASED', NONSENSE, '116'],
  ['PlacedAdoption', 'REASON_PLACED_CEASED', NONSENSE, '120'],
  ['PrevPerm', 'PREV_PERM', NONSENSE, '631'],
  ['PrevPerm', 'PREV_PERM', '', '631'],
  ['PrevPerm', 'LA_PERM', NONSENSE, '633'],
  ['Missing', 'MISSING', NONSENSE, '1006'],
  ['Missing', 'MIS_START', '', '1004'],
  ['Missing', 'MIS_END', NONSENSE, '1005'],
  ['SWEpisodes', 'SW_ID', '', 'SW02STG1'],
  ['SWEpisodes', 'SW_ID', 'S'.repeat(21), 'SW02STG1'],
  ['SWEpisodes', 'SW_DECOM', NONSENSE, 'SW04STG1'],
  ['SWEpisodes', 'SW_DEC', NONSENSE, 'SW05STG1'],
  ['SWEpisodes', 'SW_REASON', NONSENSE, 'SW13STG1'],
  ['DoLo', 'DOLO_START', '', '700'],
  ['DoLo', 'DOLO_END', NONSENSE, '701'],
]

const OTHER_BIRTH = '15/05/2012'

const ERRORS: readonly RowCase[] = [
  ...CELLS.map(
    ([table, column, value, rule]): RowCase => [
      `${table}.${column} is ${value === '' ? 'missing' : `"${value.slice(0, 12)}"`}`,
      changed(table, { [column]: value }),
      rule,
      table,
      2,
      column,
    ],
  ),

  // The child's row in the header.
  ['a child twice in Header', added('Header', row('Header', {})), 'INT32', 'Header', 4],
  [
    'an episode of a child who is not in Header',
    changed('Episodes', { CHILD: 'ZOE9' }),
    'INT03',
    'Episodes',
    2,
  ],
  ['UASC without Header', changed('UASC', { CHILD: 'ZOE9' }), 'INT09', 'UASC', 2],
  ['a review without Header', changed('Reviews', { CHILD: 'ZOE9' }), 'INT08', 'Reviews', 2],
  ['OC2 without Header', changed('OC2', { CHILD: 'ZOE9' }), 'INT05', 'OC2', 2],
  ['OC3 without Header', changed('OC3', { CHILD: 'ZOE9' }), 'INT06', 'OC3', 2],
  ['AD1 without Header', changed('AD1', { CHILD: 'ZOE9' }), 'INT01', 'AD1', 2],
  [
    'PlacedAdoption without Header',
    changed('PlacedAdoption', { CHILD: 'ZOE9' }),
    'INT02',
    'PlacedAdoption',
    2,
  ],
  ['PrevPerm without Header', changed('PrevPerm', { CHILD: 'ZOE9' }), 'INT07', 'PrevPerm', 2],
  ['Missing without Header', changed('Missing', { CHILD: 'ZOE9' }), 'INT04', 'Missing', 2],
  [
    'a worker without Header',
    changed('SWEpisodes', { CHILD: 'ZOE9' }),
    'child-not-in-header',
    'SWEpisodes',
    2,
  ],

  // Another date of birth, or another sex.
  ['UASC.DOB is another', changed('UASC', { DOB: OTHER_BIRTH }), 'INT18', 'UASC', 2, 'DOB'],
  ['Reviews.DOB is another', changed('Reviews', { DOB: OTHER_BIRTH }), 'INT17', 'Reviews', 2, 'DOB'],
  ['OC2.DOB is another', changed('OC2', { DOB: OTHER_BIRTH }), 'INT14', 'OC2', 2, 'DOB'],
  ['OC3.DOB is another', changed('OC3', { DOB: OTHER_BIRTH }), 'INT15', 'OC3', 2, 'DOB'],
  ['AD1.DOB is another', changed('AD1', { DOB: OTHER_BIRTH }), 'INT11', 'AD1', 2, 'DOB'],
  [
    'PlacedAdoption.DOB is another',
    changed('PlacedAdoption', { DOB: OTHER_BIRTH }),
    'INT12',
    'PlacedAdoption',
    2,
  ],
  ['PrevPerm.DOB is another', changed('PrevPerm', { DOB: OTHER_BIRTH }), 'INT16', 'PrevPerm', 2, 'DOB'],
  ['Missing.DOB is another', changed('Missing', { DOB: OTHER_BIRTH }), 'INT13', 'Missing', 2, 'DOB'],
  [
    'SWEpisodes.DOB is another',
    changed('SWEpisodes', { DOB: OTHER_BIRTH }),
    'other-birth',
    'SWEpisodes',
    2,
    'DOB',
  ],
  ['UASC.SEX is another', changed('UASC', { SEX: 'F' }), 'INT21', 'UASC', 2, 'SEX'],

  // The same thing twice.
  ['UASC twice', added('UASC', row('UASC', {})), 'INT36', 'UASC', 3],
  ['OC2 twice', added('OC2', row('OC2', { SDQ_SCORE: '15' })), 'INT33', 'OC2', 3],
  ['OC3 twice', added('OC3', row('OC3', {})), 'INT34', 'OC3', 3],
  ['AD1 twice', added('AD1', row('AD1', {})), 'INT31', 'AD1', 3],
  ['PrevPerm twice', added('PrevPerm', row('PrevPerm', {})), 'INT35', 'PrevPerm', 3],
  ['an episode twice', added('Episodes', episode({}, 2)), 'duplicate', 'Episodes', 5],
  ['a review twice', added('Reviews', row('Reviews', {})), 'duplicate', 'Reviews', 4],
  ['a decision twice', added('PlacedAdoption', row('PlacedAdoption', {})), 'duplicate', 'PlacedAdoption', 3],
  ['a missing incident twice', added('Missing', row('Missing', {})), 'duplicate', 'Missing', 3],
  ['a worker twice', added('SWEpisodes', row('SWEpisodes', {})), 'duplicate', 'SWEpisodes', 3],
  ['an order twice', added('DoLo', DOLO[0]!), 'duplicate', 'DoLo', 3],

  // Days against each other.
  [
    'two episodes open at once',
    changed('Episodes', { DEC: '', REC: '', REASON_PLACE_CHANGE: '' }),
    '142',
    'Episodes',
    2,
  ],
  ['an episode that ends within the next', changed('Episodes', { DEC: '11/06/2024' }), '501', 'Episodes', 2],
  ['DEC before DECOM', changed('Episodes', { DEC: '02/02/2023' }), '356', 'Episodes', 2, 'DECOM DEC'],
  ['DECOM before the birth', changed('Episodes', { DECOM: '13/05/2012' }), '302', 'Episodes', 2, 'DECOM'],
  [
    'DECOM after the return',
    withRows({ Episodes: [...SAMPLE.Episodes!, episode({ DECOM: '01/04/2025', DEC: '', REC: '' }, 2)] }),
    'episode-after-return',
    'Episodes',
    5,
  ],
  ['DUC before the birth', changed('UASC', { DUC: '28/02/2016' }), '104', 'UASC', 2, 'DUC DOB'],
  ['a review after the return', changed('Reviews', { REVIEW: '01/04/2025' }), '166', 'Reviews', 2],
  [
    'a decision after the return',
    changed('PlacedAdoption', {
      DATE_PLACED: '01/04/2025',
      DATE_PLACED_CEASED: '',
      REASON_PLACED_CEASED: '',
    }),
    '117',
    'PlacedAdoption',
    2,
  ],
  [
    'a decision reversed before it was made',
    changed('PlacedAdoption', { DATE_PLACED_CEASED: '31/07/2024' }),
    '522',
    'PlacedAdoption',
    2,
  ],
  ['found before missing', changed('Missing', { MIS_END: '01/07/2024' }), '567', 'Missing', 2],
  [
    'missing after the return',
    changed('Missing', { MIS_START: '01/04/2025', MIS_END: '' }),
    '570',
    'Missing',
    2,
  ],
  ['missing before the birth', changed('Missing', { MIS_START: '01/01/2010' }), '586', 'Missing', 2],
  [
    'a worker who ends before the start',
    changed('SWEpisodes', { SW_DEC: '02/02/2023' }),
    'SW07STG2',
    'SWEpisodes',
    2,
  ],
  [
    'a worker after the return',
    changed('SWEpisodes', { SW_DECOM: '01/04/2025' }),
    'SW06STG2',
    'SWEpisodes',
    2,
  ],
  ['an order that ends before it starts', changed('DoLo', { DOLO_END: '31/05/2024' }), '702', 'DoLo', 2],
  [
    'an order after the return',
    changed('DoLo', { DOLO_START: '01/04/2025', DOLO_END: '' }),
    '703',
    'DoLo',
    2,
  ],
  ['an order before the birth', changed('DoLo', { DOLO_START: '01/04/2012' }), '708', 'DoLo', 2],

  // The row, and the return as a whole.
  ['too few values', withRows({ Header: ['ADA1,F,14/05/2012', SAMPLE.Header![1]!] }), 'cells', 'Header', 2],
  [
    'too many values',
    withRows({ Header: [`${SAMPLE.Header![0]},x`, SAMPLE.Header![1]!] }),
    'cells',
    'Header',
    2,
  ],
  ['no Header', { Episodes: SAMPLE.Episodes! }, 'table-missing', 'Header', null],
  ['no Episodes', { Header: SAMPLE.Header! }, 'table-missing', 'Episodes', null],
]

/** Odd but understood: loaded, and said. */
const WARNINGS: readonly RowCase[] = [
  ['a UPN of another form', changed('Header', { UPN: 'A12' }), '168', 'Header', 2, 'UPN'],
  [
    'a UPN that two children have',
    withRows({
      Header: [row('Header', { UPN: 'A123456789012' }), row('Header', { UPN: 'A123456789012' }, 1)],
    }),
    '444',
    'Header',
    2,
  ],
  ['a sex code of earlier years', changed('Header', { SEX: '2' }), '101', 'Header', 2, 'SEX'],
  [
    'a father',
    withRows({ Header: [SAMPLE.Header![0]!, row('Header', { MOTHER: '1', MC_DOB: '01/01/2024' }, 1)] }),
    '165',
    'Header',
    3,
  ],
  ['a mother without her child’s birth', changed('Header', { MOTHER: '1' }), '611', 'Header', 2],
  ['a child of no mother', changed('Header', { MC_DOB: '01/01/2024' }), '612', 'Header', 2],
  [
    'REC without DEC',
    withRows({ Episodes: [SAMPLE.Episodes![0]!, episode({ REC: 'E4A' }, 1)] }),
    '148',
    'Episodes',
    3,
    'DEC REC',
  ],
  [
    'DEC without REC',
    withRows({ Episodes: [...SAMPLE.Episodes!.slice(0, 2), episode({ REC: '' }, 2)] }),
    '148',
    'Episodes',
    4,
  ],
  ['a gap', changed('Episodes', { DEC: '01/06/2024' }), '433', 'Episodes', 2],
  ['an episode of no days', changed('Episodes', { DECOM: '10/06/2024' }), '355', 'Episodes', 2],
  [
    'X1 and nothing after it',
    withRows({ Episodes: [...SAMPLE.Episodes!.slice(0, 2), episode({ REC: 'X1' }, 2)] }),
    '388',
    'Episodes',
    4,
  ],
  [
    'DEC after the return',
    withRows({ Episodes: [...SAMPLE.Episodes!.slice(0, 2), episode({ DEC: '01/05/2025' }, 2)] }),
    '385',
    'Episodes',
    4,
  ],
  [
    'a reason that was retired',
    withRows({ Episodes: [...SAMPLE.Episodes!.slice(0, 2), episode({ REC: 'E43' }, 2)] }),
    '149',
    'Episodes',
    4,
    'REC',
  ],
  [
    'a placement of a later year',
    withRows({
      Episodes: [...SAMPLE.Episodes!.slice(0, 2), episode({ PLACE: 'Z11', PLACE_PROVIDER: '' }, 2)],
    }),
    '146',
    'Episodes',
    4,
    'PLACE',
  ],
  [
    'a provider of a temporary stay',
    withRows({ Episodes: [...SAMPLE.Episodes!.slice(0, 2), episode({ PLACE: 'T4' }, 2)] }),
    '213',
    'Episodes',
    4,
  ],
  ['no provider', changed('Episodes', { PLACE_PROVIDER: '' }), '526', 'Episodes', 2],
  ['no reason for a move', changed('Episodes', { REASON_PLACE_CHANGE: '' }), '225', 'Episodes', 2],
  ['half a postcode', changed('Episodes', { PL_POST: 'LS7' }), '392c', 'Episodes', 2, 'PL_POST'],
  ['a home that is the placement', changed('Episodes', { PL_POST: 'LS6 1AB' }), '392d', 'Episodes', 2],
  ['a URN of another form', changed('Episodes', { URN: 'AB12' }), '1008', 'Episodes', 2, 'URN'],
  ['an SDQ score and a reason for none', changed('OC2', { SDQ_REASON: 'SDQ4' }), '197a', 'OC2', 2],
  ['half of OC3', changed('OC3', { ACCOM: '' }), '153', 'OC3', 2],
  ['no fixed abode, suitable', changed('OC3', { ACCOM: 'S1' }), '133', 'OC3', 2, 'ACCOM'],
  ['half of AD1', changed('AD1', { DATE_MATCH: '' }), '151', 'AD1', 2],
  [
    'a reversed decision without its reason',
    changed('PlacedAdoption', { REASON_PLACED_CEASED: '' }),
    '119',
    'PlacedAdoption',
    2,
  ],
  [
    'a previous permanence on a day that is none',
    changed('PrevPerm', { DATE_PERM: 'MAY 2019' }),
    '632',
    'PrevPerm',
    2,
  ],
  ['no previous permanence, on a day', changed('PrevPerm', { PREV_PERM: 'Z1' }), '635', 'PrevPerm', 2],
]

const shows = (answer: LightMyRequestResponse, [, , rule, table, line, columns]: RowCase, severity: string) =>
  expect(answer.json().findings).toContainEqual(
    expect.objectContaining({
      severity,
      rule,
      table,
      row: line,
      file: line === null ? null : `${table}.csv`,
      ...(columns && { columns: columns.split(' ') }),
    }),
  )

describe('rows that can’t be understood refuse the return and change nothing', () => {
  test.each(ERRORS.map((one) => [one[0], one] as const))('%s', async (_, one) => {
    const before = await state()
    const files = filesOf(one[1])
    const answer = await sendForm(service.client, files)
    expect(answer.statusCode, answer.body).toBe(422)
    expect(answer.json().type).toMatch(/\/return-refused$/)
    shows(answer, one, 'error')
    expect(answer.json().summary.errors).toBeGreaterThan(0)
    expect(answer.json().errors.length).toBe(answer.json().summary.errors)
    leaksNothing(answer, files)
    expect(await state()).toEqual(before)
  })
})

describe('rows that are odd are loaded and told of', () => {
  test.each(WARNINGS.map((one) => [one[0], one] as const))('%s', async (_, one) => {
    const before = await state()
    const files = filesOf(one[1])
    const answer = await sendForm(service.client, files, 'year=2024-25&dryRun=true')
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json()).toMatchObject({ result: 'checked', summary: { errors: 0 } })
    shows(answer, one, 'warning')
    leaksNothing(answer, files)
    expect(await state()).toEqual(before)
  })
})

function leaksNothing(answer: LightMyRequestResponse, files: readonly SentFile[]): void {
  for (const secret of [NONSENSE, ...secretsIn(files)])
    expect(answer.body.includes(secret), `${secret} in ${answer.body.slice(0, 3000)}`).toBe(false)
}

/* ---- files -------------------------------------------------------------------------------------------------- */

const [header, episodes] = filesOf(SAMPLE) as [SentFile, SentFile]
const HEADER_ROW = 'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB'
const asHeader = (content: string | Buffer): SentFile[] => [{ name: 'mine.csv', content }, episodes]
const headerText = String(header.content)

/** Files that are no table of a return: what is sent, the fault's code, and a word of what it says. */
const FILES: readonly (readonly [string, SentFile[], code: string, says: RegExp])[] = [
  [
    'a column is missing',
    asHeader(headerText.replace(',MC_DOB', '')),
    'not-a-table',
    /nearest is Header.*lacks MC_DOB/,
  ],
  [
    'a column too many',
    asHeader(headerText.replace('MC_DOB', 'MC_DOB,NOTES')),
    'not-a-table',
    /has the unknown NOTES/,
  ],
  [
    'a misspelt column',
    asHeader(headerText.replace('ETHNIC', 'ETHNICITY')),
    'not-a-table',
    /lacks ETHNIC.*unknown ETHNICITY/,
  ],
  [
    'a column twice',
    asHeader(headerText.replace('MC_DOB', 'SEX')),
    'not-a-table',
    /names the column "SEX" twice/,
  ],
  ['no header row', asHeader(SAMPLE.Header!.join('\n')), 'not-a-table', /none of the tables' column names/],
  [
    'another table altogether',
    asHeader('Name,Street\nA,B\n'),
    'not-a-table',
    /none of the tables' column names/,
  ],
  ['semicolons', asHeader(headerText.replaceAll(',', ';')), 'not-a-table', /not separated by commas/],
  ['tabs', asHeader(headerText.replaceAll(',', '\t')), 'not-a-table', /not separated by commas/],
  [
    'UTF-16, little end first',
    asHeader(Buffer.from(`\ufeff${headerText}`, 'utf16le')),
    'utf-16',
    /CSV UTF-8/,
  ],
  [
    'UTF-16, big end first',
    asHeader(Buffer.from(`\ufeff${headerText}`, 'utf16le').swap16()),
    'utf-16',
    /CSV UTF-8/,
  ],
  ['UTF-16 without a mark', asHeader(Buffer.from(headerText, 'utf16le')), 'utf-16', /CSV UTF-8/],
  [
    'Latin-1',
    asHeader(Buffer.from(headerText.replace('ADA1', 'AD\u00c9'), 'latin1')),
    'not-utf-8',
    /CSV UTF-8/,
  ],
  ['nothing', asHeader(''), 'empty-file', /is empty/],
  ['a byte order mark only', asHeader('\ufeff'), 'empty-file', /is empty/],
  ['blank lines only', asHeader('\r\n\r\n  \r\n'), 'empty-file', /is empty/],
  ['binary', asHeader(Buffer.concat([Buffer.from(`${HEADER_ROW}\n`), Buffer.alloc(64)])), 'not-csv', /NUL/],
  ['a workbook', asHeader(Buffer.from('504b0304140000000800', 'hex')), 'not-csv', /workbook or an archive/],
  ['an old workbook', asHeader(Buffer.from('d0cf11e0a1b11ae10000', 'hex')), 'not-csv', /old Excel workbook/],
  ['a PDF', asHeader('%PDF-1.7\n1 0 obj\n'), 'not-csv', /PDF/],
  ['JSON', asHeader('[{"CHILD":"ADA1"}]'), 'not-csv', /JSON/],
  ['XML', asHeader('<?xml version="1.0"?><EXPSSDA903/>'), 'not-csv', /XML/],
  ['HTML', asHeader('\n<html><table></table></html>'), 'not-csv', /HTML/],
  [
    'a quote that nobody closes',
    asHeader(`${headerText}"ADA9,F,01/01/2010,WBRI,,,\r\n`),
    'not-csv',
    /line 4 is never closed/,
  ],
  ['a row without end', asHeader(`${headerText}${'x'.repeat(70_000)}`), 'not-csv', /line 4 is longer/],
  [
    'a table twice',
    [header, { ...header, name: 'again.csv' }, episodes],
    'table-sent-twice',
    /Header.csv holds the table Header/,
  ],
]

describe('files that are no table of the return are refused by name', () => {
  test.each(FILES)('%s', async (_, files, code, says) => {
    const before = await state()
    const answer = await sendForm(service.client, files)
    expect(answer.statusCode, answer.body).toBe(422)
    const { type, errors } = answer.json()
    expect(type).toMatch(/\/not-a-return$/)
    expect(errors).toEqual([expect.objectContaining({ code, detail: expect.stringMatching(says) })])
    expect(errors[0].pointer).toMatch(/^\/files\/(mine|again)\.csv$/)
    leaksNothing(answer, files)
    expect(await state()).toEqual(before)
  })

  test('a file that breaks off, and the same table again', async () => {
    const broken = { name: 'broken.csv', content: `${headerText}"ADA9` }
    const answer = await sendForm(service.client, [broken, header, episodes])
    expect(answer.json().errors.map(({ code }: { code: string }) => code)).toEqual([
      'not-csv',
      'table-sent-twice',
    ])
  })

  test('all of them at once', async () => {
    const answer = await sendForm(service.client, [
      { name: 'one.csv', content: '' },
      { name: 'two.csv', content: '{}' },
      header,
    ])
    expect(answer.json().errors.map(({ code }: { code: string }) => code)).toEqual(['empty-file', 'not-csv'])
  })

  test('not even accept=partial loads a return without Header or Episodes', async () => {
    const before = await state()
    const answer = await sendForm(service.client, [header], 'year=2024-25&accept=partial')
    expect(answer.json()).toMatchObject({ status: 422, findings: [{ rule: 'table-missing' }] })
    expect(await state()).toEqual(before)
  })
})

/* ---- archives ----------------------------------------------------------------------------------------------- */

interface Packed {
  readonly name: string
  readonly content: string | Buffer
  readonly mode?: number
}

async function zipOf(files: readonly Packed[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, content, mode } of files)
    zip.addBuffer(Buffer.from(content as string), name, mode === undefined ? {} : { mode })
  zip.end()
  return Buffer.concat(await Array.fromAsync(zip.outputStream as AsyncIterable<Buffer>))
}

/** Every place of a signature in an archive. */
const placesOf = (zip: Buffer, signature: string): number[] => {
  const places: number[] = []
  for (let at = zip.indexOf(signature, 0, 'latin1'); at !== -1; at = zip.indexOf(signature, at + 1, 'latin1'))
    places.push(at)
  return places
}

/** Marks every entry as encrypted, in its own header and in the directory. */
function encrypted(zip: Buffer): Buffer {
  for (const at of placesOf(zip, 'PK\x03\x04')) zip[at + 6] = zip[at + 6]! | 1
  for (const at of placesOf(zip, 'PK\x01\x02')) zip[at + 8] = zip[at + 8]! | 1
  return zip
}

const sendZip = (payload: Buffer) =>
  service.client.inject({
    method: 'POST',
    url: `${HERE}?year=2024-25`,
    headers: { 'content-type': 'application/zip' },
    payload,
  })

const ARCHIVES: readonly (readonly [
  string,
  () => Promise<Buffer>,
  status: number,
  problem: string,
  code: string,
])[] = [
  ['no ZIP at all', async () => Buffer.from('this is no archive'), 422, 'not-a-return', 'corrupt'],
  ['an empty body', async () => Buffer.alloc(0), 400, 'nothing-sent', ''],
  [
    'an archive cut in half',
    async () => (await zipOf([header, episodes])).subarray(0, 200),
    422,
    'not-a-return',
    'corrupt',
  ],
  [
    'an archive whose data are damaged',
    async () => {
      const zip = await zipOf([header, episodes])
      zip.fill(0xaa, 60, 90)
      return zip
    },
    422,
    'not-a-return',
    'corrupt',
  ],
  [
    'an archive with another checksum',
    async () => {
      const zip = await zipOf([header, episodes])
      for (const at of placesOf(zip, 'PK\x01\x02')) zip[at + 16] = zip[at + 16]! ^ 0xff
      return zip
    },
    422,
    'not-a-return',
    'corrupt',
  ],
  [
    'an encrypted archive',
    async () => encrypted(await zipOf([header, episodes])),
    422,
    'not-a-return',
    'encrypted',
  ],
  [
    'a link in an archive',
    () => zipOf([header, episodes, { name: 'link.csv', content: '/etc/passwd', mode: 0o120777 }]),
    422,
    'not-a-return',
    'not-a-file',
  ],
  [
    'a way out of the archive',
    () => outOf(zipOf([header, { ...episodes, name: 'aa/bb.csv' }])),
    422,
    'not-a-return',
    'corrupt',
  ],
  [
    'a workbook',
    () => zipOf([{ name: '[Content_Types].xml', content: '<Types/>' }]),
    422,
    'not-a-return',
    'not-csv',
  ],
  [
    'an archive of an archive',
    async () => zipOf([{ name: 'in.zip', content: await zipOf([header]) }]),
    422,
    'not-a-return',
    'not-csv',
  ],
  ['an archive of nothing', () => zipOf([]), 400, 'nothing-sent', ''],
  [
    'a file that is none in an archive',
    () => zipOf([header, episodes, { name: 'notes.txt', content: 'hello' }]),
    422,
    'not-a-return',
    'not-a-table',
  ],
  [
    'what unpacks to too much',
    () => zipOf([header, { name: 'big.csv', content: 'a,b\n'.repeat(LIMIT / 3) }]),
    413,
    'upload-too-large',
    'too-large',
  ],
  [
    'a bomb',
    () => zipOf([header, { name: 'bomb.csv', content: Buffer.alloc(9 * LIMIT, 'a') }]),
    422,
    'not-a-return',
    'zip-bomb',
  ],
  [
    'too many files',
    () => zipOf(Array.from({ length: 101 }, (_, index) => ({ name: `${index}.csv`, content: 'a' }))),
    413,
    'upload-too-large',
    'too-many-files',
  ],
]

/** Gives an entry a name that leads out of the folder; of the same length, so that nothing else changes. */
async function outOf(made: Promise<Buffer>): Promise<Buffer> {
  const zip = await made
  for (const at of placesOf(zip, 'aa/bb.csv')) zip.write('../bb.csv', at, 'latin1')
  return zip
}

describe('archives that can’t be read are refused', () => {
  test.each(ARCHIVES)('%s', async (_, make, status, problem, code) => {
    const before = await state()
    const answer = await sendZip(await make())
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.json().type).toMatch(new RegExp(`/${problem}$`))
    if (code !== '')
      expect(answer.json().errors).toContainEqual(
        expect.objectContaining({ code, detail: expect.any(String) }),
      )
    leaksNothing(answer, [header, episodes])
    expect(await state()).toEqual(before)
  })
})

/* ---- requests ----------------------------------------------------------------------------------------------- */

const form = formOf([header, episodes])
const posted = (query: string, more: { headers?: Record<string, string>; payload?: Buffer | string } = {}) =>
  service.client.inject({
    method: 'POST',
    url: `${HERE}${query}`,
    headers: more.headers ?? form.headers,
    ...('payload' in more
      ? more.payload === undefined
        ? {}
        : { payload: more.payload }
      : { payload: form.payload }),
  })
const text = form.payload.toString('latin1')
const typed = (type: string) => ({ headers: { 'content-type': type }, payload: 'x' })

type RequestCase = readonly [
  what: string,
  send: () => Promise<LightMyRequestResponse>,
  status: number,
  problem: string,
  fault?: Record<string, unknown>,
]

const YEARS = expect.arrayContaining(['2016-17', '2024-25', '2026-27'])

const REQUESTS: readonly RequestCase[] = [
  ['no year', () => posted(''), 400, 'invalid-request', { pointer: '/query/year', code: 'missing' }],
  ['an empty year', () => posted('?year='), 400, 'invalid-request', { pointer: '/query/year' }],
  [
    'a year with a slash',
    () => posted('?year=2024/25'),
    400,
    'unknown-year',
    { allowed: YEARS, didYouMean: ['2024-25'] },
  ],
  ['a year in full', () => posted('?year=2024-2025'), 400, 'unknown-year', { didYouMean: ['2024-25'] }],
  ['a short year', () => posted('?year=24-25'), 400, 'unknown-year', { didYouMean: ['2024-25'] }],
  [
    'a calendar year',
    () => posted('?year=2025'),
    400,
    'unknown-year',
    { didYouMean: ['2024-25', '2025-26'] },
  ],
  ['two years that do not follow', () => posted('?year=2024-26'), 400, 'unknown-year', { allowed: YEARS }],
  [
    'a year before those that are known',
    () => posted('?year=2015-16'),
    400,
    'unknown-year',
    { allowed: YEARS },
  ],
  [
    'a year after those that are known',
    () => posted('?year=2027-28'),
    400,
    'unknown-year',
    { allowed: YEARS },
  ],
  [
    'a year that has not begun',
    () => posted('?year=2026-27'),
    400,
    'unknown-year',
    { code: 'year-not-begun' },
  ],
  ['a word', () => posted('?year=latest'), 400, 'unknown-year', { allowed: YEARS }],
  [
    'to is no day',
    () => posted('?year=2024-25&to=31/12/2024'),
    400,
    'invalid-request',
    { pointer: '/query/to', code: 'wrong-form', allowed: ['YYYY-MM-DD'] },
  ],
  [
    'to does not exist',
    () => posted('?year=2024-25&to=2025-02-30'),
    400,
    'invalid-request',
    { pointer: '/query/to' },
  ],
  [
    'to is before the year',
    () => posted('?year=2024-25&to=2024-03-31'),
    400,
    'invalid-request',
    { code: 'outside-year', allowed: ['2024-04-01 to 2025-03-31'] },
  ],
  [
    'to is after the year',
    () => posted('?year=2024-25&to=2025-04-01'),
    400,
    'invalid-request',
    { code: 'outside-year' },
  ],
  [
    'to is in the future',
    () => posted('?year=2025-26&to=2025-11-23'),
    400,
    'invalid-request',
    { code: 'in-the-future', allowed: ['2025-04-01 to 2025-11-22'] },
  ],
  [
    'an unknown parameter',
    () => posted('?year=2024-25&dryrun=true'),
    400,
    'invalid-request',
    { code: 'unknown-member', didYouMean: ['dryRun'] },
  ],
  [
    'accept is not partial',
    () => posted('?year=2024-25&accept=all'),
    400,
    'invalid-request',
    { pointer: '/query/accept', allowed: ['partial'] },
  ],
  [
    'dryRun is no truth value',
    () => posted('?year=2024-25&dryRun=perhaps'),
    400,
    'invalid-request',
    { pointer: '/query/dryRun' },
  ],
  [
    'no body',
    () => posted('?year=2024-25', { headers: {}, payload: undefined as never }),
    400,
    'nothing-sent',
  ],
  ['a form without files', () => posted('?year=2024-25', formOf([])), 400, 'nothing-sent'],
  [
    'a JSON body',
    () => posted('?year=2024-25', typed('application/json')),
    415,
    'unsupported-media-type',
    { allowed: ['multipart/form-data', 'application/zip', 'text/csv'] },
  ],
  [
    'an XML body',
    () => posted('?year=2024-25', typed('application/xml')),
    415,
    'unsupported-media-type',
    { pointer: '/headers/content-type' },
  ],
  ['a body of no type', () => posted('?year=2024-25', typed('')), 415, 'unsupported-media-type'],
  [
    'a URL-encoded form',
    () => posted('?year=2024-25', typed('application/x-www-form-urlencoded')),
    415,
    'unsupported-media-type',
  ],
  [
    'a form without a boundary',
    () => posted('?year=2024-25', { ...form, headers: { 'content-type': 'multipart/form-data' } }),
    400,
    'invalid-request',
    { code: 'unreadable-form' },
  ],
  [
    'a form with another boundary',
    () =>
      posted('?year=2024-25', {
        ...form,
        headers: { 'content-type': 'multipart/form-data; boundary=other' },
      }),
    400,
    'invalid-request',
  ],
  [
    'a form that is cut within a file',
    () => posted('?year=2024-25', { ...form, payload: form.payload.subarray(0, -120) }),
    400,
    'invalid-request',
  ],
  [
    'a form that is cut before its end',
    () => posted('?year=2024-25', formOf([header, episodes], '')),
    400,
    'invalid-request',
  ],
  [
    'a field in the form',
    () =>
      posted('?year=2024-25', {
        ...form,
        payload: text.replace(
          /--\r\n$/,
          '\r\nContent-Disposition: form-data; name="year"\r\n\r\n2024-25\r\n--the-boundary-of-the-tests--\r\n',
        ),
      }),
    400,
    'invalid-request',
    { pointer: '/body/year', code: 'not-a-file' },
  ],
  [
    'a body that is too large',
    () => posted('?year=2024-25', formOf([header, { name: 'big.csv', content: 'x'.repeat(3 * LIMIT) }])),
    413,
    'upload-too-large',
    { code: 'too-large' },
  ],
  [
    'files that are too large together',
    () =>
      posted(
        '?year=2024-25',
        formOf([header, episodes, { name: 'big.csv', content: `a,b\n`.repeat(LIMIT / 4) }]),
      ),
    413,
    'upload-too-large',
    { code: 'too-large' },
  ],
  [
    'a CSV body that is too large',
    () =>
      posted('?year=2024-25', { headers: { 'content-type': 'text/csv' }, payload: 'x'.repeat(LIMIT + 1) }),
    413,
    'upload-too-large',
  ],
  [
    'too many files in a form',
    () =>
      posted(
        '?year=2024-25',
        formOf(Array.from({ length: 101 }, (_, index) => ({ name: `${index}.csv`, content: 'a' }))),
      ),
    413,
    'upload-too-large',
  ],
  [
    'one table on its own',
    () => posted('?year=2024-25', { headers: { 'content-type': 'text/csv' }, payload: headerText }),
    422,
    'return-refused',
    { code: 'table-missing' },
  ],
  [
    'a key with a space',
    () => posted('?year=2024-25', { ...form, headers: { ...form.headers, 'idempotency-key': 'a b' } }),
    400,
    'invalid-request',
    { pointer: '/headers/idempotency-key' },
  ],
  [
    'a key that is too long',
    () =>
      posted('?year=2024-25', { ...form, headers: { ...form.headers, 'idempotency-key': 'k'.repeat(256) } }),
    400,
    'invalid-request',
    { pointer: '/headers/idempotency-key' },
  ],
  [
    'an unknown authority',
    () => sendForm(service.client, [header, episodes], 'year=2024-25', {}, 'E08000099'),
    404,
    'unknown-authority',
    { pointer: '/path/authority' },
  ],
  [
    'a caller without a token',
    () => sendForm(service.client.as(null), [header, episodes]),
    401,
    'unauthenticated',
  ],
]

describe('requests that are no upload are refused', () => {
  test.each(REQUESTS.map((one) => [one[0], one] as const))('%s', async (_, one) => {
    const [, send, status, problem, fault] = one
    const before = await state()
    const answer = await send()
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.json().type).toMatch(new RegExp(`/${problem}$`))
    if (fault) expect(answer.json().errors).toContainEqual(expect.objectContaining(fault))
    leaksNothing(answer, [header, episodes])
    expect(await state()).toEqual(before)
  })

  test('a wrong year and a wrong day are named at once', async () => {
    const answer = await posted('?year=2024/25&to=yesterday')
    expect(answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/query/year',
      '/query/to',
    ])
  })

  test('none of all this was a failure of the service', () => {
    expect(
      service.log.filter((line) => JSON.parse(line).level >= 50 || JSON.parse(line).status >= 500),
    ).toEqual([])
  })
})

/* ---- odd but good ------------------------------------------------------------------------------------------- */

const ALL = { ...SAMPLE, ...FURTHER }
const everywhere = (change: (content: string, name: string) => string | Buffer): SentFile[] =>
  filesOf(ALL).map(({ name, content }) => ({ name, content: change(String(content), name) }))
const iso = (content: string) => content.replaceAll(/(\d\d)\/(\d\d)\/(\d{4})/g, '$3-$2-$1')
const eachLine = (content: string, change: (cells: string[], index: number) => string[]) =>
  content
    .trimEnd()
    .split('\r\n')
    .map((line, index) => change(line.split(','), index).join(','))
    .join('\r\n')

const ODD: readonly (readonly [string, () => SentFile[]])[] = [
  ['a byte order mark', () => everywhere((content) => `\ufeff${content}`)],
  ['LF for CRLF', () => everywhere((content) => content.replaceAll('\r\n', '\n'))],
  ['no line break at the end', () => everywhere((content) => content.trimEnd())],
  ['blank lines at the end', () => everywhere((content) => `${content}\r\n\r\n   \r\n`)],
  ['blank lines between', () => everywhere((content) => content.replaceAll('\r\n', '\r\n\r\n'))],
  [
    'rows of commas at the end',
    () =>
      everywhere((content) => `${content}${','.repeat(content.split('\r\n')[0]!.split(',').length - 1)}\r\n`),
  ],
  ['empty columns at the end', () => everywhere((content) => content.replaceAll('\r\n', ',,\r\n'))],
  [
    'quoted fields',
    () => everywhere((content) => eachLine(content, (cells) => cells.map((cell) => `"${cell}"`))),
  ],
  ['lower case', () => everywhere((content) => content.toLowerCase())],
  [
    'spaces around values',
    () => everywhere((content) => eachLine(content, (cells) => cells.map((cell) => `  ${cell} `))),
  ],
  ['ISO days', () => everywhere((content, name) => (name === 'PrevPerm.csv' ? content : iso(content)))],
  [
    'days with midnight behind them',
    () =>
      everywhere((content, name) =>
        name === 'PrevPerm.csv' ? content : iso(content).replaceAll(/(\d{4}-\d\d-\d\d)/g, '$1 00:00:00'),
      ),
  ],
  [
    'days without zeros',
    () =>
      everywhere((content, name) =>
        name === 'PrevPerm.csv' ? content : content.replaceAll(/\b0?(\d{1,2})\/0?(\d{1,2})\//g, '$1/$2/'),
      ),
  ],
  [
    'LA and YEAR columns',
    () =>
      everywhere((content) =>
        eachLine(content, (cells, index) =>
          index === 0 ? ['LA', ...cells, 'YEAR'] : ['E08000034', ...cells, '2025'],
        ),
      ),
  ],
  ['columns in another order', () => everywhere((content) => eachLine(content, (cells) => cells.reverse()))],
  [
    'column names in lower case, with spaces',
    () =>
      everywhere((content) =>
        eachLine(content, (cells, index) =>
          index === 0 ? cells.map((cell) => ` ${cell.toLowerCase()} `) : cells,
        ),
      ),
  ],
  [
    'codes with decimals',
    () =>
      everywhere((content, name) =>
        name === 'OC2.csv'
          ? content.replaceAll(/,([01])(?=,)/g, ',$1.0').replaceAll(',14,', ',14.0,')
          : name === 'AD1.csv'
            ? content.replace(',0,2,', ',0.0,2.0,')
            : content,
      ),
  ],
  [
    'other file names',
    () =>
      everywhere((content) => content).map(({ content }, index) => ({
        name: `Copy of extract (${index}).TXT`,
        content,
      })),
  ],
  [
    'other media types of the parts',
    () => everywhere((content) => content).map((file) => ({ ...file, type: 'application/vnd.ms-excel' })),
  ],
  ['the files in another order', () => everywhere((content) => content).reverse()],
]

describe('what is odd but good is loaded with the same records', () => {
  const records = async () =>
    Promise.all(
      ['ADA1', 'BEN2'].map(async (child) =>
        (await service.client.get(`/v1/authorities/382/children/${child}`)).json(),
      ),
    )
  let expected: unknown

  beforeAll(async () => {
    const answer = await sendForm(service.client, filesOf(ALL))
    expect(answer.json()).toMatchObject({ result: 'loaded', summary: { errors: 0, warnings: 0 } })
    expected = await records()
    expect(expected).toMatchObject([{ placements: [{}, {}] }, { uasc: true }])
  })

  test.each(ODD)('%s', async (_, files) => {
    // Something else is there, or equal bytes would change nothing.
    await sendForm(service.client, filesOf(SAMPLE))
    const answer = await sendForm(service.client, files())
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json().summary).toMatchObject({ errors: 0, warnings: 0, rowsRead: 15 })
    expect(await records()).toEqual(expected)
  })

  test.each([
    ['a ZIP', () => zipOf(filesOf(ALL))],
    [
      'a ZIP of folders, as macOS makes it',
      () =>
        zipOf([
          ...filesOf(ALL).map((file) => ({ ...file, name: `return 2025/${file.name}` })),
          { name: '__MACOSX/return 2025/._Header.csv', content: 'x' },
          { name: 'return 2025/.DS_Store', content: 'x' },
        ]),
    ],
  ])('%s', async (_, make) => {
    await sendForm(service.client, filesOf(SAMPLE))
    const zip = await make()
    expect((await sendZip(zip)).statusCode).toBe(201)
    expect(await records()).toEqual(expected)
    await sendForm(service.client, filesOf(SAMPLE))
    const within = await sendForm(service.client, [
      { name: 'all.zip', content: zip, type: 'application/zip' },
    ])
    expect(within.statusCode, within.body).toBe(201)
    expect(await records()).toEqual(expected)
  })

  test.each([
    ['1 and 2', '2023-24', 0],
    ['M and F', '2024-25', 0],
    ['1 and 2', '2024-25', 2],
    ['M and F', '2023-24', 2],
  ])('sex as %s in %s: %i warnings', async (codes, year, warnings) => {
    const coded = SAMPLE.Header!.map((line) =>
      codes === 'M and F' ? line : line.replace(',F,', ',2,').replace(',M,', ',1,'),
    )
    const answer = await sendForm(
      service.client,
      filesOf({ Header: coded, Episodes: ['ADA1,03/02/2023,S,C1,N1,U6,PR1,,,,,,'] }),
      `year=${year}&dryRun=true`,
    )
    expect(answer.json().summary).toMatchObject({ errors: 0, warnings })
    expect(csvOf('Header', coded)).toContain('ADA1')
  })
})
