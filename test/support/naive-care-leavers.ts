import type { Day } from '../../src/vocabulary/day.ts'
import { birthdayOf, birthdaysBy, type Care, childOn, covers, number, usualPlace } from './naive-care.ts'
import { type Count, counting, type NaiveIndicator, share } from './naive-indicator.ts'
import type { LeaverRow } from './records.ts'

/**
 * Care leavers: as returned in OC3 (indicators.md 2.12 to 2.14 and 4.4, E36 to E43), and as the law has it (2.15, E34
 * and E35). The row in OC3 is taken as proof of the thirteen weeks.
 */

/* ---- the history that the law asks for ------------------------------------------------------------------------ */

/** Days looked after from one day until another, half-open, all periods of care together. */
const daysBetween = (care: Care, from: Day, until: Day): number =>
  care.care.reduce((days, { decom, dec }) => {
    const begins = decom > from ? decom : from
    const ends = dec !== null && dec < until ? dec : until
    return days + Math.max(0, number(ends) - number(begins))
  }, 0)

/** Thirteen weeks since the 14th birthday, with a day after the 16th, and all that before the 18th. */
function hasThirteenWeeksBy(care: Care, day: Day): boolean {
  const { born } = care.child
  const until = day < birthdayOf(born, 18) ? day : birthdayOf(born, 18)
  return (
    daysBetween(care, birthdayOf(born, 14), until) >= 91 &&
    daysBetween(care, birthdayOf(born, 16), until) >= 1
  )
}

/** The last period of care that began by a day. */
const lastPeriod = (care: Care, day: Day) => care.periods.findLast(({ start }) => start <= day)
const isLookedAfter = (care: Care, day: Day) => care.care.some(({ decom, dec }) => covers(decom, dec, day))
const hadLeftFor = (care: Care, day: Day, ...reasons: string[]): boolean => {
  const last = lastPeriod(care, day)
  return last !== undefined && last.end !== null && last.end <= day && reasons.includes(last.rec)
}

const GUARDIANSHIP = ['E43', 'E44', 'E45', 'E46', 'E47', 'E48']

/* ---- returned in OC3 ------------------------------------------------------------------------------------------ */

/** The birthday of the year that a row is about: the 17th, say. */
function birthdayIn(care: Care, { year }: LeaverRow): { age: number; day: Day } {
  const age = birthdaysBy(`${year}-03-31` as Day, care.child.born)
  return { age, day: birthdayOf(care.child.born, age) }
}

const ACTIVITIES: Record<string, string> = {
  F1: 'higher-education',
  P1: 'higher-education',
  F2: 'other-education',
  P2: 'other-education',
  F3: 'training-or-employment',
  P3: 'training-or-employment',
  F4: 'apprenticeship',
  P4: 'apprenticeship',
  F5: 'training-or-employment',
  P5: 'training-or-employment',
  G4: 'neet-illness-or-disability',
  G5: 'neet-other',
  G6: 'neet-pregnancy-or-parenting',
}

function wasFosteredAtEighteen(care: Care): boolean {
  const eighteenth = birthdayOf(care.child.born, 18)
  const period = care.periods.find(({ end }) => end === eighteenth)
  return (
    period !== undefined &&
    usualPlace(care, period.episodes.at(-1)!).startsWith('U') &&
    hasThirteenWeeksBy(care, eighteenth)
  )
}

const returned: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    care.leaverRows.flatMap((row) => {
      const { age, day } = birthdayIn(care, row)
      if (day < firstDay || day > lastDay || age < 17 || age > 21) return []
      if (['DIED', 'RHOM'].includes(row.inTouch) || hadLeftFor(care, day, 'E3')) return []
      const accommodation = row.accommodation || '0'
      const activity = ACTIVITIES[row.activity] ?? 'not-known'
      const isOutOfReach = /^[GHR]/.test(accommodation)
      const isOlder = age >= 19
      const fostered = wasFosteredAtEighteen(care)
      return [
        {
          dimensions: {
            ...childOn(care, day),
            'age-group': isOlder ? '19-to-21' : '17-to-18',
            activity,
            accommodation: accommodation.charAt(0).toLowerCase(),
          },
          is: {
            '19-21': isOlder,
            '17-18': !isOlder,
            reachable: !isOutOfReach,
            'reachable 19-21': !isOutOfReach && isOlder,
            'reachable 17-18': !isOutOfReach && !isOlder,
            fosteredAnd18: fostered && age === 18,
            fosteredAnd19Or20: fostered && (age === 19 || age === 20),
            formerUasc: care.uasc !== null,
            [row.inTouch]: true,
            refusesOrNeedsNone: row.inTouch === 'REFU' || row.inTouch === 'NREQ',
            [activity]: true,
            eet: activity !== 'not-known' && !activity.startsWith('neet-'),
            neet: activity.startsWith('neet-'),
            suitable: accommodation.endsWith('1'),
            unsuitable: accommodation.endsWith('2'),
            noInformation: accommodation === '0',
            homeless: accommodation.startsWith('S'),
            custody: accommodation.startsWith('X'),
            bedAndBreakfast: accommodation.startsWith('W'),
            withFormerCarers: accommodation.startsWith('Z'),
          },
        },
      ]
    }),
  )

