import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { predict } from '../../src/forecast/markov/predict.ts'
import { prepare } from '../../src/forecast/markov/prepare.ts'
import { MARKOV_STATES } from '../../src/forecast/markov/states.ts'
import { measure } from '../../src/forecast/markov/statistics.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { returnedIn } from '../support/existing-models.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { AUTHORITY, type PublicationsApp, publicationsApp } from '../support/publications-app.ts'
import { sendForm } from '../support/returns-app.ts'

const PACK = new URL('../../../shared/data/conformance/small/', import.meta.url)
const YEARS = ['2021-22', '2022-23', '2023-24', '2024-25']
const TABLES = ['header', 'episodes', 'uasc']

const fileOf = (year: string, table: string): string =>
  readFileSync(new URL(`${year}/${table}.csv`, PACK), 'utf8')

let databases: TestDatabase
let service: PublicationsApp
const BASE = `/v1/authorities/${AUTHORITY}/forecasts`

const ask = (body: unknown, key = 'key-of-an-analyst') =>
  service.client.as(key).inject({
    method: 'POST',
    url: BASE,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })
const put = (kind: string, id: string, record: unknown) =>
  service.client.inject({
    method: 'PUT',
    url: `/v1/authorities/${AUTHORITY}/records/${kind}/${id}`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(record),
  })
interface Fault {
  pointer: string
  code: string
}
const faultsIn = (answer: { json(): { errors: Fault[] } }): string[][] =>
  answer.json().errors.map(({ pointer, code }) => [pointer, code])

