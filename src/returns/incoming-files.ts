import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import type { IncomingFile } from './load-return.ts'

/** How much may come in. */
export interface UploadLimits {
  /** Bytes of all files together, as they are sent and as they unpack. */
  readonly bytes: number
}

/** Files of a return: its twelve tables, and a few to spare. More is no return, but something else. */
export const MOST_FILES = 100

/** Text packs to a tenth or a fiftieth of its size; what packs better than this was made to fill a disk. */
const HIGHEST_RATIO = 100
/** Below this size nobody is harmed, and a table of equal rows packs as well as a bomb. */
const HARMLESS = 8 * 1024 * 1024

/** One file that comes as a stream of bytes. */
export const oneFile = (name: string, bytes: AsyncIterable<Uint8Array>): IncomingFile => ({
  name,
  bytes: resumable(bytes),
})

/**
 * The same bytes for readers that take turns: one that stops early leaves the rest for the next, where `for await`
 * over a stream or a generator would close it.
 */
export function resumable<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  let iterator: AsyncIterator<T> | undefined
  return {
    [Symbol.asyncIterator]: () => {
      iterator ??= source[Symbol.asyncIterator]()
      // Without `return`, by which a loop that ends early would close the source.
      return { next: () => iterator!.next() }
    },
  }
}

/** The same bytes, refused as soon as they are more than the limit. One counter may watch several streams. */
export function newByteCounter({ bytes: most }: UploadLimits) {
  let total = 0
  return async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      total += chunk.length
      if (total > most) throw tooLarge(most)
      yield chunk
    }
  }
}

export const tooLarge = (most: number): Refusal => {
  const detail = `The files are larger than the ${inMebibytes(most)} that this service takes at once.`
  return new Refusal('upload-too-large', detail, [
    { pointer: '/body', code: 'too-large', detail, allowed: [`at most ${most} bytes`] },
  ])
}

