import { type Day, daysBetween } from '../vocabulary/day.ts'
import { type TableName, tableNamed } from '../vocabulary/ssda903.ts'

/** A row's cells as they will be kept, in the order of the table's columns. */
export type KeptRow = readonly (string | null)[]

/** A check of the cells of one row against each other, and against the days that the return covers. */
export interface RowCheck {
  readonly severity: 'error' | 'warning'
  readonly rule: string
  readonly columns: readonly string[]
  readonly message: string
  readonly isBroken: (row: KeptRow, coversTo: Day) => boolean
}

/** The position of a column in a table, found once. */
const at = (table: TableName, column: string): number => {
  const position = tableNamed(table).columns.findIndex(({ name }) => name === column)
  if (position === -1) throw new Error(`${table} has no column ${column}`)
  return position
}

const isOneOf = (codes: string): ((code: string | null | undefined) => boolean) => {
  const set = new Set(codes.split(' '))
  return (code) => code != null && set.has(code)
}
const isTemporary = isOneOf('T0 T1 T2 T3 T4')
const isOther = isOneOf('Z1 Z11 Z12 Z13 Z14')
const isFoster = isOneOf('U1 U2 U3 U4 U5 U6')
const isShortBreak = isOneOf('V3 V4')
const mayKeepCarer = isOneOf('S T U')
const isNotByAuthority = isOneOf('P1 R2 R5')
const isNotByOtherPublic = isOneOf('P1 A3 A4 A5 A6 K1 K2')
const days = (from: string, until: string): number => daysBetween(from as Day, until as Day)

type Make = Omit<RowCheck, 'isBroken'>['severity']
const check = (
  severity: Make,
  rule: string,
  columns: string,
  message: string,
  isBroken: RowCheck['isBroken'],
): RowCheck => ({ severity, rule, columns: columns.split(' '), message, isBroken })

/** An interval's two days: an end before the start is an error, of which the rule of the table speaks. */
const endsBeforeStart = (table: TableName, start: string, end: string, rule: string): RowCheck => {
  const [from, until] = [at(table, start), at(table, end)]
  return check(
    'error',
    rule,
    `${start} ${end}`,
    `${end} is before ${start}; it must be on or after it`,
    (row) => row[until] != null && row[until] < row[from]!,
  )
}

const startsAfterReturn = (table: TableName, start: string, rule: string): RowCheck => {
  const from = at(table, start)
  return check(
    'error',
    rule,
    start,
    `${start} is after the last day that the return covers`,
    (row, coversTo) => row[from] != null && row[from]! > coversTo,
  )
}

const DECOM = at('Episodes', 'DECOM')
const RNE = at('Episodes', 'RNE')
const LS = at('Episodes', 'LS')
const PLACE = at('Episodes', 'PLACE')
const PROVIDER = at('Episodes', 'PLACE_PROVIDER')
const DEC = at('Episodes', 'DEC')
const REC = at('Episodes', 'REC')
const REASON = at('Episodes', 'REASON_PLACE_CHANGE')
const HOME = at('Episodes', 'HOME_POST')
const PLACED_AT = at('Episodes', 'PL_POST')

const lasted = (row: KeptRow): number => (row[DEC] ? days(row[DECOM]!, row[DEC]!) : 0)

