import { LONGEST_ID, type RecordColumn } from './record-columns.ts'
import {
  type AcrossRule,
  bothAre,
  endBeforeStart,
  inOrder,
  kind,
  maybeAhead,
  moreThan,
  needed,
  ours,
  rule,
} from './record-kind.ts'

/**
 * The homes that there are for children in care, and what is known of a placement beside the return: what sufficiency
 * sets need against. Capacity is dated, so that any past day can be asked for.
 */

const URN_FORM = {
  form: /^[A-Z]{0,2}\d{5,9}$/,
  formInWords: 'an Ofsted URN, such as SC012345 or 2612345',
  inCapitals: true,
} as const
const AUTHORITY_FORM = {
  form: /^[EWSN]\d{8}$/,
  formInWords: 'the GSS code of an authority, such as E08000034',
  inCapitals: true,
} as const

/** A URN that no record of the kind `providers` has: the record is kept, and meets its provider when it comes. */
const unknownProvider = (column: string): AcrossRule => ({
  rule: 'unknown-urn',
  columns: [column],
  message:
    'no record of the kind providers has this URN; the record is kept, and meets its provider when one does',
  isBroken: `r.${column} is not null and not exists (select from care.record_providers p where p.authority = $1 and p.prov_urn = r.${column})`,
})

const unknownHousehold = (column: string): AcrossRule => ({
  rule: 'unknown-household',
  columns: [column],
  message:
    'no record of the kind fostering-households has this household; the record is kept, and counts when one does',
  isBroken: `r.${column} is not null and not exists (select from care.record_fostering_households h where h.authority = $1 and h.fohh_household_id = r.${column})`,
})

const age = (name: string, description: string): RecordColumn => ours.count(name, description, 25)
const FOSTERING_TYPES = {
  mainstream: 'Mainstream fostering',
  'family-and-friends': 'Family and friends (connected persons), approved for named children',
  'supported-lodgings': 'Supported lodgings',
}
const alsoFosteringTypes = {
  'FAMILY AND FRIENDS': 'family-and-friends',
  'CONNECTED PERSONS': 'family-and-friends',
  KINSHIP: 'family-and-friends',
  'SUPPORTED LODGINGS': 'supported-lodgings',
}

