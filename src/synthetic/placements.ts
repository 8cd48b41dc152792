import { type Home, isFoster } from './care-record.ts'
import { birthday, type DayNumber, dayNumber, exactAge, OPEN } from './day-number.ts'
import type { OutlineOfCare } from './entrants.ts'
import { type Homes, SUPPORTED_ACCOMMODATION_REGISTERED } from './homes.ts'
import type { AdoptionPath, LegalStatus } from './legal-path.ts'
import { distribution, type Random, weights } from './random.ts'
import { withTemporaryStays } from './temporary-stays.ts'

/** A stretch in one home under one type of placement, until the next one begins. */
export interface Placement {
  readonly from: DayNumber
  readonly home: Home
  readonly sameCarer: boolean
  /** Why the placement before it ended. */
  readonly reason: string
}

/** What a child brings to every placement of a period of care. */
export interface ToBePlaced {
  readonly care: OutlineOfCare
  readonly born: DayNumber
  readonly uasc: boolean
  readonly homePostcode: string
  readonly statuses: readonly LegalStatus[]
  readonly adoption: AdoptionPath | null
}

const YOUNG = weights({ U6: 59, U3: 19, U4: 4, U1: 2, P1: 13, K2: 2.5, Z1: 1, R3: 2 })
const OLDER = weights({ U6: 32, U4: 13, U3: 9, U1: 2, K2: 29, P1: 9, Z1: 5.5, S1: 0.5, K1: 0.4, R2: 0.3 })
const ABOUT_16 = weights({ U6: 16, U4: 8, U3: 7, K2: 24, K3: 33, P1: 5, Z1: 5, R5: 0.7, R2: 0.5, R1: 0.4 })
const UASC = weights({ K3: 54, U6: 34, U4: 8, K2: 3, Z1: 1 })
const ON_REMAND = weights({ R5: 40, K1: 15, K2: 20, U6: 15, Z1: 10 })
const SUPPORTED_BEFORE_2023 = weights({ H5: 72, P2: 28 })

/** How long a placement holds: a bridge to another, one for some time, or one to grow up in. */
const STAY = { bridge: 55, while: 420, home: 3_600 } as const
const FIRST_STAY = weights({ bridge: 36, while: 38, home: 26 })
const LATER_STAY = weights({ bridge: 15, while: 28, home: 57 })
const UNSETTLED_STAY = weights({ bridge: 58, while: 40, home: 2 })

const REASON = distribution<string>([
  ['CARPL', 47],
  ['OTHER', 27],
  ['CREQB', 10],
  ['CREQO', 8.5],
  ['CHILD', 3],
  ['LAREQ', 2],
  ['STAND', 1],
  ['ALLEG', 1],
  ['CLOSE', 1],
  ['APPRR', 0.3],
  ['CUSTOD', 0.2],
])

/** The homes of one period of care, in order, without a day between them. */
export function placementsOf(child: ToBePlaced, homes: Homes, random: Random): Placement[] {
  const { care, adoption } = child
  // The last move comes before the end, or before the move to the adopters: no stay is without a day.
  const lastMove = (adoption?.placed ?? care.end) - 4
  const unsettled = exactAge(care.start, child.born) > 9 && random.chance(0.16)
  const ownFeet = random.chance(0.36) ? birthday(child.born, 16) + random.int(60, 600) : OPEN
  const placements: Placement[] = []
  let from = care.start
  for (;;) {
    const drawn = from + 2 + Math.round(random.exponential(meanStay(placements.length, unsettled, random)))
    const until = endOfStay(
      from,
      drawn,
      ownFeet,
      placements.length === 0 ? child.statuses[1] : undefined,
      random,
    )
    const stayUntil = until < lastMove ? until : (adoption?.placed ?? care.end)
    placements.push(...stay(child, from, stayUntil, placements, from === ownFeet, homes, random))
    if (until >= lastMove) break
    from = until
  }
  if (adoption) placements.push(withAdopters(child, adoption, placements.at(-1)!, homes, random))
  return withTemporaryStays(placements, child.statuses, adoption?.placed ?? care.end, homes, random)
}

const meanStay = (before: number, unsettled: boolean, random: Random): number =>
  STAY[random.weighted(unsettled ? UNSETTLED_STAY : before === 0 ? FIRST_STAY : LATER_STAY)]

