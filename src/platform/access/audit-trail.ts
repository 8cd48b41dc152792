import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { findAuthority } from '../../vocabulary/authority.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import type { Database, Transaction } from '../database/database.ts'
import { scopesUsed } from './access.ts'
import { type AuditEntry, BEFORE_THE_FIRST, hashOf } from './audit-entry.ts'
import { type MasterKey, subjectOf } from './master-key.ts'
import { networkOf } from './network.ts'

/** What a call did to the records of children. */
export interface Touched {
  /** GSS code of the authority whose records they are; unless given, the one that the path names. */
  readonly authority?: string
  /** Rows that were given out or written. */
  readonly rows: number
  /** Ids of the children in them, as that authority knows them; the trail keeps pseudonyms. */
  readonly children: Iterable<string>
  /** Where the call did something else than the route is for, such as `return.check`. */
  readonly action?: string
  /** The status that the call is answered with; of a write unless given, the usual one of its method. */
  readonly status?: number
}

/** The trail of who read and wrote what about children: a chain of rows for each authority. */
export interface AuditTrail {
  /**
   * Adds the row of a write within its own transaction: both are kept or neither is. Call it last: from here to the
   * end of the transaction no other call adds to the trail of this authority.
   */
  append(transaction: Transaction, request: FastifyRequest, touched: Touched): Promise<void>
  /** Adds the row of a call in a transaction of its own. */
  commit(request: FastifyRequest, touched: Touched): Promise<void>
  /** Whether a row of this call was added. */
  holds(request: FastifyRequest): boolean
}

export interface AuditTrailParts {
  readonly database: Database
  readonly master: MasterKey
}

export function newAuditTrail({ database, master }: AuditTrailParts): AuditTrail {
  const added = new WeakMap<FastifyRequest, Set<string>>()
  const together = newGroupCommit(database)

  const entryOf = (request: FastifyRequest, touched: Touched): NewEntry => {
    const authority = touched.authority ?? authorityInPath(request)
    if (added.get(request)?.has(authority))
      throw new Error(`${routeOf(request)} adds two rows to the audit trail: a call leaves one.`)
    return {
      ...callOf(request, authority, touched, master),
      authority,
      rows: touched.rows,
      subjects: pseudonymsOf(master, authority, touched.children),
    }
  }
  const keep = (request: FastifyRequest, { authority }: NewEntry) =>
    added.set(request, (added.get(request) ?? new Set()).add(authority))

  return {
    async append(transaction, request, touched) {
      const entry = entryOf(request, touched)
      await appendEntry(transaction, entry).catch(unwritable)
      keep(request, entry)
    },
    async commit(request, touched) {
      const entry = entryOf(request, touched)
      await together(entry).catch(unwritable)
      keep(request, entry)
    },
    holds: (request) => added.has(request),
  }
}

/** Whatever stands in the way of the row: what was asked for is neither done nor given without it. */
function unwritable(cause: unknown): never {
  const detail = 'The audit trail can’t be written at the moment, and nothing is answered without it.'
  throw Object.assign(new Refusal('unavailable', detail), { cause })
}

/** The row of a command of the operator's, which no call of the service's stands behind. */
export const commandEntry = (
  master: MasterKey,
  command: Pick<NewEntry, 'authority' | 'action' | 'rows'> & {
    readonly words: string
    readonly user: string
    readonly children: Iterable<string>
  },
): NewEntry => ({
  authority: command.authority,
  caller: 'command line',
  onBehalfOf: command.user,
  scopes: [],
  action: command.action,
  method: 'CLI',
  route: command.words,
  status: 0,
  rows: command.rows,
  subjects: pseudonymsOf(master, command.authority, command.children),
  purpose: null,
  question: master.mac('questions', command.words).toString('base64url'),
  network: null,
  requestId: randomUUID(),
})

/* ---- what stands in a row --------------------------------------------------------------------------------- */

/** All that a row says beside its place in the chain. */
export type NewEntry = Omit<AuditEntry, 'number' | 'at' | 'previous'>

type Call = Omit<NewEntry, 'authority' | 'rows' | 'subjects'>

const USUAL_STATUS: Readonly<Record<string, number>> = { POST: 201, DELETE: 204 }

function callOf(request: FastifyRequest, authority: string, touched: Touched, master: MasterKey): Call {
  const { caller, headers, method, routeOptions } = request
  const action = touched.action ?? routeOptions.config.audited
  if (action === undefined) throw new Error(`${routeOf(request)} writes to the audit trail undeclared.`)
  return {
    caller: caller.name,
    onBehalfOf: caller.onBehalfOf ?? headerOf(headers['x-on-behalf-of']),
    scopes: scopesUsed(request, authority),
    action,
    method,
    route: routeOptions.url ?? '',
    status: touched.status ?? USUAL_STATUS[method] ?? 200,
    purpose: headerOf(headers['x-purpose']),
    question: master.mac('questions', request.url).toString('base64url'),
    network: networkOf(request.ip),
    requestId: request.id,
  }
}

const routeOf = ({ method, routeOptions }: FastifyRequest): string => `${method} ${routeOptions.url}`

const headerOf = (value: string | readonly string[] | undefined): string | null =>
  value === undefined ? null : String(value)

