import { birthdaysAsCareLeaver, faringAt } from './after-care.ts'
import type {
  Adoption,
  AdoptionDecision,
  CareRecord,
  PeriodOfCare,
  PreviousPermanence,
} from './care-record.ts'
import { birthday, type DayNumber, OPEN } from './day-number.ts'
import {
  deprivationsDuring,
  missingDuring,
  reversedDecisions,
  reviewsDuring,
  workersDuring,
} from './during-care.ts'
import type { Entrant, OutlineOfCare } from './entrants.ts'
import { DISTRICTS_INSIDE, type Homes, postcodeIn } from './homes.ts'
import { type AdoptionPath, adoptionPath, legalPath } from './legal-path.ts'
import { ceasingReason, episodesOf, shortBreaks } from './period-of-care.ts'
import { placementsOf } from './placements.ts'
import { Random, seedOf, weights } from './random.ts'

/** The council a child is in the care of. */
export interface Council {
  readonly seed: number
  readonly idPrefix: string
  readonly homes: Homes
  readonly workers: readonly string[]
  /** First day of the first return: what happened in periods of care that ended before it is in none. */
  readonly returnsFrom: DayNumber
}

const ETHNIC = weights({
  WBRI: 655,
  WIRI: 4,
  WOTH: 42,
  WIRT: 5,
  WROM: 13,
  MWBC: 38,
  MWBA: 13,
  MWAS: 22,
  MOTH: 45,
  AIND: 6,
  APKN: 24,
  ABAN: 9,
  AOTH: 12,
  BCRB: 18,
  BAFR: 32,
  BOTH: 17,
  CHNE: 2,
  OOTH: 20,
  REFU: 3,
  NOBT: 8,
})
const ETHNIC_UASC = weights({ OOTH: 30, BAFR: 32, AOTH: 22, WOTH: 9, APKN: 2, BOTH: 4, NOBT: 1 })
const NEED = weights({ N1: 73, N2: 2, N3: 3, N4: 8, N5: 11, N6: 1.5, N8: 2, N7: 0.1 })

/** The whole history of a child, from the outline of the time in care. */
export function childInCare(entrant: Entrant, council: Council): CareRecord {
  const { born, uasc, number } = entrant
  const seed = seedOf(council.seed, number)
  const random = new Random(seed)
  const drawnSex = random.next()
  const sex = drawnSex < (uasc ? 0.95 : 0.53) ? 'M' : drawnSex < 0.9985 ? 'F' : 'U'
  const homePostcode = uasc ? '' : postcodeIn(DISTRICTS_INSIDE, random)
  const adopted = entrant.periods.find((care) => care.plan === 'adoption' && !care.untilEighteen)
  const path = adopted ? adoptionPath(adopted, random) : null
  const periods = entrant.periods.flatMap((care) => {
    const child = { care, born, uasc, homePostcode, adoption: care === adopted ? path : null }
    return periodsOf(child, council.homes, random)
  })
  const forBreaks = entrant.periods[0]!.plan === 'short-breaks'
  const last = periods.at(-1)
  const returned = periods.filter((period) => period.until >= council.returnsFrom)
  return {
    id: `${council.idPrefix}${String(number).padStart(6, '0')}`,
    seed,
    sex,
    born,
    ethnic: random.weighted(uasc ? ETHNIC_UASC : ETHNIC),
    upn: upnOf(number, random),
    motherSince: sex === 'F' && random.chance(0.03) ? birthday(born, 15) + random.int(0, 1_000) : OPEN,
    uascUntil: uasc ? uascEnd(entrant.periods[0]!, born, random) : null,
    homePostcode,
    periods,
    decisions: [
      ...(adopted && path ? [{ from: path.decided, until: adopted.end, reversedFor: '' }] : []),
      ...(forBreaks || adopted ? [] : periods.flatMap((period) => reversedDecisions(period, born, random))),
    ] satisfies AdoptionDecision[],
    adoption: adopted && path ? adoptionOf(adopted, path, periods, random) : null,
    previousPermanence: forBreaks ? [] : previousPermanence(entrant, random),
    missing: forBreaks ? [] : missingDuring(returned, born, uasc, random),
    reviews: forBreaks ? [] : returned.flatMap((period) => reviewsDuring(period, born, random)),
    workers: entrant.periods.flatMap((care, index) => {
      if (care.end < council.returnsFrom) return []
      const notBefore = Math.max(born, (entrant.periods[index - 1]?.end ?? born - 1) + 1)
      return workersDuring({ from: care.start, until: care.end }, notBefore, council.workers, random)
    }),
    birthdaysAfterCare: last
      ? faringAt(birthdaysAsCareLeaver(periods, born), born, last.episodes.at(-1)!.rec, random)
      : [],
    deprivations: deprivationsDuring(returned, born, random),
  }
}