/** A stay ends early with the first change of legal status for some, and when someone moves towards independence. */
function endOfStay(
  from: DayNumber,
  drawn: DayNumber,
  ownFeet: DayNumber,
  status: LegalStatus | undefined,
  random: Random,
): DayNumber {
  if (status && status.from < drawn && random.chance(0.12)) return status.from
  return from + 2 < ownFeet && ownFeet < drawn ? ownFeet : drawn
}

/** One stay with one carer, with the changes that leave the carer the same. */
function stay(
  child: ToBePlaced,
  from: DayNumber,
  until: DayNumber,
  before: readonly Placement[],
  supported: boolean,
  homes: Homes,
  random: Random,
): Placement[] {
  const place = supported
    ? supportedOn(from, random)
    : placeOn(from, child, before.at(-1)?.home.place, random)
  const home = homes.home(place, child.homePostcode, random)
  const placements: Placement[] = [{ from, home, sameCarer: false, reason: reasonOn(from, random) }]
  const change = (day: DayNumber, into: Home): void => {
    if (day > placements.at(-1)!.from && day < until)
      placements.push({ from: day, home: into, sameCarer: true, reason: 'PLACE' })
  }
  const crossesRegistration =
    from < SUPPORTED_ACCOMMODATION_REGISTERED && until > SUPPORTED_ACCOMMODATION_REGISTERED
  if ((place === 'P2' || place === 'H5') && crossesRegistration)
    change(SUPPORTED_ACCOMMODATION_REGISTERED, homes.restyled(home, 'K3', random))
  const growsUpHere = child.care.plan === 'long-term' && random.chance(0.75)
  if ((place === 'U6' || place === 'U3') && growsUpHere)
    change(from + random.int(150, 420), homes.restyled(home, place === 'U6' ? 'U4' : 'U1', random))
  if (isFoster(place) && random.chance(Math.min(0.3, (until - from) / 12_000)))
    change(
      from + random.int(430, Math.max(431, until - from)),
      homes.moved(placements.at(-1)!.home, child.homePostcode, random),
    )
  return placements
}

const supportedOn = (day: DayNumber, random: Random): string =>
  day < SUPPORTED_ACCOMMODATION_REGISTERED ? random.weighted(SUPPORTED_BEFORE_2023) : 'K3'

function placeOn(day: DayNumber, child: ToBePlaced, before: string | undefined, random: Random): string {
  const { born, care } = child
  const sixteen = day >= birthday(born, 16)
  const underOrder = ['C1', 'C2'].includes(child.statuses.findLast((status) => status.from <= day)!.ls)
  const age = exactAge(day, born)
  const kind = child.uasc
    ? UASC
    : care.plan === 'remand'
      ? ON_REMAND
      : age < 10
        ? YOUNG
        : age < 16
          ? OLDER
          : ABOUT_16
  for (;;) {
    let place: string = random.weighted<string>(kind)
    if (child.adoption && random.chance(0.13)) place = 'U5'
    if (care.plan === 'guardianship' && before !== undefined && random.chance(0.6)) place = 'U3'
    // A child lives with a parent under a care order only, and never on the way to adoption.
    if (place === 'P1' && (!underOrder || child.adoption || before === 'P1')) continue
    if (place === 'R3' && age > 2) continue
    if (place === 'K3' && !sixteen) place = 'U6'
    if (place === 'K3' && day < SUPPORTED_ACCOMMODATION_REGISTERED)
      return random.weighted(SUPPORTED_BEFORE_2023)
    return place
  }
}

/** The first day on which a return could give custody arrangements as the reason. */
const CUSTODY_IS_A_REASON = dayNumber(2018, 4, 1)

function reasonOn(day: DayNumber, random: Random): string {
  const reason = random.weighted(REASON)
  return reason === 'CUSTOD' && day < CUSTODY_IS_A_REASON ? 'OTHER' : reason
}

/** The move to the adopters, who may be the carers the child is with already. */
function withAdopters(
  child: ToBePlaced,
  { order, placed }: AdoptionPath,
  before: Placement,
  homes: Homes,
  random: Random,
): Placement {
  const stays = before.home.place === 'U5' || (isFoster(before.home.place) && random.chance(0.06))
  const place = stays ? (order === null ? 'A3' : 'A5') : order === null ? 'A4' : 'A6'
  const home = stays
    ? homes.restyled(before.home, place, random)
    : homes.home(place, child.homePostcode, random)
  return { from: placed, home, sameCarer: stays, reason: stays ? 'PLACE' : 'CARPL' }
}