const fosteringHouseholds = kind({
  name: 'fostering-households',
  one: 'FosteringHousehold',
  title: 'Fostering households',
  description:
    'A household that the authority’s own fostering service has approved, and the terms of the approval from a day on. When the terms change, another record of the same household has the new ones.',
  columns: [
    ours.id('fohh_table_id', 'The id of the record: of a household on its terms.'),
    ours.text('fohh_household_id', 'The household, by an id and never by name.', LONGEST_ID, needed),
    ours.code('fohh_type', 'What the household is approved as.', FOSTERING_TYPES, {
      ...needed,
      alsoRead: alsoFosteringTypes,
    }),
    ours.day('fohh_approved_date', 'The day on which the household was first approved.', needed),
    ours.day(
      'fohh_terms_start_date',
      'The day from which these terms hold; the day of the approval where blank.',
      maybeAhead,
    ),
    ours.day(
      'fohh_ended_date',
      'The day on which the approval ended: the household is approved up to the day before.',
      maybeAhead,
    ),
    ours.code('fohh_leaving_reason', 'Why the approval ended.', {
      retired: 'Retired from fostering',
      'change-in-circumstances': 'Change in personal circumstances',
      'another-service': 'Moved to another fostering service',
      'permanence-for-child': 'Adopted, or became special guardian of, a fostered child',
      'child-moved-on': 'The child whom they were approved for moved on',
      dissatisfied: 'Dissatisfied with support, pay or conditions',
      allegation: 'After an allegation or concerns about standards of care',
      'approval-ended-by-service': 'Approval ended by the service for another reason',
      died: 'Died, or illness',
      other: 'Other, or not known',
    }),
    ours.count(
      'fohh_approved_places',
      'How many children the household may foster at one time on these terms.',
      20,
      needed,
    ),
    {
      name: 'fohh_carers',
      description: 'How many approved carers live in the household.',
      source: 'ours',
      kind: 'whole-number',
      least: 1,
      most: 6,
    },
    birthYear('fohh_carer_1_birth_year', 'The year in which the first carer was born.'),
    birthYear('fohh_carer_2_birth_year', 'The year in which the second carer was born.'),
    age('fohh_age_from', 'Approved for children from this age, in years.'),
    age('fohh_age_to', 'Approved for children up to this age, in years, that age included.'),
    ours.code('fohh_child_sex', 'Approved for boys, girls, or both; both where blank.', {
      M: 'Boys',
      F: 'Girls',
      MF: 'Both',
    }),
    ours.yesNo('fohh_sibling_groups', 'Whether approved for groups of siblings.'),
    ours.yesNo('fohh_complex_needs', 'Whether approved for children with complex needs.'),
    ours.yesNo('fohh_parent_and_child', 'Whether approved for parent and child placements.'),
    ours.text(
      'fohh_local_authority',
      'The authority in which the household lives, by its GSS code; the authority itself where blank.',
      9,
      AUTHORITY_FORM,
    ),
    ours.day(
      'fohh_training_plan_date',
      'The latest day on which the carers’ training and development plan was made or reviewed; it is up to date for twelve months.',
    ),
  ],
  datedBy: ['fohh_approved_date'],
  foundBy: ['fohh_household_id'],
  rules: [
    endBeforeStart('fohh_approved_date', 'fohh_ended_date'),
    inOrder('error', 'terms-before-approval', 'fohh_approved_date', 'fohh_terms_start_date'),
    inOrder('error', 'terms-after-end', 'fohh_terms_start_date', 'fohh_ended_date'),
    rule(
      'error',
      'ages-out-of-order',
      'fohh_age_from fohh_age_to',
      'fohh_age_to is less than fohh_age_from; it must be at least that',
      (value) => bothAre(value, 'fohh_age_from', 'fohh_age_to', (from, to) => Number(to) < Number(from)),
    ),
    rule(
      'error',
      'second-carer-of-one',
      'fohh_carers fohh_carer_2_birth_year',
      'a second carer’s year of birth is given, of a household with one carer',
      (value) => value('fohh_carers') === '1' && value('fohh_carer_2_birth_year') !== null,
    ),
    ...['fohh_carer_1_birth_year', 'fohh_carer_2_birth_year'].map((column) =>
      rule(
        'error',
        'carer-too-young',
        `fohh_approved_date ${column}`,
        `by ${column} the carer was not yet 18 in the year of the approval`,
        (value) =>
          bothAre(
            value,
            'fohh_approved_date',
            column,
            (day, year) => Number(day.slice(0, 4)) - Number(year) < 18,
          ),
      ),
    ),
    rule(
      'warning',
      'over-usual-fostering-limit',
      'fohh_approved_places',
      'more than three places: over the usual fostering limit but for siblings or an exemption (Children Act 1989, Schedule 7)',
      (value) => Number(value('fohh_approved_places')) > 3 && value('fohh_sibling_groups') !== 'Y',
    ),
    rule(
      'warning',
      'leaving-half-said',
      'fohh_ended_date fohh_leaving_reason',
      'an approval that ended has both the day and the reason',
      (value) => (value('fohh_ended_date') === null) !== (value('fohh_leaving_reason') === null),
    ),
  ],
})

function birthYear(name: string, description: string): RecordColumn {
  return { name, description, source: 'ours', kind: 'whole-number', least: 1900, most: 2100 }
}

/** The terms of a household that hold on the day of a row `r` of the places. */
const PLACES_APPROVED = `(select h.fohh_approved_places
                            from care.record_fostering_households h
                           where h.authority = $1 and h.fohh_household_id = r.fopl_household_id
                             and coalesce(h.fohh_terms_start_date, h.fohh_approved_date) <= r.fopl_start_date
                           order by coalesce(h.fohh_terms_start_date, h.fohh_approved_date) desc, h.id desc
                           limit 1)`

