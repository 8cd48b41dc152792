import * as codes from './code-sets.ts'
import { nearMatches } from './near-match.ts'
import { isBefore, LONGEST_ID, type RecordColumn, type RecordRule } from './record-columns.ts'
import {
  alsoYesNo,
  bothAre,
  endBeforeStart,
  inOrder,
  kind,
  labelsOf,
  maybeAhead,
  moreThan,
  needed,
  ours,
  type RecordKind,
  rule,
  ssd,
  YES_NO_NA,
} from './record-kind.ts'
import { SUPPLY_RECORD_KINDS } from './supply-record-kinds.ts'

export type { RecordKind } from './record-kind.ts'

/* ---- the kinds -------------------------------------------------------------------------------------------- */

const returnHomeInterviews = kind({
  name: 'return-home-interviews',
  one: 'ReturnHomeInterview',
  title: 'Return home interviews',
  description:
    'One time that a child was missing or away from placement without authorisation, and the return home interview after it.',
  columns: [
    ssd.id('miss_table_id', 'The id of the incident in the system that keeps it.'),
    ssd.child('miss_person_id'),
    ssd.moment('miss_missing_episode_start_date', 'When the child went missing or away.', needed),
    ssd.code(
      'miss_missing_episode_type',
      'Missing, or away from placement without authorisation.',
      labelsOf(codes.MISSING),
      { ...needed, alsoRead: { MISSING: 'M', AWAY: 'A', ABSENT: 'A' } },
    ),
    ssd.moment(
      'miss_missing_episode_end_date',
      'When the child was found or returned; blank while the incident lasts. With the time, an interview within 72 hours is told to the hour.',
    ),
    ssd.code('miss_missing_rhi_offered', 'Whether a return home interview was offered.', YES_NO_NA, {
      alsoRead: alsoYesNo,
    }),
    ssd.code('miss_missing_rhi_accepted', 'Whether the child accepted the interview offered.', YES_NO_NA, {
      alsoRead: alsoYesNo,
    }),
    ours.moment('miss_missing_rhi_date', 'When the interview was held; blank where none was.'),
    ours.text(
      'miss_missing_rhi_outcome',
      'What the interview was about, as a code of the authority’s own list of themes; no free text.',
      40,
    ),
  ],
  datedBy: ['miss_missing_episode_start_date', 'miss_missing_episode_end_date'],
  rules: [
    endBeforeStart('miss_missing_episode_start_date', 'miss_missing_episode_end_date'),
    inOrder('error', 'interview-before-return', 'miss_missing_episode_end_date', 'miss_missing_rhi_date'),
    inOrder('error', 'interview-before-start', 'miss_missing_episode_start_date', 'miss_missing_rhi_date'),
    rule(
      'error',
      'accepted-though-not-offered',
      'miss_missing_rhi_offered miss_missing_rhi_accepted',
      'the interview was accepted (Y) though it was not offered (N)',
      (value) => value('miss_missing_rhi_accepted') === 'Y' && value('miss_missing_rhi_offered') === 'N',
    ),
    rule(
      'warning',
      'held-though-not-accepted',
      'miss_missing_rhi_accepted miss_missing_rhi_date',
      'the interview was held though it is not said that it was accepted (Y)',
      (value) => value('miss_missing_rhi_date') !== null && value('miss_missing_rhi_accepted') !== 'Y',
    ),
  ],
})

const independentVisitors = kind({
  name: 'independent-visitors',
  one: 'IndependentVisitor',
  title: 'Independent visitors',
  description: 'One offer of an independent visitor to a child, and the match that came of it.',
  columns: [
    ours.id('indv_table_id', 'The id of the offer in the system that keeps it.'),
    ours.child('indv_person_id'),
    ours.day('indv_offered_date', 'The day on which an independent visitor was offered.', needed),
    ours.yesNo('indv_accepted', 'Whether the child accepted; blank while that is open.'),
    ours.day('indv_matched_date', 'The day on which the child was matched with a visitor.'),
    ours.day('indv_end_date', 'The day on which the match, or the offer, ended.', maybeAhead),
  ],
  datedBy: ['indv_offered_date'],
  rules: [
    endBeforeStart('indv_offered_date', 'indv_end_date'),
    inOrder('error', 'end-before-match', 'indv_matched_date', 'indv_end_date'),
    inOrder('warning', 'match-before-offer', 'indv_offered_date', 'indv_matched_date'),
    rule(
      'warning',
      'matched-though-not-accepted',
      'indv_accepted indv_matched_date',
      'the child was matched though the offer was not accepted (N)',
      (value) => value('indv_matched_date') !== null && value('indv_accepted') === 'N',
    ),
  ],
})

