import {
  DIMENSIONS,
  type DimensionId,
  ETHNICITY_GROUPS,
  LEGAL_STATUS_GROUPS,
  PLACEMENT_TYPE_GROUPS,
} from '../../../src/vocabulary/dimension.ts'

/**
 * What somebody reads in the catalogue: whom an indicator counts, written down by hand from its definition and not
 * taken from the conditions that the service counts by. So an error of the one is not repeated by the other.
 */
export type Restrictions = Readonly<Record<string, readonly string[]>>

export interface Read {
  readonly kind: 'count' | 'percentage' | 'rate' | 'mean'
  /** Of whom, or of what: children on a day, leavers of a year, incidents. */
  readonly universe: string
  /** Which of them are looked at. */
  readonly of: Restrictions
  /** Which of those are counted. */
  readonly counted: Restrictions
  /** Of a mean: the name of what is added up, where more is known of it. */
  readonly sum?: string
  readonly decimals: number
}

/* ---- what rows are described by ---------------------------------------------------------------------------------- */

const YES_NO = ['yes', 'no'] as const
const years = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
const OLDER = 'older'
const codesOf = (dimension: DimensionId): string[] =>
  DIMENSIONS.get(dimension)!.categories.map(({ id }) => id)

/** All the values that a row can have; what is not listed is a dimension with its categories, or said with yes or no. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  age: [...years(0, 25), OLDER],
  'age-when-missing': [...years(0, 25), OLDER],
  ethnicity: codesOf('ethnicity-code'),
  'legal-status': codesOf('legal-status-code'),
  placement: codesOf('placement-code'),
  'placements-in-year': ['0-2', '3+'],
  'placements-in-two-years': ['0', '1', '2', '3+'],
  'incidents-missing': ['0', '1', '2+'],
  'incidents-away': ['0', '1', '2+'],
  'incident-kind': ['M', 'A'],
  'sdq-band': ['normal', 'borderline', 'cause-for-concern', 'no-score'],
  'substance-misuse': ['received', 'refused', 'not-offered', 'no-misuse'],
  'in-touch': ['yes', 'no', 'refuses', 'no-longer-requires'],
  absence: ['less', 'persistent', 'severe', 'not-on-record'],
  'english-maths': ['under-4', '4', '5-or-above', 'no-result'],
  'previous-permanence': codesOf('previous-permanence'),
  'adoption-step': [
    'decision',
    'placement-order',
    'placed',
    'early-permanence',
    'disrupted',
    'decision-reversed',
    'matched',
    'adopted',
    'other',
  ],
}

export function valuesOf(attribute: string): readonly string[] {
  const listed = VALUES[attribute]
  if (listed) return listed
  const dimension = DIMENSIONS.get(attribute as DimensionId)
  return dimension ? codesOf(dimension.id) : YES_NO
}

const groupsOf = (
  groups: typeof ETHNICITY_GROUPS,
  all: readonly string[],
  rest: string,
): ReadonlyMap<string, readonly string[]> => {
  const listed = new Map(groups.map(([id, , codes]) => [id, codes.toLowerCase().split(' ')]))
  const others = all.filter((code) => ![...listed.values()].flat().includes(code))
  return listed.set(rest, [...(listed.get(rest) ?? []), ...others])
}

const BANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['under-1', ['0']],
  ['1-to-4', years(1, 4)],
  ['5-to-9', years(5, 9)],
  ['10-to-15', years(10, 15)],
  ['16-and-over', [...years(16, 25), OLDER]],
  ['17-to-18', ['17', '18']],
  ['19-to-21', years(19, 21)],
])
const ETHNICITIES = groupsOf(ETHNICITY_GROUPS, VALUES.ethnicity!, 'not-known')
const LEGAL_STATUSES = groupsOf(LEGAL_STATUS_GROUPS, VALUES['legal-status']!, 'short-break')
const PLACEMENTS = groupsOf(PLACEMENT_TYPE_GROUPS, VALUES.placement!, 'other')

const OUTSIDE_ENGLAND = ['outside-england', 'outside-uk']
const OUTSIDE = ['adjoining', 'at-a-distance', ...OUTSIDE_ENGLAND]
const OVER_20 = ['over-20-to-50-miles', 'over-50-miles']
const KNOWN_MILES = ['under-5-miles', '5-to-10-miles', 'over-10-to-20-miles', ...OVER_20]
const inPlace = (...relations: string[]): Restrictions => ({ 'placement-authority-relation': relations })
const atMiles = (...bands: string[]): Restrictions => ({ 'placement-distance-band': bands })

/** A category of a breakdown, as values of what rows are described by. */
export function inCategory(
  universe: string,
  dimension: string,
  category: string,
): [string, readonly string[]] {
  const age = universe === 'children-missing' ? 'age-when-missing' : 'age'
  switch (dimension) {
    case 'age':
      return [age, [category]]
    case 'age-band':
    case 'age-group':
      return [age, BANDS.get(category)!]
    case 'ethnicity':
      return ['ethnicity', ETHNICITIES.get(category) ?? [category]]
    case 'ethnicity-code':
      return ['ethnicity', [category]]
    case 'legal-status':
      return ['legal-status', LEGAL_STATUSES.get(category) ?? [category]]
    case 'legal-status-code':
      return ['legal-status', [category]]
    case 'placement-type':
      return ['placement', PLACEMENTS.get(category) ?? [category]]
    case 'placement-code':
      return ['placement', [category]]
    case 'placement-location':
      return ['placement-authority-relation', category === 'outside' ? OUTSIDE : [category]]
    case 'placement-distance':
      return [
        'placement-distance-band',
        category === 'over-20-miles'
          ? OVER_20
          : category === 'not-known'
            ? [category]
            : KNOWN_MILES.filter((band) => !OVER_20.includes(band)),
      ]
    case 'uasc':
      return [universe === 'children-missing' ? 'uasc-when-missing' : 'uasc', [category]]
    default:
      return [dimension, [category]]
  }
}