const fosteringPlaces = kind({
  name: 'fostering-places',
  one: 'FosteringPlacesOfHousehold',
  title: 'Fostering places',
  description:
    'How many of a household’s places are filled and how many are not available, from a day on, until the household’s next record. What is approved and neither filled nor unavailable is vacant.',
  columns: [
    ours.id('fopl_table_id', 'The id of the record: of a household from a day on.'),
    ours.text('fopl_household_id', 'The household, as in fostering-households.', LONGEST_ID, needed),
    ours.day('fopl_start_date', 'The day from which it holds.', needed),
    ours.count('fopl_places_filled', 'Places with a child in them.', 20, needed),
    ours.count('fopl_places_not_available', 'Places that no child can be placed in; none where blank.', 20),
    ours.code('fopl_not_available_reason', 'Why places are not available.', {
      'needs-of-child-placed': 'The needs of a child placed there rule out another',
      'carers-request': 'The carers asked for a break, or for fewer children',
      'carers-circumstances': 'Illness, bereavement, work or building work of the carers',
      'under-investigation': 'An allegation or concern is looked into',
      'review-of-approval': 'The approval is under review',
      'kept-for-child': 'Kept for a child who is about to come or to return',
      'short-breaks-only': 'Used for short breaks only',
      other: 'Other, or not known',
    }),
  ],
  datedBy: ['fopl_start_date'],
  foundBy: ['fopl_household_id'],
  rules: [
    rule(
      'warning',
      'not-available-half-said',
      'fopl_places_not_available fopl_not_available_reason',
      'places that are not available have a reason, and a reason has places',
      (value) =>
        Number(value('fopl_places_not_available') ?? 0) > 0 !== (value('fopl_not_available_reason') !== null),
    ),
  ],
  acrossRecords: [
    unknownHousehold('fopl_household_id'),
    {
      rule: 'more-children-than-places',
      columns: ['fopl_places_filled', 'fopl_places_not_available'],
      message:
        'more places are filled or not available than the household is approved for on that day; the places over it are not counted as vacant',
      isBroken: `r.fopl_places_filled + coalesce(r.fopl_places_not_available, 0) > ${PLACES_APPROVED}`,
    },
  ],
})

const PROVIDER_TYPES = {
  'childrens-home': 'Children’s home',
  'secure-childrens-home': 'Secure children’s home',
  'supported-accommodation': 'Supported accommodation for 16 and 17 year olds',
  'residential-special-school': 'Residential special school, registered as a children’s home or not',
  'boarding-school': 'Boarding or residential school or college',
  'residential-family-centre': 'Residential family centre',
  'residential-holiday-scheme': 'Residential holiday scheme for disabled children',
  'independent-fostering-agency': 'Independent fostering agency',
  'local-authority-fostering': 'Local authority fostering service',
  'adoption-agency': 'Adoption agency or support agency',
  'secure-training-centre': 'Secure training centre or secure school',
  other: 'Other',
}

