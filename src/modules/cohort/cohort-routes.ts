import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { DataVersions } from '../../indicators/data-versions.ts'
import type { Figures } from '../../indicators/figures.ts'
import { type ProfilePart, profileOf, takeGlance } from '../../indicators/glance.ts'
import { glanceSchema, outgoingGlance } from '../../indicators/glance-schema.ts'
import { observationSchema } from '../../indicators/observation-schema.ts'
import { readPeriods } from '../../indicators/period-query.ts'
import { authorityOf } from '../../platform/access/access.ts'
import { keptAnswers } from '../../platform/http/kept-answers.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { AuthorityCode } from '../../platform/http/parameters.ts'
import { etagOf, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

export interface CohortParts {
  readonly figures: Figures
  readonly catalogue: Catalogue
  readonly versions: DataVersions
}

/** Who the children are. */
const PROFILE: readonly ProfilePart[] = (
  [
    'age-band',
    'sex',
    'ethnicity',
    'legal-status',
    'placement-type',
    'category-of-need',
    'time-in-care',
  ] as const
).map((dimension) => ({ indicator: 'cla-count', breakdown: [dimension] }))

const CohortGlance = named(
  'CohortGlance',
  glanceSchema(
    'cohort',
    'Who is looked after: headline figures with what they were before, and the children by their characteristics.',
  ),
)

const MOST_KEPT_BYTES = 8 * 1024 * 1024

/** Who is looked after, who comes and who leaves, on one page. */
export function cohortRoutes({ figures, catalogue, versions }: CohortParts): FastifyPluginAsyncTypebox {
  const profile = profileOf(catalogue, PROFILE)
  const kept = keptAnswers(MOST_KEPT_BYTES)

  return async (app) => {
    app.addSchema(named('Observation', observationSchema))
    app.addSchema(CohortGlance)

    app.get(
      '/v1/authorities/:authority/cohort',
      {
        config: { scope: 'observations:read' },
        schema: {
          operationId: 'getCohort',
          tags: ['Cohort'],
          summary: 'Who is looked after, at a glance',
          description:
            'Headline figures of the children looked after by an authority, of those who started and of those who ceased to be, each with the two periods before; and the children looked after by age, sex, ethnic group, legal status, placement, need and time in care. Every figure can be opened down to its children at `/v1/authorities/{authority}/indicators/{id}/children`.',
          params: Type.Object({ authority: AuthorityCode }, { additionalProperties: false }),
          querystring: Type.Object(
            {
              period: Type.Optional(
                Type.String({
                  minLength: 1,
                  maxLength: 40,
                  description:
                    'A reporting year `2024-25`, a quarter of one `2024-25Q4`, a month `2025-03` or a day `2025-03-31`; unless given, the latest reporting year that the authority’s returns reach into.',
                  examples: ['2024-25'],
                }),
              ),
            },
            { additionalProperties: false },
          ),
          response: {
            200: refTo(CohortGlance),
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-period'),
          },
        },
      },
      async (request, reply) => {
        const authority = authorityOf(request, request.params.authority)
        const asked = request.query.period
        const period = asked === undefined ? null : readPeriods([asked])[0]!
        const validatorOf = (version: string): string =>
          etagOf([
            'cohort',
            authority.code,
            version,
            period?.label ?? `latest, else ${figures.yearOfToday()}`,
            figures.edition,
            VERSION,
          ])
        const version = (await versions.of([authority.code])).get(authority.code)!
        return kept.answer(request, reply, validatorOf(version), async () => {
          const ask = { subject: 'cohort' as const, authority: authority.code, period, profile }
          const glance = await takeGlance(figures, catalogue, ask)
          const body = Buffer.from(JSON.stringify(outgoingGlance('cohort', authority, glance)))
          return { etag: validatorOf(glance.version), body }
        })
      },
    )
  }
}