/* ---- what indicators count --------------------------------------------------------------------------------------- */

const reads = new Map<string, Read>()
const read = (
  id: string,
  kind: Read['kind'],
  universe: string,
  of: Restrictions = {},
  counted: Restrictions = {},
  more: Partial<Read> = {},
) => {
  reads.set(id, { kind, universe, of, counted, decimals: kind === 'mean' ? 1 : 0, ...more })
}
const count = (id: string, universe: string, counted: Restrictions = {}) =>
  read(id, 'count', universe, {}, counted)
const share = (id: string, universe: string, counted: Restrictions, of: Restrictions = {}) =>
  read(id, 'percentage', universe, of, counted)
const rate = (id: string, universe: string, counted: Restrictions = {}, decimals = 0) =>
  read(id, 'rate', universe, {}, counted, { decimals })
const mean = (id: string, universe: string, of: Restrictions = {}, sum?: string, decimals = 1) =>
  read(id, 'mean', universe, of, {}, { ...(sum && { sum }), decimals })

const is = (...facts: string[]): Restrictions => Object.fromEntries(facts.map((fact) => [fact, ['yes']]))
const placed = (codes: string): Restrictions => ({ placement: codes.toLowerCase().split(' ') })
const FOSTER = 'U1 U2 U3 U4 U5 U6'
const SUPPORTED = 'P2 H5 K3'
const ADOPTIVE = ['a3', 'a4', 'a5', 'a6']