const providers = kind({
  name: 'providers',
  one: 'Provider',
  title: 'Homes and providers',
  description:
    'What was known of one home, school or agency on one day, by its Ofsted URN. A later record of the same URN takes over from its day on; a home may have one record for each list that names it.',
  columns: [
    ours.id('prov_table_id', 'The id of the record: of a home on a day, such as the URN and the day.'),
    ours.text('prov_urn', 'Ofsted’s unique reference number (URN).', 11, { ...needed, ...URN_FORM }),
    ours.day(
      'prov_status_date',
      'The day that the record describes; the day on which it is written, or last changed, unless told.',
      { ifBlank: 'today' },
    ),
    ours.code('prov_type', 'What kind of home or agency it is.', PROVIDER_TYPES, needed),
    ours.text('prov_name', 'Its name, as published.', 300),
    ours.code('prov_sector', 'Who runs it.', {
      'local-authority': 'Local authority',
      private: 'Private',
      voluntary: 'Voluntary',
      health: 'Health authority',
      other: 'Other, or not known',
    }),
    ours.code(
      'prov_registered',
      'Whether it is registered with Ofsted; `Y` unless told.',
      {
        Y: 'Registered',
        N: 'It should be registered and is not',
        NA: 'It need not be registered with Ofsted, such as a health setting',
      },
      { ifBlank: 'Y', alsoRead: { YES: 'Y', NO: 'N', 'N/A': 'NA' } },
    ),
    ours.day('prov_registration_date', 'The day on which it was registered.', maybeAhead),
    ours.day('prov_closed_date', 'The day on which it closed or its registration ended.', maybeAhead),
    ours.count(
      'prov_capacity',
      'How many children may live there at one time (maximum users, capacity, or fostering places of an agency).',
      2_000,
    ),
    age('prov_age_from', 'Takes children from this age, in years.'),
    age('prov_age_to', 'Takes children up to this age, in years, that age included.'),
    ours.code('prov_child_sex', 'Takes boys, girls, or both; both where blank.', {
      M: 'Boys',
      F: 'Girls',
      MF: 'Both',
    }),
    ours.text(
      'prov_local_authority',
      'The authority in whose area it is, by its GSS code; by the postcode where blank.',
      9,
      AUTHORITY_FORM,
    ),
    {
      ...ours.text(
        'prov_postcode',
        'Its postcode, from which its area is told. It is kept and never given out again; left out of a later record, it stays.',
        8,
        { inCapitals: true },
      ),
      neverGiven: true,
    },
    ours.text(
      'prov_placement_codes',
      'The placement codes of the return that it is for, with blanks between, such as `K2` or `U4 U6`.',
      60,
      { inCapitals: true },
    ),
    ours.text(
      'prov_provider_codes',
      'The codes of placement provider that it is for, with blanks between, such as `PR4`.',
      60,
      { inCapitals: true },
    ),
    ours.day('prov_inspection_date', 'The day of the latest full inspection.'),
    ours.code('prov_judgement', 'Ofsted’s latest judgement of overall experiences or effectiveness.', {
      outstanding: 'Outstanding',
      good: 'Good',
      'requires-improvement': 'Requires improvement to be good',
      inadequate: 'Inadequate',
      consistent: 'Consistently strong (supported accommodation)',
      inconsistent: 'Inconsistent (supported accommodation)',
      weaknesses: 'Serious or widespread weaknesses (supported accommodation)',
      'not-judged': 'Not inspected, or not judged, yet',
    }),
  ],
  datedBy: ['prov_status_date'],
  foundBy: ['prov_urn'],
  publishedAs: 'ofsted-provider-list',
  rules: [
    endBeforeStart('prov_registration_date', 'prov_closed_date'),
    rule(
      'error',
      'ages-out-of-order',
      'prov_age_from prov_age_to',
      'prov_age_to is less than prov_age_from; it must be at least that',
      (value) => bothAre(value, 'prov_age_from', 'prov_age_to', (from, to) => Number(to) < Number(from)),
    ),
    rule(
      'warning',
      'no-capacity',
      'prov_type prov_capacity',
      'a home without a capacity: its beds are not known, and count in no figure',
      (value) =>
        value('prov_capacity') === null &&
        [
          'childrens-home',
          'secure-childrens-home',
          'supported-accommodation',
          'residential-special-school',
        ].includes(value('prov_type') ?? ''),
    ),
  ],
})

const commissionedBeds = kind({
  name: 'commissioned-beds',
  one: 'CommissionedBeds',
  title: 'Commissioned beds',
  description:
    'Beds or foster places that the authority has bought: a block contract, a framework call-off or a spot purchase, with the weekly price of one bed.',
  columns: [
    ours.id('cobe_table_id', 'The id of the contract, or of the line in it.'),
    ours.code(
      'cobe_contract',
      'How they are bought.',
      { block: 'Block contract', framework: 'Framework agreement', spot: 'Spot purchase' },
      needed,
    ),
    ours.code(
      'cobe_placement_type',
      'What kind of place they are.',
      {
        fostering: 'Foster placement with an independent agency',
        residential: 'Children’s home or other residential placement',
        supported: 'Supported accommodation or independent living',
        secure: 'Secure children’s home',
        other: 'Other',
      },
      needed,
    ),
    ours.text('cobe_urn', 'The home or agency, by its Ofsted URN.', 11, URN_FORM),
    ours.count('cobe_beds', 'How many beds or places.', 500, needed),
    ours.number('cobe_weekly_price', 'The price of one bed or place for a week, in pounds.', [0, 100_000]),
    ours.day('cobe_start_date', 'The first day.', { ...needed, mayBeAhead: true }),
    ours.day('cobe_end_date', 'The last day; blank where no end is agreed.', maybeAhead),
    age('cobe_age_from', 'For children from this age, in years.'),
    age('cobe_age_to', 'For children up to this age, in years, that age included.'),
  ],
  datedBy: ['cobe_start_date'],
  rules: [
    endBeforeStart('cobe_start_date', 'cobe_end_date'),
    rule(
      'error',
      'ages-out-of-order',
      'cobe_age_from cobe_age_to',
      'cobe_age_to is less than cobe_age_from; it must be at least that',
      (value) => bothAre(value, 'cobe_age_from', 'cobe_age_to', (from, to) => Number(to) < Number(from)),
    ),
    rule(
      'warning',
      'no-price',
      'cobe_weekly_price',
      'beds without a price, or priced at 0: they count as places, and in no cost',
      (value) => Number(value('cobe_weekly_price') ?? 0) === 0,
    ),
    rule(
      'warning',
      'no-beds',
      'cobe_beds',
      'a contract for no bed at all',
      (value) => value('cobe_beds') === '0',
    ),
  ],
  acrossRecords: [
    unknownProvider('cobe_urn'),
    {
      rule: 'more-beds-than-capacity',
      columns: ['cobe_beds', 'cobe_urn'],
      message: 'more beds are bought than the home’s latest record has room for',
      isBroken: `r.cobe_placement_type <> 'fostering'
             and r.cobe_beds > (select p.prov_capacity
                                  from care.record_providers p
                                 where p.authority = $1 and p.prov_urn = r.cobe_urn
                                 order by p.prov_status_date desc, p.id desc
                                 limit 1)`,
    },
  ],
})