interface Child {
  readonly care: OutlineOfCare
  readonly born: DayNumber
  readonly uasc: boolean
  readonly homePostcode: string
  readonly adoption: AdoptionPath | null
}

function periodsOf(child: Child, homes: Homes, random: Random): PeriodOfCare[] {
  const { care, born, uasc, homePostcode, adoption } = child
  if (care.plan === 'short-breaks')
    return shortBreaks(care, homes.home(random.chance(0.5) ? 'K2' : 'U6', homePostcode, random), random)
  const statuses = legalPath(care, born, uasc, adoption, random)
  const placements = placementsOf({ ...child, statuses }, homes, random)
  const cin = uasc ? 'N8' : care.plan === 'remand' ? 'N6' : random.weighted(NEED)
  const rec = ceasingReason(care, born, uasc, placements.at(-1)!.home, random)
  return [
    { from: care.start, until: care.end, episodes: episodesOf(statuses, placements, care.end, cin, rec) },
  ]
}

/** Check letters of a unique pupil number leave out I, O and S. */
const UPN_LETTERS = [...'ABCDEFGHJKLMNPQRTUVWXYZ']

/** The number of the child makes it the only one; the school's part is made up. */
const upnOf = (number: number, random: Random): string =>
  `${random.pick(UPN_LETTERS)}${998_000 + random.int(0, 999)}${String(number % 1_000_000).padStart(6, '0')}`

/** The status ends on the 18th birthday, for a few earlier: with leave to remain. */
function uascEnd(care: OutlineOfCare, born: DayNumber, random: Random): DayNumber {
  const days = care.end - care.start
  return random.chance(0.08) && days > 200 ? care.start + random.int(150, days) : birthday(born, 18)
}

const ADOPTERS = weights({ MF: 78, MM: 8, FF: 6, F1: 7, M1: 1 })
const COUPLE_STATUS = {
  MF: weights({ L11: 80, L3: 20 }),
  same: weights({ L12: 68, L2: 7, L4: 25 }),
}

function adoptionOf(
  care: OutlineOfCare,
  path: AdoptionPath,
  periods: readonly PeriodOfCare[],
  random: Random,
): Adoption {
  const place = periods.find((period) => period.from === care.start)!.episodes.at(-1)!.home.place
  const adoptersSex = random.weighted(ADOPTERS)
  const single = adoptersSex === 'F1' || adoptersSex === 'M1'
  return {
    decided: path.decided,
    matched: path.matched,
    ordered: care.end,
    byFosterCarer: place === 'A3' || place === 'A5',
    adopters: single ? '1' : '2',
    adoptersSex,
    adoptersStatus: single
      ? 'L0'
      : random.weighted(adoptersSex === 'MF' ? COUPLE_STATUS.MF : COUPLE_STATUS.same),
  }
}

/** Whether a permanent home was found for the child before this start of care. */
function previousPermanence(entrant: Entrant, random: Random): PreviousPermanence[] {
  let before =
    random.chance(0.03) && !entrant.uasc && entrant.periods[0]!.start - entrant.born > 1_500 ? 'P3' : 'Z1'
  return entrant.periods.map((care, index) => {
    const ended = entrant.periods[index - 1]?.plan
    if (ended === 'guardianship') before = 'P2'
    if (ended === 'adoption') before = 'P1'
    const permanent = before !== 'Z1'
    return {
      started: care.start,
      option: before,
      authority: '',
      date: permanent ? 'ZZ/ZZ/ZZZZ' : '',
    }
  })
}
