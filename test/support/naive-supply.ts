import type { RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import type { NaivePeriod } from './naive-care.ts'
import type { Supply } from './random-supply.ts'
import type { SampleRecord } from './sample-records.ts'

/** Figures of supply the slow way, from the definitions (indicators.md 4.5) and from nothing in src. */

type Row = Readonly<Record<string, string | number | boolean>>
export interface NaiveSupplyIndicator {
  readonly needs: readonly RecordKindName[]
  /** Whether a record of any day up to the last one is enough; else one must be dated in the period, or the year. */
  readonly since: 'ever' | 'period' | 'year'
  readonly rows: (supply: Council, period: NaivePeriod) => Row[]
  /** What is added up, or counted: a column. Every row counts one where it is left out. */
  readonly of?: string
  /** What that is divided by: a column that is added up, or every row. */
  readonly over?: string | 'rows'
  readonly scale?: 100
}

type Sent = (SampleRecord & { readonly number: number })[]
/** The records of a council with their ids' order, and its code. */
export class Council {
  readonly code: string
  readonly #supply: Supply
  constructor(code: string, supply: Supply) {
    this.code = code
    this.#supply = supply
  }
  of(kind: RecordKindName): Sent {
    return (this.#supply[kind] ?? []).map((record, number) => ({ ...record, number }))
  }
}

const text = (value: unknown): string => value as string
const plus = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
const between = (one: string, other: string): number => (Date.parse(other) - Date.parse(one)) / 86_400_000
const within = (
  day: unknown,
  { firstDay, lastDay }: { readonly firstDay: string; readonly lastDay: string },
): boolean => typeof day === 'string' && day >= firstDay && day <= lastDay
const yearBefore = (day: string): string => {
  const next = plus(day, 1)
  return `${Number(next.slice(0, 4)) - 1}${next.slice(4)}`
}

/** The latest by the day; else the first after it; of two alike the one sent last. */
function atDay<T extends { readonly number: number }>(
  all: readonly T[],
  startOf: (one: T) => string,
  day: string,
): T {
  const before = all.filter((one) => startOf(one) <= day)
  const [pool, sign] = before.length > 0 ? [before, -1] : [all, 1]
  return [...pool].sort(
    (a, b) => sign * (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0) || b.number - a.number,
  )[0]!
}

/* ---- fostering ---------------------------------------------------------------------------------------------------- */

const termsFrom = (one: SampleRecord): string => text(one.fohh_terms_start_date ?? one.fohh_approved_date)

function householdsOn(council: Council, day: string): SampleRecord[] {
  const approved = council.of('fostering-households').filter((one) => text(one.fohh_approved_date) <= day)
  const byHousehold = Map.groupBy(approved, (one) => text(one.fohh_household_id))
  return [...byHousehold.values()]
    .map((all) => atDay(all, termsFrom, day))
    .filter((one) => one.fohh_ended_date === null || text(one.fohh_ended_date) > day)
}

const isFoster = (one: SampleRecord): boolean => one.fohh_type !== 'supported-lodgings'
const births = (one: SampleRecord): number[] =>
  [one.fohh_carer_1_birth_year, one.fohh_carer_2_birth_year].filter((year): year is number => year !== null)

const households = (council: Council, { lastDay }: NaivePeriod): Row[] =>
  householdsOn(council, lastDay)
    .filter(isFoster)
    .map((one) => ({
      'fostering-type': text(one.fohh_type),
      places: Number(one.fohh_approved_places),
      carers: Number(one.fohh_carers ?? births(one).length),
      inDate:
        one.fohh_training_plan_date !== null &&
        text(one.fohh_training_plan_date) >= yearBefore(lastDay) &&
        text(one.fohh_training_plan_date) <= lastDay,
    }))

const places = (council: Council, { lastDay }: NaivePeriod): Row[] =>
  householdsOn(council, lastDay)
    .filter((one) => one.fohh_type === 'mainstream')
    .flatMap((one) => {
      const told = council
        .of('fostering-places')
        .filter((it) => it.fopl_household_id === one.fohh_household_id && text(it.fopl_start_date) <= lastDay)
      const latest = told.length > 0 ? atDay(told, (it) => text(it.fopl_start_date), lastDay) : null
      let filled = Number(latest?.fopl_places_filled ?? 0)
      let not = Number(latest?.fopl_places_not_available ?? 0)
      return Array.from({ length: Number(one.fohh_approved_places) }, (): Row => {
        const state = !latest ? 'not-known' : filled-- > 0 ? 'filled' : not-- > 0 ? 'not-available' : 'vacant'
        return {
          'place-state': state,
          'not-available-reason': text(latest?.fopl_not_available_reason ?? 'other'),
          filled: state === 'filled',
          vacant: state === 'vacant',
          not: state === 'not-available',
        }
      })
    })
const knownPlaces: NaiveSupplyIndicator['rows'] = (council, period) =>
  places(council, period).filter((row) => row['place-state'] !== 'not-known')

const carers = (council: Council, { lastDay }: NaivePeriod): Row[] =>
  householdsOn(council, lastDay)
    .filter(isFoster)
    .flatMap((one) =>
      births(one).map((year) => ({
        'fostering-type': text(one.fohh_type),
        old: Number(lastDay.slice(0, 4)) - year >= 56,
      })),
    )

function approvals(council: Council, period: NaivePeriod): Row[] {
  const each = Map.groupBy(
    council.of('fostering-households').filter((one) => within(one.fohh_approved_date, period)),
    (one) => `${one.fohh_household_id} ${one.fohh_approved_date}`,
  )
  return [...each.values()]
    .map(
      (all) =>
        all.sort((a, b) =>
          termsFrom(a) < termsFrom(b) ? -1 : termsFrom(a) > termsFrom(b) ? 1 : a.number - b.number,
        )[0]!,
    )
    .filter(isFoster)
    .map((one) => ({ 'fostering-type': text(one.fohh_type), change: 1 }))
}

const deregistrations = (council: Council, period: NaivePeriod): Row[] =>
  council
    .of('fostering-households')
    .filter((one) => within(one.fohh_ended_date, period) && isFoster(one))
    .filter((one) => {
      const same = council
        .of('fostering-households')
        .filter((it) => it.fohh_household_id === one.fohh_household_id)
      return atDay(same, termsFrom, text(one.fohh_ended_date)).number === one.number
    })
    .map((one) => ({
      'fostering-type': text(one.fohh_type),
      'leaving-reason': text(one.fohh_leaving_reason ?? 'other'),
      change: -1,
    }))

const steps =
  (dayOf: (one: SampleRecord) => unknown) =>
  (council: Council, period: NaivePeriod): Row[] =>
    council
      .of('carer-recruitment')
      .filter((one) => within(dayOf(one), period))
      .map((one) => ({
        'fostering-type': text(one.recr_type ?? 'not-known'),
        approved: one.recr_outcome === 'approved',
        days: between(text(one.recr_enquiry_date), text(dayOf(one))),
      }))

/* ---- homes -------------------------------------------------------------------------------------------------------- */

interface Home extends Record<string, string | number | boolean> {
  readonly urn: string
}

function homesOn(council: Council, day: string): (Home & { readonly sent: SampleRecord })[] {
  const byUrn = Map.groupBy(council.of('providers'), (one) => text(one.prov_urn))
  return [...byUrn.values()]
    .map((all) => atDay(all, (one) => text(one.prov_status_date), day))
    .filter(
      (one) =>
        one.prov_registered === 'Y' &&
        (one.prov_registration_date === null || text(one.prov_registration_date) <= day) &&
        (one.prov_closed_date === null || text(one.prov_closed_date) > day),
    )
    .map((one) => {
      const codes = String(one.prov_provider_codes ?? '').split(' ')
      const isHere = one.prov_local_authority === council.code
      const beds = one.prov_capacity as number | null
      return {
        sent: one,
        urn: text(one.prov_urn),
        'provider-type': text(one.prov_type),
        'provider-sector': text(one.prov_sector ?? 'other'),
        judgement: text(one.prov_judgement ?? 'not-judged'),
        'home-size':
          beds === null
            ? 'not-known'
            : beds < 3
              ? 'up-to-2'
              : beds < 5
                ? '3-to-4'
                : beds < 7
                  ? '5-to-6'
                  : '7-and-over',
        beds: beds ?? 0,
        small: beds !== null && beds <= 4,
        isHere,
        isNowhere: one.prov_local_authority === null,
        isOwn:
          one.prov_sector === 'local-authority' &&
          (isHere || (codes.includes('PR1') && !codes.includes('PR2'))),
        isHome: one.prov_type !== 'supported-accommodation',
      } as unknown as Home & { readonly sent: SampleRecord }
    })
}

const homes =
  (...that: readonly string[]): NaiveSupplyIndicator['rows'] =>
  (council, { lastDay }) =>
    homesOn(council, lastDay).filter((home) => that.every((one) => home[one] === true)) as unknown as Row[]

const bedsOf =
  (...that: readonly string[]): NaiveSupplyIndicator['rows'] =>
  (council, period) =>
    homes(...that)(council, period).flatMap((home) => Array.from({ length: Number(home.beds) }, () => home))

function homeMonths(council: Council, { firstDay, lastDay }: NaivePeriod): Row[] {
  const visits = council.of('regulation-44-visits')
  const latest =
    visits
      .map((one) => text(one.re44_visit_date).slice(0, 7))
      .sort()
      .at(-1) ?? ''
  const rows: Row[] = []
  for (let day: string = firstDay; day <= lastDay; day = plus(day, 1)) {
    const month = day.slice(0, 7)
    if (plus(day, 1).slice(0, 7) === month || month > latest) continue
    for (const home of homesOn(council, day)) {
      const since = home.sent.prov_registration_date
      if (home.isOwn !== true || home.isHome !== true || (since !== null && text(since) > `${month}-01`))
        continue
      rows.push({
        visited: visits.some(
          (one) => one.re44_urn === home.urn && text(one.re44_visit_date).startsWith(month),
        ),
      })
    }
  }
  return rows
}

const bought = (council: Council, { lastDay }: NaivePeriod): Row[] =>
  council
    .of('commissioned-beds')
    .filter(
      (one) =>
        text(one.cobe_start_date) <= lastDay &&
        (one.cobe_end_date === null || text(one.cobe_end_date) >= lastDay),
    )
    .flatMap((one) =>
      Array.from({ length: Number(one.cobe_beds) }, () => ({
        contract: text(one.cobe_contract),
        'commissioned-type': text(one.cobe_placement_type),
        price: Number(one.cobe_weekly_price ?? 0),
      })),
    )

const placedHere = (council: Council, { lastDay }: NaivePeriod): Row[] =>
  council
    .of('children-placed-here')
    .filter(
      (one) =>
        text(one.chph_start_date) <= lastDay &&
        (one.chph_end_date === null || text(one.chph_end_date) > lastDay),
    )
    .map(() => ({}))

const families =
  (kind: string | null): NaiveSupplyIndicator['rows'] =>
  (council, { firstDay, lastDay }) => {
    const supported = council.of('kinship-support').filter((one) => {
      const end =
        one.kins_end_date ?? (one.kins_support === 'family-group-conference' ? one.kins_start_date : null)
      const isOfKind = kind === null || one.kins_support === kind
      return isOfKind && text(one.kins_start_date) <= lastDay && (end === null || text(end) >= firstDay)
    })
    return [...new Set(supported.map((one) => one.kins_family_id))].map(() => ({}))
  }

const surveys =
  (...names: readonly string[]): NaiveSupplyIndicator['rows'] =>
  (council, { lastDay }) =>
    council
      .of('surveys')
      .filter((one) => names.includes(text(one.surv_survey)))
      .filter((one) => within(one.surv_date, { firstDay: yearBefore(lastDay), lastDay }))
      .map((one) => ({
        survey: text(one.surv_survey),
        asked: Number(one.surv_asked),
        answered: Number(one.surv_answered),
        positive: Number(one.surv_positive),
      }))

/* ---- the figures ---------------------------------------------------------------------------------------------------- */

const it = (
  needs: string,
  rows: NaiveSupplyIndicator['rows'],
  more: Partial<NaiveSupplyIndicator> = {},
): NaiveSupplyIndicator => ({ needs: needs.split(' ') as RecordKindName[], since: 'ever', rows, ...more })
const only =
  (rows: NaiveSupplyIndicator['rows'], column: string): NaiveSupplyIndicator['rows'] =>
  (council, period) =>
    rows(council, period).filter((row) => Boolean(row[column]))

const HOUSEHOLDS = 'fostering-households'
const PLACES = 'fostering-households fostering-places'
const inPeriod = { since: 'period' } as const
const percent = (of: string, over: string = 'rows') => ({ of, over, scale: 100 }) as const
const PARTNERS = ['partners-early-help', 'partners-joint-working'] as const
const concluded = (one: SampleRecord) => one.recr_outcome && (one.recr_decision_date ?? one.recr_ended_date)
const decided = steps((one) => one.recr_decision_date)

export const NAIVE_SUPPLY: Readonly<Record<string, NaiveSupplyIndicator>> = {
  'foster-households-count': it(HOUSEHOLDS, households),
  'supported-lodgings-households-count': it(HOUSEHOLDS, (council, { lastDay }) =>
    householdsOn(council, lastDay)
      .filter((one) => !isFoster(one))
      .map(() => ({})),
  ),
  'foster-carer-training-plan-pct': it(HOUSEHOLDS, households, percent('inDate')),
  'foster-places-count': it(HOUSEHOLDS, places),
  'foster-places-filled-pct': it(PLACES, knownPlaces, percent('filled')),
  'foster-places-vacant-count': it(PLACES, places, { of: 'vacant' }),
  'foster-places-not-available-count': it(PLACES, places, { of: 'not' }),
  'foster-places-not-available-pct': it(PLACES, knownPlaces, percent('not')),
  'foster-places-per-household': it(HOUSEHOLDS, households, { of: 'places', over: 'rows' }),
  'places-per-carer': it(HOUSEHOLDS, only(households, 'carers'), { of: 'places', over: 'carers' }),
  'carers-aged-56-plus-pct': it(HOUSEHOLDS, carers, percent('old')),
  'foster-households-approved-count': it(HOUSEHOLDS, approvals),
  'foster-households-deregistered-count': it(HOUSEHOLDS, deregistrations),
  'carer-recruitment-net': it(
    HOUSEHOLDS,
    (council, period) => [...approvals(council, period), ...deregistrations(council, period)],
    { of: 'change' },
  ),
  'foster-enquiries-count': it(
    'carer-recruitment',
    steps((one) => one.recr_enquiry_date),
    inPeriod,
  ),
  'foster-applications-count': it(
    'carer-recruitment',
    steps((one) => one.recr_application_date),
    inPeriod,
  ),
  'foster-applications-approved-count': it('carer-recruitment', decided, { of: 'approved', ...inPeriod }),
  'foster-enquiries-approved-pct': it('carer-recruitment', steps(concluded), {
    ...percent('approved'),
    ...inPeriod,
  }),
  'foster-enquiry-to-decision-days': it('carer-recruitment', decided, {
    of: 'days',
    over: 'rows',
    ...inPeriod,
  }),
  'childrens-homes-in-area-count': it('providers', homes('isHere', 'isHome')),
  'own-childrens-homes-count': it('providers', homes('isOwn', 'isHome')),
  'small-children-homes-count': it('providers', homes('isOwn', 'isHome', 'small')),
  'beds-in-area-count': it('providers', bedsOf('isHere')),
  'homes-area-not-known-count': it('providers', homes('isNowhere')),
  'in-house-places-count': it('providers fostering-households', (council, period) => [
    ...bedsOf('isOwn', 'isHome')(council, period),
    ...places(council, period).map(() => ({ 'provider-type': 'local-authority-fostering' })),
  ]),
  'reg44-visits-monthly-pct': it('providers regulation-44-visits', homeMonths, percent('visited')),
  'commissioned-beds-count': it('commissioned-beds', bought),
  'commissioned-bed-weekly-price': it('commissioned-beds', only(bought, 'price'), {
    of: 'price',
    over: 'rows',
  }),
  'cla-placed-here-by-other-las-count': it('children-placed-here', placedHere),
  'kinship-support-count': it('kinship-support', families(null)),
  'kinship-special-guardianship-allowance-count': it(
    'kinship-support',
    families('special-guardianship-allowance'),
  ),
  'kinship-child-arrangements-allowance-count': it(
    'kinship-support',
    families('child-arrangements-allowance'),
  ),
  'kinship-family-group-conference-count': it('kinship-support', families('family-group-conference')),
  'kinship-other-support-count': it('kinship-support', families('other')),
  'child-placement-survey': it('surveys', surveys('children-placement'), {
    ...percent('positive', 'answered'),
    since: 'year',
  }),
  'child-placement-survey-response-pct': it('surveys', surveys('children-placement'), {
    ...percent('answered', 'asked'),
    since: 'year',
  }),
  'partner-confidence-pct': it('surveys', surveys(...PARTNERS), {
    ...percent('positive', 'answered'),
    since: 'year',
  }),
}

/** The columns by which records of a kind are dated. */
const DATED_BY: Readonly<Record<string, readonly string[]>> = {
  'fostering-households': ['fohh_approved_date'],
  'fostering-places': ['fopl_start_date'],
  providers: ['prov_status_date'],
  'commissioned-beds': ['cobe_start_date'],
  'carer-recruitment': ['recr_enquiry_date', 'recr_application_date', 'recr_decision_date'],
  'children-placed-here': ['chph_start_date'],
  'regulation-44-visits': ['re44_visit_date'],
  'kinship-support': ['kins_start_date'],
  surveys: ['surv_date'],
}

const isKnown = (council: Council, { needs, since }: NaiveSupplyIndicator, period: NaivePeriod): boolean =>
  needs.every((kind) =>
    council.of(kind).some((record) =>
      DATED_BY[kind]!.some((column) => {
        if (record[column] === null) return false
        // Which months have records is what is known of their days.
        const month = text(record[column]).slice(0, 7)
        const from = since === 'ever' ? '' : since === 'year' ? yearBefore(period.lastDay) : period.firstDay
        return month >= from.slice(0, 7) && month <= period.lastDay.slice(0, 7)
      }),
    ),
  )

export interface NaiveValue {
  readonly value: number | null
  readonly status: 'x' | 'z' | null
}

/** By category; in total under an empty one. Null where it is not known at all. */
export function naiveSupply(
  council: Council,
  id: string,
  period: NaivePeriod,
  dimension: string | null,
): Map<string, NaiveValue> | null {
  const indicator = NAIVE_SUPPLY[id]!
  if (!isKnown(council, indicator, period)) return null
  const rows = indicator.rows(council, period)
  const groups = dimension ? Map.groupBy(rows, (row) => String(row[dimension])) : new Map([['', rows]])
  return new Map([...groups].map(([category, some]) => [category, measured(indicator, some)]))
}

export function measured(
  { of, over, scale = undefined }: NaiveSupplyIndicator,
  rows: readonly Row[],
): NaiveValue {
  const sum = (column: string) => rows.reduce((total, row) => total + Number(row[column] ?? 0), 0)
  const counted = of === undefined ? rows.length : sum(of)
  if (over === undefined) return { value: counted, status: null }
  const divisor = over === 'rows' ? rows.length : sum(over)
  return divisor === 0
    ? { value: null, status: 'z' }
    : { value: ((scale ?? 1) * counted) / divisor, status: null }
}
