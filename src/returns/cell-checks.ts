import { codesOf, isUsedIn } from '../vocabulary/code-sets.ts'
import { parseDay } from '../vocabulary/day.ts'
import { type ReportingYear, yearLabel } from '../vocabulary/period.ts'
import type { Column } from '../vocabulary/ssda903.ts'

/** What a cell is kept as, and what is wrong or odd about it. */
export interface CheckedCell {
  readonly value: string | null
  readonly severity: 'error' | 'warning' | null
  readonly rule: string
  readonly message: string
}

export type CellCheck = (cell: string) => CheckedCell

/** Cells repeat (codes, days, postcodes): what was found out about a text is kept, up to this many texts a column. */
const MOST_REMEMBERED = 20_000

/** The check of one column's cells for a reporting year. */
export function cellCheck(column: Column, year: ReportingYear): CellCheck {
  const check = freshCheck(column, year)
  let remembered = new Map<string, CheckedCell>()
  let lastCell: string | null = null
  let last: CheckedCell | null = null
  // In a column where hardly a cell comes twice, looking it up is for nothing: it goes by the one before only.
  let found = 0
  let repeats = true
  return (cell) => {
    if (cell === lastCell) return last!
    lastCell = cell
    if (!repeats) {
      last = check(cell)
      return last
    }
    const known = remembered.get(cell)
    if (known) {
      found++
      last = known
      return known
    }
    if (remembered.size >= MOST_REMEMBERED) {
      repeats = found > MOST_REMEMBERED
      found = 0
      remembered = new Map()
    }
    last = check(cell)
    remembered.set(cell, last)
    return last
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that they are there is what is looked for.
const CONTROL = /[\u0000-\u001f\u007f]/

function freshCheck(column: Column, year: ReportingYear): CellCheck {
  const good = (value: string | null): CheckedCell => ({ value, severity: null, rule: '', message: '' })
  const bad = (message: string): CheckedCell => ({
    value: null,
    severity: 'error',
    rule: column.rule,
    message,
  })
  const odd = (value: string, message: string): CheckedCell => ({
    value,
    severity: 'warning',
    rule: column.rule,
    message,
  })
  const missing = column.required ? bad(`${column.name} is missing; ${allowedIn(column, year)}`) : good(null)
  const notAllowed = bad(`${column.name} can't be understood; ${allowedIn(column, year)}`)

  const understand = (text: string): CheckedCell => {
    switch (column.kind) {
      case 'child':
        return text.length <= 36 && !CONTROL.test(text) ? good(text) : notAllowed
      case 'day': {
        const day = parseDay(text)
        return day ? good(day) : notAllowed
      }
      case 'partial-day':
        return PARTIAL_DAY.test(text) || parseDay(text)
          ? good(text)
          : odd(text.slice(0, 10), notAllowed.message)
      case 'whole-number': {
        const number = Number(withoutDecimals(text))
        return /^\d{1,9}$/.test(withoutDecimals(text)) && number >= column.least && number <= column.most
          ? good(String(number))
          : notAllowed
      }
      case 'text':
        if (text.length > column.longest || CONTROL.test(text)) return notAllowed
        return !column.form || column.form.test(text)
          ? good(text)
          : odd(text, `${column.name} is not of the expected form; ${allowedIn(column, year)}`)
      case 'code': {
        const code = Object.hasOwn(column.codes, text) ? text : withoutDecimals(text)
        const known = Object.hasOwn(column.codes, code) ? column.codes[code] : undefined
        if (!known) return notAllowed
        const kept = known.keptAs ?? code
        return isUsedIn(known, year)
          ? good(kept)
          : odd(
              kept,
              `${column.name} has a code that the ${yearLabel(year)} return does not use; ${allowedIn(column, year)}`,
            )
      }
    }
  }
  return (cell) => {
    const text = cell.trim().toUpperCase()
    return text === '' ? missing : understand(text)
  }
}

const PARTIAL_DAY = /^(?:ZZ|\d{2})\/(?:ZZ|\d{2})\/(?:ZZZZ|\d{4})$/

/** `1.0` for `1`: what spreadsheets and data frames make of a code that looks like a number. */
const withoutDecimals = (text: string): string => text.replace(/^(\d+)\.0+$/, '$1')

/** What a column may hold, for a person to mend the file by. */
export function allowedIn(column: Column, year: ReportingYear): string {
  switch (column.kind) {
    case 'child':
      return "the child's identifier, at most 36 characters"
    case 'day':
      return 'a day as DD/MM/YYYY or YYYY-MM-DD'
    case 'partial-day':
      return 'a day as DD/MM/YYYY, with ZZ for a day or month and ZZZZ for a year that is not known'
    case 'whole-number':
      return `a whole number from ${column.least} to ${column.most}`
    case 'text':
      return column.formInWords ?? `at most ${column.longest} characters`
    case 'code':
      return `allowed: ${codesOf(column.codes, year).join(', ')}`
  }
}