const careLeavers = kind({
  name: 'care-leavers',
  one: 'CareLeaver',
  title: 'Care leavers',
  description:
    'What was known of a care leaver on one day: eligibility, contact, home, activity, plan and adviser. A person may have one record for each day described.',
  columns: [
    ssd.id('clea_table_id', 'The id of the record in the system that keeps it.'),
    ssd.child('clea_person_id'),
    ours.day(
      'clea_status_date',
      'The day that the record describes; the day on which it is written, or last changed, unless told.',
      { ifBlank: 'today' },
    ),
    ssd.code('clea_care_leaver_eligibility', 'The legal entitlement, as the authority records it.', {
      Relevant: 'Relevant child',
      'Former Relevant': 'Former relevant child',
      Eligible: 'Eligible child',
      Qualifying: 'Qualifying care leaver',
      'No Current Eligibility': 'No current eligibility',
    }),
    ssd.code(
      'clea_care_leaver_in_touch',
      'Whether the authority is in touch with the person.',
      labelsOf(codes.IN_TOUCH),
    ),
    ssd.day(
      'clea_care_leaver_latest_contact',
      'The latest day on which the personal adviser had contact; blank where the authority is not in touch.',
    ),
    ssd.code(
      'clea_care_leaver_accommodation',
      'Where the person lives, by the letter of the SSDA903 code.',
      codes.ACCOMMODATION,
    ),
    ssd.code('clea_care_leaver_accom_suitable', 'Whether the accommodation is suitable.', {
      1: 'Suitable',
      2: 'Unsuitable',
    }),
    ssd.code('clea_care_leaver_activity', 'What the person mainly does.', labelsOf(codes.ACTIV)),
    ssd.day(
      'clea_pathway_plan_review_date',
      'The latest day on which the pathway plan was made or reviewed.',
    ),
    ssd.text(
      'clea_care_leaver_personal_advisor',
      'The personal adviser, by an id and never by name; blank where none is allocated.',
      LONGEST_ID,
    ),
    ssd.text('clea_care_leaver_allocated_team', 'The team, by its id.', LONGEST_ID),
    ssd.text('clea_care_leaver_worker_id', 'The allocated worker, by an id and never by name.', LONGEST_ID),
    ours.yesNo('clea_care_leaver_parent', 'Whether the person is a parent.'),
    ours.yesNo('clea_care_leaver_children_with_them', 'Whether a parent’s children live with them.'),
    ours.yesNo('clea_staying_close', 'Whether the person has a Staying Close offer.'),
    ours.yesNo('clea_support_requested', 'Of those aged 22 to 25: whether support was asked for.'),
    ours.yesNo('clea_support_received', 'Of those aged 22 to 25: whether support was received.'),
  ],
  datedBy: ['clea_status_date'],
  rules: [
    rule(
      'warning',
      'contact-after-status',
      'clea_status_date clea_care_leaver_latest_contact',
      'clea_care_leaver_latest_contact is after clea_status_date, the day that the record describes',
      (value) =>
        bothAre(value, 'clea_status_date', 'clea_care_leaver_latest_contact', (day, contact) =>
          isBefore(day, contact),
        ),
    ),
    rule(
      'warning',
      'review-after-status',
      'clea_status_date clea_pathway_plan_review_date',
      'clea_pathway_plan_review_date is after clea_status_date, the day that the record describes',
      (value) =>
        bothAre(value, 'clea_status_date', 'clea_pathway_plan_review_date', (day, review) =>
          isBefore(day, review),
        ),
    ),
    rule(
      'warning',
      'children-though-no-parent',
      'clea_care_leaver_parent clea_care_leaver_children_with_them',
      'children live with the person (Y), who is said to be no parent (N)',
      (value) =>
        value('clea_care_leaver_children_with_them') === 'Y' && value('clea_care_leaver_parent') === 'N',
    ),
    rule(
      'warning',
      'suitability-without-accommodation',
      'clea_care_leaver_accommodation clea_care_leaver_accom_suitable',
      'the accommodation is said to be suitable or unsuitable, but not what it is',
      (value) =>
        value('clea_care_leaver_accom_suitable') !== null && value('clea_care_leaver_accommodation') === null,
    ),
  ],
})

