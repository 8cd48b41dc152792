import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appendEvent } from '../../src/events/event-store.ts'
import { ANOTHER, AUTHORITY, type EventsApp, eventsApp } from '../support/events-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { formOf } from '../support/returns-app.ts'

/** Who must be in no event; a word for each identifier that a return has. */
const CANARY = 'CANARY7Q'
const FILES = [
  {
    name: 'header.csv',
    content: `CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n${CANARY}A,M,01/06/2012,WBRI,UN2,,\n${CANARY}B,F,01/06/2010,WBRI,UN2,0,\n`,
  },
  {
    name: 'episodes.csv',
    content: `CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n${CANARY}A,01/06/2024,S,C2,N1,U4,PR1,,,,HD1 1AA,HD1 2AA,SC000001\n${CANARY}B,01/06/2024,S,C2,N1,K2,PR4,,,,HD1 1AA,YO1 7HH,SC000002\n`,
  },
]

let held: TestDatabase
let events: EventsApp
beforeAll(async () => {
  held = await newDatabase()
  events = await eventsApp(held)
}, 60_000)
afterAll(async () => {
  await events?.close()
  await held?.drop()
})

const base = `/v1/authorities/${AUTHORITY}`
const feed = async (query = '', headers: Record<string, string> = {}) =>
  events.client.get(`${base}/events${query}`, headers)

function loadReturn() {
  const form = formOf(FILES)
  return events.client.inject({
    method: 'POST',
    url: `${base}/returns?year=2024-25`,
    headers: form.headers,
    payload: form.payload,
  })
}

describe('the feed', () => {
  test('has no end: where nothing happened there is a place to go on from', async () => {
    const empty = (await feed()).json()
    expect(empty).toEqual({ data: [], next: expect.any(String) })
    expect((await feed(`?after=${empty.next}`)).json()).toEqual(empty)
  })

  test('tells of every kind of change, with ids and nothing of a child', async () => {
    const { next } = (await feed()).json()
    const loaded = await loadReturn()
    expect(loaded.statusCode, loaded.body).toBe(201)
    const returned = loaded.json().return.id
    // The same again changes nothing, and a check keeps nothing.
    await loadReturn()
    const written = await events.client.inject({
      method: 'PUT',
      url: `${base}/records/return-home-interviews/${CANARY}I`,
      payload: {
        miss_person_id: `${CANARY}B`,
        miss_missing_episode_start_date: '2024-06-05T18:30',
        miss_missing_episode_type: 'M',
        miss_missing_episode_end_date: '2024-06-07T22:00',
        miss_missing_rhi_offered: 'Y',
        miss_missing_rhi_accepted: 'Y',
        miss_missing_rhi_date: '2024-06-10T21:00',
      },
    })
    expect(written.statusCode, written.body).toBe(201)
    const reference = await events.client.inject({
      method: 'PUT',
      url: '/v1/reference/postcodes',
      headers: { 'content-type': 'text/csv' },
      payload: 'pcds,oseast1m,osnrth1m,oslaua\nHD1 1AA,414000,416000,E08000034\n',
    })
    expect(reference.statusCode, reference.body).toBe(200)
    const published = await events.client.inject({
      method: 'POST',
      url: `${base}/publications`,
      payload: { periods: ['2024-25'], audience: 'internal', indicators: ['cla-count'] },
    })
    expect(published.statusCode, published.body).toBe(201)
    const withdrawn = await events.client.inject({ method: 'DELETE', url: `${base}/returns/${returned}` })
    expect(withdrawn.statusCode).toBe(204)

    const answer = await feed(`?after=${next}`)
    const told = answer.json().data as { type: string; subject: string; data: Record<string, string> }[]
    expect(told.map(({ type }) => type)).toEqual([
      'return.loaded',
      'records.changed',
      'figures.changed',
      'figures.published',
      'return.withdrawn',
    ])
    expect(told[0]).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      source: base,
      type: 'return.loaded',
      subject: `${base}/returns/${returned}`,
      time: expect.stringMatching(/Z$/),
      datacontenttype: 'application/json',
      data: { return: returned, year: '2024-25', dataVersion: expect.any(String) },
    })
    const publication = told.find(({ type }) => type === 'figures.published')!
    expect((await events.client.get(publication.subject)).statusCode).toBe(200)
    expect(answer.body).not.toContain(CANARY)
    expect(answer.body).not.toMatch(/HD1|2012-06-01/)
    const kept = await held.database.read([AUTHORITY], (transaction) =>
      transaction.query('test.kept', 'select to_jsonb(e)::text as text from care.event e'),
    )
    expect(kept).toHaveLength(5)
    expect(JSON.stringify(kept)).not.toContain(CANARY)
  })

  test('goes on page by page, of some types, and says cheaply that nothing happened', async () => {
    const all = (await feed()).json().data as { id: string; type: string }[]
    const seen: string[] = []
    let after = ''
    for (let page = 0; page < all.length; page++) {
      const { data, next } = (await feed(`?limit=1${after}`)).json()
      seen.push(...data.map(({ id }: { id: string }) => id))
      after = `&after=${next}`
    }
    expect(seen).toEqual(all.map(({ id }) => id))
    const some = (await feed('?type=return.withdrawn,return.loaded')).json()
    expect(some.data.map(({ type }: { type: string }) => type)).toEqual(['return.loaded', 'return.withdrawn'])
    // On from the last there is, of whichever type.
    expect(some.next).toBe((await feed()).json().next)
    const first = await feed()
    const { etag } = first.headers as { etag: string }
    expect((await feed('', { 'if-none-match': etag })).statusCode).toBe(304)
    await held.database.write([AUTHORITY], (transaction) =>
      appendEvent(transaction, {
        authority: AUTHORITY,
        type: 'forecast.made',
        subject: `${base}/forecasts/1`,
        data: { forecast: '1', dataVersion: '0' },
      }),
    )
    const anew = await feed('', { 'if-none-match': etag })
    expect(anew.statusCode).toBe(200)
    expect(anew.json().data).toHaveLength(all.length + 1)
  })

  test('is for who may read figures or send returns, of their own authority', async () => {
    for (const token of ['key-of-an-analyst', 'key-of-a-loader'])
      expect((await events.client.as(token).get(`${base}/events`)).statusCode).toBe(200)
    expect((await events.client.as('key-of-the-public').get(`${base}/events`)).statusCode).toBe(403)
    const other = await events.client.as('key-of-another-admin').get(`${base}/events`)
    expect(other.statusCode).toBe(404)
    const { next } = (await feed()).json()
    const theirs = await events.client.get(`/v1/authorities/${ANOTHER}/events?after=${next}`)
    expect(theirs.json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/query/after', code: 'invalid-cursor' }],
    })
  })

  test('refuses what it can’t understand, every fault at once', async () => {
    const answer = await feed('?after=nonsense&type=return.loded')
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors).toMatchObject([
      { pointer: '/query/type', code: 'unknown-event-type', didYouMean: ['return.loaded'] },
      { pointer: '/query/after', code: 'invalid-cursor' },
    ])
  })

  test('what was cleared away is told, and numbers are never given twice', async () => {
    const { next: start } = (await feed('?limit=1')).json()
    const { next: end, data } = (await feed()).json()
    await held.database.write([AUTHORITY], (transaction) =>
      transaction.query('test.age', `update care.event e set at = e.at - interval '91 days'`),
    )
    await events.jobs.daily.find(({ name }) => name === 'events.clear')!.run()
    // The last stays: the next is counted from it.
    const left = (await feed()).json()
    expect(left.data).toEqual([{ ...data.at(-1), time: left.data[0].time }])
    const gone = await feed(`?after=${start}`)
    expect(gone.statusCode).toBe(410)
    expect(gone.json().type).toMatch(/\/problems\/events-cleared$/)
    expect((await feed(`?after=${end}`)).json()).toEqual({ data: [], next: end })
    // An earlier state of the database: the place is one that it has not come to.
    await held.database.write([AUTHORITY], (transaction) =>
      transaction.query('test.restored', 'update care.event e set number = e.number - 1'),
    )
    expect((await feed(`?after=${end}`)).statusCode).toBe(410)
  })
})

