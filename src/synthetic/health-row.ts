import type { ReportingYear } from '../vocabulary/period.ts'
import type { CareRecord } from './care-record.ts'
import { ageOn, inWriting, yearEnd } from './day-number.ts'
import { Random, seedOf, weights } from './random.ts'

const NO_SCORE = weights({ SDQ2: 38, SDQ4: 34, SDQ5: 20, SDQ3: 8 })

/** Strengths and difficulties: 0 to 13 normal, 14 to 16 borderline, 17 and over cause for concern. */
const score = (random: Random): number => {
  const drawn = random.next()
  if (drawn < 0.45) return random.int(1, 13)
  return drawn < 0.58 ? random.int(14, 16) : random.int(17, 32)
}

/** The OC2 row: health, strengths and difficulties, offending, as they stand at the end of a year. */
export function healthRow({ id, seed, born }: CareRecord, year: ReportingYear): string[] {
  const random = new Random(seedOf(seed, year))
  const age = ageOn(yearEnd(year), born)
  const yes = (probability: number): string => (random.chance(probability) ? '1' : '0')
  const scored = age >= 4 && age <= 16 && random.chance(0.79)
  const misuse = age >= 11 && random.chance(age >= 15 ? 0.08 : 0.02)
  const received = misuse && random.chance(0.42)
  return [
    id,
    inWriting(born),
    scored ? String(score(random)) : '',
    scored ? '' : age < 4 || age > 16 ? 'SDQ1' : random.weighted(NO_SCORE),
    age >= 10 ? yes(age >= 14 ? 0.035 : 0.008) : '',
    age < 5 ? yes(0.88) : '',
    yes(0.84),
    yes(age < 2 ? 0.6 : 0.82),
    yes(0.9),
    misuse ? '1' : '0',
    misuse ? (received ? '1' : '0') : '',
    misuse && !received ? yes(0.75) : '',
  ]
}
