import { authorityNamed } from '../../vocabulary/authority-names.ts'
import type { Day } from '../../vocabulary/day.ts'
import type { RecordKind } from '../../vocabulary/record-kinds.ts'
import type { RowOrigin } from '../incoming-rows.ts'
import type { RecordFault } from '../record-checks.ts'
import { inListsWords, type ListPlace } from './list-findings.ts'
import {
  HEADINGS_IN_WORDS,
  lacksUrn,
  type ProviderField,
  type ProviderSheet,
  providerSheetOf,
} from './provider-layouts.ts'
import * as values from './provider-values.ts'
import { type Sheet, WorkbookFault } from './workbook.ts'

/** One of Ofsted's lists of providers as records of the kind: one for each URN, however many rows it stands in. */
export interface ProviderList {
  readonly asAt: Day
  readonly records: readonly ListedRecord[]
}

export interface ListedRecord {
  readonly line: number
  /** In the order of the kind's columns. */
  readonly cells: readonly string[]
  readonly origin: RowOrigin
}

export interface ListAsked {
  readonly file: string
  /** The day that the list describes, where the caller told it. */
  readonly asAt: Day | null
  readonly today: Day
}

/** A row of a list, by what it says in each field. */
interface ListRow {
  readonly sheet: ProviderSheet
  readonly line: number
  readonly urn: string
  readonly cells: readonly string[]
}

/**
 * Reads the sheets of a workbook, or a CSV file as one sheet, as a list of providers. Every sheet with the headings of
 * a list counts, and all others are passed over. What two rows say of one URN becomes one record.
 */
export function readProviderList(kind: RecordKind, sheets: readonly Sheet[], asked: ListAsked): ProviderList {
  const lists = sheets.flatMap((sheet) => providerSheetOf(sheet, asked.file) ?? [])
  if (lists.length === 0)
    throw new WorkbookFault(
      'no-list',
      `no sheet has a row of headings with URN and others of Ofsted's lists of providers: ${HEADINGS_IN_WORDS.join(', ')}`,
    )
  const asAt = asked.asAt ?? dayOfList(sheets, lists, asked) ?? asked.today
  const byUrn = new Map<string, ListRow[]>()
  const records: ListedRecord[] = sheets
    .filter((sheet) => !lists.some(({ name }) => name === sheet.name) && lacksUrn(sheet))
    .map((sheet) => passedOver(kind, sheet))
  for (const sheet of lists)
    for (const row of rowsOf(sheet)) {
      if (!values.isUrn(row.urn)) records.push(withoutUrn(kind, row))
      else if (byUrn.has(row.urn)) byUrn.get(row.urn)!.push(row)
      else byUrn.set(row.urn, [row])
    }
  for (const [urn, rows] of byUrn) records.push(recordOf(kind, urn, rows, { ...asked, asAt }))
  return { asAt, records }
}

/** The day that the list describes, by its titles, the names of its sheets, its own name, and its cover at last. */
const dayOfList = (sheets: readonly Sheet[], lists: readonly ProviderSheet[], { file, today }: ListAsked) =>
  values.asAtIn(
    lists.flatMap(({ titles }) => [titles.join(' '), ...titles]),
    today,
  ) ??
  values.asAtIn([...sheets.map(({ name }) => name ?? ''), file], today) ??
  values.asAtIn(
    sheets
      .filter(({ name }) => !lists.some((list) => list.name === name))
      .flatMap(({ rows }) => rows.slice(0, 60).map(({ cells }) => cells.join(' '))),
    today,
  )

/** The rows of a list. Notes under the table (one cell, behind the last provider) and repeated headings are none. */
function rowsOf(sheet: ProviderSheet): ListRow[] {
  const positions = sheet.columns.get('urn')!
  const rows = sheet.rows.map(({ line, cells }) => ({
    sheet,
    line,
    cells,
    urn: values.urnIn(positions.map((position) => values.saidIn(cells[position])).find(isSaid) ?? ''),
  }))
  const last = rows.findLastIndex(({ urn }) => values.isUrn(urn))
  return rows.filter(({ cells, urn }, index) => {
    if (urn === 'URN' || urn === sheet.headings.get('urn')!.toUpperCase().replaceAll(/\s+/g, '')) return false
    const said = cells.filter((cell) => values.saidIn(cell) !== '').length
    return said > 1 || (said === 1 && index <= last)
  })
}

const isSaid = (text: string): boolean => text !== ''

/* ---- what is no record ------------------------------------------------------------------------------------ */

const NOT_A_URN = 'an Ofsted URN, such as SC012345 or 2612345'

function withoutUrn(kind: RecordKind, row: ListRow): ListedRecord {
  const fault: RecordFault = {
    severity: 'error',
    rule: row.urn === '' ? 'missing' : 'wrong-form',
    columns: ['prov_urn'],
    message: `prov_urn ${row.urn === '' ? 'is missing' : 'can’t be understood'}; allowed: ${NOT_A_URN}`,
    allowed: [NOT_A_URN],
  }
  return faulty(kind, row.line, 1, fault, placeOf(row))
}

