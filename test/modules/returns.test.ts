import { once } from 'node:events'
import { type ClientRequest, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { documentOf } from '../../src/platform/http/openapi.ts'
import { newQueue } from '../../src/returns/in-turn.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import {
  AUTHORIZATION,
  formOf,
  type ReturnsApp,
  returnsApp,
  type SentFile,
  sendForm,
} from '../support/returns-app.ts'
import { csvOf, filesOf, SAMPLE } from '../support/sample-return.ts'

const OURS = '/v1/authorities/E08000034/returns'

let database: TestDatabase
let service: ReturnsApp
/** A second process of the service, as far as the database can tell. */
let other: ReturnsApp
let port: number

beforeAll(async () => {
  database = await newDatabase()
  service = await returnsApp(database)
  other = await returnsApp(database)
  await service.app.listen({ port: 0, host: '127.0.0.1' })
  port = (service.app.server.address() as AddressInfo).port
})
afterAll(async () => {
  await service.close()
  await other.close()
  await database.drop()
})
beforeEach(async () => {
  for (const authority of ['E08000034', 'E08000035']) {
    const list = await service.client.get(`/v1/authorities/${authority}/returns`)
    for (const { id } of list.json().data)
      await service.client.inject({ method: 'DELETE', url: `/v1/authorities/${authority}/returns/${id}` })
  }
})

const children = () =>
  database.database.read(['E08000034', 'E08000035'], async (transaction) =>
    (
      await transaction.query<{ child: string }>(
        'test.children',
        'select c.child from care.child c order by 1',
      )
    ).map(({ child }) => child),
  )
const load = (query?: string, headers?: Record<string, string>, files = filesOf(SAMPLE)) =>
  sendForm(service.client, files, query, headers)
const listed = async () => (await service.client.get(OURS)).json().data as { id: string; inForce: boolean }[]
const withdraw = (id: string) => service.client.inject({ method: 'DELETE', url: `${OURS}/${id}` })

/** The sample with another child in ADA's place. */
const renamed = (child: string): SentFile[] =>
  filesOf(SAMPLE).map(({ name, content }) => ({ name, content: String(content).replaceAll('ADA1', child) }))

