import { Type } from 'typebox'
import { readPlacesAgainstChildren } from '../../forecast/places-against-children.ts'
import { SUPPLIED_PLACEMENTS } from '../../forecast/supply-changes.ts'
import { coverPeriod, isCovered } from '../../indicators/availability.ts'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { Reading } from '../../indicators/figures.ts'
import { holdingsOf } from '../../indicators/holdings.ts'
import type { Period } from '../../vocabulary/period.ts'
import { transferSchemeHeadroom } from './transfer-scheme.ts'

/** Need and supply side by side: what section 22G of the Children Act 1989 asks a council to know. */

const orNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description })

const transferScheme = Type.Object(
  {
    unaccompaniedChildren: orNull('Unaccompanied asylum-seeking children looked after on the day.'),
    childPopulation: orNull('Children aged 0 to 17 in the area, the latest estimate that applies.'),
    thresholdPercentage: Type.Number({ description: 'The line: 0.1% of the child population.' }),
    headroom: orNull(
      'How many more the authority could look after before it reaches the line; below 0 where it is over it. Null where either number is not known.',
    ),
  },
  {
    additionalProperties: false,
    description: 'Where the authority stands in the National Transfer Scheme (E09), from `uasc-nts-ratio`.',
  },
)

const schema = Type.Object(
  {
    onDay: Type.Union([Type.String({ format: 'date' }), Type.Null()], {
      description:
        'The day looked at: the period’s last, or the last that returns cover; null where none does.',
    }),
    rows: Type.Array(
      Type.Object(
        {
          placement: Type.Enum([...SUPPLIED_PLACEMENTS], {
            type: 'string',
            description:
              'Group of placements: `fostering` (U1 to U6), `residential` (K2, R1, P3, S1), `supported` (P2, H5, K3).',
          }),
          by: Type.Enum(['total', 'age-band', 'sex', 'area'], {
            type: 'string',
            description: 'What the row is of.',
          }),
          category: Type.String({
            description:
              '`all`; an age band; `male`, `female` or `unknown`; `inside` or `outside` the authority, or `not-known`.',
          }),
          children: orNull(
            'The authority’s children in such placements; null where postcodes are not held that would tell the area.',
          ),
          withRelatives: orNull(
            'Of these, those fostered by relatives or friends (U1 to U3), whose carers are approved for them alone.',
          ),
          places: orNull(
            'Own and commissioned places that take such children, places that are not available left out; null where it is not known. A place for several ages, or either sex, counts in each of their rows.',
          ),
          gap: orNull('Places less the children who are not with relatives; below 0 where places are short.'),
          reason: Type.Union([Type.String(), Type.Null()], { description: 'Why any of it is not known.' }),
        },
        { additionalProperties: false },
      ),
      { description: 'Children against places, of each group of placements.' },
    ),
    transferScheme,
  },
  {
    additionalProperties: false,
    description:
      'Need against supply on one day (Children Act 1989, section 22G): the authority’s children by kind of placement, age, sex and area, and the places that are its own (records of the kinds fostering-households, fostering-places, providers) or that it has bought (commissioned-beds). What is short is bought case by case.',
  },
)

export const needAgainstSupply = {
  name: 'needAgainstSupply',
  schema,
  read: async (reading: Reading, catalogue: Catalogue, authority: string, period: Period) => {
    const covered = coverPeriod(period, holdingsOf(reading.holdings, authority).returns)
    const rows = isCovered(covered)
      ? await readPlacesAgainstChildren(reading.transaction, authority, covered.lastDay)
      : []
    const figures = await reading.compute({
      indicators: catalogue.named(['uasc-count', 'uasc-nts-ratio'], '/path'),
      authorities: [authority],
      periods: [period],
      breakdowns: [],
    })
    const figure = (id: string) => figures.find(({ indicator }) => indicator === id)
    // The count is known also where the population is not.
    const children = figure('uasc-count')?.value ?? null
    const population = figure('uasc-nts-ratio')?.denominator ?? null
    return {
      onDay: isCovered(covered) ? covered.lastDay : null,
      rows,
      transferScheme: {
        unaccompaniedChildren: children,
        childPopulation: population,
        thresholdPercentage: 0.1,
        headroom: transferSchemeHeadroom(population, children),
      },
    }
  },
}
