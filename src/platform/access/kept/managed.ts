import type { KeptGrant } from '../../database/access-tables.ts'

/** What clients, keys and grants have in common for whoever manages them. */
export interface Managed {
  readonly id: string
  readonly grants: readonly KeptGrant[]
  readonly createdAt: string
  readonly createdBy: string
  readonly revokedAt: string | null
  readonly revokedBy: string | null
}

/** Who changes something, and when. */
export interface Change {
  readonly by: string
  readonly at: Date
}

/** The page of a list, for a manager of these authorities. */
export interface Asked {
  readonly within: ReadonlySet<string> | '*'
  /** The last one seen. */
  readonly after: { readonly createdAt: string; readonly id: string } | null
  readonly limit: number
}

/** As a parameter of `LIES_WITHIN`: null for a manager of everything. */
export const withinParameter = (within: Asked['within']): readonly string[] | null =>
  within === '*' ? null : [...within]

/**
 * That no grant of a row reaches beyond the authorities of a parameter: what reaches further is another manager's, and
 * is not there for this one.
 */
export const LIES_WITHIN = (alias: string, parameter: number): string =>
  `($${parameter}::text[] is null or not exists (
     select 1
       from jsonb_array_elements(${alias}.grants) as held
       cross join jsonb_array_elements_text(held -> 'authorities') as code
      where code <> all ($${parameter}::text[])))`
