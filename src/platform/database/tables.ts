import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { authority, day, moment } from './column-types.ts'

/**
 * Every table of the service, in the schema `care`. The authority leads every key, so that one authority's rows
 * lie together and can move to a node of their own. Drizzle generates the migrations from here; row-level
 * security, grants and functions stand in migrations of their own.
 *
 * Bulk tables carry no foreign key: a check for each row would cost more than the load, and they are written
 * only within the one transaction that also writes the row they belong to.
 */
export const care = pgSchema('care')

const child = () => text('child').notNull()

/* ---- what was returned ---------------------------------------------------------------------------------- */

/** One delivery of records by an authority for one reporting year. */
export const returns = care.table(
  'return',
  {
    authority: authority(),
    number: integer('number').notNull(),
    id: uuid('id').notNull(),
    /** Reporting year, by the calendar year in which it ends. */
    year: smallint('year').notNull(),
    coversFrom: day('covers_from').notNull(),
    /** Last day that the return knows about. */
    coversTo: day('covers_to').notNull(),
    /** The return of its year that figures are made from; an earlier one is kept, for when this is withdrawn. */
    inForce: boolean('in_force').notNull(),
    acceptedPartially: boolean('accepted_partially').notNull(),
    /** SHA-256 over the files' bytes, in an order that does not depend on how they were sent. */
    contentHash: text('content_hash').notNull(),
    /** Rows kept by table name; a table that was not in the return is not among them. */
    tableRows: jsonb('table_rows').$type<Record<string, number>>().notNull(),
    files: jsonb('files').$type<{ name: string; table: string; rows: number }[]>().notNull(),
    summary: jsonb('summary').$type<Record<string, unknown>>().notNull(),
    loadedAt: moment('loaded_at').notNull(),
    loadedBy: text('loaded_by').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.number] }),
    unique('return_id').on(table.authority, table.id),
  ],
)

/** What was wrong or odd in a return, row by row. Never holds a value of a child. */
export const findings = care.table(
  'finding',
  {
    authority: authority(),
    returnNumber: integer('return_number').notNull(),
    number: integer('number').notNull(),
    severity: text('severity').$type<'error' | 'warning'>().notNull(),
    rule: text('rule').notNull(),
    tableName: text('table_name'),
    fileName: text('file_name'),
    row: integer('row'),
    columns: text('columns').array().notNull(),
    message: text('message').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.returnNumber, table.number] }),
    foreignKey({
      name: 'finding_return',
      columns: [table.authority, table.returnNumber],
      foreignColumns: [returns.authority, returns.number],
    }).onDelete('cascade'),
  ],
)

/** The answer that a caller's idempotency key got, kept in the transaction of the effect. */
export const idempotencyKeys = care.table(
  'idempotency_key',
  {
    authority: authority(),
    /** Empty for the keys of releases that did not tell callers apart. */
    caller: text('caller').notNull().default(''),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    status: smallint('status').notNull(),
    headers: jsonb('headers').notNull().default({}),
    body: jsonb('body').notNull(),
    /** The child that the answer tells of, for its erasure. */
    child: text('child'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.caller, table.key] })],
)

/** What state an authority's records are in: equal versions mean equal records. */
export const authorityStates = care.table(
  'authority_state',
  {
    authority: authority(),
    dataVersion: text('data_version').notNull(),
    /** A word that every write of records beside the returns makes anew; empty where there was none. */
    recordsVersion: text('records_version').notNull().default(''),
    changedAt: moment('changed_at').notNull(),
    /** The release of the derivation that made the history: one that is behind is made anew at the next start. */
    historyVersion: smallint('history_version').notNull().default(1),
    /** A word that every erasure and correction makes anew; empty where there was none. */
    rightsVersion: text('rights_version').notNull().default(''),
    /** When a child was last erased, or an erasure lifted: a return from before may now be kept otherwise. */
    erasuresChangedAt: moment('erasures_changed_at'),
  },
  (table) => [primaryKey({ columns: [table.authority] })],
)

