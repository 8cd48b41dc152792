import { Type } from 'typebox'
import { polaritySchema } from '../../indicators/glance-schema.ts'
import { observationSchema, unitSchema } from '../../indicators/observation-schema.ts'
import { AuthorityCode, Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { LONGEST_NOTE, LONGEST_TITLE, MOST_PERIODS } from '../../publications/asked-publication.ts'
import { FORMAT } from '../../publications/content.ts'

/** What the calls on publications take and give; the comparison with today has schemas of its own. */

const strict = { additionalProperties: false } as const
const text = (description: string) => Type.String({ description })
const moment = (description: string) => Type.String({ format: 'date-time', description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const OfAuthority = Type.Object({ authority: AuthorityCode }, strict)

export const OfPublication = Type.Object(
  {
    authority: AuthorityCode,
    id: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The publication’s id, as the answer to its making and the list give it (a UUID).',
      examples: ['0198f3a2-6c1e-7d4b-9a55-2f1f6f0c7e10'],
    }),
  },
  strict,
)

export const PublicationsQuery = Type.Object(
  { limit: Type.Optional(pageLimit(20, 100)), cursor: Type.Optional(Cursor) },
  strict,
)

export const PublicationQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Enum(['json', 'csv', 'html'], {
        type: 'string',
        description:
          'The form of the answer; goes before the Accept header. `html` is the board’s report, `csv` the table of its figures.',
      }),
    ),
  },
  strict,
)

const PERIOD = 'A reporting year `2024-25`, a quarter `2024-25Q4`, a month `2025-03` or a day `2025-03-31`'

const AUDIENCE =
  '`internal`: every figure as it is, for those who may see figures on single children. `public`: made safe first, for anybody; only years and quarters can be published so.'

export const Audience = Type.Enum(['internal', 'public'], { type: 'string', description: AUDIENCE })

/** What is sent. Read member by member by `readAskedPublication`, which names every fault; this is for readers. */
export const PublicationBody = named(
  'PublicationBody',
  Type.Object(
    {
      period: Type.Optional(
        Type.String({ description: `${PERIOD}. Either this or \`periods\`.`, examples: ['2024-25'] }),
      ),
      periods: Type.Optional(
        Type.Array(Type.String(), {
          minItems: 1,
          maxItems: MOST_PERIODS,
          description: `Several periods of one kind: at most ${MOST_PERIODS}. ${PERIOD}.`,
          examples: [['2023-24', '2024-25']],
        }),
      ),
      audience: Audience,
      indicators: Type.Optional(
        Type.Array(Type.String(), {
          description: 'Ids of indicators, as the catalogue lists them; unless given, all headline figures.',
          examples: [['cla-count', 'three-plus-placements-pct']],
        }),
      ),
      breakdowns: Type.Optional(
        Type.Array(Type.String(), {
          description:
            'Dimensions to give besides the total, each on its own, or `all`; unless given, the total only. An indicator is given by those that it has.',
          examples: [['age-band', 'sex']],
        }),
      ),
      title: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: LONGEST_TITLE,
          description: 'Title of the report; unless given, the authority and the periods.',
        }),
      ),
      note: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: LONGEST_NOTE,
          description:
            'A paragraph under the title. The service can’t know what a text tells of a child: write nothing in it that the audience must not read.',
        }),
      ),
      commentary: Type.Optional(
        Type.Boolean({
          description:
            'Whether the commentary lines of the targets go in: `true` for `internal` unless told, `false` for `public`, since a text may tell of a child.',
        }),
      ),
    },
    { ...strict, description: 'What is to be frozen.' },
  ),
)

const recordMembers = {
  id: Type.String({ format: 'uuid', description: 'Id of the publication.' }),
  authority: text('GSS code of the authority.'),
  audience: Audience,
  title: text('Title of the report.'),
  periods: Type.Array(Type.String(), { description: 'The periods that it is for, the earliest first.' }),
  publishedAt: moment('When the figures were frozen.'),
  publishedBy: textOrNull(
    'Who froze them: the name of the caller. Null for callers that may read public figures only.',
  ),
  dataVersion: text('Version of the authority’s records that the figures were made from.'),
  sha256: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description:
      'SHA-256 over the content in its canonical form (RFC 8785, UTF-8), in hexadecimal digits: that of the bytes at `contentAt`.',
  }),
  contentAt: text('Address that gives exactly the bytes that the hash is taken over.'),
}

export const PublicationRecord = named(
  'PublicationRecord',
  Type.Object(recordMembers, { ...strict, description: 'A publication, without its content.' }),
)

export const PublicationPage = named(
  'PublicationPage',
  Type.Object(
    {
      data: Type.Array(refTo(PublicationRecord), { description: 'Publications, the newest first.' }),
      next: textOrNull('Cursor of the next page; null on the last.'),
    },
    { ...strict, description: 'A page of an authority’s publications.' },
  ),
)

/* ---- what is frozen --------------------------------------------------------------------------------------- */

export const Observation = named('Observation', observationSchema)

export const FrozenSoftware = named(
  'FrozenSoftware',
  Type.Object(
    {
      name: text('Name of the software.'),
      version: text('Its version.'),
      edition: text('Changes whenever the definition of any figure does.'),
    },
    { ...strict, description: 'The software that computed the figures.' },
  ),
)