beforeAll(async () => {
  databases = await newDatabase()
  service = await publicationsApp(databases)
  for (const year of YEARS) {
    const files = TABLES.map((table) => ({ name: `${table}.csv`, content: fileOf(year, table) }))
    const answer = await sendForm(service.client, files, `year=${year}`, {}, AUTHORITY)
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
}, 120_000)
afterAll(async () => {
  await service?.close()
  await databases?.drop()
})

/** The forecast of the existing model on the files themselves, past the service and its database. */
function markovFromFiles() {
  const returned = YEARS.map((label) =>
    returnedIn(`conformance/small/${label}/`, 2000 + Number(label.slice(5))),
  )
  const prepared = prepare({
    episodes: returned.flatMap(({ episodes }) => episodes),
    children: returned.flatMap(({ children }) => children),
    uasc: returned.flatMap(({ uasc }) => uasc),
  })
  const model = measure(
    prepared,
    { from: '2024-04-01' as Day, to: '2025-03-31' as Day },
    { movesOutOfEmptyStates: 'leave-out' },
  )
  return { model, prediction: predict(model, model.stockOn('2025-03-31' as Day), 365, [1, 30, 365]) }
}

interface Series {
  placement: string
  ageBand: string
  mean: number[]
  variance: number[]
  lower95: number[]
  upper95: number[]
}

describe('the method markov', () => {
  test('is the existing model on the rows as returned, state by state', async () => {
    const answer = await ask({ method: 'markov', horizonMonths: 12, step: 'day', detail: 'states' })
    expect(answer.statusCode, answer.body.slice(0, 500)).toBe(201)
    const { days, baseline, model } = answer.json()
    expect([days[0], days.at(-1)]).toEqual(['2025-04-01', '2026-03-31'])
    const { model: measured, prediction } = markovFromFiles()
    for (const [at, index] of [
      [0, 0],
      [29, 1],
      [364, 2],
    ] as const)
      for (const [number, { placement, age }] of MARKOV_STATES.entries()) {
        if (placement === 'not-in-care') continue
        const series = baseline.children.find(
          (one: Series) => one.placement === placement && one.ageBand === age,
        )
        expect(series.mean[at]).toBeCloseTo(prediction.mean[index]![number]!, 6)
        expect(series.variance[at]).toBeCloseTo(prediction.variance[index]![number]!, 6)
      }
    expect(model.dailyRates.length).toBe(measured.rates.length)
  })

  test('asks for no rate over 1, and scales down what comes to more than all', async () => {
    const refused = await ask({ method: 'markov', scenario: { exits: [{ addPerDay: 1.2 }] } })
    expect(refused.statusCode).toBe(400)
    expect(faultsIn(refused)).toEqual([['/body/scenario/exits/0/addPerDay', 'out-of-range']])
    const scaled = await ask({
      method: 'markov',
      scenario: { exits: [{ addPerDay: 0.9 }], moves: [{ addPerDay: 0.9 }] },
    })
    expect(scaled.statusCode).toBe(201)
    expect(scaled.json().findings.map(({ code }: { code: string }) => code)).toContain('rates-over-1')
    const moved = await ask({
      simulations: 100,
      horizonMonths: 1,
      scenario: { moves: [{ multiplyBy: 100 }] },
    })
    const often = (
      await ask({ simulations: 100, horizonMonths: 1, scenario: { moves: [{ multiplyBy: 1.1 }] } })
    ).json()
    const rates = moved.json().model.rates.filter(({ outcome }: { outcome: string }) => outcome === 'move')
    const over = rates.some(({ perChildYear }: { perChildYear: number }) => perChildYear * 100 > 365.25)
    expect(moved.json().findings.some(({ code }: { code: string }) => code === 'rates-over-1')).toBe(over)
    expect(often.findings).toEqual([])
  })
})

describe('a forecast', () => {
  test('is kept, listed, read back as it was, and deleted', async () => {
    const made = await ask({ title: 'for the board', seed: 7, simulations: 200 })
    expect(made.statusCode, made.body.slice(0, 500)).toBe(201)
    const { id } = made.json()
    const analyst = service.client.as('key-of-an-analyst')
    const read = await analyst.get(`${BASE}/${id}`)
    expect(read.body).toBe(made.body)
    const again = await analyst.get(`${BASE}/${id}`, { 'if-none-match': String(read.headers.etag) })
    expect(again.statusCode).toBe(304)
    const table = (await analyst.get(`${BASE}/${id}?format=csv`)).body.split('\r\n')
    expect(table[0]).toMatch(/^authority,forecast,course,day,placement,age_band,mean,/)
    expect(table[1]).toMatch(
      new RegExp(
        `^${AUTHORITY},${id},baseline,2025-04-30,all,all,${made.json().baseline.children[0].mean[0]},`,
      ),
    )
    const listed = (await analyst.get(BASE)).json().data
    expect(listed[0]).toMatchObject({ id, title: 'for the board', method: 'survival', createdBy: 'analyst' })
    expect((await service.client.as('key-of-another-council').get(`${BASE}/${id}`)).statusCode).toBe(404)
    const remove = (key: string) => service.client.as(key).inject({ method: 'DELETE', url: `${BASE}/${id}` })
    expect((await remove('key-of-an-analyst')).statusCode).toBe(403)
    expect((await remove('key-of-a-publisher')).statusCode).toBe(204)
    expect((await analyst.get(`${BASE}/${id}`)).json().type).toMatch(/unknown-forecast$/)
  })

  test('comes again from the question that it tells', async () => {
    const first = (await ask({ simulations: 200, horizonMonths: 6 })).json()
    const second = (await ask(first.question)).json()
    expect(second.baseline).toEqual(first.baseline)
    const other = (await ask({ ...first.question, seed: first.question.seed + 1 })).json()
    expect(other.baseline).not.toEqual(first.baseline)
  })

  test('adds up, and its intervals hold its mean', async () => {
    const { baseline, days } = (await ask({ seed: 1, step: 'quarter' })).json()
    const of = (placement: string): Series =>
      baseline.children.find((one: Series) => one.placement === placement && one.ageBand === 'all')
    for (const [at] of days.entries()) {
      const sum = ['fostering', 'residential', 'supported', 'other'].reduce(
        (total, placement) => total + of(placement).mean[at]!,
        0,
      )
      expect(sum).toBeCloseTo(of('all').mean[at]!, 6)
      expect(of('all').lower95[at]).toBeLessThanOrEqual(of('all').mean[at]!)
      expect(of('all').upper95[at]).toBeGreaterThanOrEqual(of('all').mean[at]!)
    }
  })

  test('goes down where fewer come and more leave, and tells the difference', async () => {
    const { difference, scenario, baseline } = (
      await ask({
        seed: 1,
        scenario: { entries: [{ multiplyBy: 0.5 }], exits: [{ reason: 'reunification', multiplyBy: 2 }] },
        prices: [{ item: 'other', weekly: 100 }],
      })
    ).json()
    const last = difference.filter(({ placement }: Series) => placement === 'all').at(-1)
    expect(last.children).toBeLessThan(-2)
    expect(last.cost).toBeNull()
    expect(scenario.costsNotKnown.map(({ code }: Fault) => code)).toContain('no-price')
    expect(baseline.costs.find(({ item }: { item: string }) => item === 'other').cost).not.toBeNull()
  })

  test('costs what the prices say, and is dearer with inflation after a year', async () => {
    const items = [
      ...['fostering-friend-or-relative', 'fostering-in-house', 'fostering-agency'],
      ...['residential-in-house', 'residential-external', 'supported-accommodation'],
      ...['secure-home', 'placed-with-family', 'other'],
    ]
    const prices = items.map((item) => ({ item, weekly: 700 }))
    const { baseline, scenario } = (await ask({ seed: 1, prices, scenario: { inflation: 0.1 } })).json()
    interface QuarterRow {
      placement: string
      averageChildren: { mean: number }
      cost: { mean: number }
    }
    const all = (course: { quarters: QuarterRow[] }) =>
      course.quarters.filter(({ placement }) => placement === 'all')
    const [first] = all(baseline)
    // Everybody costs £100 a day; April to June 2025 has 91 days.
    expect(first!.cost.mean).toBeCloseTo(first!.averageChildren.mean * 91 * 100, 0)
    expect(all(scenario)[0]!.cost.mean).toBeCloseTo(first!.cost.mean, 6)
    expect(all(scenario)[5]!.cost.mean).toBeCloseTo(all(baseline)[5]!.cost.mean * 1.1, 0)
  })

  test('stands against the places known, and against those that a scenario opens', async () => {
    const before = (await ask({ seed: 1, simulations: 200 })).json()
    expect(before.supply.map(({ places }: { places: null }) => places)).toEqual([null, null, null])
    expect(before.baseline.gap.every(({ gap }: { gap: null }) => gap === null)).toBe(true)
    await put('fostering-households', 'F1', {
      fohh_household_id: 'H1',
      fohh_type: 'mainstream',
      fohh_approved_date: '2020-01-01',
      fohh_approved_places: 3,
      fohh_sibling_groups: 'Y',
    })
    await put('fostering-places', 'P1', {
      fopl_household_id: 'H1',
      fopl_start_date: '2024-01-01',
      fopl_places_filled: 1,
      fopl_places_not_available: 1,
      fopl_not_available_reason: 'carers-request',
    })
    await put('commissioned-beds', 'B1', {
      cobe_contract: 'block',
      cobe_placement_type: 'residential',
      cobe_beds: 4,
      cobe_weekly_price: 5000,
      cobe_start_date: '2024-01-01',
      cobe_end_date: '2025-09-30',
    })
    const after = await ask({
      seed: 1,
      simulations: 200,
      scenario: {
        openings: [{ placement: 'residential', places: 3, from: '2025-07-01' }],
        closures: [{ placement: 'fostering', places: 9, from: '2025-07-01' }],
      },
    })
    expect(after.statusCode, after.body.slice(0, 800)).toBe(201)
    const { supply, baseline, scenario, findings } = after.json()
    expect(supply).toMatchObject([
      { placement: 'fostering', places: 2, own: 2, commissioned: 0 },
      { placement: 'residential', places: 4, own: null, commissioned: 4 },
      { placement: 'supported', places: null },
    ])
    const places = (course: { gap: { placement: string; places: number }[] }) =>
      course.gap.filter(({ placement }) => placement === 'residential').map((one) => one.places)
    expect(places(baseline).slice(0, 4)).toEqual([4, 4, 0, 0])
    expect(places(scenario).slice(0, 4)).toEqual([4, 7, 3, 3])
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'closes-more-than-there-are',
        pointer: '/body/scenario/closures/0',
      }),
    )
  })

  test('names every fault of what is asked, and keeps nothing', async () => {
    const number = async () => (await service.client.get(BASE)).json().data.length
    const before = await number()
    const wrong = await ask({
      horizonMonths: 61,
      method: 'markow',
      seed: null,
      prices: [{ item: 'gold', weekly: -1 }],
      scenario: { stayingPut: { share: 1.5, months: 3 } },
    })
    expect(wrong.statusCode).toBe(400)
    expect(faultsIn(wrong).map(([pointer]) => pointer)).toEqual(
      expect.arrayContaining([
        '/body/horizonMonths',
        '/body/method',
        '/body/seed',
        '/body/prices/0/item',
        '/body/prices/0/weekly',
        '/body/scenario/stayingPut/share',
      ]),
    )
    const impossible = await ask({
      method: 'markov',
      startsOn: '2030-01-01',
      referenceFrom: '2025-03-30',
      scenario: {
        exits: [{ reason: 'adoption', multiplyBy: 2, from: '2025-05-01' }],
        entries: [{}],
        openings: [{ placement: 'supported', places: 1, from: '2020-02-30' }],
      },
    })
    expect(impossible.statusCode).toBe(422)
    expect(faultsIn(impossible)).toEqual(
      expect.arrayContaining([
        ['/body/startsOn', 'not-covered'],
        ['/body/scenario/exits/0/reason', 'not-of-this-method'],
        ['/body/scenario/exits/0/from', 'not-of-this-method'],
        ['/body/scenario/entries/0', 'multiply-or-add'],
        ['/body/scenario/openings/0/from', 'wrong-form'],
      ]),
    )
    const unreadable = await ask({ title: 'a\u202eb', scenario: { name: ' ' } })
    expect(faultsIn(unreadable)).toEqual([
      ['/body/title', 'wrong-form'],
      ['/body/scenario/name', 'too-short'],
    ])
    expect(faultsIn(await ask({ title: 'a\u0000b' }))).toEqual([['/body/title', 'nul-character']])
    expect(await number()).toBe(before)
  })

  test('needs a return, and whoever may see internal figures', async () => {
    const nothing = await service.client.inject({
      method: 'POST',
      url: '/v1/authorities/E08000035/forecasts',
      headers: { 'content-type': 'application/json' },
      payload: '{}',
    })
    expect(nothing.statusCode).toBe(422)
    expect(nothing.json().errors[0].code).toBe('no-history')
    expect((await ask({}, 'key-of-the-public')).statusCode).toBe(403)
    expect((await ask({}, 'key-of-another-council')).statusCode).toBe(404)
  })
})

