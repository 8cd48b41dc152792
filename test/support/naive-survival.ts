import {
  AGE_STARTS,
  AGES,
  bandOf,
  CARE_STARTS,
  CELLS,
  EXIT_KINDS,
  MOVE,
  MOVE_BANDS,
  MOVE_STARTS,
  PLACEMENTS,
  REPORT_AGE_OF,
  REPORT_AGES,
} from '../../src/forecast/survival/bands.ts'
import { MOVER_AGE_OF, MOVER_AGES } from '../../src/forecast/survival/exposure.ts'
import { rateIn } from '../../src/forecast/survival/hazards.ts'
import { estimatedLevels } from '../../src/forecast/survival/levels.ts'
import type { SurvivalModel } from '../../src/forecast/survival/model.ts'

/**
 * Simulates a fitted model in the slow and obvious way: each child is asked each day whether it leaves, with the best
 * estimate of every rate, and each day whether someone enters. Knows nothing of waiting times, bounds and logs. What it
 * gives is comparable to the fast one's where the uncertainty of the rates is switched off or small.
 */
export function naiveSimulator(
  model: SurvivalModel,
  days: number,
  random: () => number,
): () => { readonly byState: number[]; readonly exits: number } {
  const { hazards, stock, entries, destinations } = model
  const levels = estimatedLevels(hazards, model.window)
  const rate = (outcome: number, cell: number, placement: number): number =>
    rateIn(hazards, outcome, cell) * levels[outcome * PLACEMENTS + placement]!
  const daily = Array.from({ length: CELLS }, (_, cell) => {
    const placement = Math.floor(cell / (MOVE_BANDS * CARE_STARTS.length * AGES)) % PLACEMENTS
    let leaves = 0
    for (let outcome = 0; outcome < EXIT_KINDS.length; outcome++) leaves += rate(outcome, cell, placement)
    return { leaves, moves: rate(MOVE, cell, placement) }
  })
  return () => {
    const children = Array.from(stock.placement, (placement, at) => ({
      placement,
      uasc: stock.uasc[at]!,
      enteredOn: stock.enteredOn[at]!,
      movedOn: stock.movedOn[at]!,
      birthdays: Array.from(stock.birthdays.subarray(at * (AGES + 1), (at + 1) * (AGES + 1))),
    }))
    let exits = 0
    const ageOn = ({ birthdays }: { readonly birthdays: readonly number[] }, day: number): number => {
      let age = AGES - 1
      while (birthdays[age]! > day) age--
      return age
    }

    for (let day = 1; day <= days; day++) {
      for (let at = children.length - 1; at >= 0; at--) {
        const child = children[at]!
        const age = ageOn(child, day - 1)
        const time =
          bandOf(CARE_STARTS, day - 1 - child.enteredOn) * MOVE_BANDS +
          bandOf(MOVE_STARTS, day - 1 - child.movedOn)
        const cell =
          ((child.uasc * PLACEMENTS + child.placement) * AGES + age) * CARE_STARTS.length * MOVE_BANDS + time
        const { leaves, moves } = daily[cell]!
        const drawn = random()
        if (day >= child.birthdays[AGES]! || drawn < leaves) {
          children.splice(at, 1)
          exits++
        } else if (drawn < leaves + moves) {
          const first = (child.placement * MOVER_AGES + MOVER_AGE_OF[age]!) * PLACEMENTS
          const weights = destinations.subarray(first, first + PLACEMENTS)
          let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
          let to = 0
          for (; left >= weights[to]!; to++) left -= weights[to]!
          child.placement = to
          child.movedOn = day
        }
      }
      const month = new Date((model.startsOn + day) * 86_400_000).getUTCMonth()
      const mean = (entries.events / entries.days) * entries.season[month]!
      for (let left = Math.exp(-mean), drawn = random(); drawn > left; drawn *= random()) {
        const { ageInDays, placement, uasc } = entries.entrants
        const who = Math.floor(random() * ageInDays.length)
        const seen = ageInDays[who]!
        const age = Math.max(0, Math.round(seen + Math.min(120, seen * 0.1) * (2 * random() - 1)))
        const born = day - (age > 6572 ? Math.min(seen, 6572) : age)
        children.push({
          placement: placement[who]!,
          uasc: uasc[who]!,
          enteredOn: day,
          movedOn: day,
          birthdays: [...AGE_STARTS, 18].map((years) => born + Math.round(years * 365.25)),
        })
      }
    }
    const byState = new Array<number>(PLACEMENTS * REPORT_AGES).fill(0)
    for (const child of children)
      byState[child.placement * REPORT_AGES + REPORT_AGE_OF[ageOn(child, days)]!]! += 1
    return { byState, exits }
  }
}