const episodes: RowCheck[] = [
  endsBeforeStart('Episodes', 'DECOM', 'DEC', '356'),
  startsAfterReturn('Episodes', 'DECOM', 'episode-after-return'),
  check(
    'warning',
    '355',
    'DECOM DEC',
    'the episode has no days (DEC is DECOM): it is not counted, and the next one takes its place',
    (row) => row[DEC] === row[DECOM],
  ),
  check(
    'warning',
    '148',
    'DEC REC',
    'REC without DEC: the episode is taken as open',
    (row) => row[REC] != null && row[DEC] == null,
  ),
  check(
    'warning',
    '148',
    'DEC REC',
    'DEC without REC: the episode has ended, for a reason that is not known',
    (row) => row[DEC] != null && row[REC] == null,
  ),
  check(
    'warning',
    '385',
    'DEC',
    'DEC is after the last day that the return covers: until then the episode is open',
    (row, coversTo) => row[DEC] != null && row[DEC]! > coversTo,
  ),
  check('warning', '353', 'DECOM', 'DECOM is before 14 October 1991', (row) => row[DECOM]! < '1991-10-14'),
  check(
    'warning',
    '361',
    'LS DECOM DEC',
    'police protection (L1) lasts 72 hours at most',
    (row) => row[LS] === 'L1' && lasted(row) > 3,
  ),
  check(
    'warning',
    '362',
    'LS DECOM DEC',
    'an emergency protection order (L2) lasts 21 days at most',
    (row) => row[LS] === 'L2' && lasted(row) > 21,
  ),
  check(
    'warning',
    '363',
    'LS DECOM DEC',
    'a child assessment order (L3) lasts 7 days at most',
    (row) => row[LS] === 'L3' && lasted(row) > 7,
  ),
  check(
    'warning',
    '365',
    'LS DECOM DEC',
    'a short break (V3) lasts 17 days at most',
    (row) => row[LS] === 'V3' && lasted(row) > 17,
  ),
  check(
    'warning',
    '375',
    'PLACE DECOM DEC',
    'a temporary stay in hospital (T1) lasts six weeks at most',
    (row) => row[PLACE] === 'T1' && lasted(row) > 42,
  ),
  check(
    'warning',
    '376',
    'PLACE DECOM DEC',
    'a temporary stay while the carer is on holiday (T3) lasts three weeks at most',
    (row) => row[PLACE] === 'T3' && lasted(row) > 21,
  ),
  check(
    'warning',
    '379',
    'PLACE DECOM DEC',
    'a temporary stay for another reason (T4) lasts seven days at most',
    (row) => row[PLACE] === 'T4' && lasted(row) > 7,
  ),
  check(
    'warning',
    '380',
    'PLACE RNE',
    'a period of care can not start with a temporary stay (T0 to T4)',
    (row) => row[RNE] === 'S' && isTemporary(row[PLACE]),
  ),
  check(
    'warning',
    '381',
    'PLACE REC',
    'a period of care can not end with a temporary stay (T0 to T4)',
    (row) => isTemporary(row[PLACE]) && row[REC] != null && row[REC] !== 'X1',
  ),
  check(
    'warning',
    '382',
    'LS PLACE',
    'a short break (V3, V4) is no temporary stay (T0 to T4)',
    (row) => isShortBreak(row[LS]) && isTemporary(row[PLACE]),
  ),
  check(
    'warning',
    '384',
    'LS PLACE',
    'a short break (V3, V4) is not in long-term fostering (U1, U4)',
    (row) => isShortBreak(row[LS]) && (row[PLACE] === 'U1' || row[PLACE] === 'U4'),
  ),
  check(
    'warning',
    '378',
    'PLACE LS',
    'a child placed with parents (P1) is not accommodated under section 20 (V2)',
    (row) => row[PLACE] === 'P1' && row[LS] === 'V2',
  ),
  check(
    'warning',
    '408',
    'PLACE LS',
    'a placement for adoption with placement order (A5, A6) needs legal status E1',
    (row) => (row[PLACE] === 'A5' || row[PLACE] === 'A6') && row[LS] !== 'E1',
  ),
  check(
    'warning',
    '217',
    'PLACE RNE',
    'placed for adoption with the current foster carer (A3, A5) needs RNE S, T or U',
    (row) => (row[PLACE] === 'A3' || row[PLACE] === 'A5') && !mayKeepCarer(row[RNE]),
  ),
  check(
    'warning',
    '446',
    'LS DECOM',
    'there were no placement orders (E1) before 1 December 2005',
    (row) => row[LS] === 'E1' && row[DECOM]! < '2005-12-01',
  ),
  check(
    'warning',
    '213',
    'PLACE_PROVIDER',
    'no provider is returned for a temporary stay (T0 to T4) or an other placement (Z1, Z11 to Z14)',
    (row) => row[PROVIDER] != null && (isTemporary(row[PLACE]) || isOther(row[PLACE])),
  ),
  check(
    'warning',
    '526',
    'PLACE_PROVIDER',
    'the provider is missing: PR0 to PR5',
    (row) => row[PROVIDER] == null && !isTemporary(row[PLACE]) && !isOther(row[PLACE]),
  ),
  check(
    'warning',
    '550',
    'PLACE PLACE_PROVIDER',
    'provider PR0 goes with placement P1 only',
    (row) => row[PROVIDER] === 'PR0' && row[PLACE] !== 'P1',
  ),
  check(
    'warning',
    '527',
    'PLACE PLACE_PROVIDER',
    'provider PR1 does not go with placements P1, R2 and R5',
    (row) => row[PROVIDER] === 'PR1' && isNotByAuthority(row[PLACE]),
  ),
  check(
    'warning',
    '528',
    'PLACE PLACE_PROVIDER',
    'provider PR2 does not go with placements P1, R2 and R5',
    (row) => row[PROVIDER] === 'PR2' && isNotByAuthority(row[PLACE]),
  ),
  check(
    'warning',
    '529',
    'PLACE PLACE_PROVIDER',
    'provider PR3 does not go with placements P1, A3 to A6, K1, K2 and U1 to U6',
    (row) => row[PROVIDER] === 'PR3' && (isFoster(row[PLACE]) || isNotByOtherPublic(row[PLACE])),
  ),
  check(
    'warning',
    '530',
    'PLACE PLACE_PROVIDER',
    'provider PR4 does not go with placement P1',
    (row) => row[PROVIDER] === 'PR4' && row[PLACE] === 'P1',
  ),
  check(
    'warning',
    '531',
    'PLACE PLACE_PROVIDER',
    'provider PR5 does not go with placement P1',
    (row) => row[PROVIDER] === 'PR5' && row[PLACE] === 'P1',
  ),
  check(
    'warning',
    '226',
    'REASON_PLACE_CHANGE',
    'no reason for placement change is returned for a temporary stay (T0 to T4)',
    (row) => row[REASON] != null && isTemporary(row[PLACE]),
  ),
  check(
    'warning',
    '233',
    'REASON_PLACE_CHANGE DEC',
    'no reason for placement change is returned while the episode is open',
    (row) => row[REASON] != null && row[DEC] == null,
  ),
  check(
    'warning',
    '392d',
    'HOME_POST PL_POST',
    'home and placement have one postcode, which is expected with placement P1 only',
    (row) => row[HOME] != null && row[HOME] === row[PLACED_AT] && row[PLACE] !== 'P1',
  ),
]

