/**
 * For `order by`, as SQL: of several records of one thing the latest that holds by a day comes first, else the first one
 * after it. What was told for the first time after the day is the best that is known of it.
 */
export const closestTo = (day: string, heldFrom: string): string =>
  `${heldFrom} > ${day}, abs(${day} - ${heldFrom})`
