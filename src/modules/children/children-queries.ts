import {
  type PlacementProvider,
  providerColumns,
  providerOn,
} from '../../indicators/populations/placement-providers.ts'
import { RELATION } from '../../indicators/populations/places.ts'
import type { Transaction } from '../../platform/database/database.ts'
import type { Day } from '../../vocabulary/day.ts'
import type { ReportingYear } from '../../vocabulary/period.ts'

/** One child's records, as the merged history and the returns in force hold them. Codes are those of the return. */
export interface ChildRecord {
  readonly child: ChildRow
  readonly periodsOfCare: readonly PeriodOfCareRow[]
  readonly episodes: readonly EpisodeRow[]
  readonly placements: readonly PlacementRow[]
  readonly socialWorkers: readonly SocialWorkerRow[]
  readonly missing: readonly MissingRow[]
  readonly reviews: readonly ReviewRow[]
  readonly health: readonly HealthRow[]
  readonly careLeaver: readonly CareLeaverRow[]
  readonly adoptions: readonly AdoptionRow[]
  readonly placedForAdoption: readonly PlacedForAdoptionRow[]
  readonly previousPermanence: readonly PreviousPermanenceRow[]
  readonly deprivationsOfLiberty: readonly DeprivationOfLibertyRow[]
}

export interface ChildRow {
  readonly child: string
  readonly sex: string
  readonly born: Day
  readonly ethnicityCode: string
  readonly ethnicity: string
  readonly uasc: boolean
  readonly uascCeasedOn: Day | null
  readonly mother: boolean | null
  readonly motherOfChildBorn: Day | null
  readonly previousPermanence: string | null
  /** Years of the returns in force that hold the child. */
  readonly years: readonly ReportingYear[]
}

interface Stretch {
  readonly startedOn: Day
  readonly ceasedOn: Day | null
}

export interface PeriodOfCareRow extends Stretch {
  readonly number: number
  readonly rec: string | null
  readonly startIsKnown: boolean
  readonly beganAsShortBreaks: boolean
}

export interface EpisodeRow extends Stretch {
  readonly rne: string
  readonly legalStatusCode: string
  readonly needCode: string
  readonly placementCode: string
  readonly providerCode: string | null
  readonly rec: string | null
  readonly reasonPlaceChange: string | null
  readonly placementAuthority: string | null
  readonly placementRelation: string
  readonly distanceMiles: number | null
  readonly shortBreak: boolean
  readonly temporary: boolean
  readonly periodNumber: number | null
  readonly placementNumber: number | null
  readonly returnYear: ReportingYear
  readonly home: PlacementProvider
}

export interface PlacementRow extends Stretch {
  readonly number: number
  readonly periodStartedOn: Day
  readonly placementCode: string
  readonly placementType: string
  readonly placementProvider: string
  readonly home: PlacementProvider
}

export interface SocialWorkerRow extends Stretch {
  readonly socialWorker: string
  readonly reason: string | null
}

interface OfReturn {
  readonly year: ReportingYear
}

export interface MissingRow extends Stretch, OfReturn {
  readonly kind: string
}

export interface ReviewRow extends OfReturn {
  readonly heldOn: Day
  readonly code: string
}

export interface HealthRow extends OfReturn {
  readonly sdqScore: number | null
  readonly sdqReason: string | null
  readonly convicted: string | null
  readonly healthCheck: string | null
  readonly immunisations: string | null
  readonly teethCheck: string | null
  readonly healthAssessment: string | null
  readonly substanceMisuse: string | null
  readonly interventionReceived: string | null
  readonly interventionOffered: string | null
}

export interface CareLeaverRow extends OfReturn {
  readonly inTouch: string
  readonly activity: string | null
  readonly accommodation: string | null
}

export interface AdoptionRow extends OfReturn {
  readonly decidedOn: Day | null
  readonly matchedOn: Day | null
  readonly byFosterCarer: string | null
  readonly adopters: string | null
  readonly sexOfAdopters: string | null
  readonly legalStatusOfAdopters: string | null
}

export interface PlacedForAdoptionRow extends OfReturn {
  readonly decidedOn: Day
  readonly reversedOn: Day | null
  readonly reversedBecause: string | null
}

export interface PreviousPermanenceRow extends OfReturn {
  readonly option: string
  readonly authority: string | null
  readonly date: string | null
}

export interface DeprivationOfLibertyRow extends Stretch, OfReturn {}

/** The record of one child of an authority; null where its records hold no such child. Postcodes are not in it. */
export async function readChild(
  transaction: Transaction,
  authority: string,
  child: string,
): Promise<ChildRecord | null> {
  const rows = <Row extends object>(name: string, text: string) =>
    transaction.query<Row>(`children.${name}`, text, [authority, child])
  const [found] = await rows<ChildRow>('read', CHILD)
  if (!found) return null
  return {
    child: found,
    periodsOfCare: await rows('periodsOfCare', PERIODS_OF_CARE),
    episodes: (await rows<EpisodeInRow>('episodes', EPISODES)).map(withHome),
    placements: (await rows<PlacementInRow>('placements', PLACEMENTS)).map(withHome),
    socialWorkers: await rows('socialWorkers', SOCIAL_WORKERS),
    missing: await rows('missing', MISSING),
    reviews: await rows('reviews', REVIEWS),
    health: await rows('health', HEALTH),
    careLeaver: await rows('careLeaver', CARE_LEAVER),
    adoptions: await rows('adoptions', ADOPTIONS),
    placedForAdoption: await rows('placedForAdoption', PLACED_FOR_ADOPTION),
    previousPermanence: await rows('previousPermanence', PREVIOUS_PERMANENCE),
    deprivationsOfLiberty: await rows('deprivationsOfLiberty', DEPRIVATIONS_OF_LIBERTY),
  }
}

