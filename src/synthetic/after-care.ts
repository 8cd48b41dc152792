import { type BirthdayAfterCare, isShortBreak, type PeriodOfCare } from './care-record.ts'
import { birthday, type DayNumber } from './day-number.ts'
import { type Distribution, type Random, weights } from './random.ts'

const DAYS_AFTER_14 = 91

/** Days looked after from a day on, short breaks aside. */
function daysInCareFrom(day: DayNumber, periods: readonly PeriodOfCare[], by: DayNumber): number {
  let days = 0
  for (const period of periods)
    for (const { from, until, ls } of period.episodes)
      if (!isShortBreak(ls)) days += Math.max(0, Math.min(until, by) - Math.max(from, day))
  return days
}

/**
 * The birthdays from the 17th to the 21st on which someone counts as a care leaver: no longer looked after, thirteen
 * weeks of care since the 14th birthday, and some of it since the 16th.
 */
export function birthdaysAsCareLeaver(periods: readonly PeriodOfCare[], born: DayNumber): DayNumber[] {
  const last = periods.at(-1)?.episodes.at(-1)
  if (!last || last.until <= birthday(born, 16) || last.rec === 'E2' || last.rec === 'E3' || last.rec === '')
    return []
  return [17, 18, 19, 20, 21]
    .map((age) => birthday(born, age))
    .filter(
      (day) =>
        !periods.some((period) => period.from <= day && day < period.until) &&
        daysInCareFrom(birthday(born, 16), periods, day) >= 1 &&
        daysInCareFrom(birthday(born, 14), periods, day) >= DAYS_AFTER_14,
    )
}

const FOUND_AT: Readonly<Record<string, Distribution<string>>> = {
  YES: weights({ YES: 970, NO: 14, REFU: 6, NREQ: 8, DIED: 2 }),
  NO: weights({ YES: 45, NO: 55 }),
  REFU: weights({ YES: 30, REFU: 70 }),
  NREQ: weights({ YES: 20, NREQ: 80 }),
  RHOM: weights({ YES: 35, RHOM: 65 }),
}

/** Activities at 17 or 18, and from 19 on. */
const ACTIVITY_YOUNG = weights({ F2: 45, P2: 3, F5: 8, P5: 3, F4: 2, F1: 3, G5: 26, G4: 3, G6: 2, 0: 5 })
const ACTIVITY_LATER = weights({
  F1: 6,
  P1: 0.4,
  F2: 18,
  P2: 3,
  F5: 18,
  P5: 7,
  F4: 2,
  P4: 0.3,
  G5: 27,
  G4: 9,
  G6: 4,
  0: 4,
})

const ACCOMMODATION_YOUNG = weights({
  B1: 21,
  D1: 38,
  E1: 6,
  U1: 10,
  T1: 3,
  K1: 2,
  C1: 5,
  Y1: 2,
  V2: 1,
  X2: 2,
  S2: 1,
  R2: 1,
  W2: 0.5,
  0: 4,
})
const ACCOMMODATION_LATER = weights({
  U1: 38,
  D1: 17,
  B1: 14,
  E1: 4,
  K1: 4,
  T1: 3,
  C1: 2,
  Y1: 2,
  U2: 1,
  X2: 3,
  S2: 1.5,
  R2: 1.2,
  V2: 0.6,
  W2: 0.6,
  G1: 0.4,
  H1: 0.1,
  0: 4,
})

/** How a care leaver fares at each of these birthdays; most of a life carries over from one year to the next. */
export function faringAt(
  birthdays: readonly DayNumber[],
  born: DayNumber,
  lastReason: string,
  random: Random,
): BirthdayAfterCare[] {
  const faring: BirthdayAfterCare[] = []
  let [inTouch, activity, accommodation] = ['YES', '', '']
  if (lastReason.startsWith('E4') && random.chance(0.5)) inTouch = 'RHOM'
  for (const day of birthdays) {
    const [young, adult] = [day <= birthday(born, 18), day >= birthday(born, 18)]
    const turnsEighteen = young && adult
    if (faring.length > 0 || inTouch === 'YES') inTouch = random.weighted(FOUND_AT[inTouch]!)
    if (activity === '' || activity === '0' || random.chance(0.45))
      activity = random.weighted(young ? ACTIVITY_YOUNG : ACTIVITY_LATER)
    const stayedPut = lastReason === 'E17' && adult && (turnsEighteen || accommodation === 'Z1')
    if (stayedPut && random.chance(turnsEighteen ? 0.8 : 0.62)) accommodation = 'Z1'
    else if (accommodation === '' || accommodation === '0' || accommodation === 'Z1' || random.chance(0.4))
      accommodation = random.weighted(young ? ACCOMMODATION_YOUNG : ACCOMMODATION_LATER)
    const known = inTouch === 'YES' || (inTouch === 'NO' && random.chance(0.1))
    const here = inTouch === 'YES'
    faring.push({ day, inTouch, activity: known ? activity : '0', accommodation: here ? accommodation : '0' })
    if (inTouch === 'DIED') break
  }
  return faring
}