const careLeaverCircumstances = kind({
  name: 'care-leaver-circumstances',
  one: 'CareLeaverCircumstance',
  title: 'Circumstances that decide a care leaver’s entitlement',
  description:
    'A stretch of days in a young person’s life on which the legal entitlement turns and which the return does not carry. The last day counts.',
  columns: [
    ours.id('clci_table_id', 'The id of the record in the system that keeps it.'),
    ours.child('clci_person_id'),
    ours.code(
      'clci_circumstance',
      'What the circumstance was.',
      {
        'hospital-or-detention': 'In hospital, or detained',
        'education-or-training': 'In education or training that the authority supports, or plans to',
        'special-guardianship': 'Living under a special guardianship order',
        'returned-home': 'Returned home to a parent or somebody with parental responsibility',
        'support-requested': 'Asked for support after the duties had ended',
      },
      needed,
    ),
    ours.day('clci_start_date', 'The first day.', needed),
    ours.day('clci_end_date', 'The last day; blank while it lasts.', maybeAhead),
  ],
  datedBy: ['clci_start_date'],
  rules: [endBeforeStart('clci_start_date', 'clci_end_date')],
})

const personalEducationPlans = kind({
  name: 'personal-education-plans',
  one: 'PersonalEducationPlan',
  title: 'Personal education plans',
  description: 'One review of a looked-after child’s personal education plan (PEP).',
  columns: [
    ours.id('pepl_table_id', 'The id of the review in the system that keeps it.'),
    ours.child('pepl_person_id'),
    ours.day('pepl_review_date', 'The day on which the plan was made or reviewed.', needed),
    ours.code('pepl_quality', 'How good the plan is, as the virtual school judges it.', {
      good: 'Good',
      adequate: 'Adequate',
      poor: 'Poor',
    }),
  ],
  datedBy: ['pepl_review_date'],
  rules: [],
})

const schoolAttendance = kind({
  name: 'school-attendance',
  one: 'SchoolAttendance',
  title: 'School attendance',
  description:
    'A child’s attendance in one stretch of school days, such as a term: sessions (half-days) possible and missed.',
  columns: [
    ours.id('satt_table_id', 'The id of the record in the system that keeps it.'),
    ours.child('satt_person_id'),
    ours.day('satt_start_date', 'The first day.', needed),
    ours.day('satt_end_date', 'The last day.', needed),
    ours.count('satt_sessions_possible', 'Sessions that the child could have attended.', 1000, needed),
    ours.count('satt_sessions_missed', 'Sessions missed, for whatever reason.', 1000, needed),
    ours.count('satt_sessions_unauthorised', 'Of these, the sessions missed without authorisation.', 1000),
  ],
  datedBy: ['satt_start_date', 'satt_end_date'],
  rules: [
    endBeforeStart('satt_start_date', 'satt_end_date'),
    moreThan('satt_sessions_possible', 'satt_sessions_missed'),
    moreThan('satt_sessions_missed', 'satt_sessions_unauthorised'),
  ],
})

const schoolEnrolments = kind({
  name: 'school-enrolments',
  one: 'SchoolEnrolment',
  title: 'School enrolments',
  description: 'A child’s time on the roll of one school; school moves are counted from them.',
  columns: [
    ours.id('enro_table_id', 'The id of the enrolment in the system that keeps it.'),
    ours.child('enro_person_id'),
    ours.text('enro_school_urn', 'The school’s unique reference number (URN).', 6, {
      ...needed,
      form: /^\d{6}$/,
      formInWords: 'a school’s URN of six digits',
    }),
    ours.day('enro_start_date', 'The first day on roll.', { ...needed, mayBeAhead: true }),
    ours.day('enro_end_date', 'The last day on roll; blank while it lasts.', maybeAhead),
    ours.yesNo(
      'enro_phase_transfer',
      'Whether the enrolment is an expected transfer, such as from primary to secondary school.',
    ),
  ],
  datedBy: ['enro_start_date'],
  rules: [endBeforeStart('enro_start_date', 'enro_end_date')],
})

