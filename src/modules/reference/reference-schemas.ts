import { Type } from 'typebox'
import { problemWith } from '../../platform/http/problem.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { NEIGHBOUR_SETS } from '../../reference/neighbours.ts'
import { TOLD_TABLES } from '../../reference/published-tables.ts'
import { REFERENCE_KINDS } from '../../reference/reference-kind.ts'

const strict = { additionalProperties: false } as const

const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const codes = (description: string) => Type.Array(Type.String(), { description })

const NeighbourSet = Type.Enum([...NEIGHBOUR_SETS], {
  type: 'integer',
  description: 'Year of a set of statistical neighbours.',
})

/** Not an enumeration: a word that is no kind is answered with the kinds near it. */
export const OfKind = Type.Object(
  {
    kind: Type.String({
      minLength: 1,
      maxLength: 40,
      description: `Kind of reference data: ${REFERENCE_KINDS.join(', ')}.`,
      examples: ['postcodes'],
    }),
  },
  strict,
)

export const LoadReferenceQuery = Type.Object(
  {
    set: Type.Optional(NeighbourSet),
    table: Type.Optional(
      Type.Enum([...TOLD_TABLES], {
        type: 'string',
        description:
          'Of `comparators`: the publisher’s name of the table. Only needed where a file has been cut down so far that its words no longer tell it from another of the same form.',
      }),
    ),
    dryRun: Type.Optional(
      Type.Boolean({ description: 'Checks the file, says what would change, and keeps nothing.' }),
    ),
  },
  strict,
)

export const SeriesQuery = Type.Object(
  {
    mapped: Type.Optional(
      Type.Boolean({
        description: '`true`: the series that are mapped; `false`: those that are not. Unless given, both.',
      }),
    ),
  },
  strict,
)

export const ReferenceQuery = Type.Object({ set: Type.Optional(NeighbourSet) }, strict)

export const ReferenceState = named(
  'ReferenceState',
  Type.Object(
    {
      kind: Type.Enum([...REFERENCE_KINDS], { type: 'string', description: 'The kind of reference data.' }),
      set: Type.Union([NeighbourSet, Type.Null()], {
        description: 'Of neighbours the year of the set; null for other kinds.',
      }),
      version: textOrNull('Another content has another version; null while nothing is held.'),
      rows: Type.Integer({ minimum: 0, description: 'Rows held.' }),
      builtIn: Type.Boolean({
        description: 'Whether it is the facts that come with the service, with no file loaded since.',
      }),
      loadedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
        description: 'When it came to be held; null while nothing is.',
      }),
      loadedBy: textOrNull('Who loaded it; null while nothing is held.'),
    },
    { ...strict, description: 'What is held of a kind of reference data, or of a set of it.' },
  ),
)

export const ReferenceList = named(
  'ReferenceList',
  Type.Object(
    {
      data: Type.Array(refTo(ReferenceState), { description: 'Every kind, whether it is held or not.' }),
      next: Type.Null({ description: 'Always null: the list is one page.' }),
    },
    { ...strict, description: 'What is held of each kind of reference data.' },
  ),
)

const PublishedSeries = named(
  'PublishedSeries',
  Type.Object(
    {
      layout: Type.String({ description: '`explore-education-statistics` or `lait`.' }),
      series: Type.String({ description: 'The column of values, or the short name of the measure.' }),
      category: Type.Record(Type.String(), Type.String(), {
        description: 'What the other columns say, by their names; empty for a measure.',
      }),
      rows: Type.Integer({ minimum: 1, description: 'Figures of it: areas and periods.' }),
      isMapped: Type.Boolean({ description: 'Whether it gives figures of ours.' }),
      figures: Type.Array(
        Type.Object(
          {
            indicator: Type.String({ description: 'Id of the indicator.' }),
            member: Type.Enum(['value', 'numerator', 'denominator'], {
              type: 'string',
              description: 'What of the figure it is.',
            }),
            breakdown: Type.Record(Type.String(), Type.String(), {
              description: 'Our category by dimension; empty for the total.',
            }),
          },
          { ...strict, description: 'A figure of ours that a published series gives.' },
        ),
        { description: 'The figures that it gives; none where it is not mapped.' },
      ),
      reason: textOrNull(
        'Why it is not mapped, or why some periods of it are left out; null where it is mapped and all of it is used.',
      ),
      source: Type.Union(
        [
          Type.Object(
            {
              title: Type.String({ description: 'The publication.' }),
              table: Type.String({ description: 'The table, by the name of its file or its short name.' }),
            },
            { ...strict, description: 'Where it is published.' },
          ),
          Type.Null(),
        ],
        { description: 'Where it is published; null where no table is declared that has it.' },
      ),
    },
    { ...strict, description: 'A published series, and what it is to us.' },
  ),
)

export const PublishedSeriesList = named(
  'PublishedSeriesList',
  Type.Object(
    {
      data: Type.Array(refTo(PublishedSeries), { description: 'Every series that is held.' }),
      next: Type.Null({ description: 'Always null: the list is one page.' }),
    },
    { ...strict, description: 'The published series that are held, and what each is to us.' },
  ),
)

