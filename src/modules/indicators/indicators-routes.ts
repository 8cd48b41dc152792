import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Catalogue } from '../../indicators/catalogue.ts'
import { FIGURES } from '../../platform/access/audience.ts'
import { type FinishedAnswer, keptAnswers } from '../../platform/http/kept-answers.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { etagOf, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { describeIndicator, Indicator, IndicatorList, SubjectName } from './indicators-schemas.ts'

export interface IndicatorsParts {
  readonly catalogue: Catalogue
}

export const IndicatorId = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Id of an indicator, as the catalogue at /v1/indicators lists it.',
  examples: ['cla-count'],
})

/** The catalogue: what each figure means, how it is made and when it can be given. */
export function indicatorsRoutes({ catalogue }: IndicatorsParts): FastifyPluginAsyncTypebox {
  const kept = keptAnswers(4 * 1024 * 1024)
  const described = new Map(
    catalogue.indicators.map((indicator) => [indicator.id, describeIndicator(indicator)]),
  )
  const finished = new Map<string, FinishedAnswer>()

  /** The catalogue is the same as long as the process runs, so each answer is written once. */
  const answerOf = (question: string, content: () => unknown): FinishedAnswer => {
    const known = finished.get(question)
    if (known) return known
    const body = Buffer.from(JSON.stringify(content()))
    const etag = etagOf([VERSION, createHash('sha256').update(body).digest('base64url')])
    const answer = { etag, body }
    finished.set(question, answer)
    return answer
  }

  return async (app) => {
    app.addSchema(Indicator)
    app.addSchema(IndicatorList)

    app.get(
      '/v1/indicators',
      {
        config: { scope: FIGURES },
        schema: {
          operationId: 'listIndicators',
          tags: ['Indicators'],
          summary: 'The catalogue of indicators',
          description:
            'Every figure that the service gives: its id, definition, numerator, denominator, exclusions, unit, direction, source, the dimensions that it can be broken down by with their categories, and what returns it needs. The same for every authority.',
          querystring: Type.Object({ subject: Type.Optional(SubjectName) }, { additionalProperties: false }),
          response: { 200: refTo(IndicatorList), 304: NotModified, ...refusals() },
        },
      },
      async (request, reply) => {
        const { subject } = request.query
        const answer = answerOf(`list ${subject ?? ''}`, () => ({
          data: [...described.values()].filter((one) => subject === undefined || one.subject === subject),
          next: null,
        }))
        return kept.answer(request, reply, answer.etag, async () => answer)
      },
    )

    app.get(
      '/v1/indicators/:id',
      {
        config: { scope: FIGURES },
        schema: {
          operationId: 'getIndicator',
          tags: ['Indicators'],
          summary: 'An indicator',
          description:
            'What one figure means, how it is made and when it can be given. A false id is answered with the ids near to it.',
          params: Type.Object({ id: IndicatorId }, { additionalProperties: false }),
          querystring: Type.Object({}, { additionalProperties: false }),
          response: { 200: refTo(Indicator), 304: NotModified, ...refusals('unknown-indicator') },
        },
      },
      async (request, reply) => {
        const [indicator] = catalogue.named([request.params.id], '/path/id')
        const answer = answerOf(`one ${indicator!.id}`, () => described.get(indicator!.id))
        return kept.answer(request, reply, answer.etag, async () => answer)
      },
    )
  }
}
