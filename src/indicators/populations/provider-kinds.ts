import { quotedList } from './quoted-list.ts'

/** Homes for looked-after children, as Ofsted registers them. */
export const CHILDRENS_HOMES = quotedList('childrens-home secure-childrens-home')

/** Whatever has beds for looked-after children; of a school, the places of those who live there. */
export const HOMES_WITH_BEDS = quotedList(
  'childrens-home secure-childrens-home supported-accommodation residential-special-school',
)

/** The last day of each period. */
export const LAST_DAYS = '(select p.ordinal as number, p.last_day as day from period p)'
