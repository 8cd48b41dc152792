import { createHash } from 'node:crypto'
import type { Transaction } from '../platform/database/database.ts'

/** What is held of a kind, or of a set of it. */
export interface ReferenceState {
  readonly kind: string
  readonly version: string
  readonly rows: number
  /** The facts that come with the service. */
  readonly builtIn: boolean
  readonly loadedAt: string
  readonly loadedBy: string
  readonly contentHash: string | null
}

const COLUMNS = `state.kind, state.version, state.rows, state.built_in as "builtIn", state.loaded_at as "loadedAt",
            state.loaded_by as "loadedBy", state.content_hash as "contentHash"`

export const readStates = (transaction: Transaction): Promise<ReferenceState[]> =>
  transaction.query<ReferenceState>(
    'reference.states',
    `select ${COLUMNS} from care.reference_state as state order by state.kind`,
  )

export async function readState(transaction: Transaction, kind: string): Promise<ReferenceState | null> {
  const [state] = await transaction.query<ReferenceState>(
    'reference.state',
    `select ${COLUMNS} from care.reference_state as state where state.kind = $1`,
    [kind],
  )
  return state ?? null
}

/** Says what is held now; nobody sees it before the rows themselves. */
export async function writeState(
  transaction: Transaction,
  held: Pick<ReferenceState, 'kind' | 'version' | 'rows' | 'loadedBy'> & { readonly contentHash: string },
): Promise<ReferenceState> {
  const [state] = await transaction.query<ReferenceState>(
    'reference.state.write',
    `insert into care.reference_state as state (kind, version, rows, built_in, loaded_at, loaded_by, content_hash)
     values ($1, $2, $3, false, now(), $4, $5)
     on conflict (kind) do update
        set version = excluded.version, rows = excluded.rows, built_in = false, loaded_at = excluded.loaded_at,
            loaded_by = excluded.loaded_by, content_hash = excluded.content_hash
     returning ${COLUMNS}`,
    [held.kind, held.version, held.rows, held.loadedBy, held.contentHash],
  )
  return state!
}

/** A short name of a content. */
export const versionOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
