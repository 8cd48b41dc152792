import type { Database } from '../../src/platform/database/database.ts'
import { Refusal } from '../../src/vocabulary/refusal.ts'

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
      const rows = await database
        .read([authority], (transaction) =>
          transaction.query<{ authority: string }>(
            'test.whose',
            'select k.authority from care.idempotency_key k group by k.authority',
          ),
        )
        .catch((fault: unknown) => fault)
      // On a machine that starves, one may be told to come again later: that is no answer, right or wrong.
      if (isForLater(rows)) {
        left++
        continue
      }
      if (!Array.isArray(rows)) throw rows
      if (rows.length !== 1 || rows[0].authority !== authority) strangers++
    }
  }
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => caller(authorities[index % authorities.length]!)),
  )
  return strangers
}

const isForLater = (answer: unknown): boolean => answer instanceof Refusal && answer.reason === 'unavailable'