const RECRUITMENT = [
  'recr_enquiry_date',
  'recr_visit_date',
  'recr_application_date',
  'recr_panel_date',
  'recr_decision_date',
]

const carerRecruitment = kind({
  name: 'carer-recruitment',
  one: 'CarerRecruitment',
  title: 'Recruitment of carers',
  description:
    'The way of one household from an enquiry about fostering through the application to the decision, and what came of it.',
  columns: [
    ours.id('recr_table_id', 'The id of the enquiry.'),
    ours.code('recr_type', 'What the household would be approved as.', FOSTERING_TYPES, {
      alsoRead: alsoFosteringTypes,
    }),
    ours.day('recr_enquiry_date', 'The day of the enquiry.', needed),
    ours.day('recr_visit_date', 'The day of the first visit.'),
    ours.day('recr_application_date', 'The day of the application; assessment begins.'),
    ours.day('recr_panel_date', 'The day of the fostering panel.'),
    ours.day('recr_decision_date', 'The day of the decision to approve or not.'),
    ours.code('recr_outcome', 'What came of it; blank while it is open.', {
      approved: 'Approved',
      'not-approved': 'Not approved',
      withdrawn: 'Withdrawn by the applicants',
      closed: 'Closed by the service',
    }),
    ours.day('recr_ended_date', 'The day on which it ended without approval.'),
    ours.text('recr_household_id', 'The household approved, as in fostering-households.', LONGEST_ID),
  ],
  datedBy: ['recr_enquiry_date', 'recr_application_date', 'recr_decision_date'],
  rules: [
    ...RECRUITMENT.slice(1).flatMap((later, index) =>
      RECRUITMENT.slice(0, index + 1).map((earlier) =>
        inOrder('error', 'dates-out-of-order', earlier, later),
      ),
    ),
    endBeforeStart('recr_enquiry_date', 'recr_ended_date'),
    rule(
      'warning',
      'decision-half-said',
      'recr_decision_date recr_outcome',
      'an approval or refusal has a day of decision, and a decision has an outcome',
      (value) =>
        (value('recr_decision_date') !== null) !==
        ['approved', 'not-approved'].includes(value('recr_outcome') ?? ''),
    ),
  ],
  acrossRecords: [unknownHousehold('recr_household_id')],
})