const returned = () => ({
  authority: authority(),
  returnNumber: integer('return_number').notNull(),
  /** Line of the file on which the row stands; the header row is line 1. */
  row: integer('row').notNull(),
  child: child(),
})
// biome-ignore lint/suspicious/noExplicitAny: Drizzle's callback type depends on the table being built.
const returnedKey = (table: any) => [
  primaryKey({ columns: [table.authority, table.returnNumber, table.row] }),
]
const born = () => day('dob').notNull()

export const returnedHeader = care.table(
  'returned_header',
  {
    ...returned(),
    sex: text('sex').notNull(),
    dob: born(),
    ethnic: text('ethnic').notNull(),
    upn: text('upn'),
    mother: text('mother'),
    mcDob: day('mc_dob'),
  },
  returnedKey,
)

export const returnedEpisode = care.table(
  'returned_episode',
  {
    ...returned(),
    decom: day('decom').notNull(),
    rne: text('rne').notNull(),
    ls: text('ls').notNull(),
    cin: text('cin').notNull(),
    place: text('place').notNull(),
    placeProvider: text('place_provider'),
    dec: day('dec'),
    rec: text('rec'),
    reasonPlaceChange: text('reason_place_change'),
    homePost: text('home_post'),
    plPost: text('pl_post'),
    urn: text('urn'),
  },
  returnedKey,
)

export const returnedUasc = care.table(
  'returned_uasc',
  { ...returned(), sex: text('sex').notNull(), dob: born(), duc: day('duc') },
  returnedKey,
)

export const returnedReview = care.table(
  'returned_review',
  { ...returned(), dob: born(), review: day('review').notNull(), reviewCode: text('review_code').notNull() },
  returnedKey,
)

export const returnedOc2 = care.table(
  'returned_oc2',
  {
    ...returned(),
    dob: born(),
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
  returnedKey,
)

export const returnedOc3 = care.table(
  'returned_oc3',
  {
    ...returned(),
    dob: born(),
    inTouch: text('in_touch').notNull(),
    activ: text('activ'),
    accom: text('accom'),
  },
  returnedKey,
)

export const returnedAd1 = care.table(
  'returned_ad1',
  {
    ...returned(),
    dob: born(),
    dateInt: day('date_int'),
    dateMatch: day('date_match'),
    fosterCare: text('foster_care'),
    nbAdoptr: text('nb_adoptr'),
    sexAdoptr: text('sex_adoptr'),
    lsAdoptr: text('ls_adoptr'),
  },
  returnedKey,
)

export const returnedPlacedAdoption = care.table(
  'returned_placed_adoption',
  {
    ...returned(),
    dob: born(),
    datePlaced: day('date_placed').notNull(),
    datePlacedCeased: day('date_placed_ceased'),
    reasonPlacedCeased: text('reason_placed_ceased'),
  },
  returnedKey,
)

export const returnedPreviousPermanence = care.table(
  'returned_previous_permanence',
  {
    ...returned(),
    dob: born(),
    prevPerm: text('prev_perm').notNull(),
    laPerm: text('la_perm'),
    datePerm: text('date_perm'),
  },
  returnedKey,
)

export const returnedMissing = care.table(
  'returned_missing',
  {
    ...returned(),
    dob: born(),
    missing: text('missing').notNull(),
    misStart: day('mis_start').notNull(),
    misEnd: day('mis_end'),
  },
  returnedKey,
)

export const returnedSocialWorkerEpisode = care.table(
  'returned_social_worker_episode',
  {
    ...returned(),
    dob: born(),
    swId: text('sw_id').notNull(),
    swDecom: day('sw_decom').notNull(),
    swDec: day('sw_dec'),
    swReason: text('sw_reason'),
  },
  returnedKey,
)

export const returnedDeprivationOfLiberty = care.table(
  'returned_deprivation_of_liberty',
  { ...returned(), dob: born(), doloStart: day('dolo_start').notNull(), doloEnd: day('dolo_end') },
  returnedKey,
)

/* ---- the one history that the returns in force make ------------------------------------------------------- */

/** A child, as the latest return that holds them says. */
export const children = care.table(
  'child',
  {
    authority: authority(),
    child: child(),
    /** M, F or U. */
    sex: text('sex').notNull(),
    born: day('born').notNull(),
    ethnicityCode: text('ethnicity_code').notNull(),
    /** The DfE's group of the code, as a category of the dimension `ethnicity`. */
    ethnicity: text('ethnicity').notNull(),
    upn: text('upn'),
    mother: boolean('mother'),
    motherOfChildBorn: day('mother_of_child_born'),
    /** Whether the child is or was an unaccompanied asylum-seeking child, and the day on which that ceased. */
    uasc: boolean('uasc').notNull(),
    uascCeasedOn: day('uasc_ceased_on'),
    /** Previous permanence option (code), where one was returned. */
    previousPermanence: text('previous_permanence'),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child] })],
)

