import { PLACE, PLACE_PROVIDER } from '../../vocabulary/code-sets.ts'
import { addDays, type Day, dayOf, parseDay, parseIsoDay } from '../../vocabulary/day.ts'
import { wordsOf } from './provider-layouts.ts'

/** How Ofsted's lists write values, and what each is to us. Undefined stands for what is not understood. */

const PLACEHOLDER =
  /^(?:[-–—.…:]+|#?n\/?a|n\.a\.?|null|none|nil|not (?:applicable|available|known|recorded|disclosed|provided|yet known)|redacted|withheld|suppressed|unknown|tbc|blank|\[[a-z]{1,2}\]|[*x]+|#(?:ref|value|name|num|div\/0|null)[!?]?)$/i

/** The text without what stands for nothing: dashes, `N/A`, `REDACTED`. */
export function saidIn(cell: string | undefined): string {
  const text = (cell ?? '').replaceAll(/[\s\u00a0\u200b\ufeff]+/g, ' ').trim()
  const bare = text.replace(/^[[(](.*)[\])]$/, '$1')
  return PLACEHOLDER.test(text) || PLACEHOLDER.test(bare) ? '' : text
}

/** A URN as the return writes it: in capitals, without blanks; `1234567.0` is what becomes of a number. */
export const urnIn = (text: string): string =>
  text
    .replace(/^'/, '')
    .replace(/^urn:? ?/i, '')
    .replaceAll(/\s+/g, '')
    .replace(/^(\d+)\.0+$/, '$1')
    .toUpperCase()

export const isUrn = (text: string): boolean => /^[A-Z]{0,2}\d{5,9}$/.test(text)

/* ---- days ------------------------------------------------------------------------------------------------- */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const FIRST_DAY_1900 = '1899-12-30' as Day
const FIRST_DAY_1904 = '1904-01-01' as Day

const real = (year: number, month: number, dayOfMonth: number): Day | null =>
  month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= 31
    ? parseIsoDay(dayOf(year, month, dayOfMonth))
    : null

/** Of two digits: not more than a few years ahead, for a registration is not announced for longer. */
const fullYear = (digits: string, today: Day): number => {
  if (digits.length === 4) return Number(digits)
  const year = 2000 + Number(digits)
  return year > Number(today.slice(0, 4)) + 5 ? year - 100 : year
}

/** Reads a day as a cell or a text has it: a day, a number of days since 1900 (or 1904), or words. */
export function dayIn(text: string, today: Day, countsFrom1904 = false): Day | undefined {
  const withoutTime = text.replace(/[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?Z?$/i, '')
  const plain = parseDay(withoutTime)
  if (plain) return plain
  if (/^\d{4,6}(?:\.\d+)?$/.test(text)) {
    const days = Math.floor(Number(text))
    const day = addDays(countsFrom1904 ? FIRST_DAY_1904 : FIRST_DAY_1900, days)
    return parseIsoDay(day) ?? undefined
  }
  const numbers = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})$/.exec(withoutTime)
  if (numbers) return real(fullYear(numbers[3]!, today), Number(numbers[2]), Number(numbers[1])) ?? undefined
  const yearFirst = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/.exec(withoutTime)
  if (yearFirst) return real(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3])) ?? undefined
  const words = /^(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]?([a-z]{3,9})\.?,?[ -]?(\d{2}|\d{4})$/i.exec(
    withoutTime,
  )
  if (!words) return undefined
  return real(fullYear(words[3]!, today), monthNamed(words[2]!), Number(words[1])) ?? undefined
}

const FULL_MONTHS =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/i
const monthNamed = (word: string): number =>
  FULL_MONTHS.test(word) ? MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1 : 0

const DAYS_IN_TEXT =
  /(?<![\d/])(?:\d{4}[-_]\d{2}[-_]\d{2}|\d{1,2}[/.\-_]\d{1,2}[/.\-_]\d{4}|\d{1,2}(?:st|nd|rd|th)?[ _-]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ _,-]{0,2}(?:\d{4}|\d{2}))(?!\d)/gi
const AS_AT = /\b(?:as (?:at|of|on)|position (?:at|on)|correct (?:at|on|to)|data (?:at|as at|to)|at)\W*$/i
const OF_ANOTHER_DAY =
  /\b(?:publi\w*|updated?|next|released?|between|from|since|previous\w*|created|printed)\W*(?:on\W*)?$/i

/** The day that a list describes, as its titles tell it: one `as at` first, and none that says when it was published. */
export function asAtIn(texts: readonly string[], today: Day): Day | null {
  let other: Day | null = null
  for (const text of texts) {
    const words = text.replaceAll('_', ' ')
    for (const { 0: written, index } of words.matchAll(DAYS_IN_TEXT)) {
      const day = dayIn(written.replaceAll(/,? +/g, ' ').trim(), today)
      if (day === undefined || day > today) continue
      const before = words.slice(Math.max(0, index - 40), index)
      if (AS_AT.test(before)) return day
      if (!OF_ANOTHER_DAY.test(before)) other ??= day
    }
  }
  return other
}

/* ---- words ------------------------------------------------------------------------------------------------ */

