import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import type { Catalogue } from '../../indicators/catalogue.ts'
import {
  type CountedPage,
  type CountedRow,
  listCounted,
  readCategories,
} from '../../indicators/counted-children.ts'
import { EveryFault } from '../../indicators/every-fault.ts'
import type { Figures } from '../../indicators/figures.ts'
import { holdingsOf } from '../../indicators/holdings.ts'
import { readPeriods } from '../../indicators/period-query.ts'
import { authorityOf } from '../../platform/access/access.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { AuthorityCode, Cursor, listOf, pageLimit } from '../../platform/http/parameters.ts'
import { refusals } from '../../platform/http/problem.ts'
import { purposeOf } from '../../platform/http/purpose.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { isUsableDespite } from '../../rights/restrictions.ts'
import type { ReadStanding } from '../../rights/standing.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import {
  CountedChild,
  CountedChildPage,
  FACT_NAMES,
  outgoingChild,
  withheldChild,
} from './counted-children-schemas.ts'

export interface CountedChildrenParts {
  readonly figures: Figures
  readonly catalogue: Catalogue
  readonly standingOf: ReadStanding
}

/** Whom a figure counts in a period: the same as long as the version of the records is. */
interface KeptPage {
  readonly page: CountedPage
  readonly period: string
}

const PAGES_KEPT = 200
const NOBODY: ReadonlySet<string> = new Set()

/** Sort key of the last row, and the version of the records that the page was made from. */
const Place = Type.Object(
  {
    version: Type.String({ maxLength: 100 }),
    period: Type.String({ maxLength: 20 }),
    child: Type.String({ maxLength: 200 }),
    day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    number: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  },
  { additionalProperties: false },
)

