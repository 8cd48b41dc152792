import type { Sheet, SheetRow } from './workbook.ts'

/**
 * What Ofsted's lists of providers say in a column. There are three lists (children's homes, social care providers,
 * and both in one with supported accommodation beside them), each of which has changed its headings over the years:
 * a column is known by its words, and a list by having some of these columns.
 */
export type ProviderField =
  | 'urn'
  | 'name'
  | 'type'
  | 'subtype'
  | 'sector'
  | 'status'
  | 'registered'
  | 'closed'
  | 'capacity'
  | 'postcode'
  | 'authority'
  | 'codes'
  | 'inspected'
  | 'judgement'
  | 'ageFrom'
  | 'ageTo'
  | 'ageRange'
  | 'sex'

/**
 * The headings of each field, without case, spacing and punctuation; those that are surer come first, and of several
 * columns of one field the first that says something counts.
 */
const HEADINGS: Readonly<Record<ProviderField, readonly RegExp[]>> = {
  urn: [
    /^(?:(?:ofsted |provider |setting |provision )?urn(?: (?:number|no))?|(?:provider |setting )?unique reference (?:number|no)(?: urn)?)$/,
  ],
  name: [
    /^(?:setting|home|provision|service|establishment) name$/,
    /^name of (?:the )?(?:setting|home|provision|service|provider)$/,
    /^(?:registered )?provider name$/,
    /^name$/,
  ],
  type: [
    /^(?:provision|provider|setting|service|establishment) (?:type|category)$/,
    /^type of (?:provision|provider|setting|service)$/,
    /^(?:registered )?provision type(?: description)?$/,
    /^(?:type|provision)$/,
  ],
  subtype: [
    /^(?:(?:provision|provider|setting|service) )?sub ?type$/,
    /^sub ?type of (?:provision|provider)$/,
  ],
  sector: [
    /^(?:(?:provider|setting|provision|organisation|ownership) )?sector(?: type| description)?$/,
    /^ownership(?: type)?$/,
  ],
  status: [
    /^(?:registration|provider|setting|provision|current|service) status$/,
    /^status(?: of (?:registration|provider|setting))?$/,
    /^open or closed$/,
  ],
  registered: [
    /^(?:(?:original|first|latest|effective|current|provider|setting) )?registration (?:start )?date$/,
    /^date (?:of |first )?regist(?:ered|ration)$/,
    /^(?:registered (?:date|on|from)|registration started)$/,
  ],
  closed: [
    /^(?:(?:provider|setting) )?(?:closed|closure|close|closing) date$/,
    /^(?:de ?registration|resignation|cancellation|de ?registered) date$/,
    /^date (?:of )?(?:closed|closure|de ?registration|de ?registered|resignation|cancellation)(?: or de ?registered)?$/,
    /^registration end(?:ed)? date$/,
    /^(?:closed|de ?registered) on$/,
  ],
  capacity: [
    /^max(?:imum)? (?:number of )?users$/,
    /^(?:(?:max(?:imum)?|registered|total|bed|provider|setting) )?capacity$/,
    /^(?:max(?:imum)?|registered|approved|total|number of|max(?:imum)? number of|number of registered) (?:places|beds|children|young people)$/,
    /^(?:max(?:imum)? |number of |max(?:imum)? number of )?fostering places$/,
    /^(?:places|beds)$/,
  ],
  postcode: [
    /^(?:setting|provider|provision|home)(?: address)? post ?code$/,
    /^(?:address )?post ?code$/,
    /^post ?code of (?:setting|provider|home)$/,
  ],
  authority: [
    /^(?:(?:provider|setting|provision|geographic(?:al)?|ofsted) )?local authority(?: name| area)?$/,
    /^(?:la|la name|local authority of (?:setting|provider))$/,
    /^(?:(?:provider |setting )?local authority|la)(?: (?:gss|ons))? code$/,
    /^(?:gss|ons) code$/,
  ],
  codes: [
    /^(?:ssda ?903 |ssda ?903 return )?place(?:ment)? (?:type )?codes?$/,
    /^(?:ssda ?903 )?place(?:ment)? provider codes?$/,
    /^provider(?: place(?:ment)?)? codes?$/,
  ],
  inspected: [
    /^(?:date of )?(?:the )?(?:last|latest|most recent) full inspection(?: (?:start )?date)?(?: event)?$/,
    /^(?:full|last full|latest full|most recent full) inspection (?:start )?date$/,
    /^date of (?:the )?(?:last|latest|most recent) full inspection\b(?!.*\b(?:publi|previous|next))/,
    /^(?:date of )?(?:the )?(?:last|latest|most recent) inspection(?: (?:start )?date)?$/,
    /^(?:inspection date|date of inspection)$/,
  ],
  judgement: [
    /^(?:(?:last|latest|current|most recent) )?(?:full inspection )?overall (?:experiences? and progress|effectiveness)\b(?!.*\b(?:previous|date)\b)/,
    /^(?:the )?overall experiences? and progress\b/,
    /^(?:(?:last|latest|current|most recent) )?(?:full )?(?:inspection )?overall (?:judgement|judgment|outcome|rating|grade)\b/,
    /^(?:(?:last|latest|current|most recent|ofsted) )+(?:full )?(?:inspection )?(?:judgement|judgment|outcome|rating|grade)$/,
    /^(?:(?:full )?inspection )?(?:judgement|judgment|outcome|rating|grade)$/,
  ],
  ageFrom: [/^(?:minimum|min|lower|lowest|youngest) age(?: limit)?$/, /^age (?:from|lower|minimum|min)$/],
  ageTo: [/^(?:maximum|max|upper|highest|oldest) age(?: limit)?$/, /^age (?:to|upper|maximum|max)$/],
  ageRange: [/^(?:registered )?age range$/, /^ages?$/],
  sex: [/^(?:registered )?(?:gender|sex)(?: of (?:children|users|young people))?$/],
}