const suspensions = kind({
  name: 'suspensions',
  one: 'Suspension',
  title: 'Suspensions and exclusions',
  description: 'One suspension of a child from school, or one permanent exclusion.',
  columns: [
    ours.id('susp_table_id', 'The id of the record in the system that keeps it.'),
    ours.child('susp_person_id'),
    ours.code(
      'susp_category',
      'Suspension or permanent exclusion.',
      { SUSP: 'Suspension', PERM: 'Permanent exclusion' },
      needed,
    ),
    ours.day('susp_start_date', 'The first day.', needed),
    ours.count('susp_sessions', 'Sessions (half-days) of a suspension.', 400),
  ],
  datedBy: ['susp_start_date'],
  rules: [
    rule(
      'warning',
      'exclusion-with-sessions',
      'susp_category susp_sessions',
      'a permanent exclusion (PERM) has no number of sessions',
      (value) => value('susp_category') === 'PERM' && value('susp_sessions') !== null,
    ),
  ],
})

/** A result that belongs to one stage: given for another, it is a mistake in the export. */
const onlyAt = (stage: string, column: string): RecordRule =>
  rule(
    'error',
    'not-of-this-stage',
    `ksre_stage ${column}`,
    `${column} is a result of ${stage}; leave it blank for another stage`,
    (value) => value(column) !== null && value('ksre_stage') !== stage,
  )

const keyStageResults = kind({
  name: 'key-stage-results',
  one: 'KeyStageResult',
  title: 'Key stage results',
  description: 'A child’s results of one stage of education, at the end of one academic year.',
  columns: [
    ours.id('ksre_table_id', 'The id of the record in the system that keeps it.'),
    ours.child('ksre_person_id'),
    ours.code(
      'ksre_stage',
      'The stage.',
      { EYFS: 'Early years foundation stage', KS2: 'Key stage 2', KS4: 'Key stage 4' },
      needed,
    ),
    {
      name: 'ksre_academic_year',
      description: 'The academic year, such as `2023-24`: the result is dated by its last day, 31 August.',
      source: 'ours',
      kind: 'academic-year',
      required: true,
    },
    ours.yesNo('ksre_good_level_of_development', 'EYFS: whether a good level of development was reached.'),
    ours.yesNo(
      'ksre_reading_writing_maths',
      'KS2: whether the expected standard was met in reading, writing and mathematics.',
    ),
    ours.number('ksre_attainment_8', 'KS4: the Attainment 8 score.', [0, 90]),
    ours.number('ksre_progress_8', 'KS4: the Progress 8 score.', [-10, 10]),
    {
      name: 'ksre_english_maths_grade',
      description: 'KS4: the lower of the grades in English and mathematics, 1 to 9.',
      source: 'ours',
      kind: 'whole-number',
      least: 1,
      most: 9,
    },
  ],
  datedBy: ['ksre_result_date'],
  derivedDay: {
    name: 'ksre_result_date',
    sql: 'make_date(left(ksre_academic_year, 4)::integer + 1, 8, 31)',
  },
  rules: [
    onlyAt('EYFS', 'ksre_good_level_of_development'),
    onlyAt('KS2', 'ksre_reading_writing_maths'),
    onlyAt('KS4', 'ksre_attainment_8'),
    onlyAt('KS4', 'ksre_progress_8'),
    onlyAt('KS4', 'ksre_english_maths_grade'),
  ],
})

const specialEducationalNeeds = kind({
  name: 'special-educational-needs',
  one: 'SpecialEducationalNeed',
  title: 'Special educational needs',
  description: 'A stretch of days with one kind of provision for a child’s special educational needs.',
  columns: [
    ours.id('senp_table_id', 'The id of the record in the system that keeps it.'),
    ours.child('senp_person_id'),
    ours.code(
      'senp_provision',
      'The provision.',
      { E: 'Education, health and care plan', K: 'SEN support', N: 'No special educational need' },
      needed,
    ),
    ours.day('senp_start_date', 'The first day.', needed),
    ours.day('senp_end_date', 'The last day; blank while it lasts.', maybeAhead),
  ],
  datedBy: ['senp_start_date'],
  rules: [endBeforeStart('senp_start_date', 'senp_end_date')],
})

