import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type TSchema, Type } from 'typebox'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { DataVersions } from '../../indicators/data-versions.ts'
import type { Subject } from '../../indicators/definition.ts'
import type { Figures } from '../../indicators/figures.ts'
import { type ProfilePart, profileOf, type ReadParticular, takeGlance } from '../../indicators/glance.ts'
import { glanceSchema, outgoingGlance } from '../../indicators/glance-schema.ts'
import { observationSchema } from '../../indicators/observation-schema.ts'
import { readPeriods } from '../../indicators/period-query.ts'
import { authorityOf } from '../../platform/access/access.ts'
import { keptAnswers } from '../../platform/http/kept-answers.ts'
import { type Tag, VERSION } from '../../platform/http/openapi.ts'
import { AuthorityCode } from '../../platform/http/parameters.ts'
import { etagOf, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

export interface GlanceParts {
  readonly figures: Figures
  readonly catalogue: Catalogue
  readonly versions: DataVersions
  /** The subjects that have a page, in reading order. */
  readonly pages: readonly GlancePage[]
}

/** A subject's page: what it says of itself, and what it shows besides the subject's headline figures. */
export interface GlancePage {
  readonly subject: Subject
  readonly tag: Tag
  readonly operationId: string
  readonly schemaId: string
  readonly summary: string
  readonly description: string
  /** What the answer is, for its schema. */
  readonly answers: string
  readonly profile: readonly ProfilePart[]
  /** What the subject alone has, and no other page. */
  readonly particular?: GlancePart
}

/** A member of a subject's page that is no figure of the catalogue. */
export interface GlancePart {
  readonly name: string
  readonly schema: TSchema
  readonly read: ReadParticular
}

const MOST_KEPT_BYTES = 8 * 1024 * 1024

/** Each subject on one page: its headline figures with what they were before, and what is particular to it. */
export function glanceRoutes({
  figures,
  catalogue,
  versions,
  pages,
}: GlanceParts): FastifyPluginAsyncTypebox {
  const kept = keptAnswers(MOST_KEPT_BYTES)
  return async (app) => {
    app.addSchema(named('Observation', observationSchema))
    for (const page of pages) addPage(page)

    function addPage(page: GlancePage): void {
      const { subject } = page
      const profile = profileOf(catalogue, page.profile)
      const schema = named(page.schemaId, glanceSchema(subject, page.answers, page.particular))
      app.addSchema(schema)
      app.get(
        `/v1/authorities/:authority/${subject}`,
        {
          config: { scope: 'observations:read' },
          schema: {
            operationId: page.operationId,
            tags: [page.tag],
            summary: page.summary,
            description: `${page.description} Every figure can be opened down to its children at \`/v1/authorities/{authority}/indicators/{id}/children\`.`,
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
              200: refTo(schema),
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
              subject,
              authority.code,
              version,
              period?.label ?? `latest, else ${figures.yearOfToday()}`,
              figures.edition,
              VERSION,
            ])
          const version = (await versions.of([authority.code])).get(authority.code)!
          return kept.answer(request, reply, validatorOf(version), async () => {
            const ask = { subject, authority: authority.code, period, profile, particular: page.particular }
            const glance = await takeGlance(figures, catalogue, ask)
            const body = Buffer.from(
              JSON.stringify(outgoingGlance(subject, authority, glance, page.particular?.name)),
            )
            return { etag: validatorOf(glance.version), body }
          })
        },
      )
    }
  }
}
