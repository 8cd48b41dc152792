import type { CsvBatch } from '../returns/csv-reader.ts'
import type { RecordFault } from './record-checks.ts'

/** Rows on their way in: as a file of the kind's own columns has them, or made of a list that others publish. */
export interface RecordBatch extends CsvBatch {
  /** What each row is made of; absent where it stands in the file as it is. */
  readonly origins?: readonly RowOrigin[]
}

/** The rows of a published list that one record is made of. */
export interface RowOrigin {
  /** How many rows they are. */
  readonly rows: number
  /** What was found in them before they were a record. */
  readonly faults: readonly RecordFault[]
  /** Whether they can be no record. */
  readonly isLost: boolean
  /** Where the list has what a fault of the record is about, and the fault in the list's own words. */
  readonly place: (fault: RecordFault) => { readonly line: number; readonly fault: RecordFault }
}
