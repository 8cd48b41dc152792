import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { crc32, createGzip, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'
import { partsAround, sheetXml, zipOf } from '../../support/provider-lists.ts'
import { AUTHORITY, type RecordsApp, recordsApp } from '../../support/records-app.ts'
import { type ReferenceApp, referenceApp } from '../../support/reference-app.ts'

const MIB = 1024 * 1024

let database: TestDatabase
let service: RecordsApp
let reference: ReferenceApp
beforeAll(async () => {
  database = await newDatabase()
  service = await recordsApp(database)
  reference = await referenceApp(database.database)
}, 120_000)
afterAll(async () => {
  await service?.close()
  await reference?.close()
  await database?.drop()
})

const sendReturn = (payload: Buffer) =>
  service.client.inject({
    method: 'POST',
    url: `/v1/authorities/${AUTHORITY}/returns?year=2024-25`,
    headers: { 'content-type': 'application/zip' },
    payload,
  })
const sendList = (payload: Buffer) =>
  service.client.inject({
    method: 'POST',
    url: `/v1/authorities/${AUTHORITY}/records/providers`,
    headers: { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
    payload,
  })
const sendPopulation = (payload: Buffer) => reference.put('population', payload, 'application/gzip')

interface Entry {
  readonly name: string
  readonly packed: Buffer
  /** What the directory says of it. */
  readonly size: number
  readonly checksum: number
  /** Where its bytes are; after those before it unless told. */
  readonly at?: number
}

/** An archive as it is told, true or not. */
function archiveOf(entries: readonly Entry[]): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, packed, size, checksum, at } of entries) {
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(8, 4)
    facts.writeUInt32LE(checksum, 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(size, 18)
    facts.writeUInt16LE(name.length, 22)
    if (at === undefined) {
      const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), facts, Buffer.from(name), packed])
      pieces.push(local)
    }
    const central = Buffer.alloc(14)
    central.writeUInt32LE(at ?? offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), facts, central, Buffer.from(name)]),
    )
    if (at === undefined) offset += pieces.at(-1)!.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, listed, end])
}

const entryOf = (name: string, content: Buffer): Entry => ({
  name,
  packed: deflateRawSync(content),
  size: content.length,
  checksum: crc32(content),
})

/** Gzipped without being in memory: what unpacks to gigabytes is a few megabytes. */
const gzipped = (start: string, mebibytes: number): Promise<Buffer> => {
  async function* content() {
    yield Buffer.from(start)
    const chunk = Buffer.alloc(MIB, ' ')
    for (let n = 0; n < mebibytes; n++) yield chunk
  }
  return buffer(Readable.from(content()).pipe(createGzip()))
}

