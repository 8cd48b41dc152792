import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import type { PublishedFigure as Figure } from '../../comparison/published-figures.ts'
import { breakdownLabel, readBreakdowns } from '../../indicators/breakdown.ts'
import type { Catalogue } from '../../indicators/catalogue.ts'
import { EveryFault } from '../../indicators/every-fault.ts'
import { readPeriods } from '../../indicators/period-query.ts'
import { FIGURES } from '../../platform/access/audience.ts'
import type { Database } from '../../platform/database/database.ts'
import { CsvTable, csvStream } from '../../platform/http/csv.ts'
import { nextLink, readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { listOf, refuseQuery } from '../../platform/http/parameters.ts'
import { etagOf, isFresh, NotModified, setValidators } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import {
  CSV_CONTENT_TYPE,
  type Representation,
  representationFor,
} from '../../platform/http/representation.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { EVERY_AREA, readAreas } from './comparators-areas.ts'
import { CSV_COLUMNS, csvRowsOf } from './comparators-csv.ts'
import { type ComparatorsQuestion, readComparators, readVersion } from './comparators-queries.ts'
import {
  ComparatorsQuery,
  PublishedFigure,
  PublishedFigurePage,
  STANDARD_LIMIT,
} from './comparators-schemas.ts'

export interface ComparatorsParts {
  readonly database: Database
  readonly catalogue: Catalogue
}

const MOST_PERIODS = 120

/** Where a page starts, and the version that the page before was made from. */
const Place = Type.Object(
  {
    version: Type.String({ maxLength: 40 }),
    offset: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  },
  { additionalProperties: false },
)

type Query = Static<typeof ComparatorsQuery>

/** What others have published, as figures of ours. */
export const comparatorsRoutes =
  ({ database, catalogue }: ComparatorsParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(PublishedFigure)
    app.addSchema(PublishedFigurePage)
    const rowOf = csvRowsOf(catalogue)

    app.get(
      '/v1/comparators',
      {
        config: { cost: 5, scope: FIGURES },
        schema: {
          operationId: 'listComparators',
          tags: ['Observations'],
          summary: 'Published figures',
          description:
            'Figures that the DfE has published and that were loaded as reference data `comparators`, read back as our indicators and categories beside their source: value, numerator and denominator as they were published, rounded as they were, with the symbol where none is shown. Where the statistics and the Local Authority Interactive Tool both have a figure, that of the statistics is given; of two releases the later. Which series are mapped, and which are not and why, is at /v1/reference/comparators/series. Public figures: any token that reads figures may ask, for every area.',
          querystring: ComparatorsQuery,
          response: {
            200: {
              description: 'The published figures.',
              content: {
                'application/json': { schema: refTo(PublishedFigurePage) },
                'text/csv': { schema: CsvTable },
              },
            },
            304: NotModified,
            ...refusals(
              'unknown-authority',
              'unknown-indicator',
              'unknown-period',
              'unknown-breakdown',
              'invalid-cursor',
              'not-acceptable',
            ),
          },
        },
      },
      async (request, reply) => {
        const { question, representation } = read(catalogue, request.query, request.headers.accept)
        const { limit = representation === 'csv' ? null : STANDARD_LIMIT, cursor } = request.query
        const fingerprint = `comparators ${JSON.stringify(question)}`
        const version = await readVersion(database)
        const offset = startOf(cursor, fingerprint, version)
        const etag = etagOf([
          fingerprint,
          representation,
          String(limit),
          cursor ?? '',
          version ?? '',
          VERSION,
        ])
        if (isFresh(request, etag)) {
          setValidators(reply, etag)
          return reply.code(304).send(null)
        }
        const { version: versionRead, figures } = await readComparators(database, question)
        if (versionRead === version) setValidators(reply, etag)
        else if (cursor !== undefined) throw dataChanged()
        const end = limit === null ? figures.length : offset + limit
        const page = figures.slice(offset, end)
        const next =
          end < figures.length ? writeCursor(fingerprint, { version: versionRead ?? '', offset: end }) : null
        if (representation === 'json') return { data: page.map(inAnswer), next, version: versionRead }
        if (next !== null) reply.header('link', nextLink(request, next))
        reply.type(CSV_CONTENT_TYPE).header('content-disposition', 'attachment; filename="comparators.csv"')
        return reply.send(csvStream(CSV_COLUMNS, page.map(rowOf)))
      },
    )
  }

/** The database holds no other symbols than those of the schema. */
const inAnswer = (figure: Figure): Static<typeof PublishedFigure> => ({
  ...figure,
  breakdown: { ...figure.breakdown },
  status: figure.status as Static<typeof PublishedFigure>['status'],
})

function read(
  catalogue: Catalogue,
  query: Query,
  accept: string | undefined,
): { readonly question: ComparatorsQuestion; readonly representation: Representation } {
  const faults = new EveryFault()
  const representation = faults.reading(() => representationFor(accept, query.format))
  const [ids, areaTexts, labels, crossings] = (['indicator', 'area', 'period', 'breakdown'] as const).map(
    (name) => given(query[name], name, faults),
  )
  const named = ids ? faults.reading(() => catalogue.named(ids, '/query/indicator')) : null
  const areas = areaTexts ? faults.reading(() => readAreas(areaTexts)) : EVERY_AREA
  const periods = labels ? faults.reading(() => periodsOf(labels)) : null
  const breakdowns = faults.reading(() =>
    readBreakdowns(crossings ?? [], named ?? catalogue.indicators, Boolean(named)),
  )
  faults.refuse()
  return {
    question: {
      indicators: (named ?? catalogue.indicators).map(({ id }) => id),
      areas: areas!,
      periods: periods ?? null,
      breakdowns: breakdowns!.map(breakdownLabel),
    },
    representation: representation!,
  }
}

function periodsOf(labels: readonly string[]): string[] {
  const periods = readPeriods(labels)
  if (periods.length > MOST_PERIODS)
    refuseQuery('period', 'too-many', `At the most ${MOST_PERIODS} periods can be asked for at once.`)
  return periods.map(({ label }) => label)
}

/** Texts of a list; null where the parameter is absent. One that is there but empty would give all for nothing. */
function given(value: readonly string[] | undefined, name: string, faults: EveryFault): string[] | null {
  if (value === undefined) return null
  const texts = listOf(value)
  if (texts.length === 0) faults.reading(() => refuseQuery(name, 'missing', `\`${name}\` names nothing.`))
  return texts
}

function startOf(cursor: string | undefined, fingerprint: string, version: string | null): number {
  if (cursor === undefined) return 0
  const place = readCursor(cursor, fingerprint, Place)
  if (place.version !== (version ?? '')) throw dataChanged()
  return place.offset
}

function dataChanged(): Refusal {
  const detail =
    'The comparators changed since the page before. Begin again without a cursor, so that the pages fit together.'
  return new Refusal('invalid-cursor', detail, [{ pointer: '/query/cursor', code: 'data-changed', detail }])
}
