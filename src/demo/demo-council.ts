import type { Database } from '../platform/database/database.ts'
import type { SubjectOf } from '../returns/erased-rows.ts'
import { oneFile } from '../returns/incoming-files.ts'
import { loadReturn } from '../returns/load-return.ts'
import { csvFiles, syntheticReturns } from '../synthetic/synthetic-council.ts'
import { EVERY_AUTHORITY, SYNTHETIC_AUTHORITY } from '../vocabulary/authority.ts'
import { type Day, todayInEngland } from '../vocabulary/day.ts'
import { firstDayOfYear, lastDayOfYear, reportingYearOf } from '../vocabulary/period.ts'
import { LAST_YEAR } from '../vocabulary/ssda903.ts'

const SEED = 903
const CHILDREN_IN_CARE = 700
const YEARS = 3

/** Whether the database holds no return of any authority. */
export async function isEmpty(database: Database): Promise<boolean> {
  const [row] = await database.read(EVERY_AUTHORITY, (transaction) =>
    transaction.query<{ any: boolean }>('demo.any', 'select exists (select 1 from care.return) as any'),
  )
  return row?.any !== true
}

/**
 * Loads the bundled council that exists nowhere: three finished reporting years of made-up returns, the worked
 * examples among its children, so that every address answers with something real at the first start.
 */
export async function loadDemoCouncil(
  database: Database,
  { today = todayInEngland(), subjectOf }: { readonly today?: Day; readonly subjectOf?: SubjectOf } = {},
): Promise<void> {
  const lastYear = Math.min(reportingYearOf(today) - 1, LAST_YEAR)
  const made = syntheticReturns({
    seed: SEED,
    firstYear: lastYear - YEARS + 1,
    lastYear,
    childrenInCare: CHILDREN_IN_CARE,
    idPrefix: 'EX',
    withWorkedExamples: true,
  })
  for (const yearly of made) {
    await loadReturn(
      database,
      {
        authority: SYNTHETIC_AUTHORITY,
        year: yearly.year,
        coversFrom: firstDayOfYear(yearly.year),
        coversTo: lastDayOfYear(yearly.year),
        partially: false,
        dryRun: false,
        loadedBy: 'bundled synthetic council',
        subjectOf,
      },
      filesOf(csvFiles(yearly)),
    )
  }
}

async function* filesOf(files: readonly { name: string; text: string }[]) {
  for (const { name, text } of files) yield oneFile(name, piecesOf(Buffer.from(text)))
}

async function* piecesOf(bytes: Buffer) {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}
