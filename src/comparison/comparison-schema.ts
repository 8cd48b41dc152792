import { type Static, Type } from 'typebox'
import { roundTo } from '../statistics/interval.ts'
import { COMPARATORS, type Comparison } from './comparison.ts'
import type { Beside } from './comparisons.ts'
import type { Trend } from './trend.ts'

const strict = { additionalProperties: false } as const

const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const choiceOrNull = <const Choices extends readonly string[]>(choices: Choices, description: string) =>
  Type.Union([Type.Enum([...choices] as Choices[number][], { type: 'string' }), Type.Null()], {
    description,
  })
const reason = (of: string) => Type.Optional(Type.String({ description: `Why there is no ${of}.` }))

const significanceSchema = (tests: readonly string[], description: string) =>
  Type.Object(
    {
      test: Type.Enum([...tests], {
        type: 'string',
        description:
          '`two-proportion-z`: two proportions, pooled, two-sided. `poisson-rates`: two Poisson rates, by the share of the events that falls to each (Przyborowski and Wilenski, 1940). `poisson-counts`: the same of two counts. Each only where at least five would be expected in every group.',
      }),
      p: Type.Number({
        description:
          'How often chance alone would set the figures at least so far apart, from 0 to 1; children are taken as independent of each other.',
      }),
      level: Type.Number({ description: 'Level of significance: 0.05.' }),
      significant: Type.Boolean({ description: 'Whether `p` is below the level.' }),
    },
    { ...strict, description },
  )

/** How a comparison goes out, described for callers. */
export const comparisonSchema = Type.Object(
  {
    with: Type.Enum([...COMPARATORS], {
      type: 'string',
      description:
        '`statistical-neighbours`: the ten nearest of the latest set. `region`: the region that the authority lies in. `england`: England.',
    }),
    areas: Type.Array(Type.String(), {
      description: 'GSS codes of the neighbours, the nearest first; of the region; of England.',
    }),
    setYear: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Year of the set of statistical neighbours; null for the others.',
    }),
    value: numberOrNull(
      'The comparator’s figure, in the observation’s unit. Of a region and of England the one that was published; of neighbours the mean of those that have a value, each counting the same, with one decimal more than they have. Null where it is suppressed or there is none.',
    ),
    median: numberOrNull('Of neighbours: the median of those that have a value; null for the others.'),
    period: textOrNull(
      'The period that `value` is for: the observation’s own, else the latest before it, at the most five years back, for which a figure was published. What is so on a day may be held against the year that ends on it.',
    ),
    status: textOrNull(
      'Null, or why there is no value, in the symbols of government statistics: `c` suppressed, `k` or `low` too small to show, `u` unreliable, `z` not applicable, `x` not available.',
    ),
    basis: choiceOrNull(
      ['published', 'computed'],
      '`published`: from figures that were published. `computed`: from the records of neighbours that are held here and that the caller may see, where no neighbour has a published figure; never for the public.',
    ),
    method: choiceOrNull(
      ['published', 'mean'],
      'How `value` was made: the area’s own figure as `published`, or the `mean` of the neighbours.',
    ),
    authoritiesWithValue: Type.Union([Type.Integer(), Type.Null()], {
      description:
        'Of the neighbours, of the region or of England: authorities, this one left out, that have a value.',
    }),
    source: Type.Union(
      [
        Type.Object(
          {
            title: Type.String({ description: 'The publication.' }),
            table: Type.String({ description: 'The table in it.' }),
            layout: Type.String({ description: 'The layout of the file that it was read from.' }),
          },
          strict,
        ),
        Type.Null(),
      ],
      { description: 'Where the published figures come from; null for computed ones.' },
    ),
    decimals: Type.Union([Type.Integer(), Type.Null()], {
      description:
        'Decimals of the others’ figures. The observation’s value is rounded to them, half away from zero, for difference, rank and band.',
    }),
    difference: numberOrNull(
      'The observation’s value, rounded to `decimals`, less the comparator’s: percentage points of a percentage. None between a count and the count of a larger area.',
    ),
    rank: Type.Union(
      [
        Type.Object(
          {
            position: Type.Integer({ description: 'The place, 1 the best; equals share one.' }),
            of: Type.Integer({ description: 'How many are ranked, this authority included.' }),
          },
          strict,
        ),
        Type.Null(),
      ],
      {
        description:
          'Place among this authority and the neighbours, or the authorities of the region or of England, that have a value for `period`: the best first by the polarity; where it is neutral, the highest first.',
      },
    ),
    band: choiceOrNull(
      ['A', 'B', 'C', 'D'],
      'Quarter among the same authorities, by the quartiles of their values (type 7, as Excel’s QUARTILE.INC): A the best, on a border the better. None where the polarity is neutral, or fewer than four are ranked.',
    ),
    significance: Type.Union(
      [
        significanceSchema(
          ['two-proportion-z', 'poisson-rates'],
          'Whether the observation differs from the comparator by more than chance. Neighbours are tested with their counts taken together; counts of regions and England, which are rounded to 10, only where 100 or more. An area includes the authority itself, which makes the test somewhat cautious.',
        ),
        Type.Null(),
      ],
      {
        description:
          'The test of the difference; none for means and ratios, for counts, and between different periods.',
      },
    ),
    reasons: Type.Object(
      {
        value: reason('value'),
        difference: reason('difference'),
        rank: reason('rank'),
        band: reason('band'),
        significance: reason('test'),
      },
      { ...strict, description: 'Why what is null is so, in words.' },
    ),
  },
  {
    ...strict,
    description:
      'A figure beside those of others. Nothing is derived where the observation or the comparator is withheld.',
    examples: [
      {
        with: 'england',
        areas: ['E92000001'],
        setYear: null,
        value: 10,
        median: null,
        period: '2024-25',
        status: null,
        basis: 'published',
        method: 'published',
        authoritiesWithValue: 151,
        source: {
          title: 'Children looked after in England including adoptions',
          table: 'Placement stability',
          layout: 'explore-education-statistics',
        },
        decimals: 0,
        difference: 2,
        rank: { position: 98, of: 152 },
        band: 'C',
        significance: { test: 'two-proportion-z', p: 0.21, level: 0.05, significant: false },
        reasons: {},
      },
    ],
  },
)