function passedOver(kind: RecordKind, sheet: Sheet): ListedRecord {
  const fault: RecordFault = {
    severity: 'warning',
    rule: 'sheet-without-urn',
    columns: [],
    message: 'it has the headings of a list of providers but no URN, and is passed over',
  }
  const line = sheet.rows[0]!.line
  return faulty(kind, line, 0, fault, { sheet: sheet.name, line, headings: new Map() })
}

const faulty = (
  kind: RecordKind,
  line: number,
  rows: number,
  fault: RecordFault,
  place: ListPlace,
): ListedRecord => ({
  line,
  cells: kind.columns.map(() => ''),
  origin: { rows, faults: [fault], isLost: true, place: (one) => inListsWords(one, () => place) },
})

const placeOf = ({ sheet, line }: ListRow): ListPlace => ({
  sheet: sheet.name,
  line,
  headings: sheet.headings,
})

/* ---- one record ------------------------------------------------------------------------------------------- */

function recordOf(
  kind: RecordKind,
  urn: string,
  rows: readonly ListRow[],
  { asAt, today }: { asAt: Day; today: Day },
): ListedRecord {
  const told = new Told(rows)
  const sector = told.understood('sector', 'prov_sector', values.sectorIn, {
    rule: 'sector-unknown',
    otherwise: 'other',
    message: 'prov_sector is none that is known: it is kept as other',
  })
  const type = typeOf(told, sector)
  const status = statusOf(told)
  const [ageFrom, ageTo] = agesOf(told)
  const { placements, providers } = codesOf(told, type)
  const day = (field: ProviderField, column: string) =>
    told.first(field, column, (text, row) => values.dayIn(text, today, row.sheet.countsFrom1904) ?? text)
  const closed = day('closed', 'prov_closed_date')
  if (status === 'closed' && closed === null)
    told.warn(
      'closed-without-day',
      'prov_closed_date',
      'the list says that it has closed and not when: the day of the list is kept, which is the latest that it can be',
    )
  const byColumn: Readonly<Record<string, string | null>> = {
    prov_table_id: `${urn}-${asAt}`,
    prov_urn: urn,
    prov_status_date: asAt,
    prov_type: type,
    prov_name: told.first('name', 'prov_name', (text) => text),
    prov_sector: sector,
    prov_registered: status === 'not-registered' ? 'N' : 'Y',
    prov_registration_date: day('registered', 'prov_registration_date'),
    prov_closed_date: closed ?? (status === 'closed' ? asAt : null),
    prov_capacity: told.count('capacity', 'prov_capacity'),
    prov_age_from: ageFrom,
    prov_age_to: ageTo,
    prov_child_sex: told.understood('sex', 'prov_child_sex', values.sexIn, {
      rule: 'sex-unknown',
      otherwise: null,
      message: 'prov_child_sex can’t be understood: it is left blank',
    }),
    prov_local_authority: told.understood(
      'authority',
      'prov_local_authority',
      (text) => authorityNamed(text, asAt)?.code,
      {
        rule: 'authority-unknown',
        otherwise: null,
        message:
          'prov_local_authority is the name of no authority in England: it is left blank, and the postcode tells the area',
      },
    ),
    prov_postcode: told.understood('postcode', 'prov_postcode', values.postcodeIn, {
      rule: 'postcode-not-understood',
      otherwise: null,
      message: 'prov_postcode is no whole postcode: it is left blank',
    }),
    prov_placement_codes: placements,
    prov_provider_codes: providers,
    prov_inspection_date: day('inspected', 'prov_inspection_date'),
    prov_judgement: told.understood('judgement', 'prov_judgement', values.judgementIn, {
      rule: 'judgement-unknown',
      otherwise: null,
      message: 'prov_judgement is none that is known: it is left blank',
    }),
  }
  return {
    line: rows[0]!.line,
    cells: kind.columns.map(({ name }) => byColumn[name] ?? ''),
    origin: {
      rows: rows.length,
      faults: told.faults,
      isLost: false,
      place: (fault) => inListsWords(fault, (column) => told.placeOf(column)),
    },
  }
}

/** What the rows of one URN say, and what was odd about it. */
class Told {
  readonly rows: readonly ListRow[]
  readonly faults: RecordFault[] = []
  /** The row that each column's value was taken from. */
  readonly #from = new Map<string, ListRow>()

  constructor(rows: readonly ListRow[]) {
    this.rows = rows
  }

