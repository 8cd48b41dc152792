import { Type } from 'typebox'
import { type Day, parseIsoDay } from '../../vocabulary/day.ts'
import { type Fault, Refusal } from '../../vocabulary/refusal.ts'

/** Parameters that many routes take, described once. */

export const AuthorityCode = Type.String({
  minLength: 1,
  maxLength: 40,
  description:
    'Local authority: its nine-character GSS code (`E08000034`) or its three-digit DfE code (`382`). The bundled synthetic council is `E10999999`.',
  examples: ['E08000034'],
})

export const Cursor = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'Where the page starts: `next` of the page before, as it is. It belongs to the same query.',
})

export const pageLimit = (standard: number, most: number) =>
  Type.Integer({
    minimum: 1,
    maximum: most,
    default: standard,
    description: `Most items on a page (${standard} unless told).`,
  })

/** A parameter that takes several texts, as `listOf` reads them. */
export const textList = (description: string, example: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 4000 }), {
      maxItems: 200,
      description: `${description} Several: separated by commas, or the parameter repeated.`,
      examples: [[example]],
    }),
  )

/** Refuses a parameter of the query. */
export function refuseQuery(name: string, code: string, detail: string, allowed?: readonly string[]): never {
  throw new Refusal('invalid-request', detail, [
    { pointer: `/query/${name}`, code, detail, ...(allowed && { allowed }) },
  ])
}

/** Texts of a list given as one comma-separated value or as the parameter repeated. */
export const listOf = (value: string | readonly string[] | undefined): string[] =>
  (value === undefined ? [] : typeof value === 'string' ? [value] : [...value])
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Days that a list is asked for, each `YYYY-MM-DD` or left out; one problem names every fault. */
export function daysAsked(asked: { readonly from?: string | undefined; readonly to?: string | undefined }): {
  from: Day | null
  to: Day | null
} {
  const faults: Fault[] = []
  const dayOf = (name: 'from' | 'to'): Day | null => {
    const text = asked[name]
    const day = text === undefined ? null : parseIsoDay(text)
    if (text !== undefined && day === null)
      faults.push({
        pointer: `/query/${name}`,
        code: 'wrong-form',
        detail: 'This is not a day.',
        allowed: ['YYYY-MM-DD'],
      })
    return day
  }
  const days = { from: dayOf('from'), to: dayOf('to') }
  if (faults.length > 0) throw new Refusal('invalid-request', 'The days asked for are none.', faults)
  return days
}