const healthAssessments = kind({
  name: 'health-assessments',
  one: 'HealthAssessment',
  title: 'Health assessments and checks',
  description: 'One health assessment or check of a looked-after child, done or not done.',
  columns: [
    ssd.id('clah_health_check_id', 'The id of the check in the system that keeps it.'),
    ssd.child('clah_person_id'),
    ssd.code(
      'clah_health_check_type',
      'What kind of check it is.',
      {
        IHA: 'Initial health assessment',
        RHA: 'Review health assessment',
        DENTAL: 'Dental check',
        SURVEILLANCE: 'Health surveillance check',
        OPTICAL: 'Optical check',
      },
      {
        ...needed,
        alsoRead: {
          'INITIAL HEALTH ASSESSMENT': 'IHA',
          'REVIEW HEALTH ASSESSMENT': 'RHA',
          'DENTAL CHECK': 'DENTAL',
          'HEALTH SURVEILLANCE CHECK': 'SURVEILLANCE',
          'HEALTH SURVEILLANCE CHECKS': 'SURVEILLANCE',
          'OPTICAL CHECK': 'OPTICAL',
        },
      },
    ),
    ssd.day('clah_health_check_date', 'The day of the check.', needed),
    ssd.code(
      'clah_health_check_status',
      'What became of it; `COMPLETED` unless told.',
      {
        COMPLETED: 'Completed',
        REFUSED: 'Refused',
        'NOT-ATTENDED': 'Not attended',
        CANCELLED: 'Cancelled',
      },
      { ifBlank: 'COMPLETED', alsoRead: { 'NOT ATTENDED': 'NOT-ATTENDED' } },
    ),
  ],
  datedBy: ['clah_health_check_date'],
  rules: [],
})

const statutoryVisits = kind({
  name: 'statutory-visits',
  one: 'StatutoryVisit',
  title: 'Statutory visits',
  description: 'One visit of a social worker to a looked-after child.',
  columns: [
    ssd.id('clav_cla_visit_id', 'The id of the visit in the system that keeps it.'),
    ssd.child('clav_person_id'),
    ssd.text('clav_cla_id', 'The id of the period of care.', LONGEST_ID),
    ssd.day('clav_cla_visit_date', 'The day of the visit.', needed),
    ssd.yesNo('clav_cla_visit_seen', 'Whether the child was seen.', needed),
    ssd.yesNo('clav_cla_visit_seen_alone', 'Whether the child was seen alone.'),
  ],
  datedBy: ['clav_cla_visit_date'],
  rules: [
    rule(
      'warning',
      'seen-alone-though-not-seen',
      'clav_cla_visit_seen clav_cla_visit_seen_alone',
      'the child was seen alone (Y) though not seen (N)',
      (value) => value('clav_cla_visit_seen_alone') === 'Y' && value('clav_cla_visit_seen') === 'N',
    ),
  ],
})

const socialWorkers = kind({
  name: 'social-workers',
  one: 'SocialWorker',
  title: 'Social workers',
  description: 'What was known of one social worker on one day. Never a name.',
  columns: [
    ours.id('prof_table_id', 'The id of the record: of a worker on a day.'),
    ssd.text('prof_professional_id', 'The worker, by the id that the system gives.', LONGEST_ID, needed),
    ours.day('prof_status_date', 'The day that the record describes.', needed),
    ssd.text(
      'prof_social_worker_registration_no',
      'The registration number with Social Work England, as the return’s SW_ID.',
      LONGEST_ID,
      { inCapitals: true },
    ),
    ssd.text('prof_professional_job_title', 'The job title.', 200),
    ssd.count('prof_professional_caseload', 'Cases held on that day.', 10_000, needed),
    ssd.number('prof_full_time_equivalency', 'The worker’s hours as a share of full time.', [0, 2], needed),
    ssd.yesNo('prof_agency_worker_flag', 'Whether the worker is from an agency.'),
  ],
  datedBy: ['prof_status_date'],
  rules: [],
})

