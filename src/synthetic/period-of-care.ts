import { type Episode, type Home, isFoster, isTemporary, type PeriodOfCare } from './care-record.ts'
import { birthday, type DayNumber } from './day-number.ts'
import type { OutlineOfCare } from './entrants.ts'
import type { LegalStatus } from './legal-path.ts'
import type { Placement } from './placements.ts'
import { type Random, weights } from './random.ts'

/**
 * Episodes of a period of care: a new one at each change of legal status or placement, and its reason for being new
 * says which of the two changed. Both lists start on the first day of the period.
 */
export function episodesOf(
  statuses: readonly LegalStatus[],
  placements: readonly Placement[],
  end: DayNumber,
  cin: string,
  rec: string,
): Episode[] {
  const episodes: Episode[] = []
  let [status, placement] = [0, 0]
  let from = placements[0]!.from
  let rne = 'S'
  for (;;) {
    const nextStatus = statuses[status + 1]?.from ?? end
    const nextPlacement = placements[placement + 1]?.from ?? end
    const until = Math.min(nextStatus, nextPlacement)
    const [legal, here] = [statuses[status]!, placements[placement]!]
    const last = until >= end
    const moves = !last && nextPlacement === until
    const next = placements[placement + 1]
    const temporary = isTemporary(here.home.place) || (next !== undefined && isTemporary(next.home.place))
    episodes.push({
      from,
      until,
      rne,
      ls: legal.ls,
      cin,
      home: here.home,
      rec: last ? rec : 'X1',
      reasonPlaceChange: moves && !temporary ? next!.reason : '',
    })
    if (last) return episodes
    rne = reasonForNew(nextStatus === until, moves, moves && next!.sameCarer)
    if (nextStatus === until) status++
    if (moves) placement++
    from = until
  }
}

const reasonForNew = (legal: boolean, moves: boolean, sameCarer: boolean): string => {
  if (!moves) return 'L'
  if (legal) return sameCarer ? 'U' : 'B'
  return sameCarer ? 'T' : 'P'
}

const HOME_AGAIN = weights({ E4A: 58, E4B: 12, E13: 5, E8: 20, E41: 5 })
const LEFT_EARLY = weights({ E4A: 42, E8: 18, E41: 14, E13: 8, E3: 13, E16: 1, E2: 2, E9: 2 })
const LEFT_AT_16 = weights({ E4A: 30, E4B: 8, E5: 24, E6: 12, E8: 14, E3: 7, E9: 3, E2: 2 })
const EIGHTEEN_IN = {
  foster: weights({ E17: 72, E5: 12, E6: 4, E8: 12 }),
  supported: weights({ E5: 58, E6: 15, E17: 4, E8: 23 }),
  other: weights({ E5: 36, E7: 12, E17: 14, E6: 8, E8: 30 }),
}
const UASC_LEAVES_EARLY = weights({ E8: 55, E15: 35, E16: 10 })

/** Why a period of care ends, which hangs on the plan and on where the child lives then. */
export function ceasingReason(
  care: OutlineOfCare,
  born: DayNumber,
  uasc: boolean,
  last: Home,
  random: Random,
): string {
  if (care.untilEighteen) {
    if (isFoster(last.place)) return random.weighted(EIGHTEEN_IN.foster)
    const supported = last.place === 'K3' || last.place === 'P2' || last.place === 'H5'
    return random.weighted(supported ? EIGHTEEN_IN.supported : EIGHTEEN_IN.other)
  }
  switch (care.plan) {
    case 'adoption':
      return random.chance(0.75) ? 'E12' : 'E11'
    case 'guardianship':
      return guardianshipReason(last, random)
    case 'transfer':
      return 'E3'
    case 'custody':
      return 'E9'
    case 'remand':
      return random.chance(0.75) ? 'E14' : 'E9'
    case 'long-term':
      return random.weighted(care.end >= birthday(born, 16) ? LEFT_AT_16 : LEFT_EARLY)
    default:
      return random.weighted(uasc ? UASC_LEAVES_EARLY : HOME_AGAIN)
  }
}

function guardianshipReason(last: Home, random: Random): string {
  if (random.chance(0.18)) return 'E41'
  if (random.chance(0.2)) return random.chance(0.8) ? 'E47' : 'E48'
  return last.place === 'U1' || last.place === 'U3' ? 'E45' : 'E46'
}

/** A series of short breaks: each break a period of care of its own, or the whole agreement as one (V4). */
export function shortBreaks(care: OutlineOfCare, home: Home, random: Random): PeriodOfCare[] {
  const breakFrom = (from: DayNumber, until: DayNumber, ls: string): PeriodOfCare => ({
    from,
    until,
    episodes: [{ from, until, rne: 'S', ls, cin: 'N2', home, rec: 'E4A', reasonPlaceChange: '' }],
  })
  if (random.chance(0.25)) return [breakFrom(care.start, care.end, 'V4')]
  const breaks: PeriodOfCare[] = []
  // Two to four days every five to eight weeks: well under the 75 days in twelve months that rule 367 allows.
  for (let from = care.start; from + 5 < care.end; from += random.int(35, 56))
    breaks.push(breakFrom(from, from + random.int(2, 4), 'V3'))
  return breaks
}
