import type { Day } from '../vocabulary/day.ts'
import {
  dayOfMoment,
  isBlankValue,
  LONGEST_CHILD,
  LONGEST_ID,
  parseMoment,
  type RecordColumn,
} from '../vocabulary/record-columns.ts'

/** Why a value can't be kept: what kind of fault it is, in words, and what is allowed. It never holds the value. */
export interface ValueFault {
  readonly rule: 'missing' | 'not-allowed' | 'wrong-form' | 'out-of-range' | 'too-long' | 'in-the-future'
  readonly message: string
  readonly allowed: readonly string[]
}

/** A value as it will be kept (null: blank), or why it can't be. */
export type CheckedValue =
  | { readonly value: string | null; readonly fault: null }
  | { readonly value: null; readonly fault: ValueFault }

export type ValueCheck = (text: string) => CheckedValue

/** Values repeat, codes and days above all: what was found out about a text is kept, up to this many a column. */
const MOST_REMEMBERED = 20_000

/** The check of a column's values, as text, on a day: it decides what is in the future. */
export function valueCheck(column: RecordColumn, today: Day): ValueCheck {
  const check = freshCheck(column, today)
  let remembered = new Map<string, CheckedValue>()
  return (text) => {
    const known = remembered.get(text)
    if (known) return known
    if (remembered.size >= MOST_REMEMBERED) remembered = new Map()
    const checked = check(text)
    remembered.set(text, checked)
    return checked
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that they are there is what is looked for.
const CONTROL = /[\u0000-\u001f\u007f]/

const good = (value: string | null): CheckedValue => ({ value, fault: null })

function freshCheck(column: RecordColumn, today: Day): ValueCheck {
  const understand = understanding(column, today)
  const blank: CheckedValue = column.required
    ? faultOf(column, 'missing', 'is missing')
    : good(column.kind === 'code' ? (column.ifBlank ?? null) : null)
  return (text) => {
    const trimmed = text.trim()
    return isBlankValue(trimmed, column.kind) ? blank : understand(trimmed)
  }
}

function faultOf(column: RecordColumn, rule: ValueFault['rule'], what: string): CheckedValue {
  const allowed = allowedIn(column)
  const message = `${column.name} ${what}; allowed: ${allowed.join(', ')}`
  return { value: null, fault: { rule, message, allowed } }
}

function understanding(column: RecordColumn, today: Day): ValueCheck {
  const wrong = (rule: ValueFault['rule'], what = 'can’t be understood') => faultOf(column, rule, what)
  switch (column.kind) {
    case 'id':
    case 'child':
    case 'text':
      return words(column, wrong)
    case 'day': {
      const ahead = wrong('in-the-future', 'is in the future')
      const notADay = wrong('wrong-form')
      return (text) => {
        // The SSD keeps days as date-times, and some systems fill in the hour: it is not asked for, and left out.
        const moment = parseMoment(text)
        if (!moment) return notADay
        const day = dayOfMoment(moment)
        return day > today && !column.mayBeAhead ? ahead : good(day)
      }
    }
    case 'moment': {
      const ahead = wrong('in-the-future', 'is in the future')
      const notAMoment = wrong('wrong-form')
      return (text) => {
        const moment = parseMoment(text)
        if (!moment) return notAMoment
        return dayOfMoment(moment) > today ? ahead : good(moment)
      }
    }
    case 'code': {
      const codes = new Map(Object.keys(column.codes).map((code) => [code.toUpperCase(), code]))
      for (const [spelling, code] of Object.entries(column.alsoRead ?? {})) codes.set(spelling, code)
      const unknown = wrong('not-allowed', 'is not one of the codes')
      return (text) => {
        const asked = withoutDecimals(text).toUpperCase().replaceAll(/\s+/g, ' ')
        const code = codes.get(asked)
        return code === undefined ? unknown : good(code)
      }
    }
    case 'whole-number': {
      const [notANumber, outside] = [wrong('wrong-form'), wrong('out-of-range', 'is out of range')]
      return (text) => {
        const digits = withoutDecimals(text)
        if (!/^-?\d{1,12}$/.test(digits)) return notANumber
        const number = Number(digits)
        return number >= column.least && number <= column.most ? good(String(number)) : outside
      }
    }
    case 'number': {
      const [notANumber, outside] = [wrong('wrong-form'), wrong('out-of-range', 'is out of range')]
      return (text) => {
        if (!/^-?(?:\d{1,12}(?:\.\d{0,20})?|\.\d{1,20})$/.test(text)) return notANumber
        const number = Number(text)
        return number >= column.least && number <= column.most ? good(canonicalNumber(number)) : outside
      }
    }
    case 'academic-year': {
      const ahead = wrong('in-the-future', 'has not begun')
      const notAYear = wrong('wrong-form')
      return (text) => {
        const match = /^(20\d\d) ?[/-] ?(?:20)?(\d\d)$/.exec(text)
        if (!match || (Number(match[1]) + 1) % 100 !== Number(match[2])) return notAYear
        return `${match[1]}-09-01` > today ? ahead : good(`${match[1]}-${match[2]}`)
      }
    }
  }
}

function words(
  column: Extract<RecordColumn, { kind: 'id' | 'child' | 'text' }>,
  wrong: (rule: ValueFault['rule'], what?: string) => CheckedValue,
): ValueCheck {
  const longest = column.kind === 'text' ? column.longest : longestOf(column.kind)
  const form = column.kind === 'text' ? column.form : undefined
  // The returns keep a child's id in capitals; the same child must not be two.
  const inCapitals = column.kind === 'child' || (column.kind === 'text' && column.inCapitals === true)
  const [tooLong, notOfForm] = [wrong('too-long', 'is too long'), wrong('wrong-form')]
  return (text) => {
    if (text.length > longest) return tooLong
    if (CONTROL.test(text) || form?.test(text) === false) return notOfForm
    return good(inCapitals ? text.toUpperCase() : text)
  }
}

const longestOf = (kind: 'id' | 'child'): number => (kind === 'id' ? LONGEST_ID : LONGEST_CHILD)

/** `1.0` for `1`: what spreadsheets and data frames make of a whole number. */
const withoutDecimals = (text: string): string => text.replace(/^(-?\d+)\.0+$/, '$1')

/** A number as it is kept: to four decimals, and one text for one number. */
export const canonicalNumber = (number: number): string => String(Math.round(number * 10_000) / 10_000 + 0)

/** What a column may hold, for a person to mend the record by. */
export function allowedIn(column: RecordColumn): string[] {
  switch (column.kind) {
    case 'id':
    case 'child':
      return [`an id of at most ${longestOf(column.kind)} characters`]
    case 'day':
      return [`a day as YYYY-MM-DD or DD/MM/YYYY${column.mayBeAhead ? '' : ', not after today'}`]
    case 'moment':
      return [
        'a day as YYYY-MM-DD or DD/MM/YYYY, not after today, and the local time as HH:MM where it is known',
      ]
    case 'code':
      return Object.keys(column.codes)
    case 'whole-number':
      return [`a whole number from ${column.least} to ${column.most}`]
    case 'number':
      return [`a number from ${column.least} to ${column.most}`]
    case 'text':
      return [column.formInWords ?? `at most ${column.longest} characters`]
    case 'academic-year':
      return ['an academic year that has begun, as 2023-24 or 2023/24']
  }
}
