import type { Database } from '../platform/database/database.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'

/**
 * Which version an authority's records have, asked of the database at most so often: requests that come together
 * share one question. So an unchanged page is answered without touching the records, and what another process
 * loads is seen within this time; what this process loads, at once.
 */
export interface DataVersions {
  of(authorities: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** To be called after a write of this process. */
  forget(): void
}

const TRUSTED_FOR_MS = 50

export function newDataVersions(database: Database, allAuthorities: readonly string[]): DataVersions {
  let asked: { at: number; versions: Promise<ReadonlyMap<string, string>> } | null = null
  const ask = async (): Promise<ReadonlyMap<string, string>> => {
    const rows = await database.read(allAuthorities, (transaction) =>
      transaction.query<{ authority: string; version: string }>(
        'dataVersions.read',
        'select s.authority, s.data_version as version from care.authority_state s',
      ),
    )
    return new Map(rows.map(({ authority, version }) => [authority, version]))
  }
  return {
    async of(authorities) {
      const now = performance.now()
      if (!asked || now - asked.at > TRUSTED_FOR_MS) {
        const question = { at: now, versions: ask() }
        asked = question
        question.versions.catch(() => {
          if (asked === question) asked = null
        })
      }
      const versions = await asked.versions
      return new Map(authorities.map((authority) => [authority, versions.get(authority) ?? NO_DATA]))
    },
    forget() {
      asked = null
    },
  }
}
