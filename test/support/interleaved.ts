import type { Database } from '../../src/platform/database/database.ts'

/**
 * How many of so many calls, made for several authorities at once, saw a row of another than they were made for, or
 * none of its own. Each authority has idempotency keys to see.
 */
export async function strangersAmong(
  database: Database,
  authorities: readonly string[],
  calls: number,
): Promise<number> {
  let left = calls
  let strangers = 0
  const caller = async (authority: string): Promise<void> => {
    while (left-- > 0) {
      const rows = await database.read([authority], (transaction) =>
        transaction.query<{ authority: string }>(
          'test.whose',
          'select k.authority from care.idempotency_key k group by k.authority',
        ),
      )
      if (rows.length !== 1 || rows[0]!.authority !== authority) strangers++
    }
  }
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => caller(authorities[index % authorities.length]!)),
  )
  return strangers
}
