import { boolean, index, integer, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import { authority, day } from './column-types.ts'
import { care } from './tables.ts'

/**
 * What the returns in force say beside the episodes, made anew with the history of an authority: each thing once, as
 * the latest return that holds it says, with what describes the child on its day standing beside it. Populations
 * read these rows and join next to nothing.
 */

const child = () => text('child').notNull()

/** Who the child is. */
const ofChild = () => ({
  /** Day of birth as a number (20100131): ages are differences of such numbers. */
  bornNumber: integer('born_number').notNull(),
  sex: text('sex').notNull(),
  ethnicity: text('ethnicity').notNull(),
  ethnicityCode: text('ethnicity_code').notNull(),
  uasc: boolean('uasc').notNull(),
  uascCeasedOn: day('uasc_ceased_on'),
})

/** The same, and the age on the row's own day. */
const described = () => ({ ...ofChild(), age: smallint('age').notNull() })

/** The home in which the child is looked after on the day; null where in none. */
const home = () => ({
  placementCode: text('placement_code'),
  placementType: text('placement_type'),
  placementProvider: text('placement_provider'),
})

/** A time missing (`M`) or away without authorisation (`A`), as dates: `[started_on, ended_on]`, open while it lasts. */
export const missingIncidents = care.table(
  'missing_incident',
  {
    authority: authority(),
    child: child(),
    kind: text('kind').$type<'M' | 'A'>().notNull(),
    startedOn: day('started_on').notNull(),
    /** Tells incidents apart that start on one day. */
    number: smallint('number').notNull(),
    endedOn: day('ended_on'),
    ...described(),
    ...home(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.child, table.kind, table.startedOn, table.number] }),
  ],
)

/** OC2: what was known of a child's health and offending at the end of a reporting year. */
export const outcomes = care.table(
  'outcome',
  {
    authority: authority(),
    child: child(),
    /** The 31 March that it is about. */
    onDay: day('on_day').notNull(),
    sdqScore: smallint('sdq_score'),
    sdqReason: text('sdq_reason'),
    convicted: text('convicted'),
    healthCheck: text('health_check'),
    immunisations: text('immunisations'),
    teethCheck: text('teeth_check'),
    healthAssessment: text('health_assessment'),
    substanceMisuse: text('substance_misuse'),
    interventionReceived: text('intervention_received'),
    interventionOffered: text('intervention_offered'),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child, table.onDay] })],
)

/** OC3: a care leaver as returned for the birthday that falls in a reporting year. */
export const careLeavers = care.table(
  'care_leaver',
  {
    authority: authority(),
    child: child(),
    birthday: day('birthday').notNull(),
    inTouch: text('in_touch').notNull(),
    activity: text('activity'),
    accommodation: text('accommodation'),
    ...described(),
    /** Another authority took over the care: the last period of care before the birthday ceased for E3. */
    transferred: boolean('transferred').notNull(),
    /** Ceased to be looked after on the 18th birthday in a foster placement, and was eligible. */
    fosteredAtEighteen: boolean('fostered_at_eighteen').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.child, table.birthday] }),
    index('care_leaver_birthday').on(table.authority, table.birthday),
  ],
)

/**
 * What makes a young person entitled to the duties of the Children Act 1989 after care: one row for each who was
 * looked after on or after the 14th birthday, or whom OC3 names. Days are counted half-open, short breaks left out.
 */
export const careLeaverHistories = care.table(
  'care_leaver_history',
  {
    authority: authority(),
    child: child(),
    ...ofChild(),
    sixteenOn: day('sixteen_on').notNull(),
    eighteenOn: day('eighteen_on').notNull(),
    /** Days looked after from the 14th birthday to the 18th, as far as known. */
    daysSinceFourteen: integer('days_since_fourteen').notNull(),
    /** Days looked after before the 16th birthday, of these. */
    daysBeforeSixteen: integer('days_before_sixteen').notNull(),
    /** The first day on or after the 16th birthday on which the young person was looked after. */
    inCareAfterSixteenOn: day('in_care_after_sixteen_on'),
    /** The day from which thirteen weeks since fourteen, with some time after sixteen, are behind them. */
    qualifiesOn: day('qualifies_on'),
    /** The episodes of care: start, end (`infinity` while it lasts) and reason for ceasing, in order. */
    inCareFrom: day('in_care_from').array().notNull(),
    inCareUntil: day('in_care_until').array().notNull(),
    reasonsForCeasing: text('reasons_for_ceasing').array().notNull(),
    /** OC3 says so for that birthday. */
    diedBy: day('died_by'),
    /** Birthdays for which OC3 holds a row, in order. */
    returnedInOc3: day('returned_in_oc3').array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child] })],
)

/** A review of a child who was looked after on the day. */
export const reviews = care.table(
  'review',
  {
    authority: authority(),
    child: child(),
    heldOn: day('held_on').notNull(),
    code: text('code').notNull(),
    ...described(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child, table.heldOn] })],
)

/** A day by which a review was due while the child was looked after, and the review that met it, if any did. */
export const reviewsDue = care.table(
  'review_due',
  {
    authority: authority(),
    child: child(),
    dueOn: day('due_on').notNull(),
    /** The first, the second, or a later one of the period of care. */
    number: smallint('number').notNull(),
    heldOn: day('held_on'),
    ...described(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child, table.dueOn, table.number] })],
)

/** A step on a child's way to adoption, on its day. */
export const adoptionSteps = care.table(
  'adoption_step',
  {
    authority: authority(),
    child: child(),
    step: text('step')
      .$type<
        | 'decision'
        | 'decision-reversed'
        | 'placement-order'
        | 'placed'
        | 'early-permanence'
        | 'disrupted'
        | 'adopted'
      >()
      .notNull(),
    onDay: day('on_day').notNull(),
    /** The day of the child's step of the same kind before: in a period only the first counts. */
    previousOn: day('previous_on'),
    /** Of a reversal: the code of its reason. */
    reason: text('reason'),
    ...described(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.child, table.step, table.onDay] }),
    index('adoption_step_on_day').on(table.authority, table.onDay),
  ],
)

/** A child who was adopted, with the days on the way there. */
export const adoptedChildren = care.table(
  'adopted_child',
  {
    authority: authority(),
    child: child(),
    adoptedOn: day('adopted_on').notNull(),
    /** Start of the period of care that the adoption ended. */
    enteredCareOn: day('entered_care_on').notNull(),
    /** Decision that the child should be placed for adoption: the last before the placement. */
    decidedOn: day('decided_on'),
    placementOrderOn: day('placement_order_on'),
    matchedOn: day('matched_on'),
    /** Start of the stretch of adoptive placements that led to the order. */
    placedOn: day('placed_on'),
    /** Start of the placement with the people who adopted, also as foster carers. */
    movedInOn: day('moved_in_on'),
    /** An adoptive placement before that stretch broke down. */
    disrupted: boolean('disrupted').notNull(),
    ...described(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child, table.adoptedOn] })],
)

/** A deprivation of liberty order, `[started_on, ended_on]`. */
export const deprivationsOfLiberty = care.table(
  'deprivation_of_liberty',
  {
    authority: authority(),
    child: child(),
    startedOn: day('started_on').notNull(),
    endedOn: day('ended_on'),
    ...described(),
    ...home(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child, table.startedOn] })],
)
