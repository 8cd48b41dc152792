import type { Database } from '../platform/database/database.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'

/**
 * Which version an authority's records have, asked of the database at most so often: requests that come together
 * share one question. So an unchanged page is answered without touching the records, and what another process
 * loads is seen within this time; what this process loads, at once.
 */
export interface DataVersions {
  of(authorities: readonly string[]): Promise<ReadonlyMap<string, string>>
  /**
   * To be told of a version that was read elsewhere: who has seen newer records must not be answered from older ones a
   * moment later.
   */
  seen(authority: string, version: string): void
  /** To be called after a write of this process. */
  forget(): void
}

const TRUSTED_FOR_MS = 50

export function newDataVersions(database: Database, allAuthorities: readonly string[]): DataVersions {
  interface Asked {
    readonly at: number
    readonly versions: Promise<ReadonlyMap<string, string>>
    /** Once there is an answer. */
    held: ReadonlyMap<string, string> | null
  }
  let asked: Asked | null = null
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
        const question: Asked = { at: now, versions: ask(), held: null }
        asked = question
        question.versions.then(
          (held) => {
            question.held = held
          },
          () => {
            if (asked === question) asked = null
          },
        )
      }
      const versions = await asked.versions
      return new Map(authorities.map((authority) => [authority, versions.get(authority) ?? NO_DATA]))
    },
    seen(authority, version) {
      if (asked && (asked.held === null || (asked.held.get(authority) ?? NO_DATA) !== version)) asked = null
    },
    forget() {
      asked = null
    },
  }
}
