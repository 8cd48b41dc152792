import { type Static, Type } from 'typebox'
import type { CountedRow } from '../../indicators/counted-children.ts'
import { categoriesSchema } from '../../indicators/observation-schema.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'

const whole = (description: string) =>
  Type.Optional(Type.Union([Type.Integer(), Type.Null()], { description }))
const number = (description: string) =>
  Type.Optional(Type.Union([Type.Number(), Type.Null()], { description }))
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
  rhi_offered: 'rhiOffered',
  rhi_held_on: 'rhiHeldOn',
  rhi_within_72_hours: 'rhiWithin72Hours',
  rhi_precision: 'rhiPrecision',
  visitor_offered: 'visitorOffered',
  visitor_matched: 'visitorMatched',
  placement_started_on: 'placementStartedOn',
  visited_on: 'visitedOn',
  visit_on_time: 'visitOnTime',
  seen: 'seen',
  seen_alone: 'seenAlone',
  care_started_on: 'careStartedOn',
  assessed_on: 'assessedOn',
  assessed_on_time: 'assessedOnTime',
  plan_reviewed_on: 'planReviewedOn',
  school_moves: 'schoolMoves',
  mid_year_school_moves: 'midYearSchoolMoves',
  sessions_possible: 'sessionsPossible',
  sessions_missed: 'sessionsMissed',
  suspensions: 'suspensions',
  permanent_exclusions: 'permanentExclusions',
  status_on: 'statusOn',
  adviser_allocated: 'adviserAllocated',
  latest_contact_on: 'latestContactOn',
  cases_held: 'casesHeld',
  full_time_equivalent: 'fullTimeEquivalent',
  agency_worker: 'agencyWorker',
  distance_miles: 'distanceMiles',
  days_so_far: 'daysSoFar',
  weekly_cost: 'weeklyCost',
  is_unregistered: 'isUnregistered',
  registration_is_known: 'registrationIsKnown',
  provider_is_known: 'providerIsKnown',
  children_in_household: 'childrenInHousehold',
  distance_approved_on: 'distanceApprovedOn',
  approved_in_time: 'approvedInTime',
  host_notified_on: 'hostNotifiedOn',
  notified_in_time: 'notifiedInTime',
  made_in_emergency: 'madeInEmergency',
  education_place_on: 'educationPlaceOn',
  education_place_in_time: 'educationPlaceInTime',
  needs_on_record: 'needsOnRecord',
  needs_specialist_support: 'needsSpecialistSupport',
  sibling: 'sibling',
  assessed_apart: 'assessedApart',
  placed_together: 'placedTogether',
  children_in_group: 'childrenInGroup',
  all_together: 'allTogether',
  approved_places: 'approvedPlaces',
  carers: 'carers',
  age_reached: 'ageReached',
  training_plan_in_date: 'trainingPlanInDate',
  capacity: 'capacity',
  home_on_record: 'homeOnRecord',
  weekly_price: 'weeklyPrice',
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
  inTouch: word('IN_TOUCH of OC3, or of the latest record of the care leaver.'),
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
  rhiOffered: yesOrNo('Whether a return home interview was offered.'),
  rhiHeldOn: date('When the return home interview was held; null where none was.'),
  rhiWithin72Hours: yesOrNo('Whether it was held within 72 hours of the return.'),
  rhiPrecision: word(
    'How that was told: by `time` where both times are known, else by `date`, as at most three days.',
  ),
  visitorOffered: yesOrNo('Whether an independent visitor was offered by the last day of the period.'),
  visitorMatched: yesOrNo('Whether the child was matched with one by then.'),
  placementStartedOn: date('When the placement of the last day started.'),
  visitedOn: date('The latest statutory visit on or before the day.'),
  visitOnTime: yesOrNo('Whether that visit is no older than it may be, or none is due yet.'),
  seen: yesOrNo('Whether the child was seen.'),
  seenAlone: yesOrNo('Whether the child was seen alone.'),
  careStartedOn: date('When the child started to be looked after.'),
  assessedOn: date('The health assessment that counts: the initial one, or the latest on or before the day.'),
  assessedOnTime: yesOrNo('Whether it was completed by `day`, the twentieth working day.'),
  planReviewedOn: date('The latest review of the personal education plan, or of the pathway plan.'),
  schoolMoves: whole('School moves in the year, after first entering care in it.'),
  midYearSchoolMoves: whole('Of these, the moves outside August and September.'),
  sessionsPossible: whole('Sessions (half-days) at school that were possible in the year.'),
  sessionsMissed: whole('Of these, the sessions missed.'),
  suspensions: whole('Suspensions that started in the year.'),
  permanentExclusions: whole('Permanent exclusions in the year.'),
  statusOn: date('The day that the record describes.'),
  adviserAllocated: yesOrNo('Whether a personal adviser is on record.'),
  latestContactOn: date('The latest contact on record.'),
  casesHeld: whole('Cases that the worker holds.'),
  fullTimeEquivalent: number('The worker’s hours as a share of full time.'),
  agencyWorker: yesOrNo('Whether the worker is from an agency.'),
  distanceMiles: number(
    'Miles between the postcodes of the child’s home and of the placement in a straight line, rounded to one decimal; null where one of them is not known.',
  ),
  daysSoFar: whole('Days from the start of the placement to `day`.'),
  weeklyCost: number('What the placement costs in a week, in pounds; null where no cost is on record.'),
  isUnregistered: yesOrNo('Whether the setting should be registered and is not.'),
  registrationIsKnown: yesOrNo('Whether any record, or the URN, says if the setting is registered.'),
  providerIsKnown: yesOrNo('Whether a record of the kind providers has the URN of the placement.'),
  childrenInHousehold: whole('Looked-after children of the authority in the foster household.'),
  distanceApprovedOn: date('When the director approved the placement at a distance.'),
  approvedInTime: yesOrNo('Whether that was on or before the first day of the placement.'),
  hostNotifiedOn: date('When the authority of the area was notified of the placement.'),
  notifiedInTime: yesOrNo('Whether that was in time: in an emergency, within five working days.'),
  madeInEmergency: yesOrNo('Whether the placement was made in an emergency.'),
  educationPlaceOn: date('When the new place in education was found.'),
  educationPlaceInTime: yesOrNo('Whether that was within 20 working days of the start.'),
  needsOnRecord: whole('Needs on record for the day.'),
  needsSpecialistSupport: yesOrNo('Whether one of them asks for specialist health or education support.'),
  sibling: word('The other child of the pair, by the identifier that the returns use.'),
  assessedApart: yesOrNo('Whether either child of the pair is assessed to live apart from the others.'),
  placedTogether: yesOrNo('Whether both live in one home.'),
  childrenInGroup: whole('Looked-after children of the sibling group, those assessed apart left out.'),
  allTogether: yesOrNo('Whether every two of them live in one home.'),
  approvedPlaces: whole('Places that the fostering household is approved for on the day.'),
  carers: whole('Carers in the household; null where it is not known.'),
  ageReached: whole('Age that the carer reaches in the calendar year of the day.'),
  trainingPlanInDate: yesOrNo('Whether the carers’ plan was made or reviewed in the twelve months before.'),
  capacity: whole('How many children may live in the home at one time; null where it is not recorded.'),
  homeOnRecord: yesOrNo('Whether the home is on record by the URN of the placement.'),
  weeklyPrice: number('Price of the bed or place for a week, in pounds; null where none is known.'),
}

