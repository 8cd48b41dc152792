import { type Static, Type } from 'typebox'
import type { CountedRow } from '../../indicators/counted-children.ts'
import { categoriesSchema } from '../../indicators/observation-schema.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

const whole = (description: string) =>
  Type.Optional(Type.Union([Type.Integer(), Type.Null()], { description }))
const yesOrNo = (description: string) =>
  Type.Optional(Type.Union([Type.Boolean(), Type.Null()], { description }))

const word = (description: string) => Type.Optional(Type.Union([Type.String(), Type.Null()], { description }))
const date = (description: string) =>
  Type.Optional(Type.Union([Type.String({ format: 'date' }), Type.Null()], { description }))

/** What the rows of populations say besides their categories: the population's word for it, and ours. */
export const FACT_NAMES: Readonly<Record<string, keyof typeof facts>> = {
  placements_in_year: 'placementsInYear',
  placements_in_period_of_care: 'placementsInPeriodOfCare',
  days_in_care: 'daysInCare',
  days_in_placement: 'daysInPlacement',
  number_of_periods: 'numberOfPeriods',
  had_care: 'hadCare',
  sdq_score: 'sdqScore',
  incident_kind: 'incidentKind',
  days_missing: 'daysMissing',
  incidents_missing: 'incidentsMissing',
  incidents_away: 'incidentsAway',
  in_touch: 'inTouch',
  activity_code: 'activityCode',
  accommodation_code: 'accommodationCode',
  former_uasc: 'formerUasc',
  fostered_at_eighteen: 'fosteredAtEighteen',
  entitlement_basis: 'entitlementBasis',
  days_since_fourteen: 'daysSinceFourteen',
  qualifies_on: 'qualifiesOn',
  left_care_on: 'leftCareOn',
  oc3_expected: 'oc3Expected',
  oc3_returned: 'oc3Returned',
  review_held_on: 'reviewHeldOn',
  reviews_due: 'reviewsDue',
  reviews_on_time: 'reviewsOnTime',
  adoption_step: 'adoptionStep',
  days_to_placement: 'daysToPlacement',
  days_to_moving_in: 'daysToMovingIn',
  days_from_order_to_match: 'daysFromOrderToMatch',
  children_allocated: 'childrenAllocated',
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
  sdqScore: whole('Strengths and difficulties score of OC2, from 0 to 40.'),
  incidentKind: word('`M` missing, whereabouts not known; `A` away without authorisation.'),
  daysMissing: whole('Days from the start to the end of the incident, or to the last day of the period.'),
  incidentsMissing: whole('Missing incidents that overlap the period.'),
  incidentsAway: whole('Times away without authorisation that overlap the period.'),
  inTouch: word('IN_TOUCH of OC3.'),
  activityCode: word('ACTIV of OC3; `0` where it is blank.'),
  accommodationCode: word('ACCOM of OC3; `0` where it is blank.'),
  formerUasc: yesOrNo('Whether the care leaver ever was an unaccompanied asylum-seeking child.'),
  fosteredAtEighteen: yesOrNo(
    'Whether the care leaver ceased to be looked after on the 18th birthday in a foster placement, and was eligible.',
  ),
  entitlementBasis: word(
    'Why: `thirteen-weeks` (in the history), `returned-in-oc3` (the returns held know no more), `hospital-or-detention`, `education-or-training` or `support-requested` (from records), `looked-after-after-sixteen`, `returned-home` or `special-guardianship` (both qualifying).',
  ),
  daysSinceFourteen: whole('Days looked after from the 14th to the 18th birthday, as far as known.'),
  qualifiesOn: date('From which day thirteen weeks, with some time after the 16th birthday, were reached.'),
  leftCareOn: date('When the last stretch of care ended.'),
  oc3Expected: yesOrNo('Whether OC3 asks for the young person.'),
  oc3Returned: yesOrNo('Whether OC3 has a row for the birthday in the twelve months before the day.'),
  reviewHeldOn: date('When the review that was due was held; null where it was not.'),
  reviewsDue: whole('Reviews due in the period.'),
  reviewsOnTime: whole('Reviews due in the period that were held by their day.'),
  adoptionStep: word('What happened: `decision`, `placement-order`, `placed`, `disrupted` and so on.'),
  daysToPlacement: whole('Days from entering care to the adoptive placement.'),
  daysToMovingIn: whole('Days from entering care to moving in with those who adopted.'),
  daysFromOrderToMatch: whole('Days from the placement order to the match.'),
  childrenAllocated: whole('Looked-after children allocated to the social worker.'),
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