const inMebibytes = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`

/** A file of the operating system's that has no name any more: it is gone when it is closed, whatever happens. */
export interface SpooledFile {
  readonly fd: number
  readonly size: number
  close(): Promise<void>
}

/**
 * Puts bytes aside until they are all there, as a ZIP needs, whose directory stands at its end. They are records of
 * children: nobody else may read the file, and its name is gone before the first byte is in it.
 */
export async function spool(bytes: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
  const path = join(tmpdir(), `return-${randomUUID()}`)
  const handle = await open(path, 'wx+', 0o600)
  // Windows does not unlink a file that is open; there it goes when it is closed.
  const unlinked = await unlink(path).then(
    () => true,
    () => false,
  )
  const close = async () => {
    await handle.close()
    if (!unlinked) await unlink(path).catch(() => {})
  }
  try {
    await handle.writeFile(bytes)
    const { size } = await handle.stat()
    return { fd: handle.fd, size, close }
  } catch (fault) {
    await close()
    throw fault
  }
}

/**
 * The files in a ZIP, one after the other and each as a stream; folders and what macOS adds are passed over. An
 * archive that can't be read, or that has anything in it which is no file, is refused before the first is given.
 */
export async function* filesOfZip(
  archive: string | number,
  limits: UploadLimits,
  nameOfArchive = 'the archive',
): AsyncGenerator<IncomingFile> {
  const opened: FileHandle | null = typeof archive === 'string' ? await open(archive, 'r') : null
  try {
    const zip = await reading(nameOfArchive, () =>
      // The descriptor belongs to the caller, or to the handle above: closed there, and once.
      fromFdPromise(opened?.fd ?? (archive as number), { lazyEntries: true, autoClose: false }),
    )
    const entries = await entriesOf(zip, nameOfArchive, limits)
    for (const entry of entries) {
      const stream = await reading(entry.fileName, () => zip.openReadStreamPromise(entry))
      try {
        yield oneFile(entry.fileName.split('/').at(-1)!, bytesOf(entry, stream))
      } finally {
        stream.destroy()
      }
    }
  } finally {
    await opened?.close()
  }
}

async function entriesOf(zip: ZipFile, nameOfArchive: string, limits: UploadLimits): Promise<Entry[]> {
  const entries: Entry[] = []
  const faults: Fault[] = []
  let total = 0
  const all = await reading(nameOfArchive, async () => {
    const list: Entry[] = []
    for await (const entry of zip.eachEntry()) {
      list.push(entry)
      if (list.length > 10 * MOST_FILES) throw tooMany()
    }
    return list
  })
  for (const entry of all) {
    const path = entry.fileName.split('/')
    if (path.at(-1) === '' || path.includes('__MACOSX') || path.at(-1)!.startsWith('.')) continue
    const fault = faultOf(entry)
    if (fault !== null) faults.push(faultIn(entry.fileName, ...fault))
    entries.push(entry)
    total += entry.uncompressedSize
  }
  if (all.some(({ fileName }) => fileName === '[Content_Types].xml'))
    throw notAReturn([
      faultIn(nameOfArchive, 'not-csv', 'this is a workbook or document, not an archive of CSV files'),
    ])
  if (overlap(all))
    throw notAReturn([
      faultIn(
        nameOfArchive,
        'zip-bomb',
        'its files share their bytes, so that they unpack to many times them',
      ),
    ])
  if (faults.length > 0) throw notAReturn(faults)
  if (entries.length > MOST_FILES) throw tooMany()
  if (total > limits.bytes) throw tooLarge(limits.bytes)
  return entries
}

/** Whether the bytes of one entry are those of another too, as in archives that were made to fill a disk. */
function overlap(entries: readonly Entry[]): boolean {
  const inOrder = entries
    .map(({ relativeOffsetOfLocalHeader: start, compressedSize }) => ({ start, end: start + compressedSize }))
    .sort((a, b) => a.start - b.start)
  return inOrder.some(({ end }, index) => end > (inOrder[index + 1]?.start ?? Number.POSITIVE_INFINITY))
}

/** The kind of file that an entry is, as Unix keeps it in the upper half of its attributes. */
const UNIX = 3
const FILE_KIND = 0o170000
const PLAIN_FILE = 0o100000

function faultOf(entry: Entry): readonly [code: string, detail: string] | null {
  const mode = (entry.externalFileAttributes >>> 16) & FILE_KIND
  if (entry.versionMadeBy >>> 8 === UNIX && mode !== 0 && mode !== PLAIN_FILE)
    return ['not-a-file', 'this is a link or a device, not a file']
  if (entry.isEncrypted()) return ['encrypted', 'this is encrypted: send the archive without a password']
  if (!entry.canDecodeFileData())
    return ['unknown-compression', 'this is packed in a way that is not understood: use plain ZIP (deflate)']
  if (entry.uncompressedSize > HARMLESS && entry.uncompressedSize > entry.compressedSize * HIGHEST_RATIO)
    return ['zip-bomb', `this unpacks to more than ${HIGHEST_RATIO} times its size, which no table does`]
  return null
}

/** What an entry unpacks to; one that is not as long, or not of the checksum, that the directory says is refused. */
async function* bytesOf(entry: Entry, stream: Readable): AsyncGenerator<Uint8Array> {
  let checksum = 0
  const iterator = stream.iterator({ destroyOnReturn: false })
  for (;;) {
    const { done, value } = await reading(entry.fileName, () => iterator.next())
    if (done) break
    checksum = crc32(value as Uint8Array, checksum)
    yield value as Uint8Array
  }
  if (checksum !== entry.crc32) throw corrupt(entry.fileName)
}

/** Whatever yauzl or zlib finds wrong with an archive is a fault of the archive. */
async function reading<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (fault) {
    throw fault instanceof Refusal ? fault : corrupt(name)
  }
}

const corrupt = (name: string): Refusal =>
  notAReturn([faultIn(name, 'corrupt', 'this can’t be unpacked: the ZIP archive is damaged or is none')])

function tooMany(): Refusal {
  const detail = `There are more files in the archive than the ${MOST_FILES} that this service takes at once.`
  return new Refusal('upload-too-large', detail, [
    { pointer: '/files', code: 'too-many-files', detail, allowed: [`at most ${MOST_FILES} files`] },
  ])
}

const notAReturn = (faults: readonly Fault[]): Refusal =>
  new Refusal('not-a-return', 'The archive can’t be read as the files of a return', faults)

/** A name as it may stand in an answer: short, on one line. */
const shown = (name: string): string => name.replaceAll(/[^\p{L}\p{N} ._()+/-]/gu, '_').slice(-80)

const faultIn = (name: string, code: string, detail: string): Fault => ({
  pointer: `/files/${shown(name).replaceAll('~', '~0').replaceAll('/', '~1')}`,
  code,
  detail: `${shown(name)}: ${detail}`,
})
