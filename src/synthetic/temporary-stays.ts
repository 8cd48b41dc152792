import { isFoster } from './care-record.ts'
import type { DayNumber } from './day-number.ts'
import type { Homes } from './homes.ts'
import type { LegalStatus } from './legal-path.ts'
import type { Placement } from './placements.ts'
import { type Random, weights } from './random.ts'

const KIND = weights({ T0: 28, T1: 22, T2: 8, T3: 22, T4: 20 })
const LONGEST: Readonly<Record<string, number>> = { T0: 14, T1: 20, T2: 14, T3: 18, T4: 7 }
const STAYS_PER_DAY = 0.05 / 365

/**
 * Some days in hospital, or elsewhere while the carers are away, inside a placement: afterwards the child is back in
 * the same home, with the same type of placement (rule 383). Never at the start or end of care (rules 380, 381).
 */
export function withTemporaryStays(
  placements: readonly Placement[],
  statuses: readonly LegalStatus[],
  end: DayNumber,
  homes: Homes,
  random: Random,
): Placement[] {
  return placements.flatMap((placement, index) => {
    const { from, home } = placement
    const days = (placements[index + 1]?.from ?? end) - from
    const suits = isFoster(home.place) || home.place === 'K2'
    if (!suits || days < 60 || !random.chance(Math.min(0.5, days * STAYS_PER_DAY))) return [placement]
    const kind = random.weighted(KIND)
    const away = from + random.int(15, days - 35)
    const back = away + random.int(1, LONGEST[kind]!)
    // A change of legal status during the stay would make the return home look like more than a return.
    if (statuses.some((status) => status.from >= away && status.from <= back)) return [placement]
    return [
      placement,
      { from: away, home: homes.temporaryHome(kind, random), sameCarer: false, reason: '' },
      { from: back, home, sameCarer: false, reason: '' },
    ]
  })
}
