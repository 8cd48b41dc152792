import { type Static, type TSchema, Type } from 'typebox'
import { DIMENSIONS } from '../vocabulary/dimension.ts'
import type { Subject } from './definition.ts'
import type { Glance } from './glance.ts'
import { type observationSchema, outgoing, unitSchema } from './observation-schema.ts'

/** Points to the observation by the name that each subject registers it under. */
const observation = Type.Unsafe<Static<typeof observationSchema>>({ $ref: 'Observation#' })

export const polaritySchema = Type.Enum(['higher-is-better', 'lower-is-better', 'neutral'], {
  type: 'string',
  description: 'Which way is good; `neutral` where neither is.',
})

/** A subject at a glance, as it goes out. */
export const glanceSchema = (
  subject: Subject,
  description: string,
  particular?: { readonly name: string; readonly schema: TSchema },
) =>
  Type.Object(
    {
      authority: Type.Object(
        {
          code: Type.String({ description: 'GSS code.' }),
          name: Type.String({ description: 'Name of the local authority.' }),
        },
        { additionalProperties: false, description: 'The authority whose figures these are.' },
      ),
      subject: Type.Enum([subject], { type: 'string', description: 'The subject.' }),
      period: Type.String({ description: 'The period that the figures are for.' }),
      dataVersion: Type.String({
        description: 'Version of the authority’s records; another one after every return that changes them.',
      }),
      headlines: Type.Array(
        Type.Object(
          {
            indicator: Type.String({ description: 'Id of the indicator.' }),
            title: Type.String({ description: 'Its title.' }),
            unit: unitSchema,
            polarity: polaritySchema,
            definition: Type.String({ description: 'What it counts, edge cases included.' }),
            observation,
            previous: Type.Array(observation, {
              description:
                'The same figure for the two periods before, the latest first: reporting years before a reporting year; for a quarter, month or day the same one in the years before.',
            }),
            change: Type.Union([Type.Number(), Type.Null()], {
              description:
                'Value less the value of the period before, in the indicator’s unit (percentage points of a percentage); null where either is not known.',
            }),
          },
          { additionalProperties: false, description: 'A headline figure with what it was before.' },
        ),
        { description: 'The figures that the subject opens with.' },
      ),
      profile: Type.Array(
        Type.Object(
          {
            indicator: Type.String({ description: 'Id of the indicator that is broken down.' }),
            title: Type.String({ description: 'Its title.' }),
            breakdown: Type.Array(Type.Enum([...DIMENSIONS.keys()], { type: 'string' }), {
              description: 'The dimension, or the two that are crossed.',
            }),
            label: Type.String({ description: 'The dimension in words.' }),
            observations: Type.Array(observation, {
              description:
                'A figure for each category; one without a category where the figure is not available.',
            }),
          },
          { additionalProperties: false, description: 'An indicator by the categories of a dimension.' },
        ),
        { description: 'Who the children are, or how the figure comes about.' },
      ),
      ...(particular && { [particular.name]: particular.schema }),
    },
    { additionalProperties: false, description },
  )

/** A glance as it goes out, member by member; figures are not rounded. */
export function outgoingGlance(
  subject: Subject,
  authority: { readonly code: string; readonly name: string },
  glance: Glance,
  particular?: string,
): Static<ReturnType<typeof glanceSchema>> {
  return {
    authority: { code: authority.code, name: authority.name },
    subject,
    period: glance.period.label,
    dataVersion: glance.version,
    headlines: glance.headlines.map(({ indicator, observation: now, previous, change }) => ({
      indicator: indicator.id,
      title: indicator.title,
      unit: indicator.unit,
      polarity: indicator.polarity,
      definition: indicator.definition,
      observation: outgoing(now),
      previous: previous.map(outgoing),
      change,
    })),
    profile: glance.profile.map(({ indicator, breakdown, label, observations }) => ({
      indicator: indicator.id,
      title: indicator.title,
      breakdown: [...breakdown],
      label,
      observations: observations.map(outgoing),
    })),
    ...(particular !== undefined && { [particular]: glance.particular }),
  }
}