/* ---- entitled by law ------------------------------------------------------------------------------------------ */

function categoryOn(care: Care, day: Day): string | null {
  const { born } = care.child
  const age = birthdaysBy(day, born)
  if (age < 16 || age > 20) return null
  const died = care.leaverRows.some((row) => row.inTouch === 'DIED' && `${row.year}-03-31` <= day)
  if (died || hadLeftFor(care, day, 'E2', 'E3')) return null
  // Of whom the returns held know no care, OC3 is the only proof, from the birthday on.
  const isProven =
    hasThirteenWeeksBy(care, day) ||
    (care.care.length === 0 && care.leaverRows.some((row) => birthdayIn(care, row).day <= day))
  if (isLookedAfter(care, day)) return isProven && age < 18 ? 'eligible' : null
  if (isProven) return age < 18 ? 'relevant' : 'former-relevant'
  const wasLookedAfterSinceSixteen = daysBetween(care, birthdayOf(born, 16), day) > 0
  return wasLookedAfterSinceSixteen || hadLeftFor(care, day, ...GUARDIANSHIP) ? 'qualifying' : null
}

/** Rows are asked for of those who are 17 to 20 and were no longer looked after on their latest birthday (E37). */
function isMissingFromOc3(care: Care, day: Day, category: string): boolean {
  const age = birthdaysBy(day, care.child.born)
  const birthday = birthdayOf(care.child.born, age)
  return (
    age >= 17 &&
    category.endsWith('relevant') &&
    !isLookedAfter(care, birthday) &&
    !care.leaverRows.some((row) => birthdayIn(care, row).day === birthday)
  )
}

const entitled: Count = (all, { lastDay: day }) =>
  all.flatMap((care) => {
    const category = categoryOn(care, day)
    return category
      ? [
          {
            dimensions: { ...childOn(care, day), entitlement: category },
            is: { missingFromOc3: isMissingFromOc3(care, day, category) },
          },
        ]
      : []
  })

/* ---- the indicators ------------------------------------------------------------------------------------------- */

const byAgeGroup = (id: string, of: string, over = ''): [string, NaiveIndicator][] =>
  ['19-21', '17-18'].map((ages) => [`care-leavers-${id}-${ages}-pct`, share(returned, of, `${over}${ages}`)])

export const NAIVE_CARE_LEAVERS: Readonly<Record<string, NaiveIndicator>> = {
  'care-leavers-cohort': counting(returned),
  'care-leavers-former-uasc-pct': share(returned, 'formerUasc'),
  ...Object.fromEntries([
    ...byAgeGroup('in-touch', 'YES'),
    ...byAgeGroup('not-in-touch', 'NO'),
    ...byAgeGroup('refuses-contact', 'REFU'),
    ...byAgeGroup('no-longer-requires-services', 'NREQ'),
    ...byAgeGroup('eet', 'eet'),
    ...byAgeGroup('neet', 'neet'),
    ...byAgeGroup('neet-illness-disability', 'neet-illness-or-disability'),
    ...byAgeGroup('neet-pregnancy-parenting', 'neet-pregnancy-or-parenting'),
    ...byAgeGroup('neet-other', 'neet-other'),
    ...byAgeGroup('higher-education', 'higher-education'),
    ...byAgeGroup('suitable-accommodation', 'suitable', 'reachable '),
    ...byAgeGroup('suitability-no-information', 'noInformation', 'reachable '),
  ]),
  'care-leavers-refuse-or-no-longer-require-pct': share(returned, 'refusesOrNeedsNone'),
  'care-leavers-other-education-pct': share(returned, 'other-education'),
  'care-leavers-apprenticeship-pct': share(returned, 'apprenticeship'),
  'care-leavers-employment-pct': share(returned, 'training-or-employment'),
  'care-leavers-activity-not-known-pct': share(returned, 'not-known'),
  'care-leavers-unsuitable-accommodation-pct': share(returned, 'unsuitable', 'reachable'),
  'care-leavers-homeless-pct': share(returned, 'homeless'),
  'care-leavers-in-custody-pct': share(returned, 'custody'),
  'care-leavers-bed-and-breakfast-count': counting(returned, 'bedAndBreakfast'),
  'staying-put-18-pct': share(returned, 'withFormerCarers', 'fosteredAnd18'),
  'staying-put-19-20-pct': share(returned, 'withFormerCarers', 'fosteredAnd19Or20'),
  'care-leavers-entitlement-count': counting(entitled),
  // The birthday may lie a year back.
  'care-leavers-owed-duties-not-in-oc3-count': counting(entitled, 'missingFromOc3', 1),
}
