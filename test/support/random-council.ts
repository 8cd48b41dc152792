import fc from 'fast-check'
import { addDays, addYears, ageOn, type Day } from '../../src/vocabulary/day.ts'
import { type Besides, besides, besidesOf } from './random-besides.ts'
import type { Child, Episode, Records, SocialWorker } from './records.ts'

/**
 * Councils at random, with all that makes counting hard: care that stops and starts, temporary stays, moves with the
 * same carer, fostering for adoption, short breaks, episodes of no days, and much that happens about 1 April.
 */

/** How long an episode lasts: some days, or until a day on which a year ends or begins. */
type Lasting = number | '03-31' | '04-01' | '09-30'

const STEPS = [
  'legal-status',
  'placement',
  'both',
  'same-carer',
  'same-carer-and-status',
  'stay-and-return',
  'stay-and-return-with-new-status',
  'stay-and-move-on',
  'stay-and-return-to-another-code',
  'placed-for-adoption',
  'adopted-by-carer',
  'fostering-for-adoption-same-carer',
  'fostering-for-adoption-new-carer',
  'nothing-lasted',
  'leave',
  'leave-with-short-breaks',
] as const

interface Step {
  readonly kind: (typeof STEPS)[number]
  readonly lasting: Lasting
  readonly choice: number
}

interface Life {
  readonly started: Day
  readonly born: Day
  readonly choice: number
  readonly startedTwice: boolean
  readonly beganAsBreaks: boolean
  readonly steps: readonly Step[]
  readonly workers: readonly { worker: number; gap: number; days: number }[]
  /** Who left care does not come back. */
  readonly leavesForGood: boolean
  readonly besides: Besides
}

export const pick = <T>(from: readonly T[], choice: number): T => from[choice % from.length]!

const FOSTER = ['U1', 'U3', 'U4', 'U6']
const PLACES = [...FOSTER, 'K2', 'P1', 'K3', 'H5', 'R1', 'S1', 'Z1', 'P2', 'K1', 'R5']
const STATUSES = ['C1', 'C2', 'V2', 'E1', 'J1', 'L2']
const REASONS = ['CARPL', 'CLOSE', 'ALLEG', 'STAND', 'CREQB', 'CHILD', 'LAREQ', 'PLACE', 'OTHER', '']
const CEASED = ['E4A', 'E4B', 'E11', 'E45', 'E41', 'E3', 'E5', 'E6', 'E9', 'E2', 'E8', 'E48']
const ADOPTED = ['E11', 'E12', 'E11', 'E4A']
const ETHNIC = ['WBRI', 'MWBC', 'AIND', 'CHNE', 'BAFR', 'OOTH', 'NOBT', 'WROM']
/** Some homes are the same for several children; what others than Ofsted inspect has X for a URN. */
export const URNS = ['SC000001', '2000002', '', 'XXXXXXX', 'SC000003']
const PROVIDERS = ['PR1', 'PR2', 'PR4', 'PR5']

const ends = (from: Day, lasting: Lasting): Day => {
  if (typeof lasting === 'number') return addDays(from, lasting)
  const thisYear = `${from.slice(0, 4)}-${lasting}` as Day
  return thisYear > from ? thisYear : addYears(thisYear, 1)
}

class LifeTeller {
  readonly episodes: Episode[] = []
  #day: Day
  #place = 'U6'
  #ls: string
  #rne = 'S'
  #home: number
  #homes = 0
  readonly #life: Life
  readonly #id: string
  readonly #adult: Day

  constructor(id: string, life: Life) {
    this.#id = id
    this.#life = life
    this.#day = life.started
    this.#ls = pick(STATUSES, life.choice)
    this.#place = pick(PLACES, life.choice)
    this.#home = 0
    // Who was born on 29 February comes of age on 1 March.
    this.#adult = life.born.endsWith('-02-29') ? addDays(addYears(life.born, 18), 1) : addYears(life.born, 18)
  }

