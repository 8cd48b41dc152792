import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { FILES, READER_KEY, type ReferenceApp, referenceApp, textOf } from '../support/reference-app.ts'

let database: TestDatabase
let service: ReferenceApp
let changes = 0

beforeAll(async () => {
  database = await newDatabase()
  service = await referenceApp(database.database, { onChange: () => changes++ })
})
afterAll(async () => {
  await service.close()
  await database.drop()
})

const ADJACENT = 'authority,adjacent_authority\nE08000034,E08000035\n'
const of = async (kind: string) => (await service.client.get(`/v1/reference/${kind}`)).json()

describe('a first start', () => {
  test('knows authorities, neighbours, districts and borders, and says what it lacks', async () => {
    const { data } = (await service.client.get('/v1/reference')).json()
    expect(
      data.map((state: { kind: string; set: number | null; rows: number; builtIn: boolean }) => [
        state.kind,
        state.set,
        state.rows,
        state.builtIn,
      ]),
    ).toEqual([
      ['authorities', null, 162, true],
      ['neighbours', 2021, 1560, true],
      ['neighbours', 2025, 1530, true],
      ['population', null, 0, false],
      ['postcodes', null, 0, false],
      ['districts', null, 364, true],
      ['adjacent', null, 772, true],
      ['comparators', null, 0, false],
    ])
  })

  test('gives an authority with its neighbours and the authorities around it', async () => {
    const kirklees = (await service.client.get('/v1/authorities/382')).json()
    expect(kirklees).toMatchObject({
      code: 'E08000034',
      dfeCode: '382',
      name: 'Kirklees',
      region: 'E12000003',
      regionName: 'Yorkshire and the Humber',
      type: 'metropolitan',
      existedFrom: null,
      existedUntil: null,
      successors: [],
    })
    expect(kirklees.neighbours.map(({ set }: { set: number }) => set)).toEqual([2021, 2025])
    expect(kirklees.neighbours[0].neighbours).toHaveLength(10)
    expect(kirklees.adjacent).toContain('E08000035')
  })

  test('gives an abolished authority with its successors, and a shared DfE code to the one of today', async () => {
    const cumbria = (await service.client.get('/v1/authorities/E10000006')).json()
    expect(cumbria).toMatchObject({ existedUntil: '2023-04-01', successors: ['E06000063', 'E06000064'] })
    expect((await service.client.get('/v1/authorities/825')).json().code).toBe('E06000060')
  })

  test('lists 153 authorities of today, eight abolished and the synthetic council', async () => {
    const response = await service.client.get('/v1/authorities')
    const { data } = response.json()
    const real = data.filter(({ type }: { type: string }) => type !== 'synthetic')
    expect(
      real.filter(({ existedUntil }: { existedUntil: string | null }) => existedUntil === null),
    ).toHaveLength(153)
    expect(real).toHaveLength(161)
    const again = await service.client.get('/v1/authorities', {
      'if-none-match': response.headers.etag as string,
    })
    expect(again.statusCode).toBe(304)
  })

  test('refuses a code that names no authority, with those near it', async () => {
    const response = await service.client.get('/v1/authorities/E0800034')
    expect(response.statusCode).toBe(404)
    expect(response.json().errors[0].didYouMean).toContain('E08000034')
  })
})

