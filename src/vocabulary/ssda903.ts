import * as codes from './code-sets.ts'
import type { ReportingYear } from './period.ts'

/**
 * The twelve tables of the SSDA903 return: the columns by which a file is known, what a cell may hold, and the
 * DfE's validation rule that a bad cell breaks (the code as in the DfE's list; ours where it has none).
 */
export type TableName =
  | 'Header'
  | 'Episodes'
  | 'UASC'
  | 'Reviews'
  | 'OC2'
  | 'OC3'
  | 'AD1'
  | 'PlacedAdoption'
  | 'PrevPerm'
  | 'Missing'
  | 'SWEpisodes'
  | 'DoLo'

export type Column = {
  /** Name in the file's header row; the database column is the same in lower case. */
  readonly name: string
  readonly required?: true
  /** Validation rule broken by a cell that is missing or can't be understood. */
  readonly rule: string
} & CellKind

export type CellKind =
  | { readonly kind: 'child' }
  | { readonly kind: 'day' }
  /** A day whose parts may be unknown (`ZZ/05/2020`); kept as text. */
  | { readonly kind: 'partial-day' }
  | { readonly kind: 'code'; readonly codes: codes.CodeSet }
  | { readonly kind: 'whole-number'; readonly least: number; readonly most: number }
  /** A word of at most this length, of this form; `oddity` marks a form that is worth a warning, not an error. */
  | { readonly kind: 'text'; readonly longest: number; readonly form?: RegExp; readonly formInWords?: string }

export interface Table {
  readonly name: TableName
  /** The table in the database that keeps its rows as returned. */
  readonly relation: string
  readonly columns: readonly Column[]
  /** First reporting year whose return holds it. */
  readonly since?: ReportingYear
  /** Internal rules: a child without a header row; a date of birth other than the header's; a child returned twice. */
  readonly notInHeader?: string
  readonly otherBirth?: string
  readonly once?: string
}

const child: Column = { name: 'CHILD', kind: 'child', required: true, rule: 'missing-child' }
const born: Column = { name: 'DOB', kind: 'day', required: true, rule: '102' }
const day = (name: string, rule: string): Column => ({ name, kind: 'day', rule })
const neededDay = (name: string, rule: string): Column => ({ name, kind: 'day', rule, required: true })
const code = (name: string, set: codes.CodeSet, rule: string): Column => ({
  name,
  kind: 'code',
  codes: set,
  rule,
})
const neededCode = (name: string, set: codes.CodeSet, rule: string): Column => ({
  ...code(name, set, rule),
  required: true,
})

