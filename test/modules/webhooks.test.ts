import { Webhook as Verifier } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { appendEvent } from '../../src/events/event-store.ts'
import { startJobs } from '../../src/platform/jobs/jobs.ts'
import { RETRY_AFTER_MS } from '../../src/webhooks/deliver.ts'
import {
  ANOTHER,
  AUTHORITY,
  type EventsApp,
  eventsApp,
  newReceiver,
  type Receiver,
} from '../support/events-app.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let held: TestDatabase
let events: EventsApp
let receiver: Receiver
beforeAll(async () => {
  held = await newDatabase()
  events = await eventsApp(held)
  receiver = await newReceiver()
}, 60_000)
afterAll(async () => {
  receiver?.close()
  await events?.close()
  await held?.drop()
})
afterEach(async () => {
  receiver.answer(204)
  receiver.received.length = 0
  for (const { id } of (await events.client.get(base)).json().data)
    await events.client.inject({ method: 'DELETE', url: `${base}/${id}` })
})

const base = `/v1/authorities/${AUTHORITY}/webhooks`
const post = (url: string, payload?: object) =>
  events.client.inject({ method: 'POST', url, ...(payload && { payload }) })
const put = (url: string, payload: object, headers: Record<string, string> = {}) =>
  events.client.inject({ method: 'PUT', url, payload, headers })

async function newWebhook(
  types: readonly string[] = [],
): Promise<{ id: string; secret: string; at: string }> {
  const made = await post(base, { url: receiver.url, types })
  expect(made.statusCode, made.body).toBe(201)
  return { ...made.json(), at: `${base}/${made.json().id}` }
}

const happened = (authority = AUTHORITY) =>
  held.database.write([authority], (transaction) =>
    appendEvent(transaction, {
      authority,
      type: 'return.loaded',
      subject: `/v1/authorities/${authority}/returns/1`,
      data: { return: '1', year: '2024-25', dataVersion: 'v' },
    }),
  )

const deliveriesOf = async (at: string) => (await events.client.get(`${at}/deliveries`)).json().data

/** Checks by the moment at which it came: the clock of the tests is ahead of that of the verifier. */
function verify(secret: string, { headers, body }: Receiver['received'][number]) {
  const id = headers['webhook-id'] as string
  const stamped = new Date(Number(headers['webhook-timestamp']) * 1000)
  const now = new Verifier(secret)
  const own = now.sign(id, stamped, body)
  const given = String(headers['webhook-signature']).split(' ')
  if (!given.includes(own)) throw new Error('none of the signatures is that of the secret')
  return JSON.parse(body)
}

describe('a webhook', () => {
  test('is made with a secret that is shown once, and kept sealed', async () => {
    const made = await post(base, { url: receiver.url, types: ['return.withdrawn', 'return.loaded'] })
    expect(made.statusCode).toBe(201)
    const { secret, ...webhook } = made.json()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(webhook).toMatchObject({
      authority: AUTHORITY,
      types: ['return.loaded', 'return.withdrawn'],
      version: 1,
      disabledAt: null,
    })
    const got = await events.client.get(made.headers.location as string)
    expect(got.json()).toEqual(webhook)
    expect(got.headers.etag).toBe(made.headers.etag)
    expect((await events.client.get(base)).json()).toEqual({ data: [webhook], next: null })
    const kept = await held.database.read([AUTHORITY], (transaction) =>
      transaction.query<{ secrets: Buffer }>('test.sealed', 'select w.secrets from care.webhook w'),
    )
    expect(kept[0]!.secrets.toString('latin1')).not.toContain(secret.slice(6, 20))
  })

  test('is changed in the state that If-Match names, and in no other', async () => {
    const { at, id } = await newWebhook()
    const { etag } = (await events.client.get(at)).headers as { etag: string }
    expect((await events.client.get(at, { 'if-none-match': etag })).statusCode).toBe(304)
    const body = { url: 'https://hooks.example.gov.uk/care', types: ['webhook.test'] }
    expect((await put(at, body)).statusCode).toBe(428)
    expect((await put(at, body, { 'if-match': '"other"' })).statusCode).toBe(412)
    const changed = await put(at, body, { 'if-match': etag })
    expect(changed.json()).toMatchObject({ ...body, id, version: 2 })
    expect((await put(at, body, { 'if-match': etag })).statusCode).toBe(412)
    const remove = (headers: Record<string, string>) =>
      events.client.inject({ method: 'DELETE', url: at, headers })
    expect((await remove({ 'if-match': etag })).statusCode).toBe(412)
    expect((await remove({ 'if-match': changed.headers.etag as string })).statusCode).toBe(204)
    expect((await events.client.get(at)).json().type).toMatch(/unknown-webhook$/)
  })

  test('is refused with every fault, of its form or of its address', async () => {
    const wrong = await post(base, { urls: 'x', types: ['return.loded', 5] })
    expect(wrong.statusCode).toBe(400)
    expect(wrong.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/urls',
      '/body/url',
      '/body/types/0',
      '/body/types/1',
    ])
    const inside = await post(base, { url: 'https://169.254.169.254/latest' })
    expect(inside.statusCode).toBe(422)
    expect(inside.json()).toMatchObject({ errors: [{ pointer: '/body/url', code: 'address-not-allowed' }] })
    for (let made = 0; made < 20; made++) await newWebhook()
    expect((await post(base, { url: receiver.url })).statusCode).toBe(422)
  })

  test('of another authority is not there, and whoever is no administrator sees none', async () => {
    const { at, id } = await newWebhook()
    const other = events.client.as('key-of-another-admin')
    const theirs = `/v1/authorities/${ANOTHER}/webhooks/${id}`
    const calls = (url: string) =>
      [
        ['GET', url],
        ['DELETE', url],
        ['POST', `${url}/secrets`],
        ['POST', `${url}/test`],
        ['GET', `${url}/deliveries`],
      ] as const
    for (const [method, url] of [...calls(at), ...calls(theirs)])
      expect((await other.inject({ method, url })).statusCode, `${method} ${url}`).toBe(404)
    for (const [method, url] of calls(at))
      expect((await events.client.as('key-of-an-analyst').inject({ method, url })).statusCode).toBe(403)
    expect((await other.get(`/v1/authorities/${ANOTHER}/webhooks`)).json().data).toEqual([])
    expect((await events.client.get(at)).statusCode).toBe(200)
  })
})

