import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { WorkbookFault, type WorkbookLimits } from './workbook.ts'

/** A part of a workbook, by its path in the archive. */
export interface WorkbookPart {
  readonly path: string
  readonly bytes: Buffer
}

/** What cells are made of. Drawings, macros, printer settings and links to other files are never unpacked. */
const NEEDED =
  /^(?:\[content_types\]\.xml|_rels\/\.rels|xl\/(?:[^/]+\.xml|_rels\/[^/]+\.rels|worksheets\/[^/]+\.xml))$/i

/** Sheets pack to a tenth of their size; what packs better than this was made to fill the memory. */
const HIGHEST_RATIO = 100
/** Below this size nobody is harmed. */
const HARMLESS = 8 * 1024 * 1024

/** Where a text is declared that stands for others, and they for others again (“billion laughs”), in either spelling. */
const DECLARATIONS: readonly Buffer[] = (['latin1', 'utf16le'] as const).flatMap((spelling) =>
  ['<!DOCTYPE', '<!ENTITY'].map((word) => Buffer.from(word, spelling)),
)

/**
 * The parts of a workbook that its cells are made of. Sizes are added up by the archive's directory before anything
 * is unpacked, and counted while it is: a directory may lie.
 */
export async function unpackWorkbook(bytes: Buffer, limits: WorkbookLimits): Promise<WorkbookPart[]> {
  const zip = await understood(() => fromBufferPromise(bytes))
  const entries = await needed(zip, limits)
  if (!entries.some(({ fileName }) => fileName.toLowerCase() === '[content_types].xml'))
    throw new WorkbookFault('not-a-workbook', 'this is an archive, and not an Excel workbook')
  const parts: WorkbookPart[] = []
  let total = 0
  for (const entry of entries) {
    const chunks: Buffer[] = []
    await understood(async () => {
      for await (const chunk of await zip.openReadStreamPromise(entry)) {
        total += (chunk as Buffer).length
        if (total > limits.bytes) throw tooLarge(limits)
        chunks.push(chunk as Buffer)
      }
    })
    const whole = Buffer.concat(chunks)
    if (crc32(whole) !== entry.crc32) throw damaged()
    if (DECLARATIONS.some((declaration) => whole.includes(declaration)))
      throw new WorkbookFault('corrupt', 'it declares entities of its own, which no workbook does')
    if (/\/worksheets\//i.test(entry.fileName)) mustEnd(whole)
    parts.push({ path: entry.fileName, bytes: whole })
  }
  return parts
}

async function needed(zip: ZipFile, limits: WorkbookLimits): Promise<Entry[]> {
  const entries: Entry[] = []
  let parts = 0
  let total = 0
  await understood(async () => {
    for await (const entry of zip.eachEntry()) {
      parts++
      if (parts > limits.parts)
        throw new WorkbookFault(
          'too-large',
          `there are more than ${limits.parts} parts in it, which no list has`,
        )
      total += entry.uncompressedSize
      if (total > limits.bytes) throw tooLarge(limits)
      if (!NEEDED.test(entry.fileName)) continue
      if (entry.uncompressedSize > HARMLESS && entry.uncompressedSize > entry.compressedSize * HIGHEST_RATIO)
        throw new WorkbookFault(
          'too-large',
          `a part of it unpacks to more than ${HIGHEST_RATIO} times its size, which no list does`,
        )
      if (entry.isEncrypted()) throw new WorkbookFault('encrypted', 'it is packed with a password')
      entries.push(entry)
    }
  })
  return entries
}

const WORKSHEET_END = /<\/(?:[\w.-]+:)?worksheet\s*>\s*$/
const WITHOUT_ANYTHING = /<(?:[\w.-]+:)?worksheet\b[^>]*\/>\s*$/

/** A sheet that breaks off would be read as far as it goes, and its last rows be lost without a word. */
function mustEnd(sheet: Buffer): void {
  const end = sheet.subarray(-512).toString('latin1')
  if (sheet.length > 0 && !WORKSHEET_END.test(end) && !WITHOUT_ANYTHING.test(end)) throw damaged()
}

/** Whatever yauzl or zlib finds wrong with an archive is a fault of the archive. */
async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (fault) {
    throw fault instanceof WorkbookFault ? fault : damaged()
  }
}

const damaged = (): WorkbookFault =>
  new WorkbookFault('corrupt', 'the workbook is damaged: open it in Excel, and save it again')

const tooLarge = ({ bytes }: WorkbookLimits): WorkbookFault =>
  new WorkbookFault('too-large', `it unpacks to more than ${bytes / 1024 / 1024} MiB, which no list does`)

/**
 * The parts as an archive again, not compressed, for a library that takes nothing else: it then reads what was
 * counted here, however it understands archives itself.
 */
export function packed(parts: readonly WorkbookPart[]): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { path, bytes } of parts) {
    const name = Buffer.from(path)
    const facts = Buffer.alloc(16)
    facts.writeUInt32LE(crc32(bytes), 4)
    facts.writeUInt32LE(bytes.length, 8)
    facts.writeUInt32LE(bytes.length, 12)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    facts.copy(local, 10)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(20, 4)
    central.writeUInt16LE(20, 6)
    facts.copy(central, 12)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(offset, 42)
    pieces.push(local, name, bytes)
    directory.push(central, name)
    offset += local.length + name.length + bytes.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, ...directory, end])
}