describe('PUT /v1/reference/{kind}', () => {
  test('loads, says so, and changes nothing when the same comes again, packed or not', async () => {
    const before = changes
    const first = await service.put('population', readFileSync(FILES.population), 'application/gzip')
    expect(first.statusCode).toBe(200)
    expect(first.json()).toMatchObject({
      result: 'loaded',
      rowsRead: 2132,
      rowsPassedOver: 21,
      rowsChanged: 2111,
      reference: { kind: 'population', set: null, rows: 2111, builtIn: false },
    })
    const again = await service.put('population', textOf(FILES.population))
    expect(again.json()).toMatchObject({
      result: 'unchanged',
      rowsChanged: 0,
      reference: first.json().reference,
    })
    expect(changes).toBe(before + 1)
    expect(await of('population')).toEqual(first.json().reference)
  })

  test('goes by the first bytes, not by what the header says of them', async () => {
    const packedAsText = await service.put('adjacent', gzipSync(textOf(FILES.adjacent)), 'text/csv')
    expect(packedAsText.statusCode).toBe(200)
    const plainAsGzip = await service.put('adjacent', Buffer.from(ADJACENT), 'application/gzip')
    expect(plainAsGzip.json()).toMatchObject({ result: 'loaded', reference: { rows: 2 } })
  })

  test('keeps both sets of neighbours side by side', async () => {
    const young = await service.put('neighbours', textOf(FILES.neighbours2025))
    expect(young.json().reference).toMatchObject({ kind: 'neighbours', set: 2025, rows: 1530 })
    const old = await service.put('neighbours', textOf(FILES.neighbours2021))
    expect(old.json().reference).toMatchObject({ kind: 'neighbours', set: 2021, rows: 1560 })
    expect((await of('neighbours?set=2021')).version).toBe(old.json().reference.version)
    expect((await of('neighbours')).version).toBe(young.json().reference.version)
  })

  test('checks in a dry run and keeps nothing', async () => {
    const before = await of('districts')
    const response = await service.put(
      'districts',
      'district,authority\nE07000240,E10000016\n',
      undefined,
      '?dryRun=true',
    )
    expect(response.json()).toMatchObject({ result: 'checked', rowsChanged: 1 })
    expect(await of('districts')).toEqual(before)
  })

  test('names every fault with its row and what is allowed, and changes nothing', async () => {
    const before = await of('districts')
    const response = await service.put(
      'districts',
      'district,authority\nE07000240,E10000015\nHertford,E10000015\nE07000241,9\nE07000240,919\n',
    )
    expect(response.statusCode).toBe(422)
    const problem = response.json()
    expect(problem.type).toMatch(/\/problems\/reference-refused$/)
    expect(problem.findingCount).toBe(3)
    expect(
      problem.findings.map(({ row, column }: { row: number; column: string | null }) => [row, column]),
    ).toEqual([
      [3, 'district'],
      [4, 'authority'],
      [5, null],
    ])
    expect(problem.findings[0].allowed).toEqual(['a letter and eight digits, such as E07000240'])
    expect(response.body).not.toContain('Hertford')
    expect(await of('districts')).toEqual(before)
  })

  test('lists a thousand faults and counts them all', async () => {
    const rows = Array.from({ length: 1500 }, () => 'x,y').join('\n')
    const problem = (await service.put('adjacent', `authority,adjacent\n${rows}\n`)).json()
    expect(problem.findings).toHaveLength(1000)
    expect(problem.findingCount).toBe(3000)
  })

  test('says what a file of another kind is, and which columns are looked for', async () => {
    const problem = (await service.put('postcodes', ADJACENT)).json()
    expect(problem.type).toMatch(/\/problems\/not-reference-data$/)
    expect(problem.otherKind).toBe('adjacent')
    expect(problem.errors[0].allowed[0]).toMatch(/^pcds or pcd/)
  })

  test('refuses an unknown kind with those near it', async () => {
    const response = await service.put('postcode', ADJACENT)
    expect(response.statusCode).toBe(404)
    expect(response.json().errors[0]).toMatchObject({
      code: 'unknown-reference',
      didYouMean: ['postcodes'],
    })
    expect((await service.client.get('/v1/reference/postcode')).statusCode).toBe(404)
  })

  test.each([
    ['no body', '', 'text/csv', 400, 'nothing-sent'],
    ['JSON', '{}', 'application/json', 415, 'unsupported-media-type'],
    ['a workbook', 'PK\u0003\u0004and more', 'application/octet-stream', 422, 'not-reference-data'],
    ['a list without rows', 'authority,adjacent\n', 'text/csv', 422, 'reference-refused'],
  ])('refuses %s', async (_what, body, type, status, reason) => {
    const response = await service.put('adjacent', body, type)
    expect(response.statusCode).toBe(status)
    expect(response.json().type).toMatch(new RegExp(`/problems/${reason}$`))
  })

  test('refuses a file that was packed and is damaged, or cut off', async () => {
    const packed = gzipSync(textOf(FILES.adjacent))
    for (const bytes of [
      packed.subarray(0, 2000),
      Buffer.concat([packed.subarray(0, 40), Buffer.alloc(900, 7)]),
    ]) {
      const response = await service.put('adjacent', bytes, 'application/gzip')
      expect(response.statusCode).toBe(422)
      expect(response.json().errors[0].code).toBe('corrupt')
    }
  })

  test('refuses more than the limit, before and while it reads', async () => {
    const small = await referenceApp(database.database, { uploadLimitBytes: 1000 })
    const whole = await small.put('adjacent', textOf(FILES.adjacent))
    expect([whole.statusCode, whole.json().errors[0].code]).toEqual([413, 'too-large'])
    await small.close()
  })

  test('needs the scope reference:write; reading needs it not', async () => {
    const reader = service.client.as(READER_KEY)
    const refused = await reader.inject({
      method: 'PUT',
      url: '/v1/reference/adjacent',
      headers: { 'content-type': 'text/csv' },
      payload: ADJACENT,
    })
    expect([refused.statusCode, refused.json().errors[0].allowed]).toEqual([403, ['reference:write']])
    expect((await reader.get('/v1/reference')).statusCode).toBe(200)
    expect((await reader.get('/v1/authorities/E09000007')).statusCode).toBe(200)
    expect((await service.client.as(null).get('/v1/reference')).statusCode).toBe(401)
  })

  test('takes sets for neighbours only', async () => {
    expect((await service.put('adjacent', ADJACENT, undefined, '?set=2021')).statusCode).toBe(400)
    expect((await service.put('neighbours', ADJACENT, undefined, '?set=2022')).statusCode).toBe(400)
  })

  test('leaves everything as it was when the caller hangs up', async () => {
    const before = await of('adjacent')
    await service.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = service.app.server.address() as AddressInfo
    await new Promise<void>((done) => {
      const call = request({
        port,
        method: 'PUT',
        path: '/v1/reference/adjacent',
        headers: { authorization: 'Bearer the-admin-key-of-the-tests', 'content-type': 'text/csv' },
      })
      call.on('error', () => done())
      call.write(`${ADJACENT}E08000034,E080000`, () => setTimeout(() => call.destroy(), 200))
    })
    // The next load of the kind waits for the one that broke off.
    const next = await service.put('adjacent', ADJACENT)
    expect(next.json()).toMatchObject({ result: 'unchanged', reference: { version: before.version } })
  })
})