// Children looked after on the last day.
const ON_DAY = 'children-on-last-day'
count('cla-count', ON_DAY)
rate('cla-rate-per-10k', ON_DAY)
mean('cla-length-of-time-in-care', ON_DAY, {}, 'days-in-care')
mean('cla-time-since-start-placements', ON_DAY)
count('uasc-count', ON_DAY, is('uasc'))
share('uasc-pct', ON_DAY, is('uasc'))
rate('uasc-nts-ratio', ON_DAY, is('uasc'), 3)
share('uasc-16-17-independent-pct', ON_DAY, placed(SUPPORTED), { ...is('uasc'), age: ['16', '17'] })
share('cla-mothers-pct', ON_DAY, is('mother'), { sex: ['female'], age: [...years(12, 25), OLDER] })
count('cla-waiting-adoption-count', ON_DAY, is('waits-for-adoption'))
count('adoption-children-waiting', ON_DAY, is('waits-for-adoption'))
share('three-plus-placements-pct', ON_DAY, { 'placements-in-year': ['3+'] })
share(
  'three-plus-placements-two-years-pct',
  ON_DAY,
  { 'placements-in-two-years': ['3+'] },
  is('in-care-year-before'),
)
share(
  'one-placement-in-two-years-pct',
  ON_DAY,
  { 'placements-in-two-years': ['1'] },
  is('in-care-year-before'),
)
share('same-carer-two-years-pct', ON_DAY, is('same-carer'), { ...is('long-in-care'), age: years(0, 15) })
share('three-plus-social-workers-pct', ON_DAY, is('three-workers'), is('workers-known'))
share('social-worker-changes-cco', ON_DAY, is('two-changes-of-worker'), is('workers-known'))
share('placement-changes-cco', ON_DAY, is('two-moves'))
share('placement-foster-pct', ON_DAY, placed(FOSTER))
share('placement-kinship-foster-pct', ON_DAY, placed('U1 U2 U3'))
share('placement-residential-pct', ON_DAY, placed('K1 K2'))
share('placement-independent-or-supported-pct', ON_DAY, placed(SUPPORTED))
share('placement-other-residential-pct', ON_DAY, placed('R1 R2 R3 R5 P3'))
share('placement-residential-school-pct', ON_DAY, placed('S1'))
share('placement-with-parents-pct', ON_DAY, placed('P1'))
share('placement-adoption-pct', ON_DAY, { placement: ADOPTIVE })
share('placement-other-pct', ON_DAY, placed('Z1 Z11 Z12 Z13 Z14'))
count('placement-secure-count', ON_DAY, placed('K1'))
count('under-16-supported-accommodation-count', ON_DAY, { ...placed(SUPPORTED), age: years(0, 15) })
for (const [id, provider] of [
  ['provider-own-pct', 'own'],
  ['provider-other-la-pct', 'other-la'],
  ['provider-private-pct', 'private'],
  ['provider-voluntary-pct', 'voluntary'],
] as const)
  share(id, ON_DAY, { 'placement-provider': [provider] })
share('in-house-foster-share-pct', ON_DAY, { ...placed(FOSTER), 'placement-provider': ['own'] })
share('ifa-share-pct', ON_DAY, { 'placement-provider': ['private', 'voluntary'] }, placed(FOSTER))
count('in-house-placements-count', ON_DAY, { 'placement-provider': ['own'] })
share('placed-over-20-miles-pct', ON_DAY, atMiles(...OVER_20))
share('placed-over-20-miles-of-known-pct', ON_DAY, atMiles(...OVER_20), atMiles(...KNOWN_MILES))
share('placed-over-20-miles-and-outside-la-pct', ON_DAY, { ...atMiles(...OVER_20), ...inPlace(...OUTSIDE) })
share('placed-outside-la-pct', ON_DAY, inPlace(...OUTSIDE))
share('placed-adjoining-pct', ON_DAY, inPlace('adjoining'))
share('placed-at-a-distance-pct', ON_DAY, {
  ...inPlace('at-a-distance', ...OUTSIDE_ENGLAND),
  ...is('at-a-distance'),
})
share('placement-distance-not-known-pct', ON_DAY, atMiles('not-known'))
count('cla-placed-overseas-count', ON_DAY, inPlace(...OUTSIDE_ENGLAND))
count('cla-placed-outside-uk-count', ON_DAY, inPlace('outside-uk'))
count('cla-in-custody-count', ON_DAY, is('in-custody'))
count('adoption-placement-order-not-placed', ON_DAY, {
  'legal-status': ['e1'],
  placement: VALUES.placement!.filter((code) => !ADOPTIVE.includes(code)),
})
count('cla-without-sw-count', ON_DAY, { 'has-worker': ['no'] })
const ON_ROLL = is('of-school-age', 'on-roll')
share('any-school-move-pct', ON_DAY, is('moved-school'), ON_ROLL)
share('mid-year-school-move-pct', ON_DAY, is('moved-school-mid-year'), ON_ROLL)
share(
  'all-three-instability-pct',
  ON_DAY,
  { 'placements-in-year': ['3+'], ...is('moved-school-mid-year', 'three-workers') },
  { ...ON_ROLL, ...is('workers-known') },
)
share('pep-up-to-date-pct', ON_DAY, is('education-plan-in-date'), { age: years(4, 17) })
share('review-health-assessment-on-time-pct', ON_DAY, is('assessed-in-time'), is('assessment-due'))
share('visits-on-time-pct', ON_DAY, is('visited-in-time'))
share('independent-visitor-take-up', ON_DAY, is('visitor-matched'), is('visitor-offered'))

