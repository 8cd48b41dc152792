import { boolean, integer, jsonb, numeric, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import { day, moment } from './column-types.ts'
import { care } from './tables.ts'

/**
 * Reference data: what is the same for everybody, and public. These tables hold nothing of a child and nothing that
 * an authority sent about itself, so no policy hides a row of them: `care.secure_tables()` passes them over and only
 * grants the service what it needs. A first start finds facts in them; postcodes, population and comparators need a file.
 */

/** What is held of each kind; each set of statistical neighbours has a row of its own, such as `neighbours-2025`. */
export const referenceStates = care.table('reference_state', {
  kind: text('kind').primaryKey(),
  /** Other content has another version; figures that go by this data name it. */
  version: text('version').notNull(),
  rows: integer('rows').notNull(),
  /** The facts that come with the service, and no file since. */
  builtIn: boolean('built_in').notNull(),
  loadedAt: moment('loaded_at').notNull(),
  loadedBy: text('loaded_by').notNull(),
  /** SHA-256 of the file's unpacked bytes; null for built-in facts. */
  contentHash: text('content_hash'),
})

/** Local authorities with children's services, of today and abolished. */
export const referenceAuthorities = care.table('reference_authority', {
  code: text('code').primaryKey(),
  dfeCode: text('dfe_code').notNull(),
  name: text('name').notNull(),
  /** GSS code of the region. */
  region: text('region'),
  type: text('type').notNull(),
  existedFrom: day('existed_from'),
  /** First day on which it was no more. */
  existedUntil: day('existed_until'),
})

/** Who covers an authority's area today: itself, or those that came after it. */
export const authoritiesToday = care.table(
  'authority_today',
  { authority: text('authority').notNull(), today: text('today').notNull() },
  (table) => [primaryKey({ columns: [table.authority, table.today] })],
)

/** The ten authorities most like one, by the set of a year. */
export const statisticalNeighbours = care.table(
  'statistical_neighbour',
  {
    setYear: smallint('set_year').notNull(),
    authority: text('authority').notNull(),
    rank: smallint('rank').notNull(),
    neighbour: text('neighbour').notNull(),
    closeness: text('closeness').notNull(),
  },
  (table) => [primaryKey({ columns: [table.setYear, table.authority, table.rank] })],
)

/** Children aged 0 to 17 in the middle of a year, in an authority, a region or England. */
export const childPopulations = care.table(
  'child_population',
  { area: text('area').notNull(), year: smallint('year').notNull(), children: integer('children').notNull() },
  (table) => [primaryKey({ columns: [table.area, table.year] })],
)

/** A postcode (upper case, without spaces), its grid reference in metres, and the district it lies in. */
export const postcodes = care.table('postcode', {
  postcode: text('postcode').primaryKey(),
  easting: integer('easting'),
  northing: integer('northing'),
  district: text('district'),
})

/** The authority that covers a district today; also of districts that are no more. */
export const districtAuthorities = care.table('district_authority', {
  district: text('district').primaryKey(),
  authority: text('authority').notNull(),
})

/** Authorities that share a border, each pair both ways. */
export const adjacentAuthorities = care.table(
  'adjacent_authority',
  { authority: text('authority').notNull(), adjacent: text('adjacent').notNull() },
  (table) => [primaryKey({ columns: [table.authority, table.adjacent] })],
)

/** Figures that others have published, as they published them. */
export const comparators = care.table(
  'comparator',
  {
    /** `explore-education-statistics` or `lait`. */
    layout: text('layout').notNull(),
    /** The value's name in the file: its column, or the measure's short name. */
    series: text('series').notNull(),
    /** The columns that say what the value is of, with their values. */
    category: jsonb('category').$type<Record<string, string>>().notNull(),
    areaLevel: text('area_level').$type<'national' | 'regional' | 'local-authority'>().notNull(),
    area: text('area').notNull(),
    /** As ours: `2024-25`, `2023-24`. */
    period: text('period').notNull(),
    /** How the file writes the period, where that says more: `2024-25 (OT)`. */
    periodAsPublished: text('period_as_published').notNull(),
    value: numeric('value', { mode: 'number' }),
    /** Why there is no value, as a symbol of government statistics. */
    status: text('status').$type<'c' | 'k' | 'u' | 'x' | 'z' | 'low'>(),
    /** Decimals with which it was published. */
    decimals: smallint('decimals'),
    /** SHA-256 of the file that it came with, shortened. */
    source: text('source').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'comparator_pk',
      columns: [
        table.layout,
        table.series,
        table.category,
        table.areaLevel,
        table.area,
        table.periodAsPublished,
      ],
    }),
  ],
)
