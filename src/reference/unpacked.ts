import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Refusal } from '../vocabulary/refusal.ts'

/** A gzipped list of postcodes unpacks to four to ten times its size; what unpacks to more than this was made to fill a disk. */
const HIGHEST_RATIO = 100
/** Below this nobody is harmed. */
const HARMLESS = 64 * 1024 * 1024
/** The largest list that is published, the postcodes of the United Kingdom, has 1.4 GiB. */
const LARGEST = 4 * 1024 * 1024 * 1024

/** A file as text, whether it came gzipped or plain: known by its first bytes, since names and headers are often wrong. */
export interface Unpacked {
  readonly bytes: AsyncIterable<Uint8Array>
  /** SHA-256 of the unpacked bytes, once they have all been read: the same list has the same, packed or not. */
  readonly contentHash: () => string
}

export function unpacked(source: AsyncIterable<Uint8Array>): Unpacked {
  const hash = createHash('sha256')
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of text(source)) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { bytes: bytes(), contentHash: () => hash.digest('hex') }
}

async function* text(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  let start = Buffer.alloc(0)
  while (start.length < 2) {
    const { done, value } = await iterator.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  let packed = 0
  async function* whole(): AsyncGenerator<Uint8Array> {
    packed += start.length
    yield start
    for (;;) {
      const { done, value } = await iterator.next()
      if (done) return
      packed += value.length
      yield value
    }
  }
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* whole()
    return
  }
  // What goes wrong with the bytes themselves is told as it is; what goes wrong with unpacking them, as a damaged file.
  let arrivalFault: unknown
  const arriving = Readable.from(
    (async function* () {
      try {
        yield* whole()
      } catch (fault) {
        arrivalFault = fault
        throw fault
      }
    })(),
    { objectMode: false },
  )
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  arriving.on('error', (fault) => gunzip.destroy(fault))
  arriving.pipe(gunzip)
  let size = 0
  try {
    for await (const chunk of gunzip) {
      size += chunk.length
      if (size > HARMLESS && size > packed * HIGHEST_RATIO) throw bomb()
      if (size > LARGEST) throw tooLarge()
      yield chunk
    }
  } catch (fault) {
    if (arrivalFault !== undefined) throw arrivalFault
    throw isOfZlib(fault) ? damaged() : fault
  } finally {
    arriving.destroy()
    gunzip.destroy()
  }
}

const isOfZlib = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && String(fault.code).startsWith('Z_')

function damaged(): Refusal {
  const detail = 'The file can’t be unpacked: it is damaged, or was cut off.'
  return new Refusal('not-reference-data', detail, [{ pointer: '/body', code: 'corrupt', detail }])
}

function tooLarge(): Refusal {
  const detail = `The file unpacks to more than ${LARGEST / 1024 ** 3} GiB, which no list does.`
  return new Refusal('upload-too-large', detail, [{ pointer: '/body', code: 'too-large', detail }])
}

function bomb(): Refusal {
  const detail = `The file unpacks to more than ${HIGHEST_RATIO} times its size, which no list does.`
  return new Refusal('upload-too-large', detail, [{ pointer: '/body', code: 'zip-bomb', detail }])
}
