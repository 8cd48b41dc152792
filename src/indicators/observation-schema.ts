import { type Static, Type } from 'typebox'
import { DIMENSIONS } from '../vocabulary/dimension.ts'
import type { Observation } from './observation.ts'

/** A number or null; the description stands with both. */
const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

/** A category for each dimension, by the dimension's id; in words, the same for figures and for children. */
export const categoriesSchema = (description: string) =>
  Type.Object(
    Object.fromEntries(
      [...DIMENSIONS.values()].map(({ id, label, definition }) => [
        id,
        Type.Optional(Type.String({ description: `${label}. ${definition}` })),
      ]),
    ),
    { additionalProperties: false, description },
  )

export const UNITS = [
  'count',
  'percentage',
  'rate-per-10000',
  'days',
  'months',
  'placements',
  'periods',
  'incidents',
  'score',
  'children',
  'cases',
  'places',
  'pounds-per-week',
] as const

const UNIT_DESCRIPTION =
  'What the value is: `count` a whole number, below 0 only where what is lost is taken from what is gained; `percentage` 0 to 100; `rate-per-10000` for every 10,000 children in the population; `days`, `placements`, `periods` a mean number of them; `cases` cases to one full-time post; `places` foster places to a household or a carer; `pounds-per-week` a mean price or cost of a week.'

export const unitSchema = Type.Enum([...UNITS], { type: 'string', description: UNIT_DESCRIPTION })

export const intervalSchema = Type.Object(
  {
    level: Type.Number({ description: 'Confidence level: 0.95.' }),
    method: Type.Enum(['wilson'], { type: 'string', description: 'Wilson’s score interval.' }),
    lower: Type.Number({ description: 'Lower end, in percent.' }),
    upper: Type.Number({ description: 'Upper end, in percent.' }),
  },
  {
    additionalProperties: false,
    description:
      'Interval within which the percentage would lie if these children were a sample: wide where there are few of them.',
  },
)

/** How an observation goes out, described for callers. */
export const observationSchema = Type.Object(
  {
    indicator: Type.String({
      description: 'Id of the indicator; the catalogue at /v1/indicators defines it.',
    }),
    authority: Type.String({ description: 'GSS code of the local authority.' }),
    period: Type.String({
      description:
        'What the figure is for: a reporting year `2024-25`, a quarter `2024-25Q4`, a month `2025-03` or a day `2025-03-31`. A figure at a day is taken at the period’s last day.',
    }),
    breakdown: categoriesSchema(
      'Category by dimension: empty for the total, one for a breakdown, two for a crossed one. Where a figure is not available, every category of a closed list is given with status `x`.',
    ),
    unit: unitSchema,
    value: numberOrNull(
      'The figure, in `unit`; not rounded unless `decimals` was asked for. Null where `status` is `c`, `z` or `x`.',
    ),
    numerator: numberOrNull(
      'What is divided: children or events counted, or the sum that a mean or a ratio is taken of. Null for a count, and where there is no value to tell.',
    ),
    denominator: numberOrNull(
      'What it is divided by: whole children or events, or a sum such as full-time equivalents. Null for a count, and where there is no value to tell.',
    ),
    status: Type.Union([Type.Enum(['c', 'z', 'x', 'k'], { type: 'string' }), Type.Null()], {
      description:
        'Null, or the symbol of government statistics: `c` withheld to protect confidentiality; `z` not applicable, since the denominator is 0; `x` not available (see `reason`); `k` rounds to zero but is not.',
    }),
    share: Type.Optional(
      numberOrNull('Of a count in a breakdown: its percentage of the total; null where the total is 0.'),
    ),
    interval: Type.Union([intervalSchema, Type.Null()], {
      description: 'Confidence interval of a percentage of children or events; null for all else.',
    }),
    incomplete: Type.Optional(
      Type.Boolean({
        description: 'True where the period is covered in part only: measured through `asAt`.',
      }),
    ),
    asAt: Type.Optional(
      Type.String({
        format: 'date',
        description:
          'Of an incomplete period: the last day that returns cover, at which or through which it is measured.',
      }),
    ),
    leftOut: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Of a public total: the dimensions by which the figure can’t be given safely, so that these breakdowns are left out as a whole. Crossed tables are left out without a word.',
      }),
    ),
    reason: Type.Optional(Type.String({ description: 'Why the figure is not available (`x`).' })),
    wouldBeSuppliedBy: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Reporting years whose returns would supply a figure that is not available.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'One value of one indicator, for one authority, period and category.',
    examples: [
      {
        indicator: 'three-plus-placements-pct',
        authority: 'E10999999',
        period: '2024-25',
        breakdown: { 'age-band': '10-to-15' },
        unit: 'percentage',
        value: 12.5,
        numerator: 25,
        denominator: 200,
        status: null,
        interval: { level: 0.95, method: 'wilson', lower: 8.6, upper: 17.8 },
      },
    ],
  },
)

/**
 * An observation as it goes out. Named member by member: big answers pass the serialiser by, which otherwise strips
 * what the schema does not have, so nothing else may come through here.
 */
export function outgoing(observation: Observation): Static<typeof observationSchema> {
  const { share, interval, incomplete, asAt, leftOut, reason, wouldBeSuppliedBy } = observation
  return {
    indicator: observation.indicator,
    authority: observation.authority,
    period: observation.period,
    breakdown: observation.breakdown,
    unit: observation.unit,
    value: observation.value,
    numerator: observation.numerator,
    denominator: observation.denominator,
    status: observation.status,
    ...(share !== undefined && { share }),
    interval: interval && {
      level: interval.level,
      method: interval.method,
      lower: interval.lower,
      upper: interval.upper,
    },
    ...(incomplete && { incomplete }),
    ...(asAt !== undefined && { asAt }),
    ...(leftOut !== undefined && { leftOut: [...leftOut] }),
    ...(reason !== undefined && { reason }),
    ...(wouldBeSuppliedBy !== undefined && { wouldBeSuppliedBy: [...wouldBeSuppliedBy] }),
  }
}
