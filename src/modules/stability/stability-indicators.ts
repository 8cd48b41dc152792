import {
  count,
  type IndicatorDefinition,
  mean,
  percentage,
  type Source,
  type Switch,
} from '../../indicators/definition.ts'
import { pupilsAt } from '../../indicators/populations/education.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { lookedAfterTwelveMonths } from '../../indicators/populations/looked-after-twelve-months.ts'
import {
  newPlacementsIn,
  placementChangesIn,
  placementsCeasedIn,
} from '../../indicators/populations/placement-events.ts'
import { childrenLookedAfter, SHORT_BREAKS } from '../../indicators/sources.ts'
import { siblingIndicators } from './sibling-indicators.ts'

const NO_PLACEMENT =
  'Short breaks (V3, V4). Temporary stays (T0 to T4), changes of legal status (RNE L) and changes with the same carer (RNE T, U) make no placement of their own.'

const stabilityMeasures: Source = {
  title: 'Department for Education, Stability measures for children looked after in England',
  year: 2024,
}
const stabilityIndex: Source = {
  title: "Children's Commissioner, Stability Index, technical report",
  year: 2019,
}

/** What the sources leave open about counting placements (indicators.md 2.6). */
const placementSwitches: readonly Switch[] = [
  {
    name: 'countEndedOnFirstDay',
    value: 'false',
    meaning:
      'A placement that ended on the first day of the year was over as the year began and is not counted (E23).',
  },
  {
    name: 'countTemporaryStays',
    value: 'false',
    meaning:
      'A temporary stay is bridged when the child returns to the same placement code and postcode; otherwise the next placement is new (E13, E14).',
  },
  {
    name: 'countSameCarerMoves',
    value: 'false',
    meaning: 'A move with the same carer (RNE T, U) continues the placement (E15).',
  },
]

const stockDimensions = lookedAfterAt.dimensions.filter((dimension) => dimension !== 'placements-since-start')
const eventDimensions = newPlacementsIn.dimensions

/* ---- school moves, from records */

const schoolMoves: Source = {
  title: 'Department for Education, Children looked after in England including adoptions, stability measures',
  year: 2025,
  part: 'school moves and combined measures',
}
const ON_ROLL = 'of_school_age and is_on_roll'
const PUPILS =
  'Children looked after on the last day of the period, of compulsory school age, with a school enrolment on record in the year.'
const SCHOOL_MOVE =
  'A move is the start at another school than the one before, after the child first entered care in the year (E29). From the records `school-enrolments`; the first school on record is no move.'
const NO_SCHOOL_MOVE =
  'Short breaks. Expected transfers, such as from primary to secondary school; moves before first entering care in the year.'
const schoolAge: readonly Switch[] = [
  {
    name: 'compulsorySchoolAge',
    value: '5 to 15 on the last 31 August',
    meaning: 'Whose school year it is: by the age on the 31 August on or before the last day of the period.',
  },
]
const pupilDimensions: IndicatorDefinition['dimensions'] = [
  'age-band',
  'age',
  'sex',
  'ethnicity',
  'placement-type',
  'sen-provision',
]