export const CountedChild = named(
  'CountedChild',
  Type.Object(
    {
      child: Type.String({
        description:
          'The authority’s own pseudonymous identifier of the child, as its returns have it; of a figure that counts something else, that of the worker, household, home (its URN), family or record; of one that counts pairs or groups of children, that of the first child of it.',
      }),
      day: Type.Union([Type.String({ format: 'date' }), Type.Null()], {
        description:
          'The day on which the child is described: the last day of the period for a stock; that of the start, the end or the move for a flow. Null where the row is `restricted`.',
      }),
      inNumerator: Type.Boolean({ description: 'Whether it is counted in the numerator.' }),
      measured: Type.Optional(
        Type.Number({
          description:
            'Of an indicator that is a mean or a ratio, or that takes losses from gains: the number that is averaged or added up.',
        }),
      ),
      against: Type.Optional(
        Type.Number({
          description: 'Of an indicator that is a ratio: this row’s part of the sum that it is set against.',
        }),
      ),
      categories: categoriesSchema('The category in each dimension that is known of the child on the day.'),
      facts: Type.Object(facts, {
        additionalProperties: false,
        description: 'What makes the child counted, or not.',
      }),
      restricted: Type.Optional(
        Type.Boolean({
          description:
            'True where the use of the records of the child, or of the other child of a pair, is restricted: the row is counted, and what it would say is withheld. Left out otherwise.',
        }),
      ),
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
          'Which rows are listed. Over all pages there are as many as the observation’s `numerator` or `denominator` says; of a count, as many as its `value`; of a mean, its `denominator` for either; of a ratio, the rows that are added up.',
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

/** A row of a child whose records are restricted: that it counts, and nothing of the child. */
export const withheldChild = ({ child, inNumerator }: CountedRow): Static<typeof CountedChild> => ({
  child,
  day: null,
  inNumerator,
  categories: {},
  facts: {},
  restricted: true,
})

/** A row as it goes out; a fact without a description here would have no name to go out under. */
export const outgoingChild = ({
  child,
  day,
  inNumerator,
  measured,
  against,
  categories,
  facts: known,
}: CountedRow): Static<typeof CountedChild> => ({
  child,
  day,
  inNumerator,
  ...(measured !== null && { measured }),
  ...(against !== null && { against }),
  categories: { ...categories },
  facts: Object.fromEntries(
    Object.entries(known).map(([fact, value]) => [FACT_NAMES[fact], value]),
  ) as Static<typeof CountedChild>['facts'],
})
