/** A workbook as its sheets' texts: what every cell says, whatever its type is. */
export interface Workbook {
  readonly sheets: readonly Sheet[]
}

export interface Sheet {
  /** Its name; null for the one sheet that a CSV file is. */
  readonly name: string | null
  /** Rows with anything in them, in order. */
  readonly rows: readonly SheetRow[]
  /** Whether its days are counted from 1904, as old workbooks of the Macintosh are, and not from 1900. */
  readonly countsFrom1904: boolean
}

export interface SheetRow {
  /** As the sheet numbers it, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** How much a workbook may hold. The largest list that is published has under 10,000 rows and packs to 2 MB. */
export interface WorkbookLimits {
  /** Bytes of all its parts together, unpacked. */
  readonly bytes: number
  readonly rows: number
  readonly sheets: number
  /** Files in the archive that a workbook is. */
  readonly parts: number
  /** Columns that are read; what stands further to the right is no list's. */
  readonly columns: number
  /** Characters of all cells together: one text may stand in millions of cells. */
  readonly characters: number
  readonly milliseconds: number
}

export const WORKBOOK_LIMITS: WorkbookLimits = {
  bytes: 64 * 1024 * 1024,
  rows: 100_000,
  sheets: 50,
  parts: 1_000,
  columns: 256,
  characters: 64 * 1024 * 1024,
  milliseconds: 60_000,
}

/** Why a file is no workbook that can be read: what kind of fault it is, and in words. */
export class WorkbookFault extends Error {
  readonly code: WorkbookFaultCode
  constructor(code: WorkbookFaultCode, detail: string) {
    super(detail)
    this.name = 'WorkbookFault'
    this.code = code
  }
}

export type WorkbookFaultCode =
  | 'not-a-workbook'
  | 'no-list'
  | 'old-workbook'
  | 'encrypted'
  | 'corrupt'
  | 'too-large'
  | 'too-many-rows'
  | 'too-slow'

/** What the file may be instead. */
export const READABLE_FILES: readonly string[] = [
  'an Excel workbook (.xlsx) without a password',
  'CSV (UTF-8)',
]