// Children looked after for twelve months; some of them leave on the last day.
const TWELVE = 'children-of-twelve-months'
const FIVE_TO_SIXTEEN: Restrictions = { age: years(5, 16) }
const BANDS_OF_SCORES = ['normal', 'borderline', 'cause-for-concern']
const SCORED: Restrictions = { ...FIVE_TO_SIXTEEN, 'sdq-band': BANDS_OF_SCORES }
const MISUSE = { 'substance-misuse': ['received', 'refused', 'not-offered'] }
count('cla-12-months-count', TWELVE)
share(
  'three-plus-placements-12-months-pct',
  TWELVE,
  { 'placements-in-year': ['3+'] },
  is('stays-on-last-day'),
)
for (const [id, fact] of [
  ['annual-health-assessment-pct', 'health-assessment'],
  ['dental-check-pct', 'teeth-check'],
  ['immunisations-up-to-date-pct', 'immunised'],
] as const)
  share(id, TWELVE, is(fact))
share('substance-misuse-identified-pct', TWELVE, MISUSE)
share('development-assessments-up-to-date-pct', TWELVE, is('development-assessment'), { age: years(0, 4) })
share('sdq-score-returned-pct', TWELVE, { 'sdq-band': BANDS_OF_SCORES }, FIVE_TO_SIXTEEN)
mean('sdq-average-score', TWELVE, SCORED, 'sdq-score')
for (const band of BANDS_OF_SCORES) share(`sdq-${band}-pct`, TWELVE, { 'sdq-band': [band] }, SCORED)
share('substance-misuse-intervention-received-pct', TWELVE, { 'substance-misuse': ['received'] }, MISUSE)
share('substance-misuse-intervention-refused-pct', TWELVE, { 'substance-misuse': ['refused'] }, MISUSE)
share('convicted-or-cautioned-pct', TWELVE, is('convicted'), { age: years(10, 17) })
share('childrens-home-offending-pct', TWELVE, is('convicted'), { ...placed('K2'), age: years(10, 17) })
const ATTENDED: Restrictions = { ...is('of-school-age'), absence: ['less', 'persistent', 'severe'] }
share('persistent-absence-pct', TWELVE, { absence: ['persistent', 'severe'] }, ATTENDED)
share('severe-absence-pct', TWELVE, { absence: ['severe'] }, ATTENDED)
share('suspension-one-or-more-pct', TWELVE, is('suspended'), is('of-school-age'))
share('permanent-exclusion-pct', TWELVE, is('excluded'), is('of-school-age'))
share('eyfs-good-level-of-development-pct', TWELVE, is('good-level'), is('eyfs-known'))
share('ks2-rwm-expected-pct', TWELVE, is('expected-standard'), is('ks2-known'))
mean('ks4-attainment-8', TWELVE, is('attainment-8-known'))
mean('ks4-progress-8', TWELVE, is('progress-8-known'), undefined, 2)
share(
  'ks4-english-maths-9-4-pct',
  TWELVE,
  { 'english-maths': ['4', '5-or-above'] },
  { 'english-maths': ['under-4', '4', '5-or-above'] },
)
share(
  'ks4-english-maths-9-5-pct',
  TWELVE,
  { 'english-maths': ['5-or-above'] },
  { 'english-maths': ['under-4', '4', '5-or-above'] },
)
share('sen-ehcp-pct', TWELVE, { 'sen-provision': ['ehc-plan'] }, { age: [...years(4, 25), OLDER] })
share('sen-support-pct', TWELVE, { 'sen-provision': ['sen-support'] }, { age: [...years(4, 25), OLDER] })