describe('loading a return', () => {
  test('answers 201 with the return and its address', async () => {
    const changes = service.changes()
    const answer = await load()
    expect(answer.statusCode).toBe(201)
    const body = answer.json()
    expect(body).toMatchObject({
      result: 'loaded',
      return: {
        authority: 'E08000034',
        year: '2024-25',
        coversFrom: '2024-04-01',
        coversTo: '2025-03-31',
        inForce: true,
        acceptedPartially: false,
        loadedBy: 'admin-key',
      },
      summary: {
        rowsRead: 5,
        tables: [
          { table: 'Header', kept: 2 },
          { table: 'Episodes', kept: 3 },
        ],
      },
    })
    expect(answer.headers.location).toBe(`${OURS}/${body.return.id}`)
    expect((await service.client.get(answer.headers.location as string)).json()).toEqual({
      ...body.return,
      summary: body.summary,
    })
    expect(service.changes()).toBe(changes + 1)
    expect(await children()).toEqual(['ADA1', 'BEN2'])
  })

  test('says so when the same bytes come again, in another order too, and changes nothing', async () => {
    const first = (await load()).json()
    const changes = service.changes()
    const again = await load(undefined, {}, filesOf(SAMPLE).reverse())
    expect(again.statusCode).toBe(200)
    expect(again.json()).toMatchObject({ result: 'unchanged', return: { id: first.return.id } })
    expect(await listed()).toHaveLength(1)
    expect(service.changes()).toBe(changes)
  })

  test('puts a later one in the place of an earlier one, and withdrawing it brings that back', async () => {
    const first = (await load()).json().return
    const second = (await load(undefined, {}, renamed('EVE5'))).json().return
    expect(await children()).toEqual(['BEN2', 'EVE5'])
    expect(await listed()).toMatchObject([
      { id: second.id, inForce: true },
      { id: first.id, inForce: false },
    ])
    const changes = service.changes()
    expect((await withdraw(second.id)).statusCode).toBe(204)
    expect(service.changes()).toBe(changes + 1)
    expect(await children()).toEqual(['ADA1', 'BEN2'])
    expect(await listed()).toMatchObject([{ id: first.id, inForce: true }])
    expect((await withdraw(second.id)).json().type).toMatch(/unknown-return$/)
  })

  test('covers the running year up to today, or up to the day that is given', async () => {
    const open = { Header: SAMPLE.Header!, Episodes: ['ADA1,03/02/2023,S,C1,N1,U6,PR1,,,,,,'] }
    expect((await load('year=2025-26', {}, filesOf(open))).json().return.coversTo).toBe('2025-11-22')
    expect((await load('year=2025-26&to=2025-09-30', {}, filesOf(open))).json().return.coversTo).toBe(
      '2025-09-30',
    )
  })

  test('takes the authority by its DfE code', async () => {
    const answer = await sendForm(service.client, filesOf(SAMPLE), undefined, {}, '382')
    expect(answer.json().return.authority).toBe('E08000034')
  })

  test('with accept=partial loads what can be understood and lists the rest', async () => {
    const answer = await load(
      'year=2024-25&accept=partial',
      {},
      filesOf({
        ...SAMPLE,
        Episodes: [...SAMPLE.Episodes!, 'BEN2,nonsense,S,C1,N1,U6,PR1,,,,,,'],
      }),
    )
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({
      return: { acceptedPartially: true, errors: 1 },
      summary: { rowsRead: 6, tables: [{}, { table: 'Episodes', kept: 3, leftOut: 1 }], errors: 1 },
    })
    const findings = await service.client.get(`${answer.headers.location}/findings?severity=error`)
    expect(findings.json()).toMatchObject({ data: [{ rule: '141', table: 'Episodes', row: 5 }], next: null })
  })

  test('in a dry run keeps nothing and tells which headlines would move', async () => {
    await load()
    const before = await listed()
    const changes = service.changes()
    const same = await load('year=2024-25&dryRun=true', { 'idempotency-key': 'dry' })
    expect(same.json()).toMatchObject({ result: 'checked', headlines: [], findings: [] })
    const more = await load(
      'year=2023-24&dryRun=true',
      {},
      filesOf({
        Header: ['EVE5,2,01/01/2015,WBRI,,,'],
        Episodes: ['EVE5,03/02/2023,S,C1,N1,U6,PR1,,,,,,'],
      }),
    )
    expect(more.statusCode).toBe(200)
    expect(more.json().headlines).toEqual([
      { indicator: 'children-known', period: 'now', before: 2, after: 3 },
    ])
    expect(more.json()).not.toHaveProperty('return')
    expect(await listed()).toEqual(before)
    expect(service.changes()).toBe(changes)
  })

  test('names a single CSV file by its Content-Disposition', async () => {
    const send = (headers: Record<string, string>) =>
      service.client.inject({
        method: 'POST',
        url: `${OURS}?year=2024-25&dryRun=true`,
        headers: { 'content-type': 'text/csv; charset=utf-8', ...headers },
        payload: csvOf('Episodes', SAMPLE.Episodes!).replace('CHILD', 'KIND'),
      })
    const pointer = (answer: LightMyRequestResponse) => answer.json().errors[0].pointer
    expect(pointer(await send({}))).toBe('/files/file.csv')
    expect(pointer(await send({ 'content-disposition': 'attachment; filename="my episodes.csv"' }))).toBe(
      '/files/my episodes.csv',
    )
    expect(pointer(await send({ 'content-disposition': "attachment; filename*=UTF-8''f%C3%BCr.csv" }))).toBe(
      '/files/für.csv',
    )
  })
})