const placementDetails = kind({
  name: 'placement-details',
  one: 'PlacementDetail',
  title: 'Details of placements',
  description:
    'What the return does not say of one placement of a child: the fostering household, what it costs, whether the setting is registered, approvals and notifications.',
  columns: [
    ours.id('plde_table_id', 'The id of the placement in the system that keeps it.'),
    ours.child('plde_person_id'),
    ours.day('plde_start_date', 'The day on which the placement started, as in the return.', needed),
    ours.day('plde_end_date', 'The day on which it ended.', maybeAhead),
    ours.text('plde_household_id', 'The fostering household, as in fostering-households.', LONGEST_ID),
    ours.code(
      'plde_registration',
      'Whether the setting is registered as the law asks; blank where it is not known.',
      {
        registered: 'Registered, or its application for registration is accepted',
        unregistered: 'It should be registered and is not',
        'not-required': 'It need not be registered with Ofsted, such as a health setting',
        'court-ordered': 'Ordered by a court (Children Act 1989, section 38(6))',
      },
    ),
    ours.number('plde_weekly_cost', 'What the placement costs in a week, in pounds.', [0, 100_000]),
    ours.yesNo('plde_emergency', 'Whether the placement was made in an emergency.'),
    ours.day(
      'plde_distance_approved_date',
      'The day on which the director approved a placement at a distance.',
    ),
    ours.day('plde_host_notified_date', 'The day on which the authority of the area was notified.'),
    ours.yesNo('plde_education_place_needed', 'Whether a new place in education had to be found.'),
    ours.day('plde_education_place_date', 'The day on which that place was found.'),
  ],
  datedBy: ['plde_start_date'],
  rules: [
    endBeforeStart('plde_start_date', 'plde_end_date'),
    rule(
      'warning',
      'no-cost',
      'plde_weekly_cost',
      'a cost of 0 is taken as it is; leave it blank where it is not known',
      (value) => value('plde_weekly_cost') !== null && Number(value('plde_weekly_cost')) === 0,
    ),
  ],
  acrossRecords: [
    unknownHousehold('plde_household_id'),
    {
      rule: 'no-such-placement',
      columns: ['plde_start_date'],
      message:
        'by the returns in force the child is in no placement on that day; the record counts when one says so',
      isBroken: `exists (select from care.child c where c.authority = $1 and c.child = r.child)
             and not exists (select from care.episode e
                              where e.authority = $1 and e.child = r.child and not e.short_break
                                and e.started_on <= r.plde_start_date
                                and (e.ceased_on is null or e.ceased_on > r.plde_start_date))`,
    },
  ],
})

const childNeeds = kind({
  name: 'child-needs',
  one: 'ChildNeed',
  title: 'Needs of children',
  description: 'A stretch of days with one kind of need of a looked-after child, as assessed.',
  columns: [
    ours.id('need_table_id', 'The id of the record in the system that keeps it.'),
    ours.child('need_person_id'),
    ours.code(
      'need_category',
      'What kind of need it is.',
      { emotional: 'Emotional', behavioural: 'Behavioural', education: 'Education', health: 'Health' },
      needed,
    ),
    ours.yesNo('need_complex', 'Whether the need is complex.'),
    ours.yesNo('need_specialist_support', 'Whether specialist health or education support is needed.'),
    ours.day('need_start_date', 'The first day.', needed),
    ours.day('need_end_date', 'The last day; blank while it lasts.', maybeAhead),
  ],
  datedBy: ['need_start_date'],
  rules: [endBeforeStart('need_start_date', 'need_end_date')],
})

const siblingGroups = kind({
  name: 'sibling-groups',
  one: 'SiblingGroupMember',
  title: 'Sibling groups',
  description: 'A child as one of a group of siblings, for as long as they are looked at as a group.',
  columns: [
    ours.id('sibl_table_id', 'The id of the record: of a child in a group.'),
    ours.child('sibl_person_id'),
    ours.text('sibl_group_id', 'The group, by an id.', LONGEST_ID, needed),
    ours.day('sibl_start_date', 'The first day.', needed),
    ours.day('sibl_end_date', 'The last day; blank while it lasts.', maybeAhead),
    ours.yesNo(
      'sibl_assessed_apart',
      'Whether it was assessed that the child should live apart from the others.',
    ),
  ],
  datedBy: ['sibl_start_date'],
  rules: [endBeforeStart('sibl_start_date', 'sibl_end_date')],
})