const POSTCODE = /^(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$/
const postcode = (name: string): Column => ({
  name,
  kind: 'text',
  longest: 10,
  form: POSTCODE,
  formInWords: 'a full postcode, such as HD1 2TT',
  rule: '392c',
})

export const TABLES: readonly Table[] = [
  {
    name: 'Header',
    relation: 'returned_header',
    once: 'INT32',
    columns: [
      child,
      neededCode('SEX', codes.SEX, '101'),
      born,
      neededCode('ETHNIC', codes.ETHNIC, '103'),
      {
        name: 'UPN',
        kind: 'text',
        longest: 20,
        form: /^(?:[A-HJ-NP-RT-Z](?:\d{12}|\d{11}[A-Z])|UN[1-5])$/,
        formInWords: 'a unique pupil number of 13 characters, or UN1 to UN5',
        rule: '168',
      },
      code('MOTHER', codes.YES_NO, '165'),
      day('MC_DOB', '171'),
    ],
  },
  {
    name: 'Episodes',
    relation: 'returned_episode',
    notInHeader: 'INT03',
    columns: [
      child,
      neededDay('DECOM', '141'),
      neededCode('RNE', codes.RNE, '143'),
      neededCode('LS', codes.LS, '144'),
      neededCode('CIN', codes.CIN, '145'),
      neededCode('PLACE', codes.PLACE, '146'),
      code('PLACE_PROVIDER', codes.PLACE_PROVIDER, '178'),
      day('DEC', '147'),
      code('REC', codes.REC, '149'),
      code('REASON_PLACE_CHANGE', codes.REASON_PLACE_CHANGE, '1009'),
      postcode('HOME_POST'),
      postcode('PL_POST'),
      {
        name: 'URN',
        kind: 'text',
        longest: 10,
        form: /^(?:SC\d{6}|\d{7}|X{7})$/,
        formInWords: 'SC and six digits, seven digits, or XXXXXXX',
        rule: '1008',
      },
    ],
  },
  {
    name: 'UASC',
    relation: 'returned_uasc',
    notInHeader: 'INT09',
    otherBirth: 'INT18',
    once: 'INT36',
    columns: [child, neededCode('SEX', codes.SEX, '101'), born, day('DUC', '104')],
  },
  {
    name: 'Reviews',
    relation: 'returned_review',
    notInHeader: 'INT08',
    otherBirth: 'INT17',
    columns: [child, born, neededDay('REVIEW', '166'), neededCode('REVIEW_CODE', codes.REVIEW_CODE, '167')],
  },
  {
    name: 'OC2',
    relation: 'returned_oc2',
    notInHeader: 'INT05',
    otherBirth: 'INT14',
    once: 'INT33',
    columns: [
      child,
      born,
      { name: 'SDQ_SCORE', kind: 'whole-number', least: 0, most: 40, rule: '180' },
      code('SDQ_REASON', codes.SDQ_REASON, '196'),
      code('CONVICTED', codes.YES_NO, '181'),
      code('HEALTH_CHECK', codes.YES_NO, '181'),
      code('IMMUNISATIONS', codes.YES_NO, '181'),
      code('TEETH_CHECK', codes.YES_NO, '181'),
      code('HEALTH_ASSESSMENT', codes.YES_NO, '181'),
      code('SUBSTANCE_MISUSE', codes.YES_NO, '181'),
      code('INTERVENTION_RECEIVED', codes.YES_NO, '181'),
      code('INTERVENTION_OFFERED', codes.YES_NO, '181'),
    ],
  },
  {
    name: 'OC3',
    relation: 'returned_oc3',
    notInHeader: 'INT06',
    otherBirth: 'INT15',
    once: 'INT34',
    columns: [
      child,
      born,
      neededCode('IN_TOUCH', codes.IN_TOUCH, '131'),
      code('ACTIV', codes.ACTIV, '132'),
      code('ACCOM', codes.ACCOM, '133'),
    ],
  },
  {
    name: 'AD1',
    relation: 'returned_ad1',
    notInHeader: 'INT01',
    otherBirth: 'INT11',
    once: 'INT31',
    columns: [
      child,
      born,
      day('DATE_INT', '112'),
      day('DATE_MATCH', '113'),
      code('FOSTER_CARE', codes.YES_NO, '114'),
      code('NB_ADOPTR', codes.NUMBER_OF_ADOPTERS, '175'),
      code('SEX_ADOPTR', codes.SEX_ADOPTR, '176'),
      code('LS_ADOPTR', codes.LS_ADOPTR, '177'),
    ],
  },
  {
    name: 'PlacedAdoption',
    relation: 'returned_placed_adoption',
    notInHeader: 'INT02',
    otherBirth: 'INT12',
    columns: [
      child,
      born,
      neededDay('DATE_PLACED', '115'),
      day('DATE_PLACED_CEASED', '116'),
      code('REASON_PLACED_CEASED', codes.REASON_PLACED_CEASED, '120'),
    ],
  },
  {
    name: 'PrevPerm',
    relation: 'returned_previous_permanence',
    notInHeader: 'INT07',
    otherBirth: 'INT16',
    once: 'INT35',
    columns: [
      child,
      born,
      neededCode('PREV_PERM', codes.PREV_PERM, '631'),
      {
        name: 'LA_PERM',
        kind: 'text',
        longest: 3,
        form: /^(?:\d{3}|WAL|SCO|NIR|NUK)$/,
        formInWords: 'three digits, WAL, SCO, NIR or NUK',
        rule: '633',
      },
      { name: 'DATE_PERM', kind: 'partial-day', rule: '632' },
    ],
  },
  {
    name: 'Missing',
    relation: 'returned_missing',
    notInHeader: 'INT04',
    otherBirth: 'INT13',
    columns: [
      child,
      born,
      neededCode('MISSING', codes.MISSING, '1006'),
      neededDay('MIS_START', '1004'),
      day('MIS_END', '1005'),
    ],
  },
  {
    name: 'SWEpisodes',
    relation: 'returned_social_worker_episode',
    since: 2024,
    columns: [
      child,
      born,
      {
        name: 'SW_ID',
        kind: 'text',
        longest: 20,
        form: /^(?:SW|XX).{0,18}$/,
        formInWords: 'a registration number that begins with SW, or XX',
        required: true,
        rule: 'SW02STG1',
      },
      neededDay('SW_DECOM', 'SW04STG1'),
      day('SW_DEC', 'SW05STG1'),
      code('SW_REASON', codes.SW_REASON, 'SW13STG1'),
    ],
  },
  {
    name: 'DoLo',
    relation: 'returned_deprivation_of_liberty',
    since: 2027,
    columns: [child, born, neededDay('DOLO_START', '700'), day('DOLO_END', '701')],
  },
]

export const TABLE_NAMES = TABLES.map((table) => table.name)
const byName = new Map(TABLES.map((table) => [table.name, table]))
export const tableNamed = (name: TableName): Table => byName.get(name)!

/** Columns that regional extracts add to every table; they say what the address of the call says already. */
export const IGNORED_COLUMNS: ReadonlySet<string> = new Set(['LA', 'YEAR'])

/** First and last reporting year whose code sets are known. */
export const FIRST_YEAR: ReportingYear = 2017
export const LAST_YEAR: ReportingYear = 2027