const mother = [at('Header', 'SEX'), at('Header', 'MOTHER'), at('Header', 'MC_DOB')] as const
const header: RowCheck[] = [
  startsAfterReturn('Header', 'DOB', '301'),
  check(
    'warning',
    '165',
    'MOTHER SEX',
    'MOTHER is returned for females only',
    (row) => row[mother[1]] === '1' && row[mother[0]] === 'M',
  ),
  check(
    'warning',
    '611',
    'MOTHER MC_DOB',
    "a mother's first child has a date of birth: MC_DOB is missing",
    (row) => row[mother[1]] === '1' && row[mother[2]] == null,
  ),
  check(
    'warning',
    '612',
    'MOTHER MC_DOB',
    'MC_DOB is returned with MOTHER 1 only',
    (row) => row[mother[1]] !== '1' && row[mother[2]] != null,
  ),
]

const sdq = [at('OC2', 'SDQ_SCORE'), at('OC2', 'SDQ_REASON')] as const
const misuse = [at('OC2', 'SUBSTANCE_MISUSE'), at('OC2', 'INTERVENTION_RECEIVED')] as const
const oc2: RowCheck[] = [
  check(
    'warning',
    '197a',
    'SDQ_SCORE SDQ_REASON',
    'a reason for no SDQ score is not returned with a score',
    (row) => row[sdq[0]] != null && row[sdq[1]] != null,
  ),
  check(
    'warning',
    '192',
    'SUBSTANCE_MISUSE INTERVENTION_RECEIVED',
    'with SUBSTANCE_MISUSE 1, INTERVENTION_RECEIVED is 0 or 1',
    (row) => row[misuse[0]] === '1' && row[misuse[1]] == null,
  ),
]