describe('whoever writes at the same time', () => {
  test('a reader that goes on from where it was misses none and reads none twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            authority: fc.constantFrom('E09000001', 'E09000002'),
            events: fc.integer({ min: 1, max: 3 }),
            before: fc.integer({ min: 0, max: 15 }),
            after: fc.integer({ min: 0, max: 15 }),
            fails: fc.boolean(),
          }),
          { minLength: 5, maxLength: 20 },
        ),
        async (writers) => {
          const numbersOf = (authority: string, after: number) =>
            held.database.read([authority], (transaction) =>
              transaction.query<{ number: number; subject: string }>(
                'test.after',
                'select e.number, e.subject from care.event e where e.authority = $1 and e.number > $2 order by e.number',
                [authority, after],
              ),
            )
          const places = new Map<string, number>()
          for (const authority of ['E09000001', 'E09000002'])
            places.set(authority, (await numbersOf(authority, 0)).at(-1)?.number ?? 0)
          const from = new Map(places)
          const seen: { authority: string; number: number; subject: string }[] = []
          const look = async () => {
            for (const [authority, after] of places)
              for (const one of await numbersOf(authority, after)) {
                seen.push({ authority, ...one })
                places.set(authority, one.number)
              }
          }
          let writing = true
          const reading = (async () => {
            while (writing) {
              await look()
              await wait(1)
            }
          })()
          await Promise.allSettled(
            writers.map(async ({ authority, events: count, before, after, fails }, index) => {
              await wait(before)
              return held.database.write([authority], async (transaction) => {
                for (let one = 0; one < count; one++)
                  await appendEvent(transaction, {
                    authority,
                    type: 'records.changed',
                    subject: `${index}/${one}`,
                    data: { kind: 'x', dataVersion: '0' },
                  })
                await wait(after)
                if (fails) throw new Error('rolled back')
              })
            }),
          )
          writing = false
          await reading
          await look()
          for (const authority of places.keys()) {
            const mine = seen.filter((one) => one.authority === authority)
            const first = from.get(authority)! + 1
            expect(mine.map(({ number }) => number)).toEqual(mine.map((_, index) => first + index))
            const written = writers.flatMap((writer, index) =>
              writer.authority === authority && !writer.fails
                ? Array.from({ length: writer.events }, (_, one) => `${index}/${one}`)
                : [],
            )
            expect(mine.map(({ subject }) => subject).sort()).toEqual(written.sort())
          }
        },
      ),
      { numRuns: 15 },
    )
  }, 60_000)
})