/**
 * An episode of the merged history: one legal status in one placement, `[started_on, ceased_on)`. What can't be
 * seen in a single row (period of care, placement, whose carer since when, what went before) is derived once, at
 * load, and what describes the child stands beside it: so a figure reads this table, row by row, and joins nothing.
 */
export const episodes = care.table(
  'episode',
  {
    authority: authority(),
    child: child(),
    startedOn: day('started_on').notNull(),
    ceasedOn: day('ceased_on'),
    /** Legal status V3 or V4: left out of every count but that of short breaks. Most columns below are null for it. */
    shortBreak: boolean('short_break').notNull(),
    /** A temporary stay (T0 to T4), which counts as the placement that it interrupts. */
    temporary: boolean('temporary').notNull(),
    /** Starts a placement that counts as new: not a temporary stay, nor the return from one. */
    newPlacement: boolean('new_placement').notNull(),
    /** Ends with a change of placement: another placement follows on the same day. */
    placementChange: boolean('placement_change').notNull(),
    /** First of a period of care that is known to start with it; and the day of the child's start before that. */
    startsPeriod: boolean('starts_period').notNull(),
    previousStartOn: day('previous_start_on'),
    /** Last of a period of care that has ceased; and the day on which the child next ceases to be looked after. */
    endsPeriod: boolean('ends_period').notNull(),
    nextLeavingOn: day('next_leaving_on'),
    /** Start of the child's next episode of the same kind, in care or a short break. */
    nextStartedOn: day('next_started_on'),

    /** Reason for new episode; that of dropped episodes of no days on the same day carried over. */
    rne: text('rne').notNull(),
    legalStatusCode: text('legal_status_code').notNull(),
    legalStatus: text('legal_status').notNull(),
    needCode: text('need_code').notNull(),
    categoryOfNeed: text('category_of_need').notNull(),
    placementCode: text('placement_code').notNull(),
    providerCode: text('provider_code'),
    rec: text('rec'),
    reasonPlaceChange: text('reason_place_change'),
    homePost: text('home_post'),
    placementPost: text('placement_post'),
    urn: text('urn'),
    /**
     * Where the home is, once the postcodes are loaded: today's authority of its postcode, whether that is the
     * responsible one or next to it, and the miles from the child's home, one decimal as the DfE derives them.
     */
    placementAuthority: text('placement_authority'),
    placementLocation: text('placement_location').notNull().default('not-known'),
    placementDistance: text('placement_distance').notNull().default('not-known'),
    distanceMiles: numeric('distance_miles', { precision: 5, scale: 1 }),
    atADistance: boolean('at_a_distance'),
    usualPlacementPost: text('usual_placement_post'),
    /** Code, category and provider of the placement, or of the one that a temporary stay interrupts. */
    usualPlacementCode: text('usual_placement_code'),
    placementType: text('placement_type'),
    placementProvider: text('placement_provider'),

    periodStartedOn: day('period_started_on'),
    /** The period of care's number among the child's, and the start of each of the child's. */
    periodNumber: integer('period_number'),
    periodStarts: day('period_starts').array(),
    /** A series of short breaks turned into the period of care. */
    beganAsShortBreaks: boolean('began_as_short_breaks'),
    /** The placement's number among the child's; null for a temporary stay that interrupts none. */
    placementNumber: integer('placement_number'),
    placementStartedOn: day('placement_started_on'),
    placementsInPeriod: integer('placements_in_period'),
    /** When each of the child's earlier placements ended, in order. */
    earlierPlacementEnds: day('earlier_placement_ends').array(),
    /** Since when with the same carer, a move to fostering for adoption counted as a change; and that of the stretch before. */
    sameCarerSince: day('same_carer_since'),
    previousCarerSince: day('previous_carer_since'),
    /** Since when in care without a gap; and when each earlier stretch of care began and ended, in order (on a short break: every stretch). */
    inCareSince: day('in_care_since'),
    earlierCareFrom: day('earlier_care_from').array(),
    earlierCareUntil: day('earlier_care_until').array(),
    /** Days, this episode's included, on which an episode began by RNE P or B, or by S again (Stability Index). */
    moves: day('moves').array(),

    /** The child's day of birth as a number (20100131), and the ages when the episode starts and ceases. */
    bornNumber: integer('born_number').notNull(),
    ageOnStart: smallint('age_on_start').notNull(),
    ageOnCeasing: smallint('age_on_ceasing'),
    sex: text('sex').notNull(),
    ethnicity: text('ethnicity').notNull(),
    ethnicityCode: text('ethnicity_code').notNull(),
    uasc: boolean('uasc').notNull(),
    uascCeasedOn: day('uasc_ceased_on'),
    mother: boolean('mother'),
    previousPermanence: text('previous_permanence'),
    /** Reporting year of the return that the row stands in. */
    returnYear: smallint('return_year').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.child, table.startedOn] }),
    // Flows look for a period's starts and ends; a stock reads the authority's rows once.
    index('episode_started_on').on(table.authority, table.startedOn),
    index('episode_ceased_on').on(table.authority, table.ceasedOn),
  ],
)

