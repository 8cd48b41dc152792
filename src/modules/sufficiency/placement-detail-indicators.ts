import {
  count,
  type IndicatorDefinition,
  mean,
  percentage,
  type Switch,
} from '../../indicators/definition.ts'
import { childNeedsAt } from '../../indicators/populations/child-needs.ts'
import {
  householdsAt,
  placementDetailsAt,
  unregisteredDaysIn,
} from '../../indicators/populations/placement-details.ts'
import { complexNeedsMovedOutIn, placementsMadeIn } from '../../indicators/populations/placements-made.ts'
import {
  boardPapers,
  carePlanningRegulations,
  localAuthorityTool,
  SHORT_BREAKS,
  validationRules,
} from '../../indicators/sources.ts'

const AT_DAY = 'Children looked after on the last day of the period.'
const internalOnly =
  'it tells of placements of single children, and no rule yet protects it beside what is published of them.'
const THE_DETAIL =
  'The detail of a placement is the latest record of the kind placement-details by the day that starts with the placement or during it and has not ended.'
const SAME_CARER = 'Changes with the same carer (RNE T, U), temporary stays (T0 to T4) and short breaks.'
const detailDimensions = ['age-band', 'sex', 'placement-type', 'placement-provider'] as const

/* ---- settings that should be registered ------------------------------------------------------------------------ */

const whoSays: readonly Switch[] = [
  {
    name: 'registrationBy',
    value: 'the detail of the placement, else the provider’s record',
    meaning:
      'Where the detail says whether the setting is registered, that decides: an application that is accepted counts as registered (E50). Where it does not, the latest record of the provider with the URN by the day does.',
  },
]
const LAWFUL =
  'Settings that others than Ofsted inspect (URN XXXXXXX, or not-required) and placements that a court ordered (Children Act 1989, section 38(6)).'

const unregistered: IndicatorDefinition[] = [
  count({
    id: 'unregistered-placements-count',
    title: 'Children in unregistered settings',
    subject: 'sufficiency',
    population: placementDetailsAt,
    counted: 'is_unregistered',
    countedInWords: `${AT_DAY} Of them, those in a setting that should be registered with Ofsted and is not.`,
    polarity: 'lower-is-better',
    definition: `Looked-after children whose setting should be registered and is not, as the records say (E50); a placement code alone says nothing of it. A child of whose setting no record says anything is not counted: see placement-registration-known-pct. ${THE_DETAIL}`,
    exclusions: `${SHORT_BREAKS} ${LAWFUL}`,
    source: boardPapers('sufficiency; "other placements" in the Local Authority Interactive Tool'),
    switches: whoSays,
    dimensions: [...detailDimensions, 'age-under-16', 'days-in-placement', 'placement-location'],
    lookBack: 'last-day',
    records: ['placement-details'],
    internalOnly,
  }),
  count({
    id: 'unregistered-placement-days',
    title: 'Days in unregistered settings',
    subject: 'sufficiency',
    population: unregisteredDaysIn,
    countedInWords:
      'Days in the period on which a looked-after child lived in a setting that should be registered and is not.',
    polarity: 'lower-is-better',
    definition: `Days of all children added up: two children for a week are 14. A day counts where the child is looked after at its end, so the day of a move counts for the new setting. Each day goes by what the records say of it. ${THE_DETAIL}`,
    exclusions: `${SHORT_BREAKS} ${LAWFUL}`,
    source: boardPapers('sufficiency'),
    switches: whoSays,
    dimensions: [...detailDimensions, 'age-under-16'],
    lookBack: 'period',
    records: ['placement-details'],
    recordsHoldOn: true,
    internalOnly,
  }),
  percentage({
    id: 'placement-registration-known-pct',
    title: 'Children of whose setting it is known whether it is registered',
    subject: 'sufficiency',
    population: placementDetailsAt,
    numerator: 'registration_is_known',
    numeratorInWords:
      'Of them, those of whose setting the detail of the placement or the record of its provider says so, or whose URN is XXXXXXX.',
    denominatorInWords: AT_DAY,
    polarity: 'higher-is-better',
    definition: `How far unregistered-placements-count can be relied on. ${THE_DETAIL}`,
    exclusions: SHORT_BREAKS,
    source: boardPapers('sufficiency'),
    dimensions: detailDimensions,
    lookBack: 'last-day',
    records: ['placement-details'],
    internalOnly,
  }),
]

