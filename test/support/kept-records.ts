import type { Database } from '../../src/platform/database/database.ts'
import { loadRecords } from '../../src/records/load-records.ts'
import type { IncomingFile } from '../../src/returns/load-return.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { type RecordKindName, recordKindNamed } from '../../src/vocabulary/record-kinds.ts'
import { recordsCsv, type SampleRecord } from './sample-records.ts'

/** Writes records of a kind as a council would send them: only what a test is about is named, the ids are given here. */
export async function keepRecords(
  database: Database,
  authority: string,
  name: RecordKindName,
  records: readonly SampleRecord[],
): Promise<void> {
  const kind = recordKindNamed(name)
  const id = kind.columns[0]!.name
  const csv = recordsCsv(
    kind,
    records.map((record, index) => ({ [id]: `${name}-${index}`, ...record })),
  )
  await loadRecords(
    database,
    {
      authority,
      kind,
      partially: false,
      dryRun: false,
      by: 'tests',
      today: '2026-06-30' as Day,
    },
    oneFile(csv),
  )
}

async function* oneFile(text: string): AsyncGenerator<IncomingFile> {
  yield {
    name: 'records.csv',
    bytes: (async function* () {
      yield new TextEncoder().encode(text)
    })(),
  }
}