function authorityInPath(request: FastifyRequest): string {
  const { authority: code } = request.params as { readonly authority?: string }
  const authority = code === undefined ? undefined : findAuthority(code)
  if (authority === undefined) throw new Error(`${routeOf(request)} does not say whose records it touched.`)
  return authority.code
}

/** Each child once, in an order that tells nothing of the ids. */
export const pseudonymsOf = (
  master: MasterKey,
  authority: string,
  children: Iterable<string>,
): readonly string[] => [...new Set(children)].map((child) => subjectOf(master, authority, child)).sort()

/* ---- rows that are kept together --------------------------------------------------------------------------- */

interface Waiting {
  readonly entry: NewEntry
  readonly done: () => void
  readonly failed: (fault: unknown) => void
}

/** Whether what stands in a row is at fault: PostgreSQL's classes of data exceptions and of broken constraints. */
const isOfARow = (fault: unknown): boolean =>
  /^2[23]/.test(String((fault as { readonly code?: unknown } | null)?.code ?? ''))

/** A transaction of more would hold those that come after it up for longer than it saves. */
const MOST_TOGETHER = 100

/**
 * Keeps rows of calls that come at the same time in one transaction for each authority. They take turns anyway, and each
 * alone would wait for the disk; one connection is then enough for all of them, so those who read figures are left the
 * others. A call is answered when its row is committed, as before.
 */
function newGroupCommit(database: Database): (entry: NewEntry) => Promise<void> {
  const queues = new Map<string, Waiting[]>()

  async function keep(authority: string, some: readonly Waiting[]): Promise<void> {
    try {
      const entries = some.map(({ entry }) => entry)
      await database.write([authority], (transaction) => appendEntries(transaction, authority, entries))
    } catch (fault) {
      // One row that can't be kept must not take the others with it. Where the database is away each alone would only
      // wait for it again; and what broke off in the commit may be kept already.
      if (some.length > 1 && isOfARow(fault)) for (const one of some) await keep(authority, [one])
      else for (const { failed } of some) failed(fault)
      return
    }
    for (const { done } of some) done()
  }

  async function work(authority: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await keep(authority, queue.splice(0, MOST_TOGETHER))
    queues.delete(authority)
  }

  return (entry) =>
    new Promise((done, failed) => {
      const queue = queues.get(entry.authority)
      if (queue) {
        queue.push({ entry, done, failed })
        return
      }
      const first = [{ entry, done, failed }]
      queues.set(entry.authority, first)
      void work(entry.authority, first)
    })
}

/* ---- the chain -------------------------------------------------------------------------------------------- */

const CHAIN_LOCK = 903_110

/**
 * Adds a row at the end of an authority's chain. Two calls that read the same end would both come behind it, so they
 * take turns: the lock is the transaction's, as a transaction pooler needs, and goes with it. The end is read by a
 * statement of its own after the lock is had, because a statement sees what was committed before it began; and in a
 * transaction that is not `repeatable read`, which would see what was committed before its first statement.
 */
export const appendEntry = (transaction: Transaction, entry: NewEntry): Promise<void> =>
  appendEntries(transaction, entry.authority, [entry])

async function appendEntries(
  transaction: Transaction,
  authority: string,
  entries: readonly NewEntry[],
): Promise<void> {
  await transaction.query('audit.turn', 'select pg_advisory_xact_lock($1, hashtext($2))', [
    CHAIN_LOCK,
    authority,
  ])
  const [end] = await transaction.query<{ at: string; number: number | null; hash: Buffer | null }>(
    'audit.end',
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, h.number, h.hash
       from (values ($1)) as a (authority)
       left join care.audit_head h on h.authority = a.authority`,
    [authority],
  )
  let number = end!.number ?? 0
  let previous = end!.hash ?? BEFORE_THE_FIRST
  const rows = entries.map((entry) => {
    const row: AuditEntry = { ...entry, number: ++number, at: end!.at, previous }
    previous = hashOf(row)
    return { row, hash: previous }
  })
  // One statement for all rows, however many: the chain is held up for as long as it takes.
  await transaction.query(
    'audit.append',
    `with entry as (
       insert into care.audit_entry (authority, number, at, caller, on_behalf_of, scopes, action, method, route, status,
                                     rows, subjects, purpose, question, network, request_id, previous, hash)
       select e.authority, e.number, e.at, e.caller, e.on_behalf_of, e.scopes, e.action, e.method, e.route, e.status,
              e.rows, e.subjects, e.purpose, e.question, e.network, e.request_id, e.previous, e.hash
         from json_populate_recordset(null::care.audit_entry, $1) as e
       returning authority, number, hash
     )
     insert into care.audit_head as h (authority, number, hash)
     select e.authority, e.number, e.hash from entry e order by e.number desc limit 1
     on conflict (authority) do update set number = excluded.number, hash = excluded.hash`,
    [JSON.stringify(rows.map(({ row, hash }) => columnsOf(row, hash)))],
  )
}

/** A row under the names of its columns, bytes as PostgreSQL writes them. */
const columnsOf = ({ onBehalfOf, requestId, previous, ...row }: AuditEntry, hash: Buffer) => ({
  ...row,
  on_behalf_of: onBehalfOf,
  request_id: requestId,
  previous: `\\x${previous.toString('hex')}`,
  hash: `\\x${hash.toString('hex')}`,
})
