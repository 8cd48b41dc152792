import { parentPort, workerData } from 'node:worker_threads'
import { readXlsx, streamXlsxRows } from 'hucre/xlsx'
import { packed, unpackWorkbook } from './unpack-workbook.ts'
import { type Sheet, type SheetRow, WorkbookFault, type WorkbookLimits } from './workbook.ts'

/** The thread in which a workbook is read: what it needs of time and memory is bounded from outside. */
const { bytes, limits } = workerData as { bytes: Uint8Array; limits: WorkbookLimits }

export type WorkerAnswer =
  | { readonly sheets: readonly Sheet[] }
  | { readonly fault: { readonly code: WorkbookFault['code']; readonly detail: string } }

async function sheetsOf(file: Buffer): Promise<Sheet[]> {
  const archive = packed(await unpackWorkbook(file, limits))
  const names: string[] = []
  const { dateSystem } = await readXlsx(archive, {
    sheets: ({ name }) => {
      names.push(name)
      return false
    },
  })
  if (names.length > limits.sheets)
    throw new WorkbookFault('too-large', `it has more than ${limits.sheets} sheets`)
  const countsFrom1904 = dateSystem === '1904'
  const sheets: Sheet[] = []
  const counted = { rows: 0, characters: 0 }
  for (const [index, name] of names.entries()) {
    const rows: SheetRow[] = []
    for await (const row of streamXlsxRows(archive, { sheet: index })) {
      const cells = textsOf(row.values)
      if (cells.length === 0) continue
      counted.rows++
      for (const cell of cells) counted.characters += cell.length
      if (counted.rows > limits.rows)
        throw new WorkbookFault('too-many-rows', `it has more than ${limits.rows} rows`)
      if (counted.characters > limits.characters)
        throw new WorkbookFault('too-large', 'its cells hold more text than a list does')
      rows.push({ line: row.index + 1, cells })
    }
    sheets.push({ name, rows, countsFrom1904 })
  }
  return sheets
}

/** What the cells say, those that are blank at the end left out: none for a blank row. */
function textsOf(values: readonly unknown[]): string[] {
  let end = Math.min(values.length, limits.columns)
  while (end > 0 && textOf(values[end - 1]).trim() === '') end--
  return values.slice(0, end).map(textOf)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 19)
  return typeof value === 'object' ? '' : String(value)
}

const answer = await sheetsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).then(
  (sheets): WorkerAnswer => ({ sheets }),
  (fault: unknown): WorkerAnswer => ({
    fault:
      fault instanceof WorkbookFault
        ? { code: fault.code, detail: fault.message }
        : { code: 'corrupt', detail: 'it can’t be read as a workbook: open it in Excel, and save it again' },
  }),
)
parentPort!.postMessage(answer)