  tell(): Episode[] {
    if (this.#life.startedTwice) {
      this.#until(this.#day, 'X1', '')
      this.#rne = 'P'
      this.#moveHome()
    } else if (this.#life.beganAsBreaks) {
      const status = this.#ls
      this.#ls = 'V3'
      this.#until(addDays(this.#day, 7), 'X1', '')
      this.#ls = status
      this.#rne = 'L'
    }
    for (const step of this.#life.steps) this.#take(step)
    this.#until(null, '', '')
    const left = this.episodes.findLastIndex(({ rec }) => rec !== '' && rec !== 'X1')
    if (this.#life.leavesForGood && left !== -1) this.episodes.length = left + 1
    return this.#comingOfAge()
  }

  /** The episode that is open lasts until a day. */
  #until(dec: Day | null, rec: string, reason: string): void {
    const temporary = this.#place.startsWith('T')
    this.episodes.push({
      child: this.#id,
      decom: this.#day,
      rne: this.#rne,
      ls: this.#ls,
      cin: pick(['N1', 'N2', 'N5', 'N8'], this.#life.choice),
      place: this.#place,
      provider:
        temporary || this.#place === 'Z1' ? '' : this.#place === 'P1' ? 'PR0' : pick(PROVIDERS, this.#home),
      dec,
      rec,
      reason: temporary ? '' : reason,
      home: 'HD9 9ZZ',
      post: `HD1 ${this.#home % 10}A${'ABDEFGHJLN'[Math.floor(this.#home / 10) % 10]}`,
      urn: temporary ? '' : pick(URNS, this.#home + this.#life.choice),
    })
    if (dec) this.#day = dec
  }

  #moveHome(): void {
    this.#homes++
    this.#home = this.#homes
  }

  #take({ kind, lasting, choice }: Step): void {
    const end = ends(this.#day, lasting)
    const reason = pick(REASONS, choice)
    const another = <T>(from: readonly T[], now: T): T =>
      pick(
        from.filter((one) => one !== now),
        choice,
      )
    switch (kind) {
      case 'legal-status':
        this.#until(end, 'X1', '')
        this.#rne = 'L'
        this.#ls = another(STATUSES, this.#ls)
        return
      case 'placement':
      case 'both':
        this.#until(end, 'X1', reason)
        this.#rne = kind === 'both' ? 'B' : 'P'
        if (kind === 'both') this.#ls = another(STATUSES, this.#ls)
        this.#place = pick(PLACES, choice)
        this.#moveHome()
        return
      case 'same-carer':
      case 'same-carer-and-status':
        this.#until(end, 'X1', reason)
        this.#rne = kind === 'same-carer' ? 'T' : 'U'
        if (kind === 'same-carer-and-status') this.#ls = another(STATUSES, this.#ls)
        this.#place = pick(FOSTER, choice)
        if (choice % 2 === 0) this.#moveHome()
        return
      case 'stay-and-return':
      case 'stay-and-return-with-new-status':
      case 'stay-and-move-on':
      case 'stay-and-return-to-another-code':
        this.#stayAway(kind, end, choice)
        return
      case 'placed-for-adoption':
        this.#until(end, 'X1', reason)
        this.#rne = 'B'
        this.#ls = 'E1'
        this.#place = 'A6'
        this.#moveHome()
        return
      case 'adopted-by-carer':
        this.#until(end, 'X1', reason)
        this.#rne = 'U'
        this.#ls = 'E1'
        this.#place = 'A5'
        return
      case 'fostering-for-adoption-same-carer':
        this.#until(end, 'X1', reason)
        this.#rne = 'T'
        this.#place = pick(['U2', 'U5'], choice)
        return
      case 'fostering-for-adoption-new-carer':
        this.#until(end, 'X1', reason)
        this.#rne = 'P'
        this.#place = pick(['U2', 'U5'], choice)
        this.#moveHome()
        return
      case 'nothing-lasted':
        this.#until(end, 'X1', reason)
        this.#rne = 'P'
        this.#moveHome()
        this.#until(this.#day, 'X1', '')
        this.#rne = pick(['P', 'T', 'L'], choice)
        if (this.#rne !== 'L') this.#moveHome()
        return
      case 'leave':
      case 'leave-with-short-breaks':
        this.#leave(kind === 'leave-with-short-breaks', end, choice)
    }
  }

  #stayAway(kind: Step['kind'], end: Day, choice: number): void {
    const [place, home] = [this.#place, this.#home]
    if (place.startsWith('T')) return
    this.#until(end, 'X1', '')
    this.#rne = 'P'
    this.#place = pick(['T0', 'T1', 'T2', 'T3', 'T4'], choice)
    this.#home = 90
    if (kind === 'stay-and-return-with-new-status') {
      this.#until(addDays(this.#day, 1 + (choice % 9)), 'X1', '')
      this.#rne = 'L'
      this.#ls = pick(
        STATUSES.filter((status) => status !== this.#ls),
        choice,
      )
    }
    this.#until(addDays(this.#day, 1 + (choice % 40)), 'X1', '')
    this.#rne = 'P'
    this.#place = place
    this.#home = home
    if (kind === 'stay-and-move-on') this.#moveHome()
    if (kind === 'stay-and-return-to-another-code') this.#place = place === 'U4' ? 'U6' : 'U4'
  }

  #leave(withBreaks: boolean, end: Day, choice: number): void {
    this.#until(end, pick(this.#place.startsWith('A') ? ADOPTED : CEASED, choice), '')
    this.#day = addDays(this.#day, 1 + (choice % 300))
    this.#rne = 'S'
    const [status, place] = [this.#ls, this.#place]
    if (withBreaks) {
      this.#ls = pick(['V3', 'V4'], choice)
      this.#place = 'U6'
      for (let breaks = 1 + (choice % 3); breaks > 0; breaks--) {
        this.#until(addDays(this.#day, 1 + (choice % 17)), 'E4A', '')
        this.#day = addDays(this.#day, 1 + (choice % 25))
      }
    }
    this.#ls = status
    this.#place = place
    this.#moveHome()
  }

  /** Nobody is looked after from the 18th birthday on. */
  #comingOfAge(): Episode[] {
    const young = this.episodes.filter(({ decom }) => decom < this.#adult)
    const last = young.at(-1)
    if (
      last &&
      (last.dec === null || last.dec > this.#adult || (last.dec === this.#adult && last.rec === 'X1'))
    ) {
      young[young.length - 1] = { ...last, dec: this.#adult, rec: 'E17', reason: '' }
    }
    return young
  }
}

const lasting: fc.Arbitrary<Lasting> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 2, arbitrary: fc.integer({ min: 200, max: 800 }) },
  { weight: 1, arbitrary: fc.constantFrom('03-31' as const) },
  { weight: 1, arbitrary: fc.constantFrom('04-01' as const) },
  { weight: 1, arbitrary: fc.constantFrom('09-30' as const) },
)

const START = '2018-04-01' as Day
const started: fc.Arbitrary<Day> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2_500 }).map((days) => addDays(START, days)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 2019, max: 2024 }),
        fc.constantFrom('03-31', '04-01', '04-02', '09-30', '10-01'),
      )
      .map(([year, day]) => `${year}-${day}` as Day),
  },
)