/** The provider's type, from its type and subtype together; `sector` tells two kinds of fostering service apart. */
export function typeIn(text: string, sector: string | null): string | undefined {
  const words = wordsOf(text).replaceAll(/\b(?:non|not) secure\b/g, '')
  const has = (pattern: RegExp) => pattern.test(words)
  if (has(/secure training|secure (?:16 to 19 )?(?:academy|school)/)) return 'secure-training-centre'
  if (has(/\bsecure\b/)) return 'secure-childrens-home'
  if (has(/residential special school|\brss\b/)) return 'residential-special-school'
  if (has(/supported accommodation/)) return 'supported-accommodation'
  if (has(/family cent(?:re|er)/)) return 'residential-family-centre'
  if (has(/holiday scheme/)) return 'residential-holiday-scheme'
  if (has(/boarding|further education|residential college|\bcollege\b/)) return 'boarding-school'
  if (has(/foster/)) {
    if (has(/local authority|council/)) return 'local-authority-fostering'
    if (has(/independent|private|voluntary|charit/)) return 'independent-fostering-agency'
    return sector === 'local-authority' ? 'local-authority-fostering' : 'independent-fostering-agency'
  }
  if (has(/^ifa$/)) return 'independent-fostering-agency'
  if (has(/adoption|^(?:vaa|asa|raa)$/)) return 'adoption-agency'
  if (has(/child(?:ren)?s? ?homes?\b|childrens residential home/)) return 'childrens-home'
  return undefined
}

export function sectorIn(text: string): string | undefined {
  const words = wordsOf(text)
  if (/local authority|council|^la\b|local government|public/.test(words)) return 'local-authority'
  if (/health|nhs/.test(words)) return 'health'
  if (/voluntary|charit|third sector|not for profit|non profit/.test(words)) return 'voluntary'
  if (/private|individual|partnership|company|independent|profit/.test(words)) return 'private'
  if (/^other$/.test(words)) return 'other'
  return undefined
}

/** What a status says: whether the home is registered, and whether it has closed. */
export function statusIn(text: string): 'open' | 'closed' | 'not-registered' | undefined {
  const words = wordsOf(text)
  if (/\b(?:un|not )regist|proposed|application|applied|applicant|pending/.test(words))
    return 'not-registered'
  if (/clos|de ?regist|resign|cancel|ceased|inactive|removed|lapsed/.test(words)) return 'closed'
  if (/active|regist|open|current|suspend|live/.test(words)) return 'open'
  return undefined
}

export function judgementIn(text: string): string | undefined {
  const words = wordsOf(text)
  if (
    /\b(?:not|no|awaiting|un)\b.*\b(?:judge|judgement|judgment|inspect|rated|grade|rating)|^unjudged|^(?:not yet|none yet)/.test(
      words,
    )
  )
    return 'not-judged'
  if (/serious|widespread|weakness/.test(words)) return 'weaknesses'
  if (/inconsistent/.test(words)) return 'inconsistent'
  if (/consistent/.test(words)) return 'consistent'
  if (/inadequate|^(?:grade )?4$/.test(words)) return 'inadequate'
  if (/requires improvement|^ri$|^(?:grade )?3$/.test(words)) return 'requires-improvement'
  if (/outstanding|^(?:grade )?1$/.test(words)) return 'outstanding'
  if (/\bgood\b|^(?:grade )?2$/.test(words)) return 'good'
  return undefined
}

export function sexIn(text: string): string | undefined {
  const words = wordsOf(text)
  if (/\b(?:both|mixed|either|any|all|mf|fm|m f|f m)\b/.test(words)) return 'MF'
  const [male, female] = [
    /\b(?:male|males|boys?|m)\b/.test(words),
    /\b(?:female|females|girls?|f)\b/.test(words),
  ]
  if (male && female) return 'MF'
  return male ? 'M' : female ? 'F' : undefined
}

/** A count: the one number that the text has, such as `6`, `6.0` or `6 places`; otherwise the text as it is. */
export function countIn(text: string): string {
  const numbers = text.match(/\d+(?:\.\d+)?/g) ?? []
  return numbers.length === 1 && !/[-/<>]|more|over/i.test(text) ? numbers[0]!.replace(/\.0+$/, '') : text
}

/** `8 to 17` and the like. */
export function agesIn(text: string): readonly [from: string, to: string] | undefined {
  const match = /^(\d{1,2}) ?(?:-|–|to|until) ?(\d{1,2})(?: ?years?)?$/i.exec(text)
  return match ? [match[1]!, match[2]!] : undefined
}

const POSTCODE = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/

export function postcodeIn(text: string): string | undefined {
  const match = POSTCODE.exec(text.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))
  return match ? `${match[1]} ${match[2]}` : undefined
}

/** The codes in a cell, whichever column they stand in: two lists have the two kinds of code the other way round. */
export function codesIn(text: string): { placements: string[]; providers: string[]; others: number } {
  const placements: string[] = []
  const providers: string[] = []
  let others = 0
  for (const code of text.toUpperCase().split(/[\s/,;|&+]+|\bAND\b/)) {
    if (code === '' || code === '-') continue
    if (Object.hasOwn(PLACE_PROVIDER, code)) providers.push(code)
    else if (Object.hasOwn(PLACE, code)) placements.push(code)
    else others++
  }
  return { placements, providers, others }
}