describe('an idempotency key', () => {
  const key = (word: string) => ({ 'idempotency-key': word })

  test('brings the first answer again, even when the return has been replaced since', async () => {
    const first = await load(undefined, key('a'))
    await load(undefined, {}, renamed('EVE5'))
    const again = await sendForm(other.client, filesOf(SAMPLE).reverse(), undefined, key('a'))
    expect(again.statusCode).toBe(201)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.headers.location).toBe(first.headers.location)
    expect(again.json()).toEqual(first.json())
    expect(first.headers).not.toHaveProperty('idempotency-replayed')
    expect(await children()).toEqual(['BEN2', 'EVE5'])
  })

  test.each([
    ['files', 'year=2024-25', renamed('EVE5')],
    ['year', 'year=2023-24', filesOf(SAMPLE)],
    ['day', 'year=2024-25&to=2025-03-31', filesOf(SAMPLE)],
    ['acceptance', 'year=2024-25&accept=partial', filesOf(SAMPLE)],
  ])('can’t be used for another %s', async (what, query, files) => {
    await load(undefined, key(what))
    const answer = await load(query, key(what), files)
    expect(answer.statusCode, answer.body).toBe(422)
    expect(answer.json().type).toMatch(/idempotency-key-reused$/)
    expect(await listed()).toHaveLength(1)
  })

  test('belongs to an authority', async () => {
    await load(undefined, key('mine'))
    const theirs = await sendForm(service.client, renamed('EVE5'), undefined, key('mine'), 'E08000035')
    expect(theirs.statusCode).toBe(201)
    expect(theirs.headers).not.toHaveProperty('idempotency-replayed')
  })

  test('is not used up by a refusal', async () => {
    const broken = filesOf({ ...SAMPLE, Header: ['ADA1'] })
    expect((await load(undefined, key('b'), broken)).statusCode).toBe(422)
    expect((await load(undefined, key('b'))).statusCode).toBe(201)
  })

  test('that is in use at this moment is refused, in this process and in another', async () => {
    const slow = await slowUpload(OURS, { 'idempotency-key': 'busy' })
    for (const { client } of [service, other]) {
      const answer = await sendForm(client, filesOf(SAMPLE), undefined, key('busy'))
      expect(answer.statusCode).toBe(409)
      expect(answer.json().type).toMatch(/idempotency-key-in-use$/)
    }
    expect(await slow.finish()).toMatchObject({ status: 201 })
    const after = await sendForm(other.client, filesOf(SAMPLE), undefined, key('busy'))
    expect(after.headers['idempotency-replayed']).toBe('true')
  })
})

describe('reading returns', () => {
  test('in pages, the newest first', async () => {
    const ids: string[] = []
    for (const name of ['EVE1', 'EVE2', 'EVE3'])
      ids.unshift((await load(undefined, {}, renamed(name))).json().return.id)
    const first = (await service.client.get(`${OURS}?limit=2`)).json()
    expect(first.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2))
    const second = (await service.client.get(`${OURS}?limit=2&cursor=${first.next}`)).json()
    expect(second).toMatchObject({ data: [{ id: ids[2] }], next: null })
    const theirs = await service.client.get(`/v1/authorities/E08000035/returns?cursor=${first.next}`)
    expect(theirs.json().type).toMatch(/invalid-cursor$/)
  })

  test('findings in pages, by severity, and as CSV', async () => {
    const { location } = (
      await load(
        'year=2024-25&accept=partial',
        {},
        filesOf({
          Header: [
            ...SAMPLE.Header!,
            'EVE5,1,01/01/2015,WBRI,,,',
            'EVE6,1,01/01/2015,WBRI,,,',
            'EVE7,Q,,,,,',
          ],
          Episodes: SAMPLE.Episodes!,
        }),
      )
    ).headers
    const all = (await service.client.get(`${location}/findings`)).json().data
    expect(all.map(({ severity, row }: { severity: string; row: number }) => `${severity} ${row}`)).toEqual([
      'error 6',
      'error 6',
      'error 6',
      'warning 4',
      'warning 5',
    ])
    const first = (await service.client.get(`${location}/findings?limit=3`)).json()
    const rest = (await service.client.get(`${location}/findings?limit=3&cursor=${first.next}`)).json()
    expect([...first.data, ...rest.data]).toEqual(all)
    expect(rest.next).toBeNull()
    const warnings = (await service.client.get(`${location}/findings?severity=warning`)).json()
    expect(warnings.data).toEqual(all.slice(3))
    const csv = await service.client.get(`${location}/findings`, { accept: 'text/csv' })
    expect(csv.headers['content-type']).toMatch(/^text\/csv/)
    expect(csv.body.split('\r\n')).toHaveLength(7)
    expect(csv.body).toMatch(
      /^severity,rule,table,file,row,columns,message\r\nerror,10[123],Header,Header.csv,6,/,
    )
  })

  test.each(['no-uuid', '0198f3a2-6c1e-7d4b-9a55-2f1f6f0c7e10'])('answers 404 for the id %s', async (id) => {
    for (const url of [`${OURS}/${id}`, `${OURS}/${id}/findings`]) {
      const answer = await service.client.get(url)
      expect(answer.statusCode).toBe(404)
      expect(answer.json().type).toMatch(/unknown-return$/)
    }
    expect((await withdraw(id)).statusCode).toBe(404)
  })

  test('does not give one authority’s return to another', async () => {
    const { id } = (await load()).json().return
    const theirs = `/v1/authorities/E08000035/returns/${id}`
    expect((await service.client.get(theirs)).statusCode).toBe(404)
    expect((await service.client.inject({ method: 'DELETE', url: theirs })).statusCode).toBe(404)
    expect(await listed()).toHaveLength(1)
  })

  test('withdraws also for a client that says its empty body is JSON', async () => {
    const { id } = (await load()).json().return
    const answer = await service.client.inject({
      method: 'DELETE',
      url: `${OURS}/${id}`,
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.statusCode).toBe(204)
  })

  test('the document tells which bodies a load takes', async () => {
    const document = (await documentOf(service.app)) as unknown as {
      paths: Record<string, Record<string, { requestBody?: { content: object } }>>
    }
    const { requestBody } = document.paths['/v1/authorities/{authority}/returns']!.post!
    expect(Object.keys(requestBody!.content)).toEqual(['multipart/form-data', 'application/zip', 'text/csv'])
  })
})

