import { DrizzleQueryError } from 'drizzle-orm'
import pg from 'pg'
import type { Database, Transaction } from '../../src/platform/database/database.ts'

/** A database whose statements fail when told to, as PostgreSQL's do: with the row in every member of the error. */
export interface FailingDatabase extends Database {
  /** The SQLSTATE with which every statement fails from now on; null for none. */
  failWith(code: string | null, row: string): void
}

export function failingDatabase(database: Database): FailingDatabase {
  let failure: (() => Error) | null = null
  const withFailures = (transaction: Transaction): Transaction => ({
    get client() {
      if (failure) throw failure()
      return transaction.client
    },
    get orm() {
      // Drizzle writes the statement and its parameters into a message of its own.
      if (failure) throw new DrizzleQueryError('select … where child = $1', ['a row'], failure())
      return transaction.orm
    },
    alongside: (work) => transaction.alongside((other) => work(withFailures(other))),
    query: async (name, text, values) => {
      if (failure) throw failure()
      return transaction.query(name, text, values)
    },
  })
  const failing =
    (run: Database['read']): Database['read'] =>
    (authorities, work) =>
      run(authorities, (transaction) => work(withFailures(transaction)))
  return {
    ...database,
    read: failing(database.read),
    write: failing(database.write),
    load: failing(database.load),
    failWith(code, row) {
      failure =
        code === null
          ? null
          : () =>
              Object.assign(new pg.DatabaseError(`invalid input: ${row}`, row.length, 'error'), {
                code,
                severity: 'ERROR',
                detail: `Key (child)=(${row}) already exists.`,
                hint: `Perhaps you meant ${row}.`,
                where: `COPY episode, line 3, column child: "${row}"`,
                internalQuery: `select '${row}'`,
                schema: 'care',
                table: 'episode',
                column: 'child',
                constraint: 'episode_pkey',
                parameters: [row],
                query: `insert into care.episode values ('${row}')`,
              })
    },
  }
}
