import type { Readable } from 'node:stream'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import {
  filesOfZip,
  newByteCounter,
  oneFile,
  resumable,
  spool,
  tooLarge,
  type UploadLimits,
} from './incoming-files.ts'
import type { IncomingFile } from './load-return.ts'

/** The body of a request that brings files. */
export interface Upload {
  /** Its media type, without parameters; empty where the request has no body. */
  readonly mediaType: string
  /** Media types that stand for one file as it is, beside CSV. */
  readonly alsoOneFile?: readonly string[]
  readonly contentLength: number | null
  readonly contentDisposition: string | undefined
  readonly body: Readable
  /** The parts of a form, one after the other. */
  readonly parts: () => AsyncIterable<Part>
}

export type Part =
  | { readonly type: 'field'; readonly fieldname: string }
  | {
      readonly type: 'file'
      readonly fieldname: string
      readonly filename: string | undefined
      readonly mimetype: string
      readonly file: Readable
    }

/** The media types of an upload, and the name each stands for. */
const FORM = 'multipart/form-data'
export const ZIPS: readonly string[] = ['application/zip', 'application/x-zip-compressed']
export const CSV = 'text/csv'
/** The media type of an Excel workbook: one file, which some calls take beside CSV. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ALLOWED = [FORM, ZIPS[0]!, CSV]

/** A form has headers and boundaries beside its files. */
const ROOM_FOR_HEADERS = 1024 * 1024

/**
 * The files of an upload, to be read one after the other; `close` when they have been. A ZIP is received before this
 * answers, everything else while it is read.
 */
export async function openUpload(
  upload: Upload,
  limits: UploadLimits,
): Promise<{ files: AsyncIterable<IncomingFile>; close(): Promise<void> }> {
  const { mediaType } = upload
  const room = limits.bytes + (mediaType === FORM ? ROOM_FOR_HEADERS : 0)
  if (upload.contentLength !== null && upload.contentLength > room) throw tooLarge(limits.bytes)
  const counted = newByteCounter(limits)
  const close = async () => {}
  if (mediaType === FORM) return { files: filesOfForm(upload, limits), close }
  if (mediaType === CSV || upload.alsoOneFile?.includes(mediaType)) {
    const name = nameIn(upload.contentDisposition) ?? (mediaType === CSV ? 'file.csv' : 'file')
    return { files: only(oneFile(name, counted(arriving(upload.body)))), close }
  }
  if (ZIPS.includes(mediaType)) {
    const spooled = await spool(counted(arriving(upload.body)))
    if (spooled.size === 0) {
      await spooled.close()
      throw new Refusal('nothing-sent', 'The body is empty; send the files of the return.')
    }
    const name = nameIn(upload.contentDisposition) ?? 'the archive'
    return { files: filesOfZip(spooled.fd, limits, name), close: spooled.close }
  }
  if (mediaType === '')
    throw new Refusal('nothing-sent', 'The request has no body; send the files of the return.')
  throw unsupported()
}

export function unsupported(): Refusal {
  const detail = `The body’s Content-Type is not one that this call takes: ${ALLOWED.join(', ')}.`
  return new Refusal('unsupported-media-type', detail, [
    { pointer: '/headers/content-type', code: 'unsupported-media-type', detail, allowed: ALLOWED },
  ])
}

async function* only(file: IncomingFile): AsyncGenerator<IncomingFile> {
  yield file
}

async function* filesOfForm(upload: Upload, limits: UploadLimits): AsyncGenerator<IncomingFile> {
  // A caller who hung up while the load waited for its turn: the form would wait for its end for ever.
  if (upload.body.destroyed) throw cutOff()
  const counted = newByteCounter(limits)
  const faults: Fault[] = []
  for await (const part of understood(upload.parts())) {
    if (part.type === 'field') {
      faults.push(faultOfField(part.fieldname))
      continue
    }
    const name = part.filename || 'file'
    const bytes = counted(arriving(part.file))
    if (!isZip(part)) {
      yield oneFile(name, bytes)
      continue
    }
    const spooled = await spool(bytes)
    try {
      yield* filesOfZip(spooled.fd, limits, name)
    } finally {
      await spooled.close()
    }
  }
  if (faults.length > 0)
    throw new Refusal('invalid-request', 'The form has fields that are no files.', faults)
}

/** A workbook is an archive too, and some clients declare it as one: it is one file all the same. */
const isZip = ({ filename, mimetype }: { filename: string | undefined; mimetype: string }): boolean =>
  !/\.xlsx$/i.test(filename ?? '') && (ZIPS.includes(mimetype) || /\.zip$/i.test(filename ?? ''))

function faultOfField(name: string): Fault {
  const shown = /^[\w.-]{1,40}$/.test(name) ? name : '(not shown)'
  return {
    pointer: `/body/${shown}`,
    code: 'not-a-file',
    detail: `The part ${shown} is a field and not a file; year, to, accept and dryRun belong into the address.`,
    allowed: ['files'],
  }
}

/** The parts of a form; what makes it unreadable (busboy has no codes for that) is the request's fault, not ours. */
async function* understood(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  const iterator = parts[Symbol.asyncIterator]()
  for (;;) {
    const next = await iterator.next().catch((fault: unknown) => {
      throw hasCode(fault) ? fault : unreadableForm()
    })
    if (next.done) return
    yield next.value
  }
}

/** The bytes as they arrive; a body that breaks off is the caller's doing. */
async function* arriving(stream: Readable): AsyncGenerator<Uint8Array> {
  const chunks = resumable<Uint8Array>(stream.iterator({ destroyOnReturn: false }))
  const iterator = chunks[Symbol.asyncIterator]()
  for (;;) {
    const next = await iterator.next().catch((fault: unknown) => {
      throw fault instanceof Error && 'code' in fault ? cutOff() : unreadableForm()
    })
    if (next.done) return
    yield next.value
  }
}

/** Errors of Fastify’s form reader, which `refusal-of.ts` knows by their codes. */
const hasCode = (fault: unknown): boolean =>
  fault instanceof Refusal ||
  (fault instanceof Error && 'code' in fault && String(fault.code).startsWith('FST_'))

const cutOff = (): Refusal => new Refusal('invalid-request', 'The body ended before it was complete.')

function unreadableForm(): Refusal {
  const detail =
    'The form can’t be read: check its boundary, and that it ends with it. Most clients set both when they are given the files.'
  return new Refusal('invalid-request', detail, [{ pointer: '/body', code: 'unreadable-form', detail }])
}

/** The file name in a Content-Disposition header, in either of its forms. */
export function nameIn(disposition: string | undefined): string | null {
  const extended = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(disposition ?? '')?.[1]
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended)
    } catch {
      return null
    }
  }
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition ?? '')
  return plain?.[1]?.replaceAll(/\\(.)/g, '$1') || plain?.[2] || null
}
