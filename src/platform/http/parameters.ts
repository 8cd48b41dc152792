import { Type } from 'typebox'

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

/** Texts of a list given as one comma-separated value or as the parameter repeated. */
export const listOf = (value: string | readonly string[] | undefined): string[] =>
  (value === undefined ? [] : typeof value === 'string' ? [value] : [...value])
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')
