import { type Static, Type } from 'typebox'
import { comparisonSchema, outgoingBeside, trendSchema } from '../../comparison/comparison-schema.ts'
import { polaritySchema } from '../../indicators/glance-schema.ts'
import type { Audience } from '../../indicators/observation.ts'
import { observationSchema, outgoing, unitSchema } from '../../indicators/observation-schema.ts'
import { FormatQuery } from '../../platform/http/representation.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import type { Authority } from '../../vocabulary/authority.ts'
import type { Scorecard, ScorecardLine } from './scorecard.ts'

const strict = { additionalProperties: false } as const

export const Comparison = named('Comparison', comparisonSchema)
export const Trend = named('Trend', trendSchema)

export const ScorecardQuery = Type.Object(
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
    indicators: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 4000 }), {
        maxItems: 200,
        description:
          'Ids of indicators, as the catalogue at /v1/indicators lists them; unless given, the headline indicators of all subjects. Several: separated by commas, or the parameter repeated.',
        examples: [['three-plus-placements-pct']],
      }),
    ),
    audience: Type.Optional(
      Type.Enum(['internal', 'public'], {
        type: 'string',
        description:
          '`internal`: every figure as it is, for those who may see it; not to be published. `public`: figures made safe to publish, compared with published figures alone, and without commentary.',
      }),
    ),
    format: Type.Optional(FormatQuery),
  },
  strict,
)

const { value, numerator, denominator, status, interval, incomplete, asAt, reason, wouldBeSuppliedBy } =
  observationSchema.properties

const targetSchema = Type.Object(
  {
    value: Type.Number({ description: 'What is aimed at, in `unit`.' }),
    amber: Type.Union([Type.Number(), Type.Null()], {
      description:
        'The value up to which a missed target is amber; null where nothing lies between the target and red.',
    }),
    setBy: Type.Optional(Type.String({ description: 'Who set it; not told to the public.' })),
    setAt: Type.Optional(Type.String({ description: 'When it was set; not told to the public.' })),
  },
  { ...strict, description: 'What the authority aims at for the period.' },
)

export const ScorecardRow = named(
  'ScorecardRow',
  Type.Object(
    {
      indicator: Type.String({ description: 'Id of the indicator; the catalogue defines it.' }),
      title: Type.String({ description: 'Its title.' }),
      subject: Type.String({ description: 'Its subject, such as `stability`.' }),
      unit: unitSchema,
      polarity: polaritySchema,
      value,
      numerator,
      denominator,
      status,
      interval,
      incomplete,
      asAt,
      reason,
      wouldBeSuppliedBy,
      trend: refTo(Trend),
      target: Type.Union([targetSchema, Type.Null()], {
        description: 'The target for the period; null where none is set.',
      }),
      rag: Type.Union([Type.Enum(['green', 'amber', 'red'], { type: 'string' }), Type.Null()], {
        description:
          '`green`: the target is met, by the value as it is, not as it is rounded. `amber`: it is missed, but the value has not gone beyond `target.amber`. `red`: else. Null where there is no target, where the polarity is neutral, and where the figure is withheld or not available.',
      }),
      ragReason: Type.Union([Type.String(), Type.Null()], { description: 'Why there is no colour.' }),
      commentary: Type.Union([Type.String(), Type.Null()], {
        description:
          'What the authority says of the figure; null where it says nothing, and for the public, since it was written for the board.',
      }),
      comparison: Type.Array(refTo(Comparison), {
        description: 'Beside statistical neighbours, the region and England, in this order.',
      }),
    },
    { ...strict, description: 'An indicator on the board’s table.' },
  ),
)

export const ScorecardSheet = named(
  'Scorecard',
  Type.Object(
    {
      authority: Type.Object(
        {
          code: Type.String({ description: 'GSS code.' }),
          name: Type.String({ description: 'Name of the local authority.' }),
        },
        { ...strict, description: 'The authority whose figures these are.' },
      ),
      period: Type.String({ description: 'The period that the figures are for.' }),
      audience: Type.Enum(['internal', 'public'], {
        type: 'string',
        description: 'Whom the figures are for.',
      }),
      dataVersion: Type.String({
        description: 'Version of the authority’s records; another one after every return that changes them.',
      }),
      rows: Type.Array(refTo(ScorecardRow), {
        description: 'One for each indicator, in the order of the catalogue.',
      }),
    },
    { ...strict, description: 'The board’s table: figures, targets, trends and comparisons.' },
  ),
)

/** A scorecard as it goes out, member by member; figures are not rounded. */
export const outgoingScorecard = (
  { code, name }: Authority,
  period: string,
  audience: Audience,
  { lines, version }: Scorecard,
): Static<typeof ScorecardSheet> => ({
  authority: { code, name },
  period,
  audience,
  dataVersion: version,
  rows: lines.map((line) => outgoingRow(line, audience)),
})

function outgoingRow(line: ScorecardLine, audience: Audience): Static<typeof ScorecardRow> {
  const { indicator, target, rag, ragReason } = line
  const figure = outgoing(line.observation)
  const { comparison, trend } = outgoingBeside(line.beside, null)
  return {
    indicator: indicator.id,
    title: indicator.title,
    subject: indicator.subject,
    unit: indicator.unit,
    polarity: indicator.polarity,
    value: figure.value,
    numerator: figure.numerator,
    denominator: figure.denominator,
    status: figure.status,
    interval: figure.interval,
    ...(figure.incomplete !== undefined && { incomplete: figure.incomplete }),
    ...(figure.asAt !== undefined && { asAt: figure.asAt }),
    ...(figure.reason !== undefined && { reason: figure.reason }),
    ...(figure.wouldBeSuppliedBy !== undefined && { wouldBeSuppliedBy: figure.wouldBeSuppliedBy }),
    trend: trend!,
    target:
      target === null || target.value === null
        ? null
        : {
            value: target.value,
            amber: target.amber,
            ...(audience === 'internal' && { setBy: target.setBy, setAt: target.setAt }),
          },
    rag,
    ragReason,
    commentary: audience === 'internal' ? (target?.commentary ?? null) : null,
    comparison: comparison!,
  }
}