// Children looked after at some time in the period, and those of them who were missing, described by another day.
const DURING = 'children-during-period'
const MISSING = 'children-missing'
count('cla-during-year', DURING, is('had-care'))
count('cla-short-breaks-only', DURING, { 'had-care': ['no'] })
for (const kind of ['missing', 'away'] as const) {
  const once = { [`incidents-${kind}`]: ['1', '2+'] }
  share(`${kind}-children-pct`, DURING, once, is('had-care'))
  count(`${kind}-children-count`, MISSING, { ...once, ...is('had-care') })
  count(`${kind}-more-than-once-count`, MISSING, { [`incidents-${kind}`]: ['2+'], ...is('had-care') })
  mean(`${kind}-incidents-per-${kind}-child`, MISSING, { ...once, ...is('had-care') }, `incidents-${kind}`)
  const letter = kind === 'missing' ? ['M'] : ['A']
  count(`${kind}-incidents`, 'incidents', { 'incident-kind': letter })
  count(`${kind}-at-31-march`, 'missing-on-last-day', { 'incident-kind': letter })
}
count('missing-incidents-childrens-homes', 'incidents', { 'incident-kind': ['M'], ...placed('K1 K2') })

// Who starts, and who leaves.
count('cla-starters', 'starters')
rate('cla-starters-rate-per-10k', 'starters')
share('starters-uasc-pct', 'starters', is('uasc'))
share('cla-previous-permanence-pct', 'starters', { 'previous-permanence': ['p1', 'p2', 'p3', 'p4'] })
count('remand-starters-count', 'starters', { 'legal-status': ['j1'] })
count('cla-leavers', 'leavers')
rate('cla-leavers-rate-per-10k', 'leavers')
mean('cla-periods-of-care-per-child', 'leavers')
share('leaving-care-before-18-pct', 'leavers', { age: years(0, 17) }, { age: [...years(16, 25), OLDER] })
const left = (codes: string): Restrictions => ({ 'ceasing-reason': codes.split(' ') })
for (const [reason, codes] of Object.entries({
  'returned-home-planned': 'e4a',
  'returned-home-unplanned': 'e4b',
  adopted: 'e11 e12',
  sgo: 'e43 e44 e45 e46 e47 e48',
  cao: 'e41',
  'aged-18-with-carers': 'e17',
  'other-la': 'e3',
  independent: 'e5 e6',
  'independent-supported': 'e5',
  'independent-unsupported': 'e6',
  custody: 'e9',
  died: 'e2',
}))
  share(`ceased-${reason}-pct`, 'leavers', left(codes))
count('ceased-died-count', 'leavers', left('e2'))
count('adoptions', 'leavers', left('e11 e12'))
share('adopted-of-leavers-pct', 'leavers', left('e11 e12'))
count('adopted-unopposed-count', 'leavers', left('e11'))
count('adopted-consent-dispensed-with-count', 'leavers', left('e12'))
const stage = (fact: string): Restrictions => ({ ...left('e11 e12'), ...is(fact) })
count('adopted-placed-within-12-months-count', 'leavers', stage('placed-within-12-months'))
for (const [id, fact] of [
  ['adoption-a1-days', 'placement-known'],
  ['adoption-a2-days', 'order-and-match-known'],
  ['adoption-a10-days', 'moving-in-known'],
] as const) {
  mean(`${id}-in-year`, 'leavers', stage(fact))
  mean(id, 'adopted-in-three-years', is(fact), id === 'adoption-a1-days' ? 'days-to-placement' : undefined)
}
share('adoption-a3-pct', 'adopted-in-three-years', is('placed-within-426-days'), is('placement-known'))
for (const [id, fact] of [
  ['adoption-stage-months', 'order-known'],
  ['adoption-stage-decision-months', 'decision-known'],
  ['adoption-stage-match-months', 'decision-and-match-known'],
  ['adoption-stage-placement-months', 'match-and-placement-known'],
  ['adoption-stage-order-months', 'placement-and-order-known'],
] as const)
  mean(id, 'leavers', stage(fact))