describe('a message', () => {
  test('is the event as the feed has it, signed as Standard Webhooks says', async () => {
    const { secret, at } = await newWebhook(['return.loaded'])
    await newWebhook(['forecast.made'])
    await happened()
    await happened(ANOTHER)
    expect(await events.work()).toBe(1)
    const [message] = receiver.received
    const told = new Verifier(secret).verify(message!.body, message!.headers as Record<string, string>)
    const feed = (await events.client.get(`/v1/authorities/${AUTHORITY}/events`)).json().data
    expect(told).toEqual(feed.at(-1))
    expect(message!.headers).toMatchObject({
      'webhook-id': feed.at(-1).id,
      'content-type': 'application/cloudevents+json; charset=utf-8',
    })
    expect(() =>
      new Verifier(secret).verify(`${message!.body} `, message!.headers as Record<string, string>),
    ).toThrow()
    expect(await deliveriesOf(at)).toMatchObject([
      { status: 'delivered', attempts: 1, lastStatus: 204, nextAttemptAt: null, type: 'return.loaded' },
    ])
    expect(await events.work()).toBe(0)
  })

  test('that fails is sent again nine times over three days, then given up; and again when asked', async () => {
    const { at } = await newWebhook()
    receiver.answer(500)
    await happened()
    for (const after of [0, ...RETRY_AFTER_MS]) {
      if (after > 0) {
        events.pass(after - 1_000)
        expect(await events.work(), `a second before ${after}`).toBe(0)
        events.pass(1_000 + after * 0.1 + 1_000)
      }
      expect(await events.work(), `after ${after}`).toBe(1)
    }
    const [failed] = await deliveriesOf(at)
    expect(failed).toMatchObject({ status: 'failed', attempts: 10, lastStatus: 500, nextAttemptAt: null })
    expect(receiver.received).toHaveLength(10)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect((await events.client.get(at)).json()).toMatchObject({
      failingSince: expect.any(String),
      disabledAt: null,
    })
    receiver.answer(200)
    const retry = `${at}/deliveries/${failed.id}/retry`
    expect((await post(retry)).statusCode).toBe(202)
    expect(await events.work()).toBe(1)
    expect(await deliveriesOf(at)).toMatchObject([{ status: 'delivered', attempts: 1, lastStatus: 200 }])
    expect((await events.client.get(at)).json().failingSince).toBeNull()
    const none = await post(retry.replace(failed.id, '00000000-0000-4000-8000-000000000000'))
    expect(none.json().type).toMatch(/unknown-delivery$/)
  })

  test('is claimed again where a process died with it in hand', async () => {
    await newWebhook()
    await happened()
    const [deliveries] = events.jobs.waiting
    const claim = () => held.database.write([AUTHORITY], (transaction) => deliveries!.claim(transaction))
    expect(await claim()).toHaveLength(1)
    expect(await claim()).toHaveLength(0)
    events.pass(3 * MINUTE)
    expect(await events.work()).toBe(1)
    expect(receiver.received).toHaveLength(1)
  })

  test('is told as often as its page of deliveries says', async () => {
    const { at } = await newWebhook()
    for (let times = 0; times < 3; times++) await happened()
    const first = (await events.client.get(`${at}/deliveries?limit=2`)).json()
    const second = (await events.client.get(`${at}/deliveries?limit=2&cursor=${first.next}`)).json()
    expect([first.data.length, second.data.length, second.next]).toEqual([2, 1, null])
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(3)
  })
})

