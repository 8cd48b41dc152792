import { writeXlsx } from 'hucre/xlsx'
import { ZipFile } from 'yazl'

export type Cells = readonly (readonly (string | number | Date | null)[])[]

/** A workbook with these sheets. */
export async function workbookOf(sheets: Readonly<Record<string, Cells>>): Promise<Buffer> {
  return Buffer.from(
    await writeXlsx({
      sheets: Object.entries(sheets).map(([name, rows]) => ({ name, rows: rows.map((row) => [...row]) })),
    }),
  )
}

export async function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), path)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relation = (type: string, target: string) =>
  `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`

/** The parts of a workbook with one sheet, whose XML is given. */
export const partsAround = (sheet: string | Buffer): Record<string, string | Buffer> => ({
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
  '_rels/.rels': relation('officeDocument', 'xl/workbook.xml'),
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relation('worksheet', 'worksheets/sheet1.xml'),
  'xl/worksheets/sheet1.xml': sheet,
})

export const sheetXml = (rows: string): string =>
  `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`

/** Files that are no list, with the status and the code of the fault. */
export async function badWorkbooks(): Promise<
  (readonly [what: string, file: Buffer, status: number, code: string])[]
> {
  const good = await workbookOf({
    Homes: [
      ['URN', 'Provider Type'],
      ['SC000001', "Children's Home"],
    ],
  })
  const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2048)])
  const damaged = Buffer.from(good)
  damaged.fill(0x55, Math.floor(good.length / 3), Math.floor(good.length / 3) + 200)
  const lying = await zipOf(partsAround(sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>')))
  // The size that the directory gives for the last part, the sheet.
  lying.writeUInt32LE(1, lying.lastIndexOf(Buffer.from('504b0102', 'hex')) + 24)
  const bomb = sheetXml(' '.repeat(70 * 1024 * 1024))
  return [
    ['an old workbook', old, 422, 'old-workbook'],
    [
      'one with a password',
      Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')]),
      422,
      'encrypted',
    ],
    ['one that breaks off', good.subarray(0, good.length - 100), 422, 'corrupt'],
    ['one that is damaged', damaged, 422, 'corrupt'],
    ['one whose directory lies', lying, 422, 'corrupt'],
    ['an archive of CSV', await zipOf({ 'a.csv': 'URN,Provider Type\nSC000001,x\n' }), 422, 'not-a-workbook'],
    [
      'a sheet that breaks off',
      await zipOf(partsAround(`<worksheet xmlns="${MAIN}"><sheetData><row r="1"><c r="A1`)),
      422,
      'corrupt',
    ],
    [
      'a workbook without a list',
      await workbookOf({ Notes: [['Nothing'], ['to see', 'here']] }),
      422,
      'no-list',
    ],
    [
      'a sheet without URN',
      await workbookOf({
        Homes: [
          ['Setting Name', 'Sector', 'Max Users', 'Provider Type'],
          ['A', 'Private', 1, 'x'],
        ],
      }),
      422,
      'no-list',
    ],
    ['a bomb', await zipOf(partsAround(bomb)), 413, 'too-large'],
    ['nothing', Buffer.from(' '), 422, 'empty-file'],
    ['a PDF', Buffer.from('%PDF-1.7 something'), 422, 'not-csv'],
    ['text', Buffer.from('hello'), 422, 'not-a-table'],
  ]
}