export const ReferenceAnswer = named(
  'ReferenceAnswer',
  Type.Object(
    {
      result: Type.Enum(['loaded', 'unchanged', 'checked'], {
        type: 'string',
        description:
          '`loaded`; `unchanged`: the same content is held already; `checked`: a dry run, nothing was kept.',
      }),
      reference: refTo(ReferenceState),
      layout: Type.String({ description: 'The form that the file was known to be of.' }),
      rowsRead: Type.Integer({ minimum: 0, description: 'Rows of the file.' }),
      rowsPassedOver: Type.Integer({
        minimum: 0,
        description:
          'Rows that are fine but none of ours, such as another country’s, or one whose value was not published.',
      }),
      rowsChanged: Type.Integer({
        minimum: 0,
        description: 'Rows held that came, went or became others; in a dry run: that would.',
      }),
      series: Type.Optional(
        Type.Array(refTo(PublishedSeries), {
          description:
            'Of `comparators`: every series of the file, with the figures of ours that it gives or the reason why it gives none.',
        }),
      ),
    },
    { ...strict, description: 'What became of a file of reference data.' },
  ),
)

export const ReferenceFinding = named(
  'ReferenceFinding',
  Type.Object(
    {
      row: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        description:
          'Line of the file, the header row being 1; null where the fault is about the whole file.',
      }),
      column: textOrNull('The column as the file calls it; null where the fault is about the whole row.'),
      message: Type.String({ description: 'What is wrong.' }),
      allowed: codes('What is allowed there.'),
    },
    { ...strict, description: 'A fault of a file of reference data. It never repeats a value.' },
  ),
)

export const ReferenceProblem = problemWith(
  'ReferenceProblem',
  {
    findings: Type.Optional(
      Type.Array(refTo(ReferenceFinding), {
        description: 'With `reference-refused`: the faults, at most 1,000 of them, by row.',
      }),
    ),
    findingCount: Type.Optional(
      Type.Integer({ minimum: 1, description: 'With `reference-refused`: how many faults there are.' }),
    ),
    otherKind: Type.Optional(
      Type.String({
        description: 'With `not-reference-data`: the kind that the file is of, where it is one of another.',
      }),
    ),
  },
  'Why a file of reference data was not loaded. Nothing was changed.',
)

export const StatisticalNeighbours = named(
  'StatisticalNeighbours',
  Type.Object(
    {
      set: NeighbourSet,
      neighbours: Type.Array(
        Type.Object(
          {
            rank: Type.Integer({ minimum: 1, description: '1 is the most alike.' }),
            authority: Type.String({ description: 'GSS code of the neighbour.' }),
            closeness: Type.String({ description: 'How much alike they are, in the set’s own words.' }),
          },
          { ...strict, description: 'A statistical neighbour.' },
        ),
        { description: 'The neighbours, the most alike first.' },
      ),
    },
    { ...strict, description: 'The statistical neighbours of an authority by the set of one year.' },
  ),
)

export const LocalAuthority = named(
  'LocalAuthority',
  Type.Object(
    {
      code: Type.String({ description: 'GSS code.' }),
      dfeCode: Type.String({ description: 'The DfE’s three digits.' }),
      name: Type.String({ description: 'Its name.' }),
      region: textOrNull('GSS code of its region; null for the synthetic council.'),
      regionName: textOrNull('Name of its region.'),
      type: Type.String({
        description:
          '`unitary`, `metropolitan`, `london-borough`, `county`, or `synthetic`: it exists nowhere.',
      }),
      existedFrom: textOrNull('First day on which it existed, where that is after 1 April 2016.'),
      existedUntil: textOrNull('First day on which it existed no more; null for an authority of today.'),
      successors: codes('Of an abolished authority: the authorities that cover its area today.'),
      neighbours: Type.Array(refTo(StatisticalNeighbours), {
        description: 'Its statistical neighbours, by each set that has it.',
      }),
      adjacent: codes('The authorities that share a border with it.'),
    },
    { ...strict, description: 'A local authority with children’s services.' },
  ),
)

export const LocalAuthorityList = named(
  'LocalAuthorityList',
  Type.Object(
    {
      data: Type.Array(refTo(LocalAuthority), { description: 'Authorities, by code.' }),
      next: Type.Null({ description: 'Always null: the list is one page.' }),
    },
    { ...strict, description: 'The local authorities with children’s services, of today and abolished.' },
  ),
)

/** A body is a stream, so nothing here is checked: it is for readers of the document. */
export const ReferenceBody = {
  description: 'The file, as it is: plain or gzipped.',
  content: {
    'text/csv': {
      schema: Type.Unsafe<unknown>({ description: 'The CSV file.', contentMediaType: 'text/csv' }),
    },
    'application/gzip': {
      schema: Type.Unsafe<unknown>({
        description: 'The CSV file, gzipped.',
        contentMediaType: 'application/gzip',
      }),
    },
    'application/octet-stream': {
      schema: Type.Unsafe<unknown>({
        description: 'The CSV file, gzipped or not.',
        contentMediaType: 'application/octet-stream',
      }),
    },
  },
}

export const REFERENCE_SCHEMAS = [
  ReferenceState,
  ReferenceList,
  PublishedSeries,
  PublishedSeriesList,
  ReferenceAnswer,
  ReferenceFinding,
  ReferenceProblem,
  StatisticalNeighbours,
  LocalAuthority,
  LocalAuthorityList,
]