const childrenPlacedHere = kind({
  name: 'children-placed-here',
  one: 'ChildPlacedHere',
  title: 'Children of other authorities placed here',
  description:
    'A child of another authority who lives in this one’s area, as that authority notified it. No child’s id: the id of the notification is enough.',
  columns: [
    ours.id('chph_table_id', 'The id of the notification.'),
    ours.text('chph_placing_authority', 'The authority that placed the child, by its GSS code.', 9, {
      ...needed,
      ...AUTHORITY_FORM,
    }),
    ours.day('chph_notified_date', 'The day on which the notification came.'),
    ours.day('chph_start_date', 'The day on which the placement started.', needed),
    ours.day('chph_end_date', 'The day on which it ended; blank while it lasts.', maybeAhead),
    ours.text('chph_urn', 'The home or agency, by its Ofsted URN.', 11, URN_FORM),
  ],
  datedBy: ['chph_start_date'],
  rules: [endBeforeStart('chph_start_date', 'chph_end_date')],
  acrossRecords: [
    unknownProvider('chph_urn'),
    {
      rule: 'own-child',
      columns: ['chph_placing_authority'],
      message: 'the authority itself placed the child: only children of others count here',
      isBroken: 'r.chph_placing_authority = $1',
    },
  ],
})

const regulation44Visits = kind({
  name: 'regulation-44-visits',
  one: 'Regulation44Visit',
  title: 'Regulation 44 visits',
  description:
    'One visit of the independent person to a children’s home of the authority (Children’s Homes (England) Regulations 2015, regulation 44).',
  columns: [
    ours.id('re44_table_id', 'The id of the visit.'),
    ours.text('re44_urn', 'The home, by its Ofsted URN.', 11, { ...needed, ...URN_FORM }),
    ours.day('re44_visit_date', 'The day of the visit.', needed),
    ours.day('re44_report_date', 'The day of the report.'),
  ],
  datedBy: ['re44_visit_date'],
  rules: [inOrder('error', 'report-before-visit', 're44_visit_date', 're44_report_date')],
  acrossRecords: [unknownProvider('re44_urn')],
})

const kinshipSupport = kind({
  name: 'kinship-support',
  one: 'KinshipSupport',
  title: 'Support of kinship carers',
  description: 'One kind of support of a family that brings up a relative’s or friend’s child.',
  columns: [
    ours.id('kins_table_id', 'The id of the record.'),
    ours.text('kins_family_id', 'The family, by an id and never by name.', LONGEST_ID, needed),
    ours.code(
      'kins_support',
      'What the family gets.',
      {
        'special-guardianship-allowance': 'Special guardianship allowance',
        'child-arrangements-allowance': 'Child arrangements order allowance',
        'family-group-conference': 'Family group conference',
        other: 'Other support',
      },
      needed,
    ),
    ours.day('kins_start_date', 'The first day.', needed),
    ours.day('kins_end_date', 'The last day; blank while it lasts.', maybeAhead),
  ],
  datedBy: ['kins_start_date'],
  rules: [endBeforeStart('kins_start_date', 'kins_end_date')],
})

const surveys = kind({
  name: 'surveys',
  one: 'Survey',
  title: 'Surveys',
  description:
    'How many were asked in a survey, how many answered, and how many of the answers were positive.',
  columns: [
    ours.id('surv_table_id', 'The id of the survey.'),
    ours.code(
      'surv_survey',
      'What was asked, and whom.',
      {
        'children-placement': 'Children, whether they are happy with their placement',
        'partners-early-help': 'Partners, whether they are confident in early help',
        'partners-joint-working': 'Partners, whether they are satisfied with joint working',
      },
      needed,
    ),
    ours.day('surv_date', 'The day on which the survey closed.', needed),
    ours.count('surv_asked', 'How many were asked.', 1_000_000, needed),
    ours.count('surv_answered', 'How many answered.', 1_000_000, needed),
    ours.count('surv_positive', 'How many answers were positive.', 1_000_000, needed),
  ],
  datedBy: ['surv_date'],
  rules: [moreThan('surv_asked', 'surv_answered'), moreThan('surv_answered', 'surv_positive')],
})

/** In the order in which a sufficiency strategy tells of them. */
export const SUPPLY_RECORD_KINDS = [
  fosteringHouseholds,
  fosteringPlaces,
  providers,
  commissionedBeds,
  carerRecruitment,
  placementDetails,
  childNeeds,
  siblingGroups,
  childrenPlacedHere,
  regulation44Visits,
  kinshipSupport,
  surveys,
] as const