/** A placement: a stretch in one home, temporary stays bridged, changes of status or of the carer's address not counted. */
export const placements = care.table(
  'placement',
  {
    authority: authority(),
    child: child(),
    number: integer('number').notNull(),
    startedOn: day('started_on').notNull(),
    ceasedOn: day('ceased_on'),
    periodStartedOn: day('period_started_on').notNull(),
    placementCode: text('placement_code').notNull(),
    placementType: text('placement_type').notNull(),
    placementProvider: text('placement_provider').notNull(),
    ageOnCeasing: smallint('age_on_ceasing'),
    sex: text('sex').notNull(),
    ethnicity: text('ethnicity').notNull(),
    ethnicityCode: text('ethnicity_code').notNull(),
    uasc: boolean('uasc').notNull(),
    uascCeasedOn: day('uasc_ceased_on'),
  },
  (table) => [
    primaryKey({ columns: [table.authority, table.child, table.number] }),
    index('placement_ceased_on').on(table.authority, table.ceasedOn),
  ],
)

/** From the day a child starts to be looked after to the day they stop. Short breaks are none. */
export const periodsOfCare = care.table(
  'period_of_care',
  {
    authority: authority(),
    child: child(),
    startedOn: day('started_on').notNull(),
    /** Its number among the child's periods of care, as far back as is known. */
    number: integer('number').notNull(),
    ceasedOn: day('ceased_on'),
    /** Reason the last episode ceased; null while it lasts, and where no reason was returned. */
    rec: text('rec'),
    /** False where the first episode known is not a start: the child was looked after before. */
    startIsKnown: boolean('start_is_known').notNull(),
    /** A series of short breaks turned into it. */
    beganAsShortBreaks: boolean('began_as_short_breaks').notNull(),
    lastEpisodeStartedOn: day('last_episode_started_on').notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child, table.startedOn] })],
)

/** A social worker's time with a child, `[started_on, ceased_on)`, also from before care. */
export const socialWorkerEpisodes = care.table(
  'social_worker_episode',
  {
    authority: authority(),
    child: child(),
    startedOn: day('started_on').notNull(),
    socialWorker: text('social_worker').notNull(),
    ceasedOn: day('ceased_on'),
    reason: text('reason'),
    /** The worker of the episode before, and until when; null for the first, and for one that lies within an earlier one. */
    workerBefore: text('worker_before'),
    workerBeforeUntil: day('worker_before_until'),
  },
  (table) => [primaryKey({ columns: [table.authority, table.child, table.startedOn, table.socialWorker] })],
)
