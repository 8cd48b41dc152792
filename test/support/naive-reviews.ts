import type { Day } from '../../src/vocabulary/day.ts'
import { type Care, childOn, covers, type Held, homeOn, parts, shifted } from './naive-care.ts'
import { type Count, type NaiveIndicator, share } from './naive-indicator.ts'

/** Reviews: indicators.md 4.9, E58 and E61, and the ruling on what is due when. */

/** England's bank holidays, as gov.uk lists them. */
export const BANK_HOLIDAYS: readonly string[] = `
  2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
  2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
  2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
  2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
  2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
  2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
  2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
  2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
  2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28`
  .trim()
  .split(/\s+/)

const isWorkingDay = (day: Day): boolean =>
  ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()) && !BANK_HOLIDAYS.includes(day)

/** So many working days after a day, which itself is not counted. */
function workingDaysAfter(from: Day, days: number): Day {
  let day = from
  for (let left = days; left > 0; ) {
    day = shifted(day, 1)
    if (isWorkingDay(day)) left--
  }
  return day
}

/** The same day of a later month, or its last one. */
export function monthsAfter(from: Day, months: number): Day {
  const [year, month, day] = parts(from)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  return `${last.toISOString().slice(0, 8)}${String(Math.min(day, last.getUTCDate())).padStart(2, '0')}` as Day
}

interface Due {
  readonly by: Day
  readonly held: Day | null
}

/** What was due in each period of care, and when it was held; only while the child is looked after. */
function reviewsDue(care: Care, { firstDay }: Held): Due[] {
  return care.periods.flatMap(({ start, end }) => {
    const reviews = care.reviews
      .map(({ held }) => held)
      .filter((day) => covers(start, end, day))
      .sort()
    // The first one known of a period that began before may have been the tenth.
    const beganBefore = start < firstDay
    const due: Due[] = beganBefore ? [] : [{ by: workingDaysAfter(start, 20), held: reviews[0] ?? null }]
    for (const [index, day] of reviews.entries()) {
      const isSecond = index === 0 && !beganBefore
      due.push({ by: monthsAfter(day, isSecond ? 3 : 6), held: reviews[index + 1] ?? null })
    }
    return due.filter(({ by }) => end === null || by < end)
  })
}

const dueIn = (care: Care, held: Held, firstDay: Day, lastDay: Day): Due[] =>
  reviewsDue(care, held).filter(({ by }) => by >= firstDay && by <= lastDay)
const isOnTime = ({ by, held }: Due): boolean => held !== null && held <= by

const due: Count = (all, { firstDay, lastDay }, held) =>
  all.flatMap((care) =>
    dueIn(care, held, firstDay, lastDay).map((review) => ({
      dimensions: { ...childOn(care, review.by), ...homeOn(care, review.by) },
      is: { onTime: isOnTime(review) },
    })),
  )

/** A child as on the last of the days on which a review was due. */
const childrenWithDue: Count = (all, { firstDay, lastDay }, held) =>
  all.flatMap((care) => {
    const reviews = dueIn(care, held, firstDay, lastDay)
    const last = reviews
      .map(({ by }) => by)
      .sort()
      .at(-1)
    return last ? [{ dimensions: childOn(care, last), is: { allOnTime: reviews.every(isOnTime) } }] : []
  })

const held: Count = (all, { firstDay, lastDay }) =>
  all.flatMap((care) =>
    care.reviews
      .filter(({ held: day }) => day >= firstDay && day <= lastDay)
      .filter(({ held: day }) => care.care.some(({ decom, dec }) => covers(decom, dec, day)))
      .map(({ held: day, code }) => ({
        dimensions: {
          ...childOn(care, day),
          ...homeOn(care, day),
          'review-participation': code.toLowerCase(),
        },
        is: { oldEnough: code !== 'PN0', takesPart: code !== 'PN7' },
      })),
  )

export const NAIVE_REVIEWS: Readonly<Record<string, NaiveIndicator>> = {
  'reviews-on-time-children-pct': share(childrenWithDue, 'allOnTime', undefined, { years: 2 }),
  'reviews-on-time-reviews-pct': share(due, 'onTime', undefined, { years: 2 }),
  'review-participation-pct': share(held, 'takesPart', 'oldEnough'),
}