for (const [id, step] of [
  ['adm-decisions', 'decision'],
  ['placement-orders-granted', 'placement-order'],
  ['children-placed-for-adoption', 'placed'],
  ['early-permanence-count', 'early-permanence'],
  ['adoption-disruptions', 'disrupted'],
  ['adoption-decision-reversed', 'decision-reversed'],
] as const)
  count(id, 'adoption-steps', { 'adoption-step': [step] })
for (const [id, step] of [
  ['adoption-board-decisions', 'decision'],
  ['adoption-board-placement-orders', 'placement-order'],
  ['adoption-matches', 'matched'],
  ['adoption-board-placed', 'placed'],
  ['adoption-board-adoptions', 'adopted'],
  ['adoption-board-disruptions', 'disrupted'],
] as const)
  count(id, 'adoption-steps-on-record', { 'adoption-step': [step] })
share('siblings-placed-together-adoption-pct', 'adoption-steps-on-record', is('together'), {
  'adoption-step': ['placed'],
  ...is('of-siblings'),
})

// Events.
count('new-placements', 'new-placements')
share('new-placements-outside-over-20-pct', 'new-placements', {
  ...atMiles(...OVER_20),
  ...inPlace(...OUTSIDE),
})
count('placement-changes', 'placement-changes')
share(
  'unplanned-placement-ending-pct',
  'placement-changes',
  { 'placement-change-reason': ['alleg', 'stand', 'apprr', 'creqb', 'creqo', 'child', 'lareq'] },
  {
    'placement-change-reason': codesOf('placement-change-reason').filter((code) => code !== 'place'),
  },
)
mean('placement-duration-days', 'placements-ceased')
share('initial-health-assessment-on-time-pct', 'initial-assessments-due', is('assessed-on-time'))
share('reviews-on-time-children-pct', 'children-with-reviews', is('all-reviews-on-time'))
share('reviews-on-time-reviews-pct', 'reviews-due', is('on-time'))
const PARTICIPATION = codesOf('review-participation')
share(
  'review-participation-pct',
  'reviews',
  { 'review-participation': PARTICIPATION.filter((code) => code !== 'pn7') },
  {
    'review-participation': PARTICIPATION.filter((code) => code !== 'pn0'),
  },
)
share('visits-seen-alone-pct', 'visits', is('seen-alone'))
count('deprivation-of-liberty-orders-count', 'deprived-of-liberty', { 'in-secure-home': ['no'] })
mean('cla-sw-caseload', 'social-workers')
share('rhi-offered-pct', 'interviews', is('offered'))
share('rhi-accepted-pct', 'interviews', is('accepted'), is('offered'))
share('rhi-within-72-hours-pct', 'interviews', is('in-72-hours'))
share('rhi-held-within-72-hours-pct', 'interviews', is('in-72-hours'), is('held'))
count('rhi-outcomes', 'interviews', is('held'))

// Care leavers: as returned, and by the law.
const OC3 = 'care-leavers'
count('care-leavers-cohort', OC3)
const HOMES = codesOf('accommodation')
const REACHABLE: Restrictions = { accommodation: HOMES.filter((home) => !['g', 'h', 'r'].includes(home)) }
const JUDGED = HOMES.filter((home) => !['g', 'h', 'r', '0'].includes(home))
const activity = (...activities: string[]): Restrictions => ({ activity: activities })
const ofAll = (id: string, counted: Restrictions, of: Restrictions = {}) =>
  share(`care-leavers-${id}-pct`, OC3, counted, of)