const TO_ADOPTION = ['placed-for-adoption', 'adopted-by-carer'] as const

/** Placed, and after a while adopted, or not. */
const adopted = (
  [kind, waiting, placed]: [(typeof TO_ADOPTION)[number], Lasting, Lasting],
  choice: number,
): Step[] => [
  { kind, lasting: waiting, choice },
  { kind: 'leave', lasting: placed, choice },
]

const life: fc.Arbitrary<Life> = fc
  .record({
    started,
    age: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 6_400 }) },
      { weight: 2, arbitrary: fc.integer({ min: 5_000, max: 6_500 }) },
      { weight: 1, arbitrary: fc.constantFrom('2004-02-29', '2008-02-29', '2012-02-29', '2016-02-29') },
      { weight: 1, arbitrary: fc.constantFrom('2006-03-31', '2006-04-01', '2009-03-31', '2009-04-01') },
    ),
    choice: fc.nat(1_000),
    startedTwice: fc.boolean().map((rarely) => rarely),
    beganAsBreaks: fc.nat(9).map((one) => one === 9),
    steps: fc.array(fc.record({ kind: fc.constantFrom(...STEPS), lasting, choice: fc.nat(1_000) }), {
      maxLength: 9,
    }),
    workers: fc.array(
      fc.record({
        worker: fc.nat(3),
        gap: fc.integer({ min: 1, max: 250 }),
        days: fc.integer({ min: 1, max: 500 }),
      }),
      { maxLength: 7 },
    ),
    adoption: fc.option(fc.tuple(fc.constantFrom(...TO_ADOPTION), lasting, lasting), { freq: 4 }),
    leavesForGood: fc.boolean(),
    besides,
  })
  .map(({ age, startedTwice, choice, adoption, steps, ...life }) => ({
    ...life,
    steps: adoption ? [...steps.slice(0, 5), ...adopted(adoption, choice)] : steps,
    choice,
    startedTwice: startedTwice && choice % 4 === 0,
    born: typeof age === 'number' ? addDays(life.started, -age) : (age as Day),
  }))
  .filter(({ born, started }) => born <= started && ageOn(started, born) < 18)

