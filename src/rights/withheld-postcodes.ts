type Row = Readonly<Record<string, unknown>>

const POSTCODE = /^[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}$/i
const OF_POSTCODES = /_post$/

/**
 * The rows without their postcodes, and the columns that had any. Where a child lives, or somebody who must not be found
 * did, leaves the service for one purpose only: the child's own request. By form as well as by column: a correction of a
 * postcode keeps what was there before.
 */
export function withoutPostcodes(rows: readonly Row[]): {
  readonly rows: readonly Row[]
  readonly withheld: readonly string[]
} {
  const withheld = new Set<string>()
  const bare = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        if (typeof value !== 'string' || !(OF_POSTCODES.test(column) || POSTCODE.test(value.trim())))
          return [column, value]
        withheld.add(column)
        return [column, null]
      }),
    ),
  )
  return { rows: bare, withheld: [...withheld].sort() }
}