const FrozenDefinition = named(
  'FrozenDefinition',
  Type.Object(
    {
      id: text('Id of the indicator.'),
      title: text('Its title.'),
      subject: text('The subject that it belongs to.'),
      headline: Type.Boolean({ description: 'Whether it was a headline figure of its subject.' }),
      definition: text('What it counts, edge cases included.'),
      numerator: text('What is counted or added up, in words.'),
      denominator: textOrNull('What the numerator is divided by, in words; null for a count.'),
      exclusions: text('What is left out.'),
      unit: unitSchema,
      polarity: polaritySchema,
      decimals: Type.Integer({ minimum: 0, description: 'Decimals that the report prints.' }),
      source: Type.Object(
        {
          title: text('Publisher and title.'),
          year: Type.Integer({ description: 'Year of the edition.' }),
          part: textOrNull('Guide, table or rule within it; null for the whole.'),
        },
        { ...strict, description: 'Where the definition comes from.' },
      ),
      switches: Type.Array(
        Type.Object(
          {
            name: text('Name of the decision.'),
            value: text('How it is taken here.'),
            meaning: text('What that means.'),
          },
          { ...strict, description: 'A decision that the source leaves open.' },
        ),
        { description: 'Decisions that the source leaves open, and how they were taken.' },
      ),
      calculation: text('Names how it was calculated: the same word as long as the same is counted.'),
    },
    { ...strict, description: 'What a figure meant when it was frozen.' },
  ),
)

export const PublicationContent = named(
  'PublicationContent',
  Type.Object(
    {
      format: Type.Enum([FORMAT], { type: 'string', description: 'Form of this content.' }),
      id: Type.String({ format: 'uuid', description: 'Id of the publication.' }),
      authority: Type.Object(
        {
          code: text('GSS code.'),
          dfeCode: text('The DfE’s three-digit code.'),
          name: text('Name of the local authority.'),
        },
        { ...strict, description: 'The authority whose figures these are.' },
      ),
      audience: Audience,
      title: text('Title of the report.'),
      note: textOrNull('Paragraph under the title.'),
      publishedAt: moment('When the figures were frozen.'),
      periods: Type.Array(Type.String(), {
        description: 'The periods that were asked for, the earliest first.',
      }),
      historyPeriods: Type.Array(Type.String(), {
        description:
          'The same periods of up to four earlier years, from the first on of which anything was known.',
      }),
      breakdowns: Type.Array(Type.String(), {
        description: 'Dimensions by which the figures are also given.',
      }),
      dataVersion: text('Version of the authority’s records.'),
      software: refTo(FrozenSoftware),
      disclosure: Type.Object(
        {
          profile: Type.Enum(['internal', 'publication'], {
            type: 'string',
            description: 'Name of the profile.',
          }),
          inWords: text('What it means.'),
          parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
            description: 'Its parameters, by name.',
          }),
        },
        { ...strict, description: 'How the figures were made safe for the audience.' },
      ),
      returns: Type.Array(
        Type.Object(
          {
            id: Type.String({ format: 'uuid', description: 'Id of the return.' }),
            year: text('The reporting year that it is for.'),
            coversFrom: Type.String({ format: 'date', description: 'First day that it knows about.' }),
            coversTo: Type.String({ format: 'date', description: 'Last day that it knows about.' }),
            loadedAt: moment('When it was loaded.'),
            contentHash: text('SHA-256 over the hashes of its files, in hexadecimal digits.'),
          },
          { ...strict, description: 'A return in force.' },
        ),
        { description: 'The returns that were in force, by year.' },
      ),
      recordsVersion: text(
        'Word for the state of the records beside the returns; empty where there were none.',
      ),
      reference: Type.Array(
        Type.Object(
          { kind: text('Kind of reference data.'), version: text('Its version.') },
          { ...strict, description: 'Reference data that figures are made with.' },
        ),
        { description: 'The reference data that was held.' },
      ),
      indicators: Type.Array(refTo(FrozenDefinition), { description: 'What the figures mean.' }),
      dimensions: Type.Array(
        Type.Object(
          {
            id: text('Id of the dimension.'),
            label: text('Its name for people.'),
            definition: text('What its categories go by.'),
            categories: Type.Array(
              Type.Object(
                { id: text('Id of the category.'), label: text('Its name for people.') },
                { ...strict, description: 'A category.' },
              ),
              { description: 'Its categories.' },
            ),
          },
          { ...strict, description: 'A dimension that figures are given by.' },
        ),
        { description: 'The dimensions of `breakdowns`.' },
      ),
      observations: Type.Array(refTo(Observation), { description: 'The figures of the periods.' }),
      history: Type.Array(refTo(Observation), {
        description: 'The figures of the earlier periods, in total.',
      }),
      targets: Type.Array(
        Type.Object(
          {
            indicator: text('Id of the indicator.'),
            period: text('The period that it is for.'),
            value: numberOrNull('The target; null where there is only a commentary.'),
            amber: numberOrNull('Where amber ends and red begins.'),
            commentary: textOrNull('The commentary; null where it was left out.'),
          },
          { ...strict, description: 'A target as it stood.' },
        ),
        { description: 'The targets of the figures for the periods.' },
      ),
    },
    { ...strict, description: 'What was frozen: the hash is taken over it.' },
  ),
)

export const Publication = named(
  'Publication',
  Type.Object(
    { ...recordMembers, content: refTo(PublicationContent) },
    {
      ...strict,
      description: 'A publication: frozen figures, with all that is needed to understand and check them.',
    },
  ),
)

export const PUBLICATION_SCHEMAS = [
  PublicationBody,
  PublicationRecord,
  PublicationPage,
  Observation,
  FrozenSoftware,
  FrozenDefinition,
  PublicationContent,
  Publication,
]