/** The pseudonymous children behind a figure, for callers that may see them. */
export function countedChildrenRoutes({
  figures,
  catalogue,
  standingOf,
}: CountedChildrenParts): FastifyPluginAsyncTypebox {
  for (const { population } of catalogue.indicators) {
    const nameless = population.facts.find((fact) => !Object.hasOwn(FACT_NAMES, fact))
    if (nameless)
      throw new Error(`${population.id}: describe the fact ${nameless} in counted-children-schemas`)
  }

  return async (app) => {
    app.addSchema(CountedChild)
    app.addSchema(CountedChildPage)
    const pages = new LRUCache<string, KeptPage>({ max: PAGES_KEPT })

    app.get(
      '/v1/authorities/:authority/indicators/:id/children',
      {
        config: { scope: 'children:read', audited: 'counted-children.read' },
        schema: {
          operationId: 'listCountedChildren',
          tags: ['Children'],
          summary: 'The children behind a figure',
          description:
            'The pseudonymous children whom a figure counts, with what makes them counted: for the social work manager who asks who they are, and for whoever checks the figure. Page to the end and there are as many rows as the figure says. Where the figure is not available the list is empty, with the reason. Narrow it to a category as the observation has it. Of a child whose records are restricted the row says that it counts, and nothing else, unless `X-Purpose` names what the law allows.',
          params: Type.Object(
            {
              authority: AuthorityCode,
              id: Type.String({
                minLength: 1,
                maxLength: 100,
                description: 'Id of an indicator, as the catalogue at /v1/indicators lists it.',
                examples: ['three-plus-placements-pct'],
              }),
            },
            { additionalProperties: false },
          ),
          querystring: Type.Object(
            {
              period: Type.Optional(
                Type.String({
                  minLength: 1,
                  maxLength: 40,
                  description:
                    'Period of the figure: `2024-25`, `2024-25Q4`, `2025-03` or `2025-03-31`; unless given, the latest reporting year that the authority’s returns reach into.',
                  examples: ['2024-25'],
                }),
              ),
              counted: Type.Optional(
                Type.Enum(['numerator', 'denominator'], {
                  type: 'string',
                  default: 'numerator',
                  description:
                    'Whose rows: those of the numerator, or those of the denominator (each says whether it is in the numerator too). Of a count both are the rows counted; of a mean both are the rows averaged.',
                }),
              ),
              category: Type.Optional(
                Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
                  maxItems: 4,
                  description:
                    'Only children in a category, written `dimension:category`; two of different dimensions, separated by a comma, for a crossed breakdown.',
                  examples: [['age-band:10-to-15']],
                }),
              ),
              limit: Type.Optional(pageLimit(100, 1000)),
              cursor: Type.Optional(Cursor),
            },
            { additionalProperties: false },
          ),
          response: {
            200: refTo(CountedChildPage),
            ...refusals(
              'unknown-authority',
              'unknown-indicator',
              'unknown-period',
              'unknown-breakdown',
              'invalid-cursor',
            ),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request
        const faults = new EveryFault()
        const authority = faults.reading(() => authorityOf(request, params.authority))
        const [indicator] = faults.reading(() => catalogue.named([params.id], '/path/id')) ?? []
        const [asked] =
          faults.reading(() => (query.period === undefined ? [] : readPeriods([query.period]))) ?? []
        const categories = indicator
          ? faults.reading(() => readCategories(listOf(query.category), indicator))
          : []
        faults.refuse()

        const counted = query.counted ?? 'numerator'
        const question = JSON.stringify([
          'children',
          authority!.code,
          indicator!.id,
          asked?.label ?? null,
          counted,
          categories!.map(({ dimension, category }) => `${dimension}:${category}`).sort(),
        ])
        const after = query.cursor === undefined ? null : readCursor(query.cursor, question, Place)

        const limit = query.limit ?? 100
        // Where no period is named it is the latest, which an authority without returns has from the calendar.
        const keyAt = (held: string) => JSON.stringify([question, figures.yearOfToday(), held, after, limit])
        const makePage = (): Promise<KeptPage & { readonly version: string }> =>
          figures.read([authority!.code], async (reading) => {
            const held = reading.versions.get(authority!.code)!
            const wanted = asked ?? reading.latestPeriodOf(authority!.code)
            if (after !== null && (after.version !== held || after.period !== wanted.label))
              throw dataChanged()
            const ask = {
              indicator: indicator!,
              authority: authority!.code,
              period: wanted,
              counted,
              categories: categories!,
              after,
              limit,
            }
            const holdings = holdingsOf(reading.holdings, authority!.code)
            const page = await listCounted(reading.transaction, ask, holdings)
            pages.set(keyAt(held), { page, period: wanted.label })
            return { page, period: wanted.label, version: held }
          })
        const standing = await standingOf(authority!.code)
        const kept = pages.get(keyAt(standing.version))
        const { page, period, version } = kept ? { ...kept, version: standing.version } : await makePage()
        const withheld = isUsableDespite(purposeOf(request)) ? NOBODY : standing.restricted
        request.touched = { rows: page.rows.length, children: page.rows.map(({ child }) => child) }
        // Nobody's disk is to keep who the children are.
        return reply.header('cache-control', 'no-store').send({
          data: page.rows.map((row) =>
            childrenIn(row).some((child) => withheld.has(child)) ? withheldChild(row) : outgoingChild(row),
          ),
          next: page.next === null ? null : writeCursor(question, { version, period, ...page.next }),
          indicator: indicator!.id,
          authority: authority!.code,
          period,
          counted,
          dataVersion: version,
          status: page.unavailable === null ? null : ('x' as const),
          ...(page.unavailable !== null && {
            reason: page.unavailable.reason,
            wouldBeSuppliedBy: [...page.unavailable.wouldBeSuppliedBy],
          }),
          ...(page.covered?.incomplete && { incomplete: true, asAt: page.covered.lastDay }),
        })
      },
    )
  }
}

/** Whom a row is about: the child, and of a pair of siblings the other one. */
const childrenIn = ({ child, facts }: CountedRow): string[] =>
  [child, facts.sibling].filter((one) => typeof one === 'string')

function dataChanged(): Refusal {
  const detail =
    'The authority’s records have changed since the page before; begin again without a cursor, so that no child is passed over or given twice.'
  return new Refusal('invalid-cursor', detail, [{ pointer: '/query/cursor', code: 'data-changed', detail }])
}