/** The kind's column that a field becomes: by it a finding knows which heading to name. */
export const COLUMN_OF_FIELD: Readonly<Partial<Record<ProviderField, string>>> = {
  urn: 'prov_urn',
  name: 'prov_name',
  type: 'prov_type',
  sector: 'prov_sector',
  status: 'prov_registered',
  registered: 'prov_registration_date',
  closed: 'prov_closed_date',
  capacity: 'prov_capacity',
  postcode: 'prov_postcode',
  authority: 'prov_local_authority',
  codes: 'prov_placement_codes',
  inspected: 'prov_inspection_date',
  judgement: 'prov_judgement',
  ageFrom: 'prov_age_from',
  ageTo: 'prov_age_to',
  sex: 'prov_child_sex',
}

/** What findings are told to expect, in the lists' own words. */
export const HEADINGS_IN_WORDS: readonly string[] = [
  'URN',
  'Setting name',
  'Provider type (or Provision type)',
  'Sector',
  'Registration date',
  'Provider status (or Registration status)',
  'Closed date (or Deregistration date)',
  'Max users (or Capacity, or Maximum fostering places)',
  'Local authority',
  'Setting postcode',
  'Placement code',
  'Placement provider code',
  'Date of last full inspection',
  'Overall effectiveness (or Overall experiences and progress)',
]

/** A sheet that is a list of providers, or the part of one that has to be joined to another by URN. */
export interface ProviderSheet {
  readonly name: string | null
  /** Positions of each field's columns, the surest first. */
  readonly columns: ReadonlyMap<ProviderField, readonly number[]>
  /** The heading of a field, as the sheet has it. */
  readonly headings: ReadonlyMap<ProviderField, string>
  /** Texts above the header row. */
  readonly titles: readonly string[]
  readonly headerLine: number
  readonly rows: readonly SheetRow[]
  readonly countsFrom1904: boolean
  /** By its name or titles, a list of supported accommodation, of homes that have closed, or of children's homes. */
  readonly isSupportedAccommodation: boolean
  readonly isOfClosed: boolean
  readonly isOfChildrensHomes: boolean
}

/** Rows above the header row: titles, the day of the list, how to read it. */
const MOST_TITLE_ROWS = 60

/** The sheet as a list of providers; null where no row of it has the headings of one. A CSV file goes by its name. */
export function providerSheetOf(sheet: Sheet, file: string): ProviderSheet | null {
  const called = (sheet.name ?? file).replaceAll('_', ' ')
  for (const [index, row] of sheet.rows.slice(0, MOST_TITLE_ROWS).entries()) {
    const columns = fieldsIn(row.cells)
    if (!columns.has('urn') || columns.size < 2) continue
    const titles = sheet.rows
      .slice(0, index)
      .flatMap(({ cells }) => cells.filter((cell) => cell.trim() !== ''))
    const told = [called, file, ...titles].join(' | ')
    const headings = new Map(
      [...columns].map(([field, [first]]) => [field, row.cells[first!]!.replaceAll(/\s+/g, ' ').trim()]),
    )
    return {
      name: sheet.name,
      columns,
      headings,
      titles,
      headerLine: row.line,
      rows: sheet.rows.slice(index + 1),
      countsFrom1904: sheet.countsFrom1904,
      isSupportedAccommodation: /supported\s+accommodation|\bSA\b/i.test(called),
      isOfClosed: /\b(?:clos(?:ed|ure|ures)|de-?regist\w*|resign\w*|cancel\w*)\b/i.test(called),
      isOfChildrensHomes: /children['’]?s\s+homes?\b/i.test(told),
    }
  }
  return null
}

/** Whether a sheet has the headings of a list of providers but for the URN, without which no row can be told. */
export const lacksUrn = (sheet: Sheet): boolean =>
  sheet.rows.slice(0, MOST_TITLE_ROWS).some(({ cells }) => {
    const columns = fieldsIn(cells)
    return !columns.has('urn') && columns.has('name') && columns.size >= 4
  })

function fieldsIn(cells: readonly string[]): Map<ProviderField, number[]> {
  const headings = cells.map(wordsOf)
  const found = new Map<ProviderField, number[]>()
  for (const [field, patterns] of Object.entries(HEADINGS) as [ProviderField, readonly RegExp[]][]) {
    const positions = patterns.flatMap((pattern) =>
      headings.flatMap((heading, position) => (pattern.test(heading) ? [position] : [])),
    )
    if (positions.length > 0) found.set(field, [...new Set(positions)])
  }
  return found
}

/** The words of a heading: without case, punctuation, line breaks, plural brackets and the marks of footnotes. */
export const wordsOf = (heading: string): string =>
  heading.length > 300
    ? ''
    : heading
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/\[?\bnotes? \d+(?:, ?\d+)*\]?|\[\d+\]/g, ' ')
        .replaceAll('(s)', 's')
        .replaceAll('&', ' and ')
        .replaceAll(/['’]/g, '')
        .replaceAll(/[^a-z0-9]+/g, ' ')
        .trim()
