import type { Transaction } from '../platform/database/database.ts'
import type { Kept } from './reference-kind.ts'

export interface Target {
  /** Name for logs. */
  readonly name: string
  readonly table: string
  readonly key: readonly string[]
  /** Columns beside the key. */
  readonly values: readonly string[]
  /** An SQL condition: the rows of the table (`held`) that the file stands for; all of them unless told. */
  readonly scope?: string
  /** Values by which alone a row is not another. */
  readonly indifferent?: readonly string[]
  /** Rows that the file lacks stay. */
  readonly keepsOthers?: boolean
  /** SQL of the rows to keep, with the table's columns; `incoming` as it is unless told. */
  readonly from?: string
}

/**
 * Makes a table hold what a file says, by touching only the rows that differ: readers never wait, whoever reads while
 * this goes on sees the table as it was, and a load that dies has changed nothing.
 */
export async function keepRows(transaction: Transaction, target: Target): Promise<Kept> {
  const { name, table, key, values, scope = 'true', from = 'select * from incoming' } = target
  const columns = [...key, ...values]
  const telling = values.filter((column) => !target.indifferent?.includes(column))
  const sameKey = key.map((column) => `held.${column} = loaded.${column}`).join(' and ')
  const select = `(${from}) as loaded`
  const count = async (step: string, statement: string) => {
    const { rowCount } = await transaction.client.query(`/* reference.${name}.${step} */ ${statement}`)
    return rowCount ?? 0
  }
  const gone = target.keepsOthers
    ? 0
    : await count(
        'delete',
        `delete from ${table} as held
          where ${scope} and not exists (select from ${select} where ${sameKey})`,
      )
  const others =
    values.length === 0
      ? 0
      : await count(
          'update',
          `update ${table} as held set ${values.map((column) => `${column} = loaded.${column}`).join(', ')}
             from ${select}
            where ${sameKey}
              and (${telling.map((column) => `held.${column} is distinct from loaded.${column}`).join(' or ')})`,
        )
  // In the order of the key, so that the index grows at its end.
  const come = await count(
    'insert',
    `insert into ${table} (${columns.join(', ')})
     select ${columns.map((column) => `loaded.${column}`).join(', ')} from ${select}
      where not exists (select from ${table} as held where ${sameKey})
      order by ${key.map((column) => `loaded.${column}`).join(', ')}`,
  )
  const [held] = await transaction.query<{ rows: number }>(
    `reference.${name}.count`,
    `select count(*)::int as rows from ${table} as held where ${scope}`,
  )
  return { rows: held!.rows, changed: gone + others + come }
}