const workforceCensus = kind({
  name: 'workforce-census',
  one: 'WorkforceCensus',
  title: 'Workforce census',
  description:
    'The workforce of an authority on one day, as the census of children’s social workers asks: full-time equivalents (FTE) and cases.',
  columns: [
    ours.id('wcen_table_id', 'The id of the record.'),
    ours.day(
      'wcen_census_date',
      'The day of the census; leavers and sickness are of the year up to it.',
      needed,
    ),
    ours.number('wcen_fte_in_post', 'Social workers in post.', [0, 100_000], needed),
    ours.number('wcen_fte_leavers', 'Social workers who left in the year.', [0, 100_000]),
    ours.number('wcen_fte_agency', 'Agency social workers.', [0, 100_000]),
    ours.number('wcen_fte_vacancies', 'Vacant posts.', [0, 100_000]),
    ours.number('wcen_days_lost_to_sickness', 'Working days lost to sickness in the year.', [0, 900_000]),
    ours.count('wcen_cases_held', 'Cases held by social workers, agency workers included.', 1_000_000),
    ours.number(
      'wcen_fte_holding_cases',
      'Social workers who hold a case, agency workers included.',
      [0, 100_000],
    ),
    ours.number('wcen_personal_adviser_fte', 'Personal advisers of care leavers.', [0, 100_000]),
    ours.count('wcen_care_leavers_allocated', 'Care leavers allocated to personal advisers.', 1_000_000),
  ],
  datedBy: ['wcen_census_date'],
  rules: [],
})

const permanenceOrder = [
  'perm_adm_decision_date',
  'perm_placement_order_date',
  'perm_matched_date',
  'perm_placed_for_adoption_date',
  'perm_permanence_order_date',
]

const permanence = kind({
  name: 'permanence',
  one: 'Permanence',
  title: 'Permanence and adoption',
  description:
    'A child’s way to permanence: decision of the agency decision maker (ADM), placement order, match, placement, order, and what came of it.',
  columns: [
    ssd.id('perm_table_id', 'The id of the record in the system that keeps it.'),
    ssd.child('perm_person_id'),
    ssd.day('perm_adm_decision_date', 'The ADM’s decision that the child should be placed for adoption.'),
    ssd.day(
      'perm_ffa_cp_decision_date',
      'The decision to place with carers who foster for adoption, or concurrently (FFA, CP).',
    ),
    ssd.day('perm_placement_order_date', 'The placement order.'),
    ssd.day('perm_matched_date', 'The match with prospective adopters.'),
    ssd.day('perm_placed_for_adoption_date', 'The placement for adoption.'),
    ssd.day('perm_placed_ffa_cp_date', 'The placement with carers who foster for adoption, or concurrently.'),
    ours.day('perm_disrupted_date', 'The end of a placement for adoption that broke down before the order.'),
    ssd.day(
      'perm_decision_reversed_date',
      'The decision that the child should no longer be placed for adoption.',
    ),
    ssd.code(
      'perm_decision_reversed_reason',
      'Why the child is no longer to be placed for adoption.',
      labelsOf(codes.REASON_PLACED_CEASED),
    ),
    ssd.day('perm_permanence_order_date', 'The order that made it permanent.'),
    ssd.code(
      'perm_permanence_order_type',
      'The kind of that order.',
      {
        Adoption: 'Adoption order',
        'Special Guardianship': 'Special guardianship order',
        'Child Arrangements Order/ Residence Order': 'Child arrangements order, or residence order',
      },
      {
        alsoRead: {
          'ADOPTION ORDER': 'Adoption',
          'SPECIAL GUARDIANSHIP ORDER': 'Special Guardianship',
          'CHILD ARRANGEMENTS ORDER/RESIDENCE ORDER': 'Child Arrangements Order/ Residence Order',
          'CHILD ARRANGEMENTS ORDER': 'Child Arrangements Order/ Residence Order',
          'RESIDENCE ORDER': 'Child Arrangements Order/ Residence Order',
        },
      },
    ),
    ssd.yesNo('perm_part_of_sibling_group', 'Whether the child is one of a group of siblings.'),
    ssd.count(
      'perm_siblings_placed_together',
      'Children placed, or to be placed, together as a sibling group, this child included.',
      30,
    ),
    ssd.count('perm_siblings_placed_apart', 'Siblings placed, or to be placed, apart from this child.', 30),
    ssd.yesNo('perm_adopted_by_carer_flag', 'Whether the child is adopted by their foster carers.'),
    {
      name: 'perm_number_of_adopters',
      description: 'How many adopters, 1 or 2.',
      source: 'ssd',
      kind: 'whole-number',
      least: 1,
      most: 2,
    },
    ssd.code('perm_adopter_sex', 'The sex of the adopters.', labelsOf(codes.SEX_ADOPTR)),
    ssd.code('perm_adopter_legal_status', 'The legal status of the adopters.', labelsOf(codes.LS_ADOPTR)),
    ssd.text(
      'perm_placement_provider_urn',
      'The agency that provides the placement, by its URN.',
      LONGEST_ID,
      {
        inCapitals: true,
      },
    ),
  ],
  datedBy: [
    'perm_adm_decision_date',
    'perm_placement_order_date',
    'perm_matched_date',
    'perm_placed_for_adoption_date',
    'perm_placed_ffa_cp_date',
    'perm_disrupted_date',
    'perm_decision_reversed_date',
    'perm_permanence_order_date',
    'perm_ffa_cp_decision_date',
  ],
  rules: [
    ...permanenceOrder
      .slice(1)
      .flatMap((later, index) =>
        permanenceOrder
          .slice(0, index + 1)
          .map((earlier) => inOrder('warning', 'dates-out-of-order', earlier, later)),
      ),
    inOrder('warning', 'dates-out-of-order', 'perm_ffa_cp_decision_date', 'perm_placed_ffa_cp_date'),
    inOrder('warning', 'dates-out-of-order', 'perm_placed_for_adoption_date', 'perm_disrupted_date'),
    inOrder('warning', 'dates-out-of-order', 'perm_adm_decision_date', 'perm_decision_reversed_date'),
    rule(
      'warning',
      'reversal-half-said',
      'perm_decision_reversed_date perm_decision_reversed_reason',
      'a reversed decision has both its date and its reason',
      (value) =>
        (value('perm_decision_reversed_date') === null) !== (value('perm_decision_reversed_reason') === null),
    ),
    rule(
      'warning',
      'order-half-said',
      'perm_permanence_order_date perm_permanence_order_type',
      'an order has both its date and its type',
      (value) =>
        (value('perm_permanence_order_date') === null) !== (value('perm_permanence_order_type') === null),
    ),
  ],
})