/* ---- which provider -------------------------------------------------------------------------------------------- */

const WITH_URN =
  'in a placement that the return names a URN for: adoption (A3 to A6), fostering (U1 to U6), children’s homes and supported accommodation (K1 to K3), family centres (R3) and residential schools (S1), in England as far as is known'
const providersMet: IndicatorDefinition[] = [
  percentage({
    id: 'provider-matched-pct',
    title: 'Children whose placement meets a provider on record',
    subject: 'sufficiency',
    population: placementDetailsAt,
    denominator: 'should_have_urn',
    numerator: 'provider_is_known',
    numeratorInWords:
      'Of them, those with a URN of which a record of the kind providers says something for the day.',
    denominatorInWords: `${AT_DAY} Of them, those ${WITH_URN}.`,
    polarity: 'higher-is-better',
    definition:
      'Share of children whose home or agency is found by its Ofsted URN, so that what is known of the provider is known of the placement. A record dated after the day says nothing of it. A temporary stay counts with the URN of the placement that it interrupts.',
    exclusions: `${SHORT_BREAKS} Children whose URN is XXXXXXX: it names no provider.`,
    source: validationRules('218'),
    dimensions: [...detailDimensions, 'placement-location'],
    lookBack: 'last-day',
    records: ['providers'],
    internalOnly,
  }),
  count({
    id: 'placements-without-urn-count',
    title: 'Placements without a URN that should have one',
    subject: 'sufficiency',
    population: placementDetailsAt,
    counted: 'should_have_urn and not has_urn',
    countedInWords: `${AT_DAY} Of them, those ${WITH_URN}, and whose URN is blank.`,
    polarity: 'lower-is-better',
    definition: 'Placements that can meet no provider, since the return leaves the URN blank.',
    exclusions: SHORT_BREAKS,
    source: validationRules('218'),
    dimensions: [...detailDimensions, 'placement-location'],
    lookBack: 'last-day',
    internalOnly,
  }),
]

/* ---- what must be done for a placement ------------------------------------------------------------------------- */

const UNRECORDED: Switch = {
  name: 'notRecorded',
  value: 'not done',
  meaning:
    'A placement that no record of its first day tells of, or whose record leaves the day blank, counts as one for which it was not done.',
}
const madeDimensions = ['age-band', 'sex', 'ethnicity', 'placement-type', 'placement-provider'] as const