/* ---- over the network ----------------------------------------------------------------------------------------- */

interface SlowUpload {
  readonly request: ClientRequest
  finish(): Promise<{ status: number; body: string }>
}

/** Sends all but the end of a form, and answers when its load is under way. */
async function slowUpload(
  path: string,
  headers: Record<string, string> = {},
  { underWay = true, files = filesOf(SAMPLE) } = {},
): Promise<SlowUpload> {
  const form = formOf(files)
  const before = underWay ? await loadsUnderWay() : 0
  const call = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: `${path}?year=2024-25`,
    headers: { ...form.headers, ...headers, authorization: AUTHORIZATION, 'transfer-encoding': 'chunked' },
  })
  const answered = once(call, 'response').then(async ([response]) => ({
    status: response.statusCode as number,
    body: await text(response),
  }))
  answered.catch(() => {})
  call.write(form.payload.subarray(0, -300))
  while (underWay && (await loadsUnderWay()) <= before) await wait(10)
  return {
    request: call,
    finish: () => {
      call.end(form.payload.subarray(-300))
      return answered
    },
  }
}

/** Loads that hold, or wait for, their authority's turn in the database. */
const loadsUnderWay = () =>
  database.database.read([], async (transaction) => {
    const [row] = await transaction.query<{ loads: number }>(
      'test.locks',
      `select count(*)::int as loads from pg_locks l
        where l.locktype = 'advisory' and l.classid = 903100
          and l.database = (select d.oid from pg_database d where d.datname = current_database())`,
    )
    return row!.loads
  })

const until = async (isSo: () => Promise<boolean> | boolean) => {
  for (let tries = 0; !(await isSo()); tries++) {
    expect(tries, 'tries').toBeLessThan(300)
    await wait(20)
  }
}

const failures = () =>
  service.log.filter((line) => JSON.parse(line).level >= 50 || JSON.parse(line).status >= 500)

