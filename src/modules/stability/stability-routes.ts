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

export interface StabilityParts {
  readonly figures: Figures
  readonly catalogue: Catalogue
  readonly versions: DataVersions
}

/** How moves come about, and whom they befall. */
const PROFILE: readonly ProfilePart[] = [
  { indicator: 'placement-changes', breakdown: ['placement-change-reason'] },
  { indicator: 'three-plus-placements-pct', breakdown: ['age-band'] },
  { indicator: 'three-plus-placements-pct', breakdown: ['placement-type'] },
]

const StabilityGlance = named(
  'StabilityGlance',
  glanceSchema(
    'stability',
    'How stable the lives of looked-after children are: headline figures with what they were before, why placements change, and whom frequent moves befall.',
  ),
)

const MOST_KEPT_BYTES = 8 * 1024 * 1024

/** How stable the lives of looked-after children are, on one page. */
export function stabilityRoutes({ figures, catalogue, versions }: StabilityParts): FastifyPluginAsyncTypebox {
  const profile = profileOf(catalogue, PROFILE)
  const kept = keptAnswers(MOST_KEPT_BYTES)

  return async (app) => {
    app.addSchema(named('Observation', observationSchema))
    app.addSchema(StabilityGlance)

    app.get(
      '/v1/authorities/:authority/stability',
      {
        config: { scope: 'observations:read' },
        schema: {
          operationId: 'getStability',
          tags: ['Stability'],
          summary: 'How stable their lives are, at a glance',
          description:
            'Headline figures of the stability of placements and of social workers, each with the two periods before; the reasons for which placements changed; and the share of children with three or more placements by age and by placement. Every figure can be opened down to its children at `/v1/authorities/{authority}/indicators/{id}/children`.',
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
            200: refTo(StabilityGlance),
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
            'stability',
            authority.code,
            version,
            period?.label ?? `latest, else ${figures.yearOfToday()}`,
            figures.edition,
            VERSION,
          ])
        const version = (await versions.of([authority.code])).get(authority.code)!
        return kept.answer(request, reply, validatorOf(version), async () => {
          const ask = { subject: 'stability' as const, authority: authority.code, period, profile }
          const glance = await takeGlance(figures, catalogue, ask)
          const body = Buffer.from(JSON.stringify(outgoingGlance('stability', authority, glance)))
          return { etag: validatorOf(glance.version), body }
        })
      },
    )
  }
}
