import { Type } from 'typebox'
import { comparisonSchema, trendSchema } from '../../comparison/comparison-schema.ts'
import { MOST_TREND } from '../../comparison/trend.ts'
import { observationSchema } from '../../indicators/observation-schema.ts'
import { Cursor, textList } from '../../platform/http/parameters.ts'
import { FormatQuery } from '../../platform/http/representation.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

const strict = { additionalProperties: false } as const

export const Comparison = named('Comparison', comparisonSchema)
export const Trend = named('Trend', trendSchema)

export const ComparedObservation = named(
  'ComparedObservation',
  Type.Object(
    {
      ...observationSchema.properties,
      comparison: Type.Optional(
        Type.Array(refTo(Comparison), {
          description:
            'Where `comparison` was asked for: one for each comparator asked for: statistical neighbours, region, England.',
        }),
      ),
      trend: Type.Optional(refTo(Trend)),
    },
    {
      ...strict,
      description:
        'One value of one indicator, for one authority, period and category; with its comparisons and its trend where they were asked for.',
    },
  ),
)

export const STANDARD_LIMIT = 50_000
export const MOST_LIMIT = 100_000
/** What stands beside a figure is many times its size. */
export const MOST_COMPARED = 10_000

const query = {
  indicator: textList(
    'Ids of indicators, as the catalogue at /v1/indicators lists them; unless given, all.',
    'cla-count',
  ),
  period: textList(
    'Periods: a reporting year `2024-25`, a quarter of one `2024-25Q4`, a month `2025-03` or a day `2025-03-31`; unless given, the latest reporting year that each authority’s returns reach into.',
    '2024-25',
  ),
  breakdown: textList(
    'Dimensions to give besides the total: `age-band`, `sex`; two crossed with an asterisk, `age-band*sex`; or `all` for each dimension on its own. Unless given, the total only. A dimension that an indicator named in `indicator` does not have is refused; where no indicator is named, each is given by those that it has.',
    'age-band',
  ),
  comparison: textList(
    'What to compare each figure with: `statistical-neighbours`, `region`, `england`. Published figures go first, of the same period or of the latest before; where neighbours have none, theirs are computed from the records held here that the caller may see.',
    'statistical-neighbours',
  ),
  trend: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MOST_TREND,
      description:
        'How many periods of the same kind before to give with each figure, with the change from the period before and from the year before, and its direction.',
    }),
  ),
  audience: Type.Optional(
    Type.Enum(['internal', 'public'], {
      type: 'string',
      description:
        '`internal`: every figure as it is, for those who may see it; not to be published. `public`: safe to publish. Counts from 1 to 5 are withheld (`c`), and so is whatever they could be worked out from: remainders, other rows and totals, and every percentage, mean, share, interval, comparison and trend derived from them; a true 0 is shown. It is decided once for all tables of an authority and a year together, so that answers to different questions can’t be subtracted. Only whole reporting years that are over; counts of a whole population (all children looked after, all who started …) by each of their dimensions and two of them crossed, other headline figures by age, sex, ethnic group and entitlement, the rest in total: `published` in the catalogue tells. A table that can’t be made safe is left out as a whole. Unless given, `internal`, or `public` where the token has the scope `observations:read:public` only.',
    }),
  ),
  decimals: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 6,
      description:
        'Decimals to round values, shares and intervals to; unless given, they are not rounded. Counts are whole numbers anyway.',
    }),
  ),
  format: Type.Optional(FormatQuery),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MOST_LIMIT,
      description: `Most observations on a page: ${STANDARD_LIMIT} unless given; with \`comparison\` or \`trend\` ${MOST_COMPARED}, and no more. As CSV everything comes at once unless it is given; then the next page is in the Link header.`,
    }),
  ),
  cursor: Type.Optional(Cursor),
}

export const OfAuthorityQuery = Type.Object(query, strict)

export const OfAuthoritiesQuery = Type.Object(
  {
    authority: textList(
      'Local authorities by GSS code or DfE code; unless given, all that the caller may see and that have sent returns.',
      'E10999999',
    ),
    ...query,
  },
  strict,
)

const data = Type.Array(refTo(ComparedObservation), {
  description:
    'Observations by authority, indicator, period and breakdown; of each figure the total first. What can’t be given stands here with the status `x` and the reason.',
})
const next = Type.Union([Type.String(), Type.Null()], {
  description: 'Cursor of the next page; null on the last.',
})

export const ObservationPage = named(
  'ObservationPage',
  Type.Object(
    {
      data,
      next,
      dataVersion: Type.String({
        description:
          'Version of the authority’s records that the figures were made from: another one after every return that changes them. For the public it names what is shown, and changes with that only.',
      }),
    },
    { ...strict, description: 'A page of an authority’s observations.' },
  ),
)

export const ObservationsOfManyPage = named(
  'ObservationsOfManyPage',
  Type.Object(
    {
      data,
      next,
      dataVersions: Type.Array(
        Type.Object(
          {
            authority: Type.String({ description: 'GSS code of the local authority.' }),
            dataVersion: Type.String({ description: 'Version of its records.' }),
          },
          { ...strict, description: 'Version of an authority’s records.' },
        ),
        {
          description: 'Versions of the records of all authorities asked for, those of other pages included.',
        },
      ),
    },
    { ...strict, description: 'A page of observations of several authorities.' },
  ),
)
