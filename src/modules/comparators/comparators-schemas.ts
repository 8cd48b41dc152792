import { Type } from 'typebox'
import { Cursor, textList } from '../../platform/http/parameters.ts'
import { FormatQuery } from '../../platform/http/representation.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

const strict = { additionalProperties: false } as const

export const STANDARD_LIMIT = 10_000
export const MOST_LIMIT = 50_000

export const ComparatorsQuery = Type.Object(
  {
    indicator: textList(
      'Ids of indicators, as the catalogue at /v1/indicators lists them; unless given, all that something is published for.',
      'three-plus-placements-pct',
    ),
    area: textList(
      'Areas: a local authority by GSS code or DfE code, a region by GSS code (`E12000003`; Inner and Outer London `E13000001`, `E13000002`), England by `E92000001` or `england`; unless given, all.',
      'england',
    ),
    period: textList(
      'Periods, as in the figures of the authorities: figures are published for reporting years such as `2024-25`. Unless given, all that are held.',
      '2024-25',
    ),
    breakdown: textList(
      'Dimensions to give besides the total, such as `placement-type`; two crossed with an asterisk; or `all` for each dimension on its own. Unless given, the total only. Of many dimensions nothing is published.',
      'placement-change-reason',
    ),
    format: Type.Optional(FormatQuery),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_LIMIT,
        description: `Most figures on a page: ${STANDARD_LIMIT} unless given. As CSV everything comes at once unless it is given; then the next page is in the Link header.`,
      }),
    ),
    cursor: Type.Optional(Cursor),
  },
  strict,
)

const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const PublishedFigure = named(
  'PublishedFigure',
  Type.Object(
    {
      indicator: Type.String({ description: 'Id of the indicator that the published series is.' }),
      breakdown: Type.Record(Type.String(), Type.String(), {
        description: 'Category by dimension; empty for the total.',
      }),
      area: Type.String({ description: 'GSS code of the area.' }),
      areaLevel: Type.Enum(['national', 'regional', 'local-authority'], {
        type: 'string',
        description: 'Whether the area is England, a region or a local authority.',
      }),
      period: Type.String({ description: 'The period as ours: `2024-25` is the year to 31 March 2025.' }),
      value: numberOrNull(
        'The figure in the unit of the indicator, rounded as it was published: percentages and rates mostly to whole numbers, counts of regions and England to the nearest 10. Null where none was published.',
      ),
      status: Type.Union([Type.Enum(['c', 'k', 'u', 'x', 'z', 'low'], { type: 'string' }), Type.Null()], {
        description:
          'Why there is no figure: `c` withheld to protect confidentiality, `k` rounds to 0 but is not 0 (`low` in older files), `u` of low reliability, `x` not available, `z` not applicable; null where there is one.',
      }),
      numerator: numberOrNull(
        'The numerator, where the same source publishes it for this area and period; null where it does not, or withholds it.',
      ),
      denominator: numberOrNull(
        'The denominator, where the same source publishes it for this area and period; null where it does not, or withholds it.',
      ),
      decimals: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
        description: 'Decimals that the figure was published with; null where there is no figure.',
      }),
      source: Type.Object(
        {
          title: Type.String({ description: 'The publication.' }),
          table: Type.String({ description: 'The table of it, by the name of its file or its short name.' }),
          layout: Type.String({
            description: 'The form it was loaded in: `explore-education-statistics` or `lait`.',
          }),
        },
        { ...strict, description: 'Where the figure was published.' },
      ),
    },
    { ...strict, description: 'A figure that the DfE published, as a figure of ours.' },
  ),
)

export const PublishedFigurePage = named(
  'PublishedFigurePage',
  Type.Object(
    {
      data: Type.Array(refTo(PublishedFigure), {
        description:
          'Figures by indicator, breakdown, area and period; what was not published for an area and period is left out.',
      }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
      version: Type.Union([Type.String(), Type.Null()], {
        description:
          'Version of the comparators that are held, as /v1/reference/comparators gives it; null while none are.',
      }),
    },
    { ...strict, description: 'A page of published figures.' },
  ),
)