/** Every kind, in the order of a board's pack. */
export const RECORD_KINDS = [
  returnHomeInterviews,
  independentVisitors,
  careLeavers,
  careLeaverCircumstances,
  personalEducationPlans,
  schoolAttendance,
  schoolEnrolments,
  suspensions,
  keyStageResults,
  specialEducationalNeeds,
  healthAssessments,
  statutoryVisits,
  socialWorkers,
  workforceCensus,
  permanence,
  ...SUPPLY_RECORD_KINDS,
] as const satisfies readonly RecordKind[]

export type RecordKindName = (typeof RECORD_KINDS)[number]['name']

export const RECORD_KIND_NAMES = RECORD_KINDS.map(({ name }) => name)

const byName = new Map<string, RecordKind<RecordKindName>>(RECORD_KINDS.map((one) => [one.name, one]))
export const recordKindNamed = (name: RecordKindName): RecordKind<RecordKindName> => byName.get(name)!

/** The kinds whose names are near to a word that names none. */
export const nearRecordKinds = (word: string): string[] => nearMatches(word, RECORD_KIND_NAMES)

/** The table in the schema `care` that keeps the records of a kind. */
export const relationOf = ({ name }: RecordKind): string => `record_${name.replaceAll('-', '_')}`

export const idColumnOf = ({ columns }: RecordKind): RecordColumn => columns[0]!

/** The column of the child; null for a kind whose records are of nobody. */
export const childColumnOf = ({ columns }: RecordKind): RecordColumn | null =>
  columns.find(({ kind }) => kind === 'child') ?? null

/** The columns beside the id and the child. */
export const ownColumnsOf = ({ columns }: RecordKind): readonly RecordColumn[] =>
  columns.filter(({ kind }) => kind !== 'id' && kind !== 'child')