const ofAges = (id: string, counted: Restrictions, of: Restrictions = {}) => {
  ofAll(`${id}-19-21`, counted, { ...of, age: years(19, 21) })
  ofAll(`${id}-17-18`, counted, { ...of, age: ['17', '18'] })
}
ofAll('former-uasc', is('former-uasc'))
ofAges('in-touch', { 'in-touch': ['yes'] })
ofAges('not-in-touch', { 'in-touch': ['no'] })
ofAges('refuses-contact', { 'in-touch': ['refuses'] })
ofAges('no-longer-requires-services', { 'in-touch': ['no-longer-requires'] })
ofAll('refuse-or-no-longer-require', { 'in-touch': ['refuses', 'no-longer-requires'] })
ofAges('eet', activity('higher-education', 'other-education', 'apprenticeship', 'training-or-employment'))
ofAges('neet', activity('neet-illness-or-disability', 'neet-pregnancy-or-parenting', 'neet-other'))
ofAges('neet-illness-disability', activity('neet-illness-or-disability'))
ofAges('neet-pregnancy-parenting', activity('neet-pregnancy-or-parenting'))
ofAges('neet-other', activity('neet-other'))
ofAges('higher-education', activity('higher-education'))
ofAll('other-education', activity('other-education'))
ofAll('apprenticeship', activity('apprenticeship'))
ofAll('employment', activity('training-or-employment'))
ofAll('activity-not-known', activity('not-known'))
ofAges('suitable-accommodation', { accommodation: JUDGED, ...is('suitable') }, REACHABLE)
ofAges('suitability-no-information', { accommodation: ['0'] }, REACHABLE)
ofAll('unsuitable-accommodation', { accommodation: JUDGED, suitable: ['no'] }, REACHABLE)
ofAll('homeless', { accommodation: ['s'] })
ofAll('in-custody', { accommodation: ['x'] })
count('care-leavers-bed-and-breakfast-count', OC3, { accommodation: ['w'] })
share('staying-put-18-pct', OC3, { accommodation: ['z'] }, { ...is('fostered-at-18'), age: ['18'] })
share('staying-put-19-20-pct', OC3, { accommodation: ['z'] }, { ...is('fostered-at-18'), age: ['19', '20'] })
const ENTITLED = 'entitled'
const OWED = ['relevant', 'former-relevant', 'former-relevant-pursuing-education']
const LEFT = [...OWED, 'qualifying']
count('care-leavers-entitlement-count', ENTITLED)
count('care-leavers-owed-duties-not-in-oc3-count', ENTITLED, is('not-in-oc3'))
const alive = is('not-recorded-as-dead')
share('personal-adviser-allocated-pct', ENTITLED, is('has-adviser'), { ...alive, entitlement: OWED })
share('pathway-plan-up-to-date-pct', ENTITLED, is('plan-in-date'), { ...alive, ...is('owed-plan') })
share('care-leavers-contact-within-8-weeks-pct', ENTITLED, is('recent-contact'), {
  ...alive,
  entitlement: OWED,
})
share('care-leavers-lost-contact-pct', ENTITLED, is('lost-contact'), {
  ...alive,
  entitlement: LEFT,
  ...is('contact-known'),
})
share('care-leavers-parents-pct', ENTITLED, is('parent'), {
  ...alive,
  entitlement: LEFT,
  ...is('parent-known'),
})
share('care-leavers-parents-with-children-pct', ENTITLED, is('with-children'), {
  ...alive,
  entitlement: LEFT,
  ...is('parent-known', 'parent', 'with-children-known'),
})
count('staying-close-count', ENTITLED, { ...alive, ...is('staying-close') })
share('care-leavers-22-25-support-pct', 'former-care-leavers', is('supported'), is('on-record'))

/** What the indicator counts; null of those that show no counts at all: ratios. */
export const readingOf = (indicator: string): Read | null => reads.get(indicator) ?? null
export const INDICATORS_READ: readonly string[] = [...reads.keys()]