  placeOf(column: string | undefined): ListPlace {
    return placeOf((column === undefined ? undefined : this.#from.get(column)) ?? this.rows[0]!)
  }

  /** What each row says in a field, those that say nothing left out. */
  said(field: ProviderField): { text: string; row: ListRow }[] {
    return this.rows.flatMap((row) => {
      const positions = row.sheet.columns.get(field) ?? []
      const text = positions.map((position) => values.saidIn(row.cells[position])).find(isSaid)
      return text === undefined ? [] : [{ text, row }]
    })
  }

  warn(rule: string, column: string, message: string, row?: ListRow): void {
    if (row !== undefined) this.#from.set(column, row)
    this.faults.push({ severity: 'warning', rule, columns: [column], message })
  }

  /** The value of the first row that has one; rows that say another thing are a contradiction. */
  first<Value extends string>(
    field: ProviderField,
    column: string,
    read: (text: string, row: ListRow) => Value,
  ): Value | null {
    const [first, ...others] = this.said(field).map(({ text, row }) => ({ value: read(text, row), row }))
    if (first === undefined) return null
    const against = others.find(({ value }) => value.toUpperCase() !== first.value.toUpperCase())
    if (against !== undefined)
      this.warn(
        'contradictory-rows',
        column,
        `${column} is one thing in this row and another in an earlier row of the same URN: the earlier row’s is kept`,
        against.row,
      )
    this.#from.set(column, against?.row ?? first.row)
    return first.value
  }

  /** As `first`, of words that are understood or not; what is not has another value, and a warning. */
  understood<Otherwise extends string | null>(
    field: ProviderField,
    column: string,
    read: (text: string) => string | undefined,
    unknown: { rule: string; otherwise: Otherwise; message: string },
  ): string | null {
    const notUnderstood = this.said(field).find(({ text }) => read(text) === undefined)
    if (notUnderstood !== undefined) this.warn(unknown.rule, column, unknown.message, notUnderstood.row)
    const value = this.first(field, column, (text) => read(text) ?? unknown.otherwise ?? '')
    return value === '' ? null : value
  }

  /** A number of which rows say different things is not known: none of them is taken. */
  count(field: ProviderField, column: string): string | null {
    const said = this.said(field).map(({ text, row }) => ({ value: values.countIn(text), row }))
    if (said.length > 0) this.#from.set(column, said[0]!.row)
    const against = said.find(({ value }) => value !== said[0]!.value)
    if (against === undefined) return said[0]?.value ?? null
    this.warn(
      'contradictory-rows',
      column,
      `${column} is another number than in an earlier row of the same URN: it is left blank`,
      against.row,
    )
    return null
  }
}

function typeOf(told: Told, sector: string | null): string {
  const read = ({ sheet, cells }: ListRow): string | undefined => {
    const [type = '', subtype = ''] = (['type', 'subtype'] as const).map((field) =>
      (sheet.columns.get(field) ?? []).map((position) => values.saidIn(cells[position])).join(' '),
    )
    const known = values.typeIn(`${subtype} ${type}`, sector)
    if (known !== undefined) return known
    if (sheet.isSupportedAccommodation) return 'supported-accommodation'
    return sheet.isOfChildrensHomes && `${type}${subtype}`.trim() === '' ? 'childrens-home' : undefined
  }
  const says = ({ sheet }: ListRow) => sheet.columns.has('type') || sheet.columns.has('subtype')
  // A sheet of addresses beside one of types says nothing of the type, and is not asked.
  const asked = told.rows.some(says) ? told.rows.filter(says) : told.rows
  const known = asked.flatMap((row) => {
    const type = read(row)
    return type === undefined ? [] : [{ type, row }]
  })
  if (known.length === 0) {
    told.warn('type-unknown', 'prov_type', 'prov_type is none that is known: it is kept as other')
    return 'other'
  }
  const against = known.find(({ type }) => type !== known[0]!.type)
  if (against !== undefined)
    told.warn(
      'contradictory-rows',
      'prov_type',
      'prov_type is one thing in this row and another in an earlier row of the same URN: the earlier row’s is kept',
      against.row,
    )
  return known[0]!.type
}

function statusOf(told: Told): 'open' | 'closed' | 'not-registered' {
  const status = told.understood('status', 'prov_registered', values.statusIn, {
    rule: 'status-unknown',
    otherwise: 'open',
    message: 'prov_registered is none that is known: it is taken for registered',
  })
  if (status !== null) return status as 'open' | 'closed' | 'not-registered'
  return told.rows.some(({ sheet }) => sheet.isOfClosed) ? 'closed' : 'open'
}

function agesOf(told: Told): readonly [string | null, string | null] {
  const range = told.said('ageRange').map(({ text }) => values.agesIn(text))[0]
  return [
    told.count('ageFrom', 'prov_age_from') ?? range?.[0] ?? null,
    told.count('ageTo', 'prov_age_to') ?? range?.[1] ?? null,
  ]
}

/** The codes of all rows together: a provider that is for several stands in several rows, or has them in one cell. */
function codesOf(told: Told, type: string): { placements: string; providers: string } {
  const placements = new Set<string>()
  const providers = new Set<string>()
  for (const row of told.rows)
    for (const position of row.sheet.columns.get('codes') ?? []) {
      const codes = values.codesIn(values.saidIn(row.cells[position]))
      for (const code of codes.placements) placements.add(code)
      for (const code of codes.providers) providers.add(code)
      if (codes.others > 0)
        told.warn(
          'code-unknown',
          'prov_placement_codes',
          'prov_placement_codes holds what is no code of a placement or its provider: it is left out',
          row,
        )
    }
  // The list of supported accommodation leaves out the one code that all of it has.
  if (placements.size === 0 && type === 'supported-accommodation') placements.add('K3')
  return { placements: [...placements].join(' '), providers: [...providers].join(' ') }
}
