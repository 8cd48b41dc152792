import type { Database, Transaction } from '../database/database.ts'
import type { Momentary, TransactionKind } from './metrics.ts'
import type { Watch } from './watch.ts'

/** The same database, with each transaction and each statement measured and, where traces are kept, traced by name. */
export function watchedDatabase(database: Database, watch: Watch): Database {
  type Run = Database['read']
  const watched =
    (kind: TransactionKind, run: Run): Run =>
    async (authorities, work) => {
      const began = performance.now()
      try {
        return await run(authorities, (transaction) => work(watchedTransaction(transaction, watch)))
      } finally {
        watch.metrics.transaction(kind, (performance.now() - began) / 1000)
      }
    }
  return {
    ...database,
    read: watched('read', database.read),
    write: watched('write', database.write),
    load: watched('load', database.load),
  }
}

function watchedTransaction(transaction: Transaction, watch: Watch): Transaction {
  const { metrics, tracing } = watch
  return {
    client: transaction.client,
    get orm() {
      return transaction.orm
    },
    alongside: (work) => transaction.alongside((other) => work(watchedTransaction(other, watch))),
    async query(name, text, values) {
      const began = performance.now()
      const ran = tracing?.statement(name)
      let failed = true
      try {
        const rows = await transaction.query<never>(name, text, values)
        failed = false
        return rows
      } finally {
        metrics.statement(name, (performance.now() - began) / 1000)
        ran?.(failed)
      }
    },
  }
}

/** Longer than this nobody who asks for metrics waits for the database. */
const PATIENCE_MS = 1_000

/** Connections and ages as they are now; a database that does not answer in time is said to be away. */
export async function measuredNow(database: Database, authorities: readonly string[]): Promise<Momentary> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null)
  })
  const asked = changesOf(database, authorities).catch(() => null)
  const changed = await Promise.race([asked, tooLong])
  clearTimeout(timer)
  return { connections: database.connections(), changed }
}

async function changesOf(database: Database, authorities: readonly string[]): Promise<Map<string, Date>> {
  const rows = await database.read(authorities, (transaction) =>
    transaction.query<{ authority: string; changedAt: string }>(
      'watch.changes',
      `select s.authority, s.changed_at as "changedAt"
         from care.authority_state s
        order by s.authority`,
    ),
  )
  return new Map(rows.map(({ authority, changedAt }) => [authority, new Date(changedAt)]))
}