describe('over the network', () => {
  test('loads of one authority wait for each other, those of different authorities do not', async () => {
    const first = await slowUpload(OURS)
    const second = await slowUpload(OURS, {}, { underWay: false, files: renamed('EVE5') })
    let secondIsDone = false
    const secondEnds = second.finish().then((answer) => {
      secondIsDone = true
      return answer
    })
    const theirs = await sendForm(service.client, renamed('EVE6'), undefined, {}, 'E08000035')
    expect(theirs.statusCode).toBe(201)
    expect(secondIsDone).toBe(false)
    expect((await first.finish()).status).toBe(201)
    expect((await secondEnds).status).toBe(201)
    expect(await children()).toEqual(['BEN2', 'BEN2', 'EVE5', 'EVE6'])
  })

  test('the queue goes on after a failure, and forgets who has gone', async () => {
    const inTurn = newQueue()
    const order: string[] = []
    const work = (name: string, fails = false) =>
      inTurn('a', async () => {
        await wait(5)
        order.push(name)
        if (fails) throw new Error(name)
      })
    const [first, ...rest] = [work('1'), work('2', true), work('3')]
    await first
    expect((await Promise.allSettled(rest)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(order).toEqual(['1', '2', '3'])
  })

  test.each(['a form', 'a CSV file', 'a ZIP'])('%s that is cut off leaves nothing behind', async (what) => {
    await load()
    const before = await listed()
    const logged = service.log.length
    if (what === 'a form') {
      const slow = await slowUpload(OURS, { 'idempotency-key': 'cut' }, { files: renamed('EVE5') })
      slow.request.on('error', () => {})
      slow.request.destroy()
    } else {
      const call = request({
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: `${OURS}?year=2024-25`,
        headers: {
          'content-type': what === 'a ZIP' ? 'application/zip' : 'text/csv',
          'content-length': 100_000,
          authorization: AUTHORIZATION,
        },
      })
      call.on('error', () => {})
      call.write(csvOf('Header', SAMPLE.Header!))
      await wait(100)
      call.destroy()
    }
    await until(async () => (await loadsUnderWay()) === 0)
    await wait(50)
    expect(await listed()).toEqual(before)
    expect(await children()).toEqual(['ADA1', 'BEN2'])
    expect(failures()).toEqual([])
    expect(service.log.slice(logged).join('')).not.toContain('ADA1')
    // Neither the authority's turn nor the key is held any longer.
    expect((await load(undefined, { 'idempotency-key': 'cut' }, renamed('EVE7'))).statusCode).toBe(201)
  })

  test('a client that hangs up while it waits for its turn does not hold up the next', async () => {
    const first = await slowUpload(OURS)
    const second = await slowUpload(OURS, {}, { underWay: false, files: renamed('EVE5') })
    await wait(50)
    second.request.on('error', () => {})
    second.request.destroy()
    await wait(50)
    expect((await first.finish()).status).toBe(201)
    expect((await load(undefined, {}, renamed('EVE6'))).statusCode).toBe(201)
    expect(await children()).toEqual(['BEN2', 'EVE6'])
    expect(failures()).toEqual([])
  })

  test('a body that is too large is refused before it is sent, and the connection closed', async () => {
    const call = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: `${OURS}?year=2024-25`,
      headers: { 'content-type': 'application/zip', 'content-length': 2 ** 31, authorization: AUTHORIZATION },
    })
    call.on('error', () => {})
    call.flushHeaders()
    const [response] = await once(call, 'response')
    expect(response.statusCode).toBe(413)
    expect(response.headers.connection).toBe('close')
    expect(JSON.parse(await text(response)).type).toMatch(/upload-too-large$/)
    call.destroy()
  })

  test('60 MB stream through without being held in memory (slow)', { timeout: 60_000 }, async () => {
    const header = csvOf(
      'Header',
      Array.from({ length: 20_000 }, (_, index) => `C${index},F,14/05/2012,WBRI,,,`),
    )
    const padding = ' '.repeat(3_000)
    const [before, between, after] = formOf([
      { name: 'header.csv', content: header },
      { name: 'episodes.csv', content: 'EPISODES' },
    ])
      .payload.toString('latin1')
      .split(/(EPISODES)/) as [string, string, string]
    expect(between).toBe('EPISODES')
    const call = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: `${OURS}?year=2024-25`,
      headers: { ...formOf([]).headers, authorization: AUTHORIZATION },
    })
    const answered = once(call, 'response')
    global.gc?.()
    const start = process.memoryUsage.rss()
    let most = start
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 20)
    call.write(before)
    call.write(csvOf('Episodes', []))
    let sent = 0
    for (let child = 0; child < 20_000; child++) {
      const line = `C${child},03/02/2023,S,C1,N1,U6,PR1,,,,,${padding},SC123456\r\n`
      sent += line.length
      if (!call.write(line)) await once(call, 'drain')
    }
    call.end(after)
    const [response] = await answered
    clearInterval(watch)
    const body = JSON.parse(await text(response))
    expect(sent).toBeGreaterThan(60_000_000)
    expect(body).toMatchObject({ result: 'loaded', summary: { rowsRead: 40_000, errors: 0 } })
    expect(Math.round((most - start) / 1024 / 1024), 'MiB of extra memory').toBeLessThan(300)
  })
})