describe('a backtest', () => {
  test('holds every method against what came', async () => {
    const address = `${BASE}/backtest?origin=2023-09-30,2024-03-31&horizon=6,12,24&referenceMonths=12&simulations=100`
    const answer = await service.client.as('key-of-an-analyst').get(address)
    expect(answer.statusCode, answer.body.slice(0, 500)).toBe(200)
    const { accuracy, forecasts, leftOut, origins } = answer.json()
    expect(origins).toEqual(['2023-09-30', '2024-03-31'])
    expect(new Set(accuracy.map(({ method }: { method: string }) => method))).toEqual(
      new Set(['survival', 'markov', 'as-today', 'linear-trend']),
    )
    expect(leftOut).toContainEqual(expect.objectContaining({ origin: '2024-03-31', horizonInMonths: 24 }))
    const cla = await service.client.get(
      `/v1/authorities/${AUTHORITY}/observations?indicator=cla-count&period=2025-03-31`,
    )
    const last = forecasts.find(
      (one: { day: string; placement: string; method: string }) =>
        one.day === '2025-03-31' && one.placement === 'all' && one.method === 'survival',
    )
    expect(last.actual).toBe(cla.json().data[0].value)
  })

  test('names what can’t be asked', async () => {
    const answer = await service.client.get(`${BASE}/backtest?method=marcov&horizon=0,99&origin=2024-02-30`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors.map(({ code }: Fault) => code)).toEqual([
      'not-allowed',
      'out-of-range',
      'out-of-range',
      'wrong-form',
    ])
  })
})
