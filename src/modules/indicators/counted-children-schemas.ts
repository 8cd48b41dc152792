import { type Static, Type } from 'typebox'
import type { CountedRow } from '../../indicators/counted-children.ts'
import { categoriesSchema } from '../../indicators/observation-schema.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

const whole = (description: string) =>
  Type.Optional(Type.Union([Type.Integer(), Type.Null()], { description }))
const yesOrNo = (description: string) =>
  Type.Optional(Type.Union([Type.Boolean(), Type.Null()], { description }))

/** What the rows of populations say besides their categories: the population's word for it, and ours. */
export const FACT_NAMES: Readonly<Record<string, keyof typeof facts>> = {
  placements_in_year: 'placementsInYear',
  placements_in_period_of_care: 'placementsInPeriodOfCare',
  days_in_care: 'daysInCare',
  days_in_placement: 'daysInPlacement',
  number_of_periods: 'numberOfPeriods',
  had_care: 'hadCare',
}

const facts = {
  placementsInYear: whole(
    'Placements that overlap the twelve months that end on the last day of the period.',
  ),
  placementsInPeriodOfCare: whole('Placements since the current period of care started.'),
  daysInCare: whole('Days from the start of the period of care to `day`.'),
  daysInPlacement: whole('Days that the placement lasted.'),
  numberOfPeriods: whole('Periods of care that the child has started by the end of the period.'),
  hadCare: yesOrNo('Whether the child had a day in care in the period other than under short breaks.'),
}

export const CountedChild = named(
  'CountedChild',
  Type.Object(
    {
      child: Type.String({
        description: 'The authority’s own pseudonymous identifier of the child, as its returns have it.',
      }),
      day: Type.String({
        format: 'date',
        description:
          'The day on which the child is described: the last day of the period for a stock; that of the start, the end or the move for a flow.',
      }),
      inNumerator: Type.Boolean({ description: 'Whether it is counted in the numerator.' }),
      measured: Type.Optional(
        Type.Number({ description: 'Of an indicator that is a mean: the number that is averaged.' }),
      ),
      categories: categoriesSchema('The category in each dimension that is known of the child on the day.'),
      facts: Type.Object(facts, {
        additionalProperties: false,
        description: 'What makes the child counted, or not.',
      }),
    },
    {
      additionalProperties: false,
      description:
        'A child behind a figure. Where the figure counts placements or moves, a child stands here once for each.',
    },
  ),
)

export const CountedChildPage = named(
  'CountedChildPage',
  Type.Object(
    {
      data: Type.Array(refTo(CountedChild), { description: 'By child and day.' }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
      indicator: Type.String({ description: 'Id of the indicator.' }),
      authority: Type.String({ description: 'GSS code of the local authority.' }),
      period: Type.String({ description: 'The period of the figure.' }),
      counted: Type.Enum(['numerator', 'denominator'], {
        type: 'string',
        description:
          'Which rows are listed. Over all pages there are as many as the observation’s `numerator` or `denominator` says; of a count, as many as its `value`; of a mean, its `denominator` for either.',
      }),
      dataVersion: Type.String({ description: 'Version of the authority’s records.' }),
      status: Type.Union([Type.Enum(['x'], { type: 'string' }), Type.Null()], {
        description: '`x` where the figure is not available: then there are no rows, for the `reason` given.',
      }),
      reason: Type.Optional(Type.String({ description: 'Why the figure is not available.' })),
      wouldBeSuppliedBy: Type.Optional(
        Type.Array(Type.String(), { description: 'Reporting years whose returns would supply it.' }),
      ),
      incomplete: Type.Optional(
        Type.Boolean({ description: 'True where the period is covered in part only, through `asAt`.' }),
      ),
      asAt: Type.Optional(
        Type.String({ format: 'date', description: 'Of an incomplete period: the last day covered.' }),
      ),
    },
    { additionalProperties: false, description: 'A page of the children behind a figure.' },
  ),
)

/** A row as it goes out; a fact without a description here would have no name to go out under. */
export const outgoingChild = ({
  child,
  day,
  inNumerator,
  measured,
  categories,
  facts: known,
}: CountedRow): Static<typeof CountedChild> => ({
  child,
  day,
  inNumerator,
  ...(measured !== null && { measured }),
  categories: { ...categories },
  facts: Object.fromEntries(
    Object.entries(known).map(([fact, value]) => [FACT_NAMES[fact], value]),
  ) as Static<typeof CountedChild>['facts'],
})
