import type { Database } from '../platform/database/database.ts'
import { together } from '../platform/database/together.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'

/** How an authority's records stand at this moment: all that decides whether what was made of them may be given again. */
export interface Standing {
  /** Names one state of the records. */
  readonly version: string
  /** Children whose records are restricted. */
  readonly restricted: ReadonlySet<string>
}

/** Asks how an authority's records stand; calls that come together share the question. */
export type ReadStanding = (authority: string) => Promise<Standing>

export const newStandings = (
  database: Database,
  /** Hears of each version that was seen. */
  seen: (authority: string, version: string) => void = () => {},
): ReadStanding =>
  together(async (authority) => {
    const [row] = await database.read([authority], (transaction) =>
      transaction.query<{ version: string | null; restricted: string[] }>(
        'standing.read',
        `select (select s.data_version from care.authority_state s where s.authority = $1) as version,
                array(select r.child from care.restriction r where r.authority = $1) as restricted`,
        [authority],
      ),
    )
    const version = row!.version ?? NO_DATA
    seen(authority, version)
    return { version, restricted: new Set(row!.restricted) }
  })
