import { findAuthority } from '../vocabulary/authority.ts'
import { parseDay } from '../vocabulary/day.ts'

/** Why a cell can't be understood. It never repeats the cell: what was sent by mistake may be anything. */
export class CellFault {
  readonly message: string
  readonly allowed: readonly string[]
  constructor(message: string, allowed: readonly string[]) {
    this.message = message
    this.allowed = allowed
  }
}

/** The value of a cell as the database takes it; null for none. */
export type CellCheck = (cell: string) => string | null | CellFault

const NO_VALUE = new CellFault('the value is missing', ['a value'])

/** The same check for a cell that must not be blank. */
export const needed =
  (check: CellCheck): CellCheck =>
  (cell) =>
    check(cell) ?? NO_VALUE

export const text =
  (most: number): CellCheck =>
  (cell) => {
    const value = cell.trim()
    if (value.length > most) return new CellFault('the text is too long', [`at most ${most} characters`])
    return value === '' ? null : value
  }

const GSS = /^[A-Z]\d{8}$/

/** Any area of the ONS's. */
export const gssCode: CellCheck = (cell) => {
  const value = cell.trim().toUpperCase()
  if (value === '') return null
  return GSS.test(value)
    ? value
    : new CellFault('this is no GSS code', ['a letter and eight digits, such as E07000240'])
}

const DFE = /^\d{3}$/

export const dfeCode: CellCheck = (cell) => {
  const value = cell.trim()
  if (value === '') return null
  return DFE.test(value) ? value : new CellFault('this is no DfE code', ['three digits, such as 382'])
}

/** An authority with children's services, by either of its codes; as ours, also where ONS gave it a new one. */
export const authorityCode: CellCheck = (cell) => {
  const value = cell.trim()
  if (value === '') return null
  const authority = findAuthority(value)
  return authority && authority.type !== 'synthetic'
    ? authority.code
    : new CellFault(
        'this is no authority with children’s services in England, of today or abolished since 2019',
        ['a GSS code such as E08000034', 'a DfE code such as 382'],
      )
}

export const wholeNumber =
  (least: number, most: number): CellCheck =>
  (cell) => {
    const value = cell.trim()
    if (value === '') return null
    const number = /^-?\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    return number >= least && number <= most
      ? String(number)
      : new CellFault('this is no whole number that can be here', [`a whole number from ${least} to ${most}`])
  }

export const day: CellCheck = (cell) => {
  const value = cell.trim()
  if (value === '') return null
  return parseDay(value) ?? new CellFault('this is no day', ['YYYY-MM-DD', 'DD/MM/YYYY'])
}

/** One of these words, however it is capitalised; as the word that stands for it. */
export const oneOf = (words: Readonly<Record<string, string>>, allowed = Object.keys(words)): CellCheck => {
  const byWord = new Map(Object.entries(words).map(([word, value]) => [word.toLowerCase(), value]))
  const fault = new CellFault('this is none of the words that can be here', allowed)
  return (cell) => {
    const value = cell.trim().replaceAll(/\s+/g, ' ').toLowerCase()
    return value === '' ? null : (byWord.get(value) ?? fault)
  }
}

/** Upper case, without spaces: `AL1 1AA` and `al11aa` are one postcode. */
export const postcode: CellCheck = (cell) => {
  const value = cell.replaceAll(' ', '').toUpperCase()
  if (value === '') return null
  return POSTCODE.test(value)
    ? value
    : new CellFault('this is no postcode', ['a postcode such as HD1 2TT, with or without its space'])
}
/** Also of the few that are not in the usual form, such as GIR 0AA and Newport's old NPT. */
const POSTCODE = /^[A-Z]{1,3}\d?[A-Z\d]?\d[A-Z]{2}$/