type EpisodeInRow = Omit<EpisodeRow, 'home'> & PlacementProvider
type PlacementInRow = Omit<PlacementRow, 'home'> & PlacementProvider

/** A row of the database has the members of the home beside its own. */
function withHome<Row extends PlacementProvider>(row: Row): Row & { home: PlacementProvider } {
  const { urn, status, name, type, sector, capacity, registered, judgement, asAt } = row
  return { ...row, home: { urn, status, name, type, sector, capacity, registered, judgement, asAt } }
}

const CHILD = `
select c.child, c.sex, c.born, c.ethnicity_code as "ethnicityCode", c.ethnicity, c.uasc,
       c.uasc_ceased_on as "uascCeasedOn", c.mother, c.mother_of_child_born as "motherOfChildBorn",
       c.previous_permanence as "previousPermanence",
       array(select r.year
               from care.returned_header h
               join care.return r on r.authority = h.authority and r.number = h.return_number and r.in_force
              where h.authority = c.authority and h.child = c.child
              order by r.year) as years
  from care.child c
 where c.authority = $1 and c.child = $2`

const PERIODS_OF_CARE = `
select p.number, p.started_on as "startedOn", p.ceased_on as "ceasedOn", p.rec,
       p.start_is_known as "startIsKnown", p.began_as_short_breaks as "beganAsShortBreaks"
  from care.period_of_care p
 where p.authority = $1 and p.child = $2
 order by p.started_on`

const EPISODES = `
select e.started_on as "startedOn", e.ceased_on as "ceasedOn", e.rne, e.legal_status_code as "legalStatusCode",
       e.need_code as "needCode", e.placement_code as "placementCode", e.provider_code as "providerCode", e.rec,
       e.reason_place_change as "reasonPlaceChange",
       e.placement_authority as "placementAuthority", ${RELATION} as "placementRelation",
       e.distance_miles::float8 as "distanceMiles", e.short_break as "shortBreak", e.temporary,
       e.period_number as "periodNumber", e.placement_number as "placementNumber", e.return_year as "returnYear",
       ${providerColumns('e.urn')}
  from care.episode e
  ${providerOn('e', 'e.urn', 'e.ceased_on - 1')}
 where e.authority = $1 and e.child = $2
 order by e.started_on`

/** The URN of a placement is that of its latest episode which has one: temporary stays in between are elsewhere. */
const PLACEMENTS = `
select p.number, p.started_on as "startedOn", p.ceased_on as "ceasedOn", p.period_started_on as "periodStartedOn",
       p.placement_code as "placementCode", p.placement_type as "placementType",
       p.placement_provider as "placementProvider", ${providerColumns('e.urn')}
  from care.placement p
  left join lateral (
    select e.urn
      from care.episode e
     where e.authority = p.authority and e.child = p.child and e.placement_number = p.number
       and not e.temporary and e.urn is not null
     order by e.started_on desc
     limit 1
  ) e on true
  ${providerOn('p', 'e.urn', 'p.ceased_on - 1')}
 where p.authority = $1 and p.child = $2
 order by p.number`

const SOCIAL_WORKERS = `
select w.started_on as "startedOn", w.ceased_on as "ceasedOn", w.social_worker as "socialWorker", w.reason
  from care.social_worker_episode w
 where w.authority = $1 and w.child = $2
 order by w.started_on, w.social_worker`

/** The rows of a returned table that returns in force hold; of those with one key, the latest year's. */
const latest = (columns: string, relation: string, key: string): string => `
select distinct on (${key}) ${columns}, r.year
  from care.${relation} t
  join care.return r on r.authority = t.authority and r.number = t.return_number and r.in_force
 where t.authority = $1 and t.child = $2
 order by ${key}, r.year desc, t.row`

const MISSING = latest(
  't.missing as kind, t.mis_start as "startedOn", t.mis_end as "ceasedOn"',
  'returned_missing',
  't.mis_start, t.missing',
)
const REVIEWS = latest('t.review as "heldOn", t.review_code as code', 'returned_review', 't.review')
const HEALTH = latest(
  `t.sdq_score as "sdqScore", t.sdq_reason as "sdqReason", t.convicted, t.health_check as "healthCheck",
       t.immunisations, t.teeth_check as "teethCheck", t.health_assessment as "healthAssessment",
       t.substance_misuse as "substanceMisuse", t.intervention_received as "interventionReceived",
       t.intervention_offered as "interventionOffered"`,
  'returned_oc2',
  'r.year',
)
const CARE_LEAVER = latest(
  't.in_touch as "inTouch", t.activ as activity, t.accom as accommodation',
  'returned_oc3',
  'r.year',
)
const ADOPTIONS = latest(
  `t.date_int as "decidedOn", t.date_match as "matchedOn", t.foster_care as "byFosterCarer",
       t.nb_adoptr as adopters, t.sex_adoptr as "sexOfAdopters", t.ls_adoptr as "legalStatusOfAdopters"`,
  'returned_ad1',
  'r.year',
)
const PLACED_FOR_ADOPTION = latest(
  't.date_placed as "decidedOn", t.date_placed_ceased as "reversedOn", t.reason_placed_ceased as "reversedBecause"',
  'returned_placed_adoption',
  't.date_placed',
)
const PREVIOUS_PERMANENCE = latest(
  't.prev_perm as option, t.la_perm as authority, t.date_perm as date',
  'returned_previous_permanence',
  'r.year',
)
const DEPRIVATIONS_OF_LIBERTY = latest(
  't.dolo_start as "startedOn", t.dolo_end as "ceasedOn"',
  'returned_deprivation_of_liberty',
  't.dolo_start',
)