export const stabilityIndicators: readonly IndicatorDefinition[] = [
  percentage({
    id: 'three-plus-placements-pct',
    title: 'Children with three or more placements in the year',
    subject: 'stability',
    population: lookedAfterAt,
    numerator: 'placements_in_year >= 3',
    numeratorInWords:
      'Of them, those with three or more placements that overlap the year ending on that day.',
    denominatorInWords: 'Children looked after on the last day of the period.',
    polarity: 'lower-is-better',
    definition:
      'Share of children looked after on the last day of the period with three or more placements in the twelve months that end on it. The placement open on the first day and the one open on the last both count; all placements of 24 hours or more do. Children who came during the year are included (E11 to E16, E23 to E26).',
    exclusions: NO_PLACEMENT,
    source: {
      title: 'Department for Education, Local Authority Interactive Tool, data dictionary',
      year: 2026,
      part: '372',
    },
    switches: placementSwitches,
    dimensions: stockDimensions,
    lookBack: 'year',
    headline: true,
  }),
  percentage({
    id: 'three-plus-placements-12-months-pct',
    title: 'Children with three or more placements in the year, of those looked after all year',
    subject: 'stability',
    population: lookedAfterTwelveMonths,
    numerator: 'placements_in_year >= 3',
    denominator: 'leaves_on_last_day is not true',
    numeratorInWords: 'Of them, those with three or more placements that overlap the year.',
    denominatorInWords:
      'Children looked after on the last day of the period, and continuously for the twelve months that end on it.',
    polarity: 'lower-is-better',
    definition:
      'As three-plus-placements-pct, for children who were looked after all year: all of them had the same time to move in.',
    exclusions: NO_PLACEMENT,
    source: childrenLookedAfter('children looked after for twelve months'),
    switches: placementSwitches,
    dimensions: lookedAfterTwelveMonths.dimensions,
    lookBack: 'year',
  }),
  percentage({
    id: 'three-plus-placements-two-years-pct',
    title: 'Children with three or more placements in the previous two years',
    subject: 'stability',
    population: lookedAfterAt,
    numerator: 'placements_in_two_years >= 3',
    denominator: 'in_care_the_year_before',
    numeratorInWords: 'Of them, those with three or more placements that overlap the two years.',
    denominatorInWords:
      'Children looked after on the last day of the period who also spent at least one day in care in the year before the one that ends on it.',
    polarity: 'lower-is-better',
    definition:
      'Share with three or more placements in the two years that end on the last day of the period. This does not mean two years in care (E27).',
    exclusions: NO_PLACEMENT,
    source: childrenLookedAfter('placements in the previous two years, footnote'),
    switches: placementSwitches,
    dimensions: stockDimensions,
    lookBack: 'two-years',
  }),
  percentage({
    id: 'one-placement-in-two-years-pct',
    title: 'Children with one placement only in the previous two years',
    subject: 'stability',
    population: lookedAfterAt,
    numerator: 'placements_in_two_years = 1',
    denominator: 'in_care_the_year_before',
    numeratorInWords: 'Of them, those with exactly one placement that overlaps the two years.',
    denominatorInWords:
      'Children looked after on the last day of the period who also spent at least one day in care in the year before the one that ends on it.',
    polarity: 'higher-is-better',
    definition: 'Share with one placement only in the two years that end on the last day of the period.',
    exclusions: NO_PLACEMENT,
    source: childrenLookedAfter('placements in the previous two years'),
    switches: placementSwitches,
    dimensions: stockDimensions,
    lookBack: 'two-years',
  }),
  percentage({
    id: 'same-carer-two-years-pct',
    title: 'Long-term stability: with the same carer for at least two years',
    subject: 'stability',
    population: lookedAfterAt,
    numerator: 'same_carer_for_two_years',
    denominator: 'long_in_care and age_in_years < 16',
    numeratorInWords:
      'Of them, those in the current placement for at least two years, or placed for adoption and that placement together with the one before has lasted two years.',
    denominatorInWords:
      'Children aged under 16 looked after on the last day of the period whose period of care started at least two and a half years before.',
    polarity: 'higher-is-better',
    definition:
      'For a year ending 31 March 2025: the period of care started on or before 30 September 2022 and the placement on or before 31 March 2023 (E16 to E22). Known until 2022 as the same placement.',
    exclusions: 'Short breaks, and periods of care that began as a series of short breaks (E21).',
    source: childrenLookedAfter('stability of placements, footnotes 2 and 3'),
    switches: [
      ...placementSwitches,
      {
        name: 'ffaIsChange',
        value: 'true',
        meaning:
          'A move into fostering for adoption (U2, U5) counts as a change, also with the same carer: the footnote taken literally (E22).',
      },
    ],
    dimensions: stockDimensions,
    lookBack: 'three-years',
    headline: true,
  }),
  count({
    id: 'new-placements',
    title: 'New placements',
    subject: 'stability',
    population: newPlacementsIn,
    countedInWords: 'Episodes that started in the period with RNE S, P, T, B or U.',
    polarity: 'neutral',
    definition:
      'Placements that started in the period. Counts placements, not children; changes with the same carer are included (E15).',
    exclusions: 'Short breaks; temporary stays (T0 to T4) and the return from one to the same placement.',
    source: childrenLookedAfter('new placements, footnote 4'),
    dimensions: eventDimensions,
    lookBack: 'period',
  }),
  count({
    id: 'placement-changes',
    title: 'Placement changes',
    subject: 'stability',
    population: placementChangesIn,
    countedInWords:
      'Episodes that ceased in the period with REC X1 and are followed by one with RNE P, T, B or U.',
    polarity: 'lower-is-better',
    definition:
      'Changes of placement in the period, by the reason on the episode that ceases. Counts changes, not children; changes with the same carer are included.',
    exclusions: 'Short breaks; moves into a temporary stay (T0 to T4) and back to the same placement.',
    source: childrenLookedAfter('reason for placement change'),
    dimensions: placementChangesIn.dimensions,
    lookBack: 'period',
    headline: true,
  }),
  percentage({
    id: 'unplanned-placement-ending-pct',
    title: 'Unplanned placement endings',
    subject: 'stability',
    population: placementChangesIn,
    numerator: `placement_change_reason in ('alleg', 'stand', 'apprr', 'creqb', 'creqo', 'child', 'lareq')`,
    denominator: `placement_change_reason <> 'place'`,
    numeratorInWords: 'Of them, those with reason ALLEG, STAND, APPRR, CREQB, CREQO, CHILD or LAREQ.',
    denominatorInWords:
      'Placement changes in the period but those in the status of the placement only (PLACE).',
    polarity: 'lower-is-better',
    definition:
      'Share of placement changes that the guide to the return calls not planned. Closure (CLOSE) is a planned move there.',
    exclusions: 'As placement-changes.',
    source: {
      title: 'Department for Education, guide to the SSDA903 collection, reason for placement change',
      year: 2025,
    },
    switches: [
      {
        name: 'closureIsPlanned',
        value: 'true',
        meaning: 'The guide counts resignation or closure of provision (CLOSE) as planned.',
      },
    ],
    dimensions: ['age-band', 'sex', 'ethnicity', 'placement-type', 'placement-provider'],
    lookBack: 'period',
  }),
  mean({
    id: 'placement-duration-days',
    title: 'Average duration of placements that ceased',
    subject: 'stability',
    population: placementsCeasedIn,
    unit: 'days',
    measure: 'days_in_placement',
    numeratorInWords: 'Days of the placements, added up.',
    denominatorInWords: 'Placements that ceased in the period.',
    polarity: 'higher-is-better',
    definition:
      'Mean number of days of the placements that ceased in the period, temporary stays bridged. Counts placements, not children.',
    exclusions: NO_PLACEMENT,
    source: childrenLookedAfter('duration of placements'),
    dimensions: placementsCeasedIn.dimensions,
    lookBack: 'period',
  }),
  percentage({
    id: 'three-plus-social-workers-pct',
    title: 'Children with three or more social workers in the year',
    subject: 'stability',
    population: lookedAfterAt,
    numerator: 'social_workers >= 3',
    denominator: 'social_workers is not null',
    numeratorInWords:
      'Of them, those with three or more different social workers in the year ending on that day.',
    denominatorInWords:
      'Children looked after on the last day of the period with a social worker recorded in the year.',
    polarity: 'lower-is-better',
    definition:
      'Share with three or more different social workers in the year, those before care included; one who returns is counted once (E28). First collected for 2023-24.',
    exclusions: 'Short breaks; children without a social worker recorded in the year.',
    source: stabilityMeasures,
    dimensions: stockDimensions,
    lookBack: 'year',
    tables: ['SWEpisodes'],
    headline: true,
  }),
  percentage({
    id: 'social-worker-changes-cco',
    title: 'Children with two or more changes of social worker in the year (Stability Index)',
    subject: 'stability',
    population: lookedAfterAt,
    numerator: 'social_worker_changes >= 2',
    denominator: 'social_workers is not null',
    numeratorInWords:
      'Of them, those with two or more changes from one social worker to another in the year.',
    denominatorInWords:
      'Children looked after on the last day of the period with a social worker recorded in the year.',
    polarity: 'lower-is-better',
    definition:
      "Changes, not workers: from A to B and back are two changes and two workers. The Children's Commissioner's method.",
    exclusions: 'Short breaks; episodes of a social worker that lie wholly within an earlier one.',
    source: stabilityIndex,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'year',
    tables: ['SWEpisodes'],
  }),
  percentage({
    id: 'placement-changes-cco',
    title: 'Children with two or more placement changes in the year (Stability Index)',
    subject: 'stability',
    population: lookedAfterAt,
    numerator: 'moves >= 2',
    numeratorInWords:
      'Of them, those with two or more episodes that started after the first day of the year with RNE S, P or B, a first entry to care not counted.',
    denominatorInWords: 'Children looked after on the last day of the period.',
    polarity: 'lower-is-better',
    definition:
      "The Children's Commissioner's method: temporary stays and re-entries to care count, so it does not equal three-plus-placements-pct (E13).",
    exclusions: SHORT_BREAKS,
    source: stabilityIndex,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'year',
  }),
  percentage({
    id: 'any-school-move-pct',
    title: 'Children with a school move in the year',
    subject: 'stability',
    population: pupilsAt,
    denominator: ON_ROLL,
    numerator: 'school_moves >= 1',
    numeratorInWords: 'Of them, those with a school move or more in the year.',
    denominatorInWords: PUPILS,
    polarity: 'lower-is-better',
    definition: `Share who moved school in the twelve months that end on the last day of the period. ${SCHOOL_MOVE}`,
    exclusions: NO_SCHOOL_MOVE,
    source: schoolMoves,
    switches: schoolAge,
    dimensions: pupilDimensions,
    lookBack: 'year',
    records: ['school-enrolments'],
    recordsHoldOn: true,
  }),
  percentage({
    id: 'mid-year-school-move-pct',
    title: 'Children with a mid-year school move',
    subject: 'stability',
    population: pupilsAt,
    denominator: ON_ROLL,
    numerator: 'mid_year_school_moves >= 1',
    numeratorInWords: 'Of them, those with a school move or more in the year outside August and September.',
    denominatorInWords: PUPILS,
    polarity: 'lower-is-better',
    definition: `Share who moved school within a school year: moves from 1 August to 30 September are left out. ${SCHOOL_MOVE} The Children’s Commissioner leaves out only the first three weeks of September.`,
    exclusions: `${NO_SCHOOL_MOVE} Moves from 1 August to 30 September.`,
    source: schoolMoves,
    switches: schoolAge,
    dimensions: pupilDimensions,
    lookBack: 'year',
    records: ['school-enrolments'],
    recordsHoldOn: true,
  }),
  percentage({
    id: 'all-three-instability-pct',
    title: 'High instability of placement, school and social worker together',
    subject: 'stability',
    population: pupilsAt,
    denominator: `${ON_ROLL} and social_workers is not null`,
    numerator: 'placements_in_year >= 3 and mid_year_school_moves >= 1 and social_workers >= 3',
    numeratorInWords:
      'Of them, those with three or more placements, a mid-year school move and three or more social workers in the year.',
    denominatorInWords: `${PUPILS.slice(0, -1)}, with a social worker recorded in the year.`,
    polarity: 'lower-is-better',
    definition: `Share of the children of whom all three are known who had all three in the year that ends on the last day of the period: as three-plus-placements-pct, mid-year-school-move-pct and three-plus-social-workers-pct count. ${SCHOOL_MOVE}`,
    exclusions: `${NO_SCHOOL_MOVE} Moves from 1 August to 30 September.`,
    source: schoolMoves,
    switches: schoolAge,
    dimensions: ['age-band', 'sex', 'ethnicity', 'sen-provision'],
    lookBack: 'year',
    tables: ['SWEpisodes'],
    records: ['school-enrolments'],
    recordsHoldOn: true,
  }),
  ...siblingIndicators,
]