/** How a trend goes out, described for callers. */
export const trendSchema = Type.Object(
  {
    periods: Type.Array(
      Type.Object(
        {
          period: Type.String({ description: 'The period.' }),
          value: numberOrNull('The figure for it.'),
          status: choiceOrNull(['c', 'z', 'x', 'k'], 'Null, or why there is no value.'),
        },
        strict,
      ),
      {
        description:
          'The periods of the same kind before, the latest first: years, quarters or months; of a day the same day of the years before.',
      },
    ),
    changeFromPrevious: numberOrNull(
      'Value less that of the period before, in the observation’s unit; null where either is not known, or is the count of a part of its period.',
    ),
    changeFromYearBefore: numberOrNull('Value less that of the same period a year before.'),
    direction: choiceOrNull(
      ['improving', 'worsening', 'rising', 'falling', 'no-significant-change'],
      'Direction of the change from the year before: `improving` or `worsening` by the polarity, `rising` or `falling` where it is neutral; `no-significant-change` where chance may have made it. Null where it can’t be tested: see `reason`.',
    ),
    significance: Type.Union(
      [
        significanceSchema(
          ['two-proportion-z', 'poisson-rates', 'poisson-counts'],
          'Whether the figure differs from that of the year before by more than chance. Children who are counted in both years make the test somewhat cautious.',
        ),
        Type.Null(),
      ],
      { description: 'The test by which the direction is read.' },
    ),
    reason: textOrNull('Why there is no direction.'),
  },
  { ...strict, description: 'What a figure was before, and where it is going.' },
)

/** What stands beside an observation as it goes out, member by member; rounded where that was asked for. */
export function outgoingBeside(
  { comparison, trend }: Beside,
  decimals: number | null,
): { comparison?: Static<typeof comparisonSchema>[]; trend?: Static<typeof trendSchema> } {
  return {
    ...(comparison && { comparison: comparison.map((one) => outgoingComparison(one, decimals)) }),
    ...(trend && { trend: outgoingTrend(trend, decimals) }),
  }
}

const roundedTo = (value: number | null, decimals: number | null): number | null =>
  value === null || decimals === null ? value : roundTo(value, decimals)

export const outgoingComparison = (
  one: Comparison,
  decimals: number | null,
): Static<typeof comparisonSchema> => ({
  with: one.with,
  areas: [...one.areas],
  setYear: one.setYear,
  value: roundedTo(one.value, decimals),
  median: roundedTo(one.median, decimals),
  period: one.period,
  status: one.status,
  basis: one.basis,
  method: one.method,
  authoritiesWithValue: one.authoritiesWithValue,
  source: one.source && { title: one.source.title, table: one.source.table, layout: one.source.layout },
  decimals: one.decimals,
  difference: roundedTo(one.difference, decimals),
  rank: one.rank && { position: one.rank.position, of: one.rank.of },
  band: one.band,
  significance: one.significance && { ...one.significance },
  reasons: { ...one.reasons },
})

export const outgoingTrend = (trend: Trend, decimals: number | null): Static<typeof trendSchema> => ({
  periods: trend.periods.map(({ period, value, status }) => ({
    period,
    value: roundedTo(value, decimals),
    status,
  })),
  changeFromPrevious: roundedTo(trend.changeFromPrevious, decimals),
  changeFromYearBefore: roundedTo(trend.changeFromYearBefore, decimals),
  direction: trend.direction,
  significance: trend.significance && { ...trend.significance },
  reason: trend.reason,
})