function childOf(id: string, { born, started, choice }: Life): Child {
  const uasc = choice % 5 === 0
  return {
    id,
    sex: choice % 2 === 0 ? 'F' : 'M',
    born,
    ethnic: pick(ETHNIC, choice),
    mother: choice % 2 === 0 && choice % 3 === 0,
    uasc: uasc ? { ceased: choice % 2 === 0 ? null : addDays(started, 1 + 2 * choice) } : null,
    previousPermanence: pick(['P1', 'P2', 'P3', 'P4', 'Z1', null], choice),
  }
}

function workersOf(child: string, { started, workers, choice }: Life): SocialWorker[] {
  let from = addDays(started, -(choice % 400))
  return workers.map(({ worker, gap, days }, index) => {
    const since = from
    from = addDays(from, gap)
    const last = index === workers.length - 1 && choice % 2 === 0
    return { child, worker: `SW${worker}`, from: since, until: last ? null : addDays(since, days) }
  })
}

function recordsOf(lives: readonly Life[]): Records {
  const told = lives.map((life, index) => {
    const id = `C${String(index + 1).padStart(2, '0')}`
    return { id, life, episodes: new LifeTeller(id, life).tell() }
  })
  const beside = told.map(({ id, life, episodes }) => besidesOf({ id, ...life }, episodes))
  return {
    children: told.map(({ id, life }) => childOf(id, life)),
    episodes: told.flatMap(({ episodes }) => episodes),
    workers: told.flatMap(({ id, life }) => workersOf(id, life)),
    decisions: beside.flatMap(({ decisions }) => decisions),
    incidents: beside.flatMap(({ incidents }) => incidents),
    reviews: beside.flatMap(({ reviews }) => reviews),
    outcomes: beside.flatMap(({ outcomes }) => outcomes),
    leaverRows: beside.flatMap(({ leaverRows }) => leaverRows),
    matches: beside.flatMap(({ matches }) => matches),
    deprivations: beside.flatMap(({ deprivations }) => deprivations),
  }
}

/** All that some children's council has on record, from 2018 on. */
export const council = (children: { least: number; most: number }): fc.Arbitrary<Records> =>
  fc.array(life, { minLength: children.least, maxLength: children.most }).map(recordsOf)