const SHARED = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from(
  { length: 9 },
  (_, n) => `<!ENTITY ${'bcdefghij'[n]} "${`&${'abcdefghi'[n]};`.repeat(10)}">`,
).join('')}]>`
const cell = (text: string) =>
  sheetXml(`<row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c></row>`)

type Bomb = readonly [
  what: string,
  send: () => Promise<() => Promise<{ statusCode: number; body: string }>>,
  code: string,
]

const ready =
  (
    make: () => Promise<Buffer> | Buffer,
    send: (bomb: Buffer) => Promise<{ statusCode: number; body: string }>,
  ) =>
  async () => {
    const bomb = await make()
    return () => send(bomb)
  }

const BOMBS: readonly Bomb[] = [
  [
    'a ZIP of one file that unpacks to 64 MiB of nothing',
    ready(() => archiveOf([entryOf('a.csv', Buffer.alloc(64 * MIB, 'a'))]), sendReturn),
    'zip-bomb',
  ],
  [
    'a ZIP whose directory says that it unpacks to little',
    ready(() => archiveOf([{ ...entryOf('a.csv', Buffer.alloc(64 * MIB, 'a')), size: 100 }]), sendReturn),
    'corrupt',
  ],
  [
    'a ZIP whose directory says that it unpacks to more than it does',
    ready(() => archiveOf([{ ...entryOf('a.csv', Buffer.from('CHILD,DOB\n')), size: 4000 }]), sendReturn),
    'corrupt',
  ],
  [
    'a ZIP whose files share their bytes',
    ready(() => {
      const one = entryOf('a.csv', Buffer.alloc(7 * MIB, 'a'))
      const others = Array.from({ length: 30 }, (_, n) => ({ ...one, name: `${n}.csv`, at: 0 }))
      return archiveOf([one, ...others])
    }, sendReturn),
    'zip-bomb',
  ],
  [
    'a ZIP of many files that unpack to more than is taken',
    ready(() => {
      const one = entryOf('a.csv', Buffer.alloc(7 * MIB, 'a'))
      return archiveOf(Array.from({ length: 90 }, (_, n) => ({ ...one, name: `${n}.csv` })))
    }, sendReturn),
    'too-large',
  ],
  [
    'a ZIP of thousands of files',
    ready(
      () => archiveOf(Array.from({ length: 20_000 }, (_, n) => entryOf(`${n}.csv`, Buffer.from('a')))),
      sendReturn,
    ),
    'too-many-files',
  ],
  [
    'a ZIP in a ZIP',
    ready(
      () => archiveOf([entryOf('in.zip', archiveOf([entryOf('a.csv', Buffer.alloc(7 * MIB, 'a'))]))]),
      sendReturn,
    ),
    'not-csv',
  ],
  ['gzip that unpacks to 256 MiB', ready(() => gzipped('a,b\n', 256), sendPopulation), ''],
  [
    'gzip in gzip',
    ready(async () => buffer(Readable.from([await gzipped('', 100)]).pipe(createGzip())), sendPopulation),
    '',
  ],
  [
    'a workbook of entities that stand for entities',
    ready(() => zipOf(partsAround(`${LAUGHS}${cell('&j;')}`)), sendList),
    'corrupt',
  ],
  [
    'a workbook of such entities in UTF-16',
    ready(() => zipOf(partsAround(Buffer.from(`\ufeff${LAUGHS}${cell('&j;')}`, 'utf16le'))), sendList),
    'corrupt',
  ],
  [
    'a workbook whose elements stand in each other 100,000 deep',
    ready(() => zipOf(partsAround(sheetXml('<row>'.repeat(100_000)))), sendList),
    '',
  ],
  [
    'a workbook of shared texts that unpack to 60 MiB',
    ready(
      () =>
        zipOf({
          ...partsAround(cell('x')),
          'xl/sharedStrings.xml': `${SHARED}${`<si><t>${'x'.repeat(1000)}</t></si>`.repeat(60_000)}</sst>`,
        }),
      sendList,
    ),
    'too-large',
  ],
]

describe('what was made to fill memory or disk is refused, and memory stays flat', () => {
  test.each(BOMBS)('%s', async (_, make, code) => {
    const send = await make()
    global.gc?.()
    const before = process.memoryUsage.rss()
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 5)
    const answer = await send()
    clearInterval(watch)
    most = Math.max(most, process.memoryUsage.rss())
    expect([413, 422], answer.body).toContain(answer.statusCode)
    const { errors } = JSON.parse(answer.body) as { errors: { code: string }[] }
    expect(errors.length).toBeGreaterThan(0)
    if (code !== '') expect(errors.map((fault) => fault.code)).toContain(code)
    expect((most - before) / MIB).toBeLessThan(100)
  })
})

test('XML and other bodies that nobody takes are refused by their type', async () => {
  for (const type of ['application/xml', 'text/xml', 'application/x-7z-compressed', 'application/gzip'])
    for (const url of [
      `/v1/authorities/${AUTHORITY}/returns?year=2024-25`,
      `/v1/authorities/${AUTHORITY}/records/statutory-visits`,
    ]) {
      const answer = await service.client.inject({
        method: 'POST',
        url,
        headers: { 'content-type': type },
        payload: `${LAUGHS}<x>&j;</x>`,
      })
      expect([answer.statusCode, answer.json().status]).toEqual([415, 415])
    }
})
