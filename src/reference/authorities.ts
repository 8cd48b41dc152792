import { findAuthority, REGIONS } from '../vocabulary/authority.ts'
import { CellFault, day, dfeCode, gssCode, needed, oneOf, text } from './cells.ts'
import { keepRows } from './keep-rows.ts'
import { ColumnFault, declaredLayout, type Values, yearly } from './layout.ts'
import type { ReferenceKind } from './reference-kind.ts'

const TYPES = oneOf(
  {
    unitary: 'unitary',
    'unitary authority': 'unitary',
    metropolitan: 'metropolitan',
    'metropolitan district': 'metropolitan',
    'metropolitan borough': 'metropolitan',
    'london-borough': 'london-borough',
    'london borough': 'london-borough',
    county: 'county',
    'county council': 'county',
  },
  ['unitary', 'metropolitan', 'london-borough', 'county'],
)

const region = oneOf({
  ...Object.fromEntries(Object.entries(REGIONS).map(([, name]) => [name, codeOfRegion(name)])),
  ...Object.fromEntries(Object.keys(REGIONS).map((code) => [code, code])),
  'Yorkshire and The Humber': 'E12000003',
})

function codeOfRegion(name: string): string {
  return Object.entries(REGIONS).find(([, one]) => one === name)![0]
}

/** An authority is known by its GSS code, or where a list leaves that out by its DfE code, if we know whose that is. */
function rowOf({ code, dfe, name, region: itsRegion, type, from, until }: Values) {
  const known = findAuthority(code ?? dfe ?? '')
  const gss = known?.code ?? code
  if (gss === null || gss === undefined)
    return new ColumnFault('code', new CellFault('the GSS code is missing', ['a GSS code such as E08000034']))
  // E06 says what it is: a unitary authority, although some lists call the young ones counties.
  const itsType = gss.startsWith('E06') ? 'unitary' : (type ?? null)
  return [[gss, dfe!, name!, itsRegion ?? null, itsType, from ?? null, until ?? null]]
}

const columns = (names: {
  code: readonly (string | RegExp)[]
  dfe: readonly string[]
  name: readonly string[]
  region: readonly (string | RegExp)[]
  type: readonly string[]
}) => [
  { is: 'code', names: names.code, check: gssCode },
  { is: 'dfe', names: names.dfe, check: needed(dfeCode) },
  { is: 'name', names: names.name, check: needed(text(200)) },
  { is: 'region', names: names.region, check: region },
  { is: 'type', names: names.type, check: TYPES },
]

/** Local authorities: codes, names, regions, types, and the days between which they existed. */
export const authorities: ReferenceKind = {
  name: 'authorities',
  layouts: [
    declaredLayout({
      id: 'list of local authorities',
      columns: columns({
        code: ['la_code_new'],
        dfe: ['la_code'],
        name: ['local_authority_ons_name'],
        // By its name: in the list that councils pass on, two of the codes are of other regions.
        region: ['region_name', yearly('rgn', 'nm'), yearly('rgn', 'cd')],
        type: ['ons_la_type'],
      }),
      rowsOf: rowOf,
    }),
    declaredLayout({
      id: 'authorities',
      columns: [
        ...columns({ code: ['code'], dfe: ['dfe_code'], name: ['name'], region: ['region'], type: ['type'] }),
        { is: 'from', names: ['existed_from'], check: day, optional: true },
        { is: 'until', names: ['existed_until'], check: day, optional: true },
      ],
      rowsOf: rowOf,
    }),
  ],
  staged: [
    { name: 'code', type: 'text' },
    { name: 'dfe_code', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'region', type: 'text' },
    { name: 'type', type: 'text' },
    { name: 'existed_from', type: 'date' },
    { name: 'existed_until', type: 'date' },
  ],
  key: ['code'],
  keyInWords: 'authority',
  checks: [
    {
      name: 'types',
      isBroken: `incoming.type is null
        and not exists (select from care.authority_facts() as fact where fact.code = incoming.code)`,
      column: 'type',
      message: 'the type is missing, and is not known of this authority',
      allowed: ['unitary', 'metropolitan', 'london-borough', 'county'],
    },
  ],
  async keep(transaction) {
    // A list that leaves something out does not take it away: the facts lie beneath.
    await transaction.query(
      'reference.authorities.complete',
      `update incoming
          set region = coalesce(incoming.region, fact.region),
              type = coalesce(incoming.type, fact.type),
              existed_from = coalesce(incoming.existed_from, fact.existed_from),
              existed_until = coalesce(incoming.existed_until, fact.existed_until)
         from care.authority_facts() as fact
        where fact.code = incoming.code`,
    )
    await transaction.query(
      'reference.authorities.facts',
      `insert into incoming (code, dfe_code, name, region, type, existed_from, existed_until)
       select fact.* from care.authority_facts() as fact
        where not exists (select from incoming where incoming.code = fact.code)`,
    )
    const kept = await keepRows(transaction, {
      name: 'authorities',
      table: 'care.reference_authority',
      key: ['code'],
      values: ['dfe_code', 'name', 'region', 'type', 'existed_from', 'existed_until'],
    })
    const today = await keepRows(transaction, {
      name: 'authorities-today',
      table: 'care.authority_today',
      key: ['authority', 'today'],
      values: [],
      from: `select fact.authority, fact.today from care.authority_today_facts() as fact
             union
             select incoming.code, incoming.code from incoming where incoming.existed_until is null`,
    })
    return { rows: kept.rows, changed: kept.changed + today.changed }
  },
}