describe('an address', () => {
  test('that answers 410 is told no more, until it is put again', async () => {
    const { at } = await newWebhook()
    receiver.answer(410)
    await happened()
    await happened()
    await events.work()
    const webhook = await events.client.get(at)
    expect(webhook.json()).toMatchObject({ disabledBecause: expect.stringContaining('410') })
    expect((await deliveriesOf(at)).map(({ status }: { status: string }) => status)).toEqual([
      'failed',
      'failed',
    ])
    await happened()
    expect(await deliveriesOf(at)).toHaveLength(2)
    expect((await post(`${at}/test`)).statusCode).toBe(422)
    receiver.answer(200)
    const again = await put(at, { url: receiver.url }, { 'if-match': webhook.headers.etag as string })
    expect(again.json()).toMatchObject({ disabledAt: null, disabledBecause: null, failingSince: null })
    await happened()
    expect(await events.work()).toBe(1)
  })

  test('that nothing came through to for five days is told no more', async () => {
    const { at } = await newWebhook()
    receiver.answer(503)
    for (let day = 0; day <= 5; day++) {
      expect((await events.client.get(at)).json().disabledAt).toBeNull()
      await happened()
      await events.work()
      events.pass(24 * HOUR)
    }
    expect((await events.client.get(at)).json()).toMatchObject({
      disabledBecause: expect.stringContaining('five days'),
    })
    expect(await events.work()).toBe(0)
  })

  test('is sent a test, whatever types it asks for', async () => {
    const { at, id } = await newWebhook(['forecast.made'])
    const other = await newWebhook()
    const tested = await post(`${at}/test`)
    expect(tested.statusCode).toBe(202)
    expect(tested.json()).toMatchObject({ type: 'webhook.test', status: 'waiting', attempts: 0 })
    expect(await events.work()).toBe(1)
    expect(await deliveriesOf(at)).toMatchObject([{ id: tested.json().id, status: 'delivered' }])
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
      type: 'webhook.test',
      data: { webhook: id },
    })
    expect(await deliveriesOf(other.at)).toEqual([])
  })
})

describe('a new secret', () => {
  test('signs beside the one before for 24 hours, then alone', async () => {
    const { at, secret } = await newWebhook()
    const rotated = await post(`${at}/secrets`)
    expect(rotated.statusCode).toBe(201)
    const next = rotated.json().secret
    await happened()
    await events.work()
    expect(verify(secret, receiver.received[0]!)).toEqual(verify(next, receiver.received[0]!))
    events.pass(24 * HOUR + MINUTE)
    await happened()
    await events.work()
    expect(verify(next, receiver.received[1]!).type).toBe('return.loaded')
    expect(() => verify(secret, receiver.received[1]!)).toThrow()
  })
})

describe('the jobs of the process', () => {
  test('tell of what was committed by a process that died at once', async () => {
    const { at } = await newWebhook()
    // Committed, and nobody was left to send it.
    await happened()
    const told: string[] = []
    const log = (about: object, message: string) =>
      void told.push(`${message} ${(about as { err?: Error }).err?.message ?? ''}`)
    const jobs = startJobs(held.database, events.jobs, { warn: log, error: log })
    try {
      await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(1)
      await expect.poll(async () => (await deliveriesOf(at))[0].status, { timeout: 5_000 }).toBe('delivered')
    } finally {
      await jobs.stop()
    }
    expect(told).toEqual([])
    const kept = await held.database.write([], (transaction) =>
      transaction.query<{ data: object }>(
        'test.jobs',
        `select j.data from jobs.job j where j.name = 'webhook.deliver'`,
      ),
    )
    expect(kept.map(({ data }) => Object.keys(data).sort())).toEqual([['authority', 'delivery']])
  })
})