const duties: IndicatorDefinition[] = [
  percentage({
    id: 'placed-at-distance-approved-pct',
    title: 'Placements at a distance approved before they started',
    subject: 'sufficiency',
    population: placementsMadeIn,
    denominator: `at_a_distance and placement_code not in ('P1', 'U1', 'U2', 'U3') and not (placement_type = 'foster' and placement_provider = 'own')`,
    numerator: 'approved_in_time',
    numeratorInWords: 'Of them, those approved by the director on or before the day on which they started.',
    denominatorInWords:
      'Placements that started in the period in an authority that is neither the responsible one nor next to it, but for those with a parent (P1), a connected person (U1 to U3) or the authority’s own foster carers (U4 to U6 with PR1).',
    polarity: 'higher-is-better',
    definition:
      'Share of placements at a distance (E47) that the director of children’s services had approved by their first day. A placement is known by its first day: the record’s day of start is that of the return.',
    exclusions: SAME_CARER,
    source: carePlanningRegulations('regulation 11'),
    switches: [UNRECORDED],
    dimensions: madeDimensions,
    lookBack: 'period',
    records: ['placement-details'],
    reference: ['postcodes'],
    internalOnly,
  }),
  percentage({
    id: 'notification-to-host-la-pct',
    title: 'Placements outside the authority notified to the authority of the area',
    subject: 'sufficiency',
    population: placementsMadeIn,
    denominator: `placement_location = 'outside'`,
    numerator: 'notified_in_time',
    numeratorInWords:
      'Of them, those notified on or before the day on which they started; of those made in an emergency, within five working days of it.',
    denominatorInWords: 'Placements that started in the period outside the authority’s boundary.',
    polarity: 'higher-is-better',
    definition:
      'Share of placements outside the authority of which the authority of the area was told in time. Working days are Monday to Friday but for England’s bank holidays.',
    exclusions: SAME_CARER,
    source: carePlanningRegulations('regulation 13, as summarised in board papers'),
    switches: [
      UNRECORDED,
      {
        name: 'emergencyNotice',
        value: '5 working days',
        meaning:
          'How long after its start a placement made in an emergency may be notified: as recalled, since the text of the regulation was not at hand.',
      },
    ],
    dimensions: [...madeDimensions, 'placement-distance'],
    lookBack: 'period',
    records: ['placement-details'],
    reference: ['postcodes'],
    internalOnly,
  }),
  percentage({
    id: 'education-place-within-20-days-pct',
    title: 'Education found within 20 days of an emergency placement',
    subject: 'sufficiency',
    population: placementsMadeIn,
    denominator: 'made_in_emergency and education_place_needed and age_in_years between 5 and 15',
    numerator: 'education_place_in_time',
    numeratorInWords: 'Of them, those for whom the place was found within 20 working days of the start.',
    denominatorInWords:
      'Placements made in an emergency that started in the period, of children aged 5 to 15 on that day for whom a new place in education had to be found.',
    polarity: 'higher-is-better',
    definition:
      'Share of emergency placements of children of school age who had a new place in education in time. What is found after the period counts too: of placements made at its end the figure rises until the 20 days are over.',
    exclusions: `${SAME_CARER} Placements of which the record does not say that a place was needed.`,
    source: boardPapers('draft sufficiency strategy, citing guidance of 2018'),
    switches: [
      {
        name: 'schoolDays',
        value: 'Monday to Friday but for bank holidays',
        meaning:
          'The guidance is recalled to mean school days; no table knows term dates, so holidays of schools are not left out and the limit is the stricter one.',
      },
      {
        name: 'schoolAge',
        value: '5 to 15 on the day of the placement',
        meaning: 'Completed years of age; compulsory school age goes by terms, which are not known.',
      },
    ],
    dimensions: ['age-band', 'sex', 'ethnicity', 'placement-location'],
    lookBack: 'period',
    records: ['placement-details'],
    internalOnly,
  }),
]

/* ---- needs ----------------------------------------------------------------------------------------------------- */

const needs: IndicatorDefinition[] = [
  count({
    id: 'complex-needs-moved-out-count',
    title: 'Children with complex needs placed outside the authority',
    subject: 'sufficiency',
    population: complexNeedsMovedOutIn,
    eachChildOnce: true,
    countedInWords:
      'Children with a placement outside the authority’s boundary that started in the period, and a complex need on record for its first day.',
    polarity: 'lower-is-better',
    definition:
      'Children, each counted once however often they moved. A first placement in care is a move too. By kind of need a child is in each that applies, so the kinds may add up to more than the total.',
    exclusions: SAME_CARER,
    source: boardPapers('draft sufficiency strategy, data agenda'),
    dimensions: complexNeedsMovedOutIn.dimensions,
    lookBack: 'period',
    records: ['child-needs'],
    recordsHoldOn: true,
    reference: ['postcodes'],
    internalOnly,
  }),
  percentage({
    id: 'specialist-need-pct',
    title: 'Children who need specialist health or education support',
    subject: 'sufficiency',
    population: childNeedsAt,
    numerator: 'needs_specialist_support',
    numeratorInWords: 'Of them, those with a need on record for the day that asks for specialist support.',
    denominatorInWords: AT_DAY,
    polarity: 'neutral',
    definition:
      'Share of looked-after children who need specialist support, as assessed. A child without a record of needs counts as one without them.',
    exclusions: SHORT_BREAKS,
    source: boardPapers('review of high needs'),
    dimensions: ['age-band', 'sex', 'ethnicity', 'uasc', 'placement-type', 'placement-location'],
    lookBack: 'last-day',
    records: ['child-needs'],
    internalOnly,
  }),
]

/* ---- what placements cost -------------------------------------------------------------------------------------- */