const oc3Cells = [at('OC3', 'IN_TOUCH'), at('OC3', 'ACTIV'), at('OC3', 'ACCOM')] as const
const oc3: RowCheck[] = [
  check(
    'warning',
    '153',
    'IN_TOUCH ACTIV ACCOM',
    'activity and accommodation are both coded, with 0 for not known',
    (row) => row[oc3Cells[1]] == null || row[oc3Cells[2]] == null,
  ),
]

const decided = [
  at('PlacedAdoption', 'DATE_PLACED_CEASED'),
  at('PlacedAdoption', 'REASON_PLACED_CEASED'),
] as const
const placedAdoption: RowCheck[] = [
  endsBeforeStart('PlacedAdoption', 'DATE_PLACED', 'DATE_PLACED_CEASED', '522'),
  startsAfterReturn('PlacedAdoption', 'DATE_PLACED', '117'),
  check(
    'warning',
    '119',
    'DATE_PLACED_CEASED REASON_PLACED_CEASED',
    'a reversed decision has both its date and its reason',
    (row) => (row[decided[0]] == null) !== (row[decided[1]] == null),
  ),
]

const permanence = [
  at('PrevPerm', 'PREV_PERM'),
  at('PrevPerm', 'LA_PERM'),
  at('PrevPerm', 'DATE_PERM'),
] as const
const ad1Days = tableNamed('AD1').columns.map(({ name }) => at('AD1', name))

const workerDays = [at('SWEpisodes', 'SW_DECOM'), at('SWEpisodes', 'SW_DEC')] as const

/** The checks of each table's rows. */
export const ROW_CHECKS: Readonly<Record<TableName, readonly RowCheck[]>> = {
  Header: header,
  Episodes: episodes,
  UASC: [
    check(
      'error',
      '104',
      'DUC DOB',
      'DUC is before the date of birth',
      (row) => row[at('UASC', 'DUC')] != null && row[at('UASC', 'DUC')]! < row[at('UASC', 'DOB')]!,
    ),
  ],
  Reviews: [startsAfterReturn('Reviews', 'REVIEW', '166')],
  OC2: oc2,
  OC3: oc3,
  AD1: [
    check(
      'warning',
      '151',
      'DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR',
      'all items of an adoption are coded',
      (row) => ad1Days.some((position) => row[position] == null),
    ),
  ],
  PlacedAdoption: placedAdoption,
  PrevPerm: [
    check(
      'warning',
      '635',
      'PREV_PERM LA_PERM DATE_PERM',
      'with PREV_PERM Z1 there is neither LA_PERM nor DATE_PERM',
      (row) => row[permanence[0]] === 'Z1' && (row[permanence[1]] != null || row[permanence[2]] != null),
    ),
  ],
  Missing: [
    endsBeforeStart('Missing', 'MIS_START', 'MIS_END', '567'),
    startsAfterReturn('Missing', 'MIS_START', '570'),
    check(
      'error',
      '586',
      'MIS_START DOB',
      'MIS_START is before the date of birth',
      (row) => row[at('Missing', 'MIS_START')]! < row[at('Missing', 'DOB')]!,
    ),
  ],
  SWEpisodes: [
    endsBeforeStart('SWEpisodes', 'SW_DECOM', 'SW_DEC', 'SW07STG2'),
    startsAfterReturn('SWEpisodes', 'SW_DECOM', 'SW06STG2'),
    check(
      'warning',
      'SW09STG2',
      'SW_DECOM SW_DEC',
      "the social worker's episode has no days",
      (row) => row[workerDays[0]] === row[workerDays[1]],
    ),
  ],
  DoLo: [
    endsBeforeStart('DoLo', 'DOLO_START', 'DOLO_END', '702'),
    startsAfterReturn('DoLo', 'DOLO_START', '703'),
    check(
      'error',
      '708',
      'DOLO_START DOB',
      'DOLO_START is before the date of birth',
      (row) => row[at('DoLo', 'DOLO_START')]! < row[at('DoLo', 'DOB')]!,
    ),
  ],
}
