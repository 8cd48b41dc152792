import { birthday, type DayNumber } from './day-number.ts'
import type { OutlineOfCare } from './entrants.ts'
import { type Random, weights } from './random.ts'

/** A legal status and the day from which it holds. */
export interface LegalStatus {
  readonly from: DayNumber
  readonly ls: string
}

/** Milestones of an adoption as parts of the time in care: each comes after the one before. */
const ADOPTION = { decided: 0.26, order: 0.32, matched: 0.55, placed: 0.6 } as const

export interface AdoptionPath {
  readonly decided: DayNumber
  /** Placement order; null where the parents consented. */
  readonly order: DayNumber | null
  readonly matched: DayNumber
  readonly placed: DayNumber
}

/** The days on which an adoption is decided on, allowed, matched and begun; they shift with the child. */
export function adoptionPath(care: OutlineOfCare, random: Random): AdoptionPath {
  const days = care.end - care.start
  const on = (part: number): DayNumber => care.start + Math.round(days * part)
  const placed = on(ADOPTION.placed + random.between(0, 0.12))
  return {
    decided: on(ADOPTION.decided + random.between(0, 0.04)),
    order: random.chance(0.05)
      ? null
      : random.chance(0.06)
        ? placed
        : on(ADOPTION.order + random.between(0, 0.1)),
    matched: on(ADOPTION.matched),
    placed,
  }
}

const FIRST_STATUS = weights({ V2: 27, C1: 65, L1: 4, L2: 4 })
const FIRST_STATUS_BRIEF = weights({ V2: 64, C1: 22, L1: 9, L2: 4, J2: 1 })
const STAYS_ACCOMMODATED = 0.42

/**
 * The legal statuses of a period of care, in order, each from a later day. Emergency protection gives way within
 * days; proceedings take half a year or more; nobody gets a care order at 17 or after.
 */
export function legalPath(
  care: OutlineOfCare,
  born: DayNumber,
  uasc: boolean,
  adoption: AdoptionPath | null,
  random: Random,
): LegalStatus[] {
  if (uasc) return [{ from: care.start, ls: 'V2' }]
  if (care.plan === 'remand') return [{ from: care.start, ls: 'J1' }]
  const path: LegalStatus[] = []
  const latestOrder = Math.min(care.end - 2, birthday(born, 17) - 1)
  const add = (from: DayNumber, ls: string): void => {
    const last = path.at(-1)
    if (!last || (from > last.from && from <= latestOrder && ls !== last.ls)) path.push({ from, ls })
  }
  const brief = care.plan === 'home-soon' || care.plan === 'transfer' || care.plan === 'custody'
  const tooOld = care.start >= birthday(born, 16) + 180
  const first = random.weighted(brief ? FIRST_STATUS_BRIEF : FIRST_STATUS)
  add(care.start, tooOld ? 'V2' : first)
  if (adoption) return adoptionStatuses(path, adoption, add, random)
  let day = care.start
  const then = (days: number, ls: string): void => {
    day += days
    add(day, ls)
  }
  if (first === 'L1' || first === 'J2') then(random.int(1, 3), brief && random.chance(0.6) ? 'V2' : 'C1')
  if (first === 'L2') then(random.int(3, 8), 'C1')
  if (first === 'V2' && (brief || tooOld || random.chance(STAYS_ACCOMMODATED))) return path
  if (first === 'V2') then(random.int(20, 150), 'C1')
  if (path.at(-1)!.ls === 'C1') add(day + random.int(190, 520), 'C2')
  return path
}

function adoptionStatuses(
  path: LegalStatus[],
  { order, placed }: AdoptionPath,
  add: (from: DayNumber, ls: string) => void,
  random: Random,
): LegalStatus[] {
  const start = path[0]!.from
  if (order === null) {
    // Placed with consent: the child stays accommodated, without any order.
    path[0] = { from: start, ls: 'V2' }
    return path
  }
  if (path[0]!.ls !== 'C1') add(start + random.int(2, 20), 'C1')
  if (order < placed && random.chance(0.5)) add(order - random.int(1, 14), 'C2')
  add(order, 'E1')
  return path
}