const WITH_COST = 'weekly_cost is not null'
const unitCost = (
  id: string,
  title: string,
  dimensions: IndicatorDefinition['dimensions'],
  who?: { readonly where: string; readonly inWords: string },
): IndicatorDefinition =>
  mean({
    id,
    title,
    subject: 'sufficiency',
    population: placementDetailsAt,
    unit: 'pounds-per-week',
    decimals: 0,
    measure: 'weekly_cost',
    denominator: who ? `${who.where} and ${WITH_COST}` : WITH_COST,
    numeratorInWords: 'What their placements cost in a week, in pounds, added up.',
    denominatorInWords: `${AT_DAY} Of them, those ${who ? `${who.inWords}, and ` : ''}whose placement has a cost on record.`,
    polarity: 'neutral',
    definition: `Mean weekly cost in pounds of the placements that children are in on the day, as recorded; a cost of 0 is taken as it is. Beside it stands what the DfE publishes from Section 251 outturn: there, the gross expenditure of a financial year, overheads included, is divided by the weeks of care in it, so it is the cost of a year and not the price on a day. ${THE_DETAIL}`,
    exclusions: `${SHORT_BREAKS} Placements without a cost on record: see placement-cost-recorded-pct.`,
    source: localAuthorityTool('294 to 297'),
    switches: [
      {
        name: 'cost',
        value: 'the recorded price of the placement on the day',
        meaning:
          'The published figures are expenditure of a financial year over weeks of care; no record here holds expenditure.',
      },
    ],
    dimensions,
    lookBack: 'last-day',
    records: ['placement-details'],
    internalOnly,
  })

const costs: IndicatorDefinition[] = [
  unitCost('placement-unit-cost', 'Weekly cost of a placement', [
    'age-band',
    'placement-type',
    'placement-provider',
    'placement-location',
  ]),
  unitCost(
    'placement-unit-cost-foster',
    'Weekly cost of a foster placement',
    ['age-band', 'placement-provider', 'placement-location'],
    { where: `placement_type = 'foster'`, inWords: 'fostered (U1 to U6)' },
  ),
  unitCost(
    'placement-unit-cost-residential',
    'Weekly cost of a placement in a children’s home',
    ['age-band', 'placement-provider', 'placement-location'],
    { where: `placement_type = 'residential'`, inWords: 'in secure or children’s homes (K1, K2)' },
  ),
  percentage({
    id: 'placement-cost-recorded-pct',
    title: 'Children whose placement has a cost on record',
    subject: 'sufficiency',
    population: placementDetailsAt,
    numerator: WITH_COST,
    numeratorInWords: 'Of them, those whose placement has a weekly cost on record.',
    denominatorInWords: AT_DAY,
    polarity: 'higher-is-better',
    definition: `How far placement-unit-cost can be relied on. ${THE_DETAIL}`,
    exclusions: SHORT_BREAKS,
    source: localAuthorityTool('294 to 297'),
    dimensions: detailDimensions,
    lookBack: 'last-day',
    records: ['placement-details'],
    internalOnly,
  }),
]

/* ---- households ------------------------------------------------------------------------------------------------ */

const households: IndicatorDefinition[] = [
  mean({
    id: 'children-per-foster-household',
    title: 'Children placed in a foster household',
    subject: 'sufficiency',
    population: householdsAt,
    unit: 'children',
    measure: 'children_in_household',
    numeratorInWords: 'Children looked after on the last day of the period in these households.',
    denominatorInWords:
      'Foster households in which, by the records of the kind placement-details, a looked-after child of the authority lives on the last day of the period.',
    polarity: 'neutral',
    definition: `Mean number of the authority’s looked-after children in a household with any; those without a child are left out, and so are children of other authorities. ${THE_DETAIL}`,
    exclusions: `${SHORT_BREAKS} Children whose placement names no household.`,
    source: boardPapers('draft sufficiency strategy'),
    dimensions: [],
    lookBack: 'last-day',
    records: ['placement-details'],
    internalOnly,
  }),
]

/** What stands beside a placement: its registration, provider, approvals, cost and household, and what the child needs. */
export const placementDetailIndicators: readonly IndicatorDefinition[] = [
  ...unregistered,
  ...providersMet,
  ...duties,
  ...needs,
  ...costs,
  ...households,
]
