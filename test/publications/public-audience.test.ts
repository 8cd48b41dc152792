import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { newDataVersions } from '../../src/indicators/data-versions.ts'
import { type Figures, newFigures } from '../../src/indicators/figures.ts'
import type { Observation } from '../../src/indicators/observation.ts'
import { publicationsRoutes } from '../../src/modules/publications/publications-routes.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { readCoverage } from '../../src/returns/return-store.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { Refusal } from '../../src/vocabulary/refusal.ts'
import { clientOf, type TestClient } from '../support/client.ts'
import { catalogue, loadCouncil, READERS_AUTHORITY } from '../support/figures-app.ts'
import { elementsIn, parseMarkup, textIn } from '../support/markup.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

/**
 * A publication for the public asks for public figures wherever it asks, freezes what it is given and no more, and lets
 * the refusals of the engine through. How figures are made safe is tested where that is done: here it is a stand-in.
 */
const KEY = 'the-admin-key-of-the-tests'
const BASE = `/v1/authorities/${READERS_AUTHORITY}/publications`

let database: TestDatabase
let app: FastifyInstance
let client: TestClient
const audiences: (string | undefined)[] = []
beforeAll(async () => {
  database = await newDatabase()
  await loadCouncil(database.database)
  const versions = newDataVersions(
    database.database,
    AUTHORITIES.map(({ code }) => code),
  )
  const figures = newFigures(database.database, catalogue, versions, readCoverage, () => '2025-06-01' as Day)
  app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    callers: findAdmin(KEY),
    ready: async () => true,
    modules: [publicationsRoutes({ database: database.database, figures: withStandIn(figures), catalogue })],
    logger: false,
  })
  client = await clientOf(app, { key: KEY, document: 'own' })
})
afterAll(async () => {
  await app?.close()
  await database?.drop()
})

/** Withholds whatever is a count for the public, leaves every breakdown by sex out, and refuses months. */
function withStandIn(figures: Figures): Figures {
  return {
    ...figures,
    read: (authorities, work) =>
      figures.read(authorities, (reading) =>
        work({
          ...reading,
          compute: async (question) => {
            const { audience, periods, ...rest } = question
            audiences.push(audience)
            if (audience !== 'public') return reading.compute({ ...rest, periods })
            const months = periods?.filter(({ kind }) => kind === 'month') ?? []
            if (months.length > 0)
              throw new Refusal('unknown-period', 'Only years and quarters are given to the public', [
                {
                  pointer: '/query/period',
                  code: 'not-public',
                  detail: 'A month is not given to the public',
                },
              ])
            const observations = await reading.compute({ ...rest, periods })
            return observations.filter(({ breakdown }) => !('sex' in breakdown)).map(withheld)
          },
        }),
      ),
  }
}

const withheld = (observation: Observation): Observation =>
  observation.unit === 'count' && observation.value !== null
    ? { ...observation, value: null, numerator: null, denominator: null, interval: null, status: 'c' }
    : observation

const publish = (body: Record<string, unknown>) =>
  client.inject({ method: 'POST', url: BASE, payload: { period: '2024-25', ...body } })

test('what is withheld stands in no form of it, and the comparison is with public figures', async () => {
  audiences.length = 0
  const internal = (await publish({ audience: 'internal', breakdowns: ['sex', 'age-band'] })).json()
  const open = (await publish({ audience: 'public', breakdowns: ['sex', 'age-band'] })).json()
  expect(audiences).toEqual(['internal', 'internal', 'public', 'public'])

  const content = async (id: string) => (await client.get(`${BASE}/${id}`)).json().content
  const [all, safe] = [await content(internal.id), await content(open.id)]
  const count = (of: typeof all, period: string) =>
    [...of.observations, ...of.history].find(
      (one: Observation) =>
        one.indicator === 'cla-count' && one.period === period && Object.keys(one.breakdown).length === 0,
    ).value
  const [thisYear, yearBefore] = [count(all, '2024-25'), count(all, '2023-24')]
  expect([typeof thisYear, typeof yearBefore]).toEqual(['number', 'number'])
  expect([count(safe, '2024-25'), count(safe, '2023-24')]).toEqual([null, null])
  expect(safe.observations.some(({ breakdown }: Observation) => 'sex' in breakdown)).toBe(false)
  expect(safe.disclosure.profile).toBe('publication')

  const page = parseMarkup((await client.get(`${BASE}/${open.id}?format=html`)).body)
  const section = elementsIn(page, 'section').find(
    ({ attributes }) => attributes['aria-labelledby'] === 'cla-count',
  )!
  const cells = elementsIn(section, 'td').map(textIn)
  expect(new Set(cells)).toEqual(new Set(['c']))
  expect(elementsIn(section, 'h4').map(textIn)).toEqual(['By age band', 'How it is made'])
  const csv = (await client.get(`${BASE}/${open.id}?format=csv`)).body.split('\r\n')
  for (const line of csv.filter((one) => one.includes(',cla-count,'))) expect(line).toMatch(/,count,,c,,,/)

  audiences.length = 0
  const changes = (await client.get(`${BASE}/${open.id}/changes`)).json()
  expect([audiences, changes.figures]).toEqual([['public', 'public'], []])
})

test('what the engine will not give the public is refused in its words, at the member of the body', async () => {
  const answer = await publish({ audience: 'public', period: '2025-03' })
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({
    detail: 'Only years and quarters are given to the public',
    errors: [{ pointer: '/body/period', code: 'not-public' }],
  })
  const several = await publish({ audience: 'public', period: null, periods: ['2025-02', '2025-03'] })
  expect(several.json().errors).toMatchObject([{ pointer: '/body/periods', code: 'not-public' }])
  expect((await publish({ audience: 'internal', period: '2025-03' })).statusCode).toBe(201)
})
