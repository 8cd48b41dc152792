import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepPublication } from '../../src/publications/publication-store.ts'
import { definition, figure, frozenContent } from '../support/frozen-content.ts'
import { elementsIn, parseMarkup, textIn } from '../support/markup.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { AUTHORITY, loadSample, type PublicationsApp, publicationsApp } from '../support/publications-app.ts'
import { SAMPLE, withRows } from '../support/sample-return.ts'

const BASE = `/v1/authorities/${AUTHORITY}/publications`

/** The year before: ADA1 alone, in her first placement. */
const YEAR_BEFORE = {
  Header: ['ADA1,F,14/05/2012,WBRI,,0,'],
  Episodes: ['ADA1,03/02/2023,S,C1,N1,U6,PR1,,,,LS6 1AB,LS7 2CD,SC123456'],
}
/** The same year told anew: CLEO4 was there as well. */
const TOLD_ANEW = withRows({
  Header: [...SAMPLE.Header!, 'CLEO4,F,01/02/2014,WBRI,,,'],
  Episodes: [...SAMPLE.Episodes!, 'CLEO4,01/09/2024,S,C2,N1,U6,PR1,,,,LS6 1AB,LS7 2CD,SC123456'],
})

let database: TestDatabase
let service: PublicationsApp
let returnBefore: string
let returnNow: string
beforeAll(async () => {
  database = await newDatabase()
  service = await publicationsApp(database)
  returnBefore = await loadSample(service, YEAR_BEFORE, '2023-24')
  returnNow = await loadSample(service, SAMPLE, '2024-25')
})
afterAll(async () => {
  await service?.close()
  await database?.drop()
})

const post = (body: unknown, headers: Record<string, string> = {}, as?: string) =>
  (as ? service.client.as(as) : service.client).inject({
    method: 'POST',
    url: BASE,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })
const published = async (body: Record<string, unknown> = {}) => {
  const answer = await post({ period: '2024-25', audience: 'internal', ...body })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json() as { id: string; sha256: string; contentAt: string; title: string }
}
const get = (path: string, headers: Record<string, string> = {}, as?: string) =>
  (as ? service.client.as(as) : service.client).get(
    path === '' || path.startsWith('?') ? `${BASE}${path}` : `${BASE}/${path}`,
    headers,
  )
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('what is frozen', () => {
  test('are the headline figures, with all that is needed to understand them', async () => {
    const answer = await post({ period: '2024-25', audience: 'internal', note: 'For the board of June.' })
    expect(answer.statusCode).toBe(201)
    const { id, sha256: hash } = answer.json()
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(answer.headers.location).toBe(`${BASE}/${id}`)
    const read = (await get(id)).json()
    expect(read).toMatchObject({ id, sha256: hash, publishedBy: 'admin-key', audience: 'internal' })
    const { content } = read
    expect(content).toMatchObject({
      format: 'corporate-parenting-publication-1',
      authority: { code: AUTHORITY, dfeCode: '382', name: 'Kirklees' },
      title: 'Corporate parenting report: Kirklees, 2024-25',
      note: 'For the board of June.',
      periods: ['2024-25'],
      historyPeriods: ['2023-24'],
      breakdowns: [],
      disclosure: { profile: 'internal' },
      returns: [
        { id: returnBefore, year: '2023-24', contentHash: expect.stringMatching(/^[\da-f]{64}$/) },
        { id: returnNow, year: '2024-25', coversTo: '2025-03-31' },
      ],
    })
    const catalogue = (await service.client.get('/v1/indicators')).json().data as {
      id: string
      headline: boolean
    }[]
    const headlines = catalogue.filter(({ headline }) => headline).map(({ id: one }) => one)
    expect(content.indicators.map((one: { id: string }) => one.id)).toEqual(headlines)
    expect(content.observations).toHaveLength(headlines.length)
    expect(content.history).toHaveLength(headlines.length)
    const described = catalogue.find((one) => one.id === 'three-plus-placements-pct')
    for (const [member, value] of Object.entries(
      content.indicators.find((one: { id: string }) => one.id === 'three-plus-placements-pct'),
    ))
      if (member !== 'calculation')
        expect(value).toEqual((described as unknown as Record<string, unknown>)[member])
    const figures = await service.client.get(
      `/v1/authorities/${AUTHORITY}/observations?indicator=cla-count&period=2024-25`,
    )
    expect(content.observations.find((one: { indicator: string }) => one.indicator === 'cla-count')).toEqual(
      figures.json().data[0],
    )
    expect(content.dataVersion).toBe(figures.json().dataVersion)
  })

  test('are the figures, periods and breakdowns that were named, and the targets set for them', async () => {
    for (const [period, body] of [
      ['2024-25', { value: 1, commentary: 'Two new homes.' }],
      ['2020-21', { value: 2 }],
    ] as const)
      await service.client.inject({
        method: 'PUT',
        url: `/v1/authorities/${AUTHORITY}/targets/cla-count`,
        payload: { period, ...body },
      })
    const { id } = await published({
      period: null,
      periods: ['2024-25', '2023-24'],
      indicators: ['cla-count', 'cla-starters'],
      breakdowns: ['sex', 'age-band'],
    })
    const { content } = (await get(id)).json()
    expect(content.periods).toEqual(['2023-24', '2024-25'])
    expect(content.historyPeriods).toEqual([])
    expect(content.breakdowns).toEqual(['age-band', 'sex'])
    expect(content.dimensions.map((one: { label: string }) => one.label)).toHaveLength(2)
    expect(content.targets).toEqual([
      { indicator: 'cla-count', period: '2024-25', value: 1, amber: null, commentary: 'Two new homes.' },
    ])
    const bySex = content.observations.filter(
      (one: { indicator: string; period: string; breakdown: { sex?: string } }) =>
        one.indicator === 'cla-count' && one.period === '2024-25' && one.breakdown.sex === 'female',
    )
    expect(bySex).toEqual([expect.objectContaining({ value: 1 })])
  })

  test('the commentary goes to the public only where somebody says so', async () => {
    const commentaries = async (body: Record<string, unknown>) => {
      const { id } = await published({ indicators: ['cla-count'], ...body })
      return (await get(id)).json().content.targets.map((one: { commentary: string }) => one.commentary)
    }
    expect(await commentaries({})).toEqual(['Two new homes.'])
    expect(await commentaries({ commentary: false })).toEqual([null])
    expect(await commentaries({ audience: 'public' })).toEqual([null])
    expect(await commentaries({ audience: 'public', commentary: true })).toEqual(['Two new homes.'])
  })
})

describe('the hash', () => {
  test('is that of the bytes at the address of the content, and of the canonical form of the member', async () => {
    const { id, sha256: hash, contentAt } = await published({ breakdowns: ['all'] })
    const bytes = await service.app.inject({
      url: contentAt,
      headers: { authorization: 'Bearer key-of-an-analyst' },
    })
    expect(sha256(bytes.rawPayload)).toBe(hash)
    expect(bytes.headers['repr-digest']).toBe(`sha-256=:${Buffer.from(hash, 'hex').toString('base64')}:`)
    // As somebody would who has only the JSON answer, with another implementation of the canonical form.
    const sorted = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(sorted).join()}]`
      if (typeof value !== 'object' || value === null) return JSON.stringify(value)
      const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
      return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sorted(member)}`).join()}}`
    }
    const { content } = (await get(id)).json()
    expect(sha256(Buffer.from(sorted(content)))).toBe(hash)
    expect(sha256(Buffer.from(sorted({ ...content, note: 'Another.' })))).not.toBe(hash)
  })

  test('stands in the list, and in the report', async () => {
    const { id, sha256: hash } = await published()
    const [newest] = (await get('?limit=1')).json().data
    expect(newest).toMatchObject({ id, sha256: hash })
    expect((await get(`${id}?format=html`)).body).toContain(hash)
  })
})

describe('a publication never changes', () => {
  const statements = [
    `update care.publication set title = 'Another'`,
    `update care.publication set content = '{}' where false`,
    'delete from care.publication',
    'truncate care.publication',
  ]

  test.each(statements)('the service may not: %s', async (statement) => {
    await published()
    await expect(
      database.database.write([AUTHORITY], (transaction) => transaction.query('test.rewrite', statement)),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test.each(statements)('nor, with every grant that a migration could give: %s', async (statement) => {
    const { id } = await published()
    const owner = new pg.Client({ connectionString: database.url })
    await owner.connect()
    try {
      await expect(owner.query(statement)).rejects.toMatchObject({ code: '23001' })
    } finally {
      await owner.end()
    }
    expect((await get(id)).statusCode).toBe(200)
  })

  test('nor can one be kept under a hash that is not its own', async () => {
    await expect(
      database.database.write([AUTHORITY], (transaction) =>
        transaction.query(
          'test.forge',
          `insert into care.publication (authority, id, audience, periods, title, published_at, published_by, data_version,
                                         content, sha256)
           select p.authority, gen_random_uuid(), p.audience, p.periods, p.title, p.published_at, p.published_by,
                  p.data_version, p.content || ' ', p.sha256
             from care.publication p limit 1`,
        ),
      ),
    ).rejects.toMatchObject({ code: '23514' })
  })

  test('no call changes or deletes one', async () => {
    const { id } = await published()
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const)
      expect((await service.app.inject({ method, url: `${BASE}/${id}` })).statusCode).toBe(405)
  })
})

describe('the forms of a publication', () => {
  test('follow the Accept header or the format, and none other', async () => {
    const { id } = await published({ indicators: ['cla-count'] })
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
    const type = async (path: string, accept?: string) =>
      String((await get(path, accept ? { accept } : {})).headers['content-type']).split(';')[0]
    expect(await type(id)).toBe('application/json')
    expect(await type(id, browser)).toBe('text/html')
    expect(await type(id, 'text/csv')).toBe('text/csv')
    expect(await type(`${id}?format=csv`, browser)).toBe('text/csv')
    expect((await get(id, { accept: 'image/png' })).statusCode).toBe(406)
    const etags = await Promise.all(
      ['json', 'csv', 'html'].map(async (form) => (await get(`${id}?format=${form}`)).headers.etag),
    )
    expect(new Set(etags).size).toBe(3)
    expect((await get(`${id}?format=html`, { 'if-none-match': String(etags[2]) })).statusCode).toBe(304)
  })

  test('as CSV it has the columns and the rows of the observations', async () => {
    const ask = 'indicator=cla-count,cla-starters&period=2024-25&breakdown=sex'
    const { id } = await published({ indicators: ['cla-count', 'cla-starters'], breakdowns: ['sex'] })
    const [own, observations] = await Promise.all([
      get(`${id}?format=csv`),
      service.client.get(`/v1/authorities/${AUTHORITY}/observations?${ask}&format=csv`),
    ])
    const [lines, expected] = [own.body.split('\r\n'), observations.body.trimEnd().split('\r\n')]
    expect(lines.slice(0, expected.length)).toEqual(expected)
    // Then the totals of the year before.
    expect(lines.slice(expected.length, -1).map((line) => line.slice(0, 6))).toEqual(['202324', '202324'])
  })

  test('as CSV, a text that a spreadsheet would run as a formula is told as text', async () => {
    const content = frozenContent({
      authority: { code: AUTHORITY, dfeCode: '382', name: 'Kirklees' },
      indicators: [definition('cla-count', { title: '=HYPERLINK("http://example.org")' })],
      observations: [
        figure('cla-count', '2024-25', { authority: AUTHORITY, breakdown: { sex: '@SUM(1)' }, value: -1.5 }),
        figure('cla-count', '2024-25', { authority: AUTHORITY, status: 'x', reason: '+1,2' }),
      ],
    })
    await database.database.write([AUTHORITY], (transaction) =>
      keepPublication(transaction, content, 'tests'),
    )
    const [, first, second] = (await get(`${content.id}?format=csv`)).body.split('\r\n')
    expect(first).toContain(`,"'=HYPERLINK(""http://example.org"")",sex,'@SUM(1),,,count,-1.5,`)
    expect(second).toMatch(/,"'\+1,2"$/)
  })

  test('the report is sent with a policy that lets nothing load or run, and its own style through', async () => {
    const { id } = await published({ indicators: ['cla-count'] })
    const answer = await get(`${id}?format=html`)
    const policy = String(answer.headers['content-security-policy'])
    const [style] = elementsIn(parseMarkup(answer.body), 'style').map(textIn)
    const digest = createHash('sha256').update(style!).digest('base64')
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
  })

  test('what somebody wrote stays text', async () => {
    const attack = `</title><script>alert(1)</script><img src=x onerror="alert('2')"> & "so"`
    await service.client.inject({
      method: 'PUT',
      url: `/v1/authorities/${AUTHORITY}/targets/cla-starters`,
      payload: { period: '2024-25', commentary: attack },
    })
    const { id } = await published({ title: attack, note: attack, indicators: ['cla-starters'] })
    const { body } = await get(`${id}?format=html`)
    expect(body).not.toMatch(/<script|<img|onerror="/i)
    const page = parseMarkup(body)
    expect(elementsIn(page, 'h1').map(textIn)).toEqual([attack])
    expect(elementsIn(page, 'title').map(textIn)[0]).toBe(attack)
    expect(
      elementsIn(page, 'p')
        .map(textIn)
        .filter((text) => text.includes(attack)),
    ).toHaveLength(2)
  })
})

describe('what moved since', () => {
  test('is nothing while nothing is loaded', async () => {
    const { id } = await published({ breakdowns: ['sex'] })
    const { figures, returns, definitions, unchanged } = (await get(`${id}/changes`)).json()
    expect([figures, returns, definitions]).toEqual([[], [], []])
    expect(unchanged).toBeGreaterThan(50)
  })

  test('is told with the return that moved it; the publication stays as it was', async () => {
    const { id } = await published({ indicators: ['cla-count', 'cla-starters'], breakdowns: ['sex'] })
    const frozen = (await get(id)).body
    const later = await loadSample(service, TOLD_ANEW, '2024-25')
    const changes = (await get(`${id}/changes`)).json()
    const total = changes.figures.find(
      (one: { indicator: string; breakdown: object }) =>
        one.indicator === 'cla-count' && Object.keys(one.breakdown).length === 0,
    )
    expect(total).toEqual({
      indicator: 'cla-count',
      period: '2024-25',
      breakdown: {},
      change: 'moved',
      from: { value: 1, numerator: null, denominator: null, status: null },
      to: { value: 2, numerator: null, denominator: null, status: null },
      difference: 1,
      movedBy: [{ cause: 'return', return: later }],
    })
    expect(changes.returns).toEqual([
      { id: later, year: '2024-25', move: 'loaded', at: expect.any(String), by: 'admin-key', counts: true },
    ])
    expect(changes.dataVersion.from).not.toBe(changes.dataVersion.to)
    expect(changes.figures.some((one: { period: string }) => one.period === '2023-24')).toBe(false)
    expect((await get(id)).body).toBe(frozen)

    const withdrawn = await service.client.inject({
      method: 'DELETE',
      url: `/v1/authorities/${AUTHORITY}/returns/${later}`,
    })
    expect(withdrawn.statusCode).toBe(204)
    const back = (await get(`${id}/changes`)).json()
    expect(back.figures).toEqual([])
    expect(back.returns).toMatchObject([
      { id: later, move: 'loaded', counts: false },
      { id: later, move: 'withdrawn', counts: false, by: 'admin-key' },
    ])
  })

  test('a return that is withdrawn takes figures away, and leaves the publication', async () => {
    const later = await loadSample(service, TOLD_ANEW, '2024-25')
    const { id, sha256: hash } = await published({ indicators: ['cla-count'] })
    await service.client.inject({ method: 'DELETE', url: `/v1/authorities/${AUTHORITY}/returns/${later}` })
    const restored = (await get(`${id}/changes`)).json()
    expect(restored.figures).toMatchObject([
      {
        from: { value: 2 },
        to: { value: 1 },
        difference: -1,
        movedBy: expect.arrayContaining([
          { cause: 'return', return: later },
          { cause: 'return', return: returnNow },
        ]),
      },
    ])
    expect(restored.returns).toMatchObject([
      { id: returnNow, move: 'in-force-again' },
      { id: later, move: 'withdrawn', counts: true },
    ])
    await service.client.inject({
      method: 'DELETE',
      url: `/v1/authorities/${AUTHORITY}/returns/${returnNow}`,
    })
    const gone = (await get(`${id}/changes`)).json()
    expect(gone.figures).toMatchObject([
      { from: { value: 2, status: null }, to: { value: null, status: 'x' }, difference: null },
    ])
    expect((await get(id)).json().sha256).toBe(hash)
    returnNow = await loadSample(service, SAMPLE, '2024-25')
  })

  test('records beside the returns are named where they were written', async () => {
    const { id } = await published({ indicators: ['rhi-within-72-hours-pct', 'cla-count'] })
    const written = await service.client.inject({
      method: 'PUT',
      url: `/v1/authorities/${AUTHORITY}/records/return-home-interviews/1`,
      payload: {
        miss_person_id: 'ADA1',
        miss_missing_episode_start_date: '2024-06-05T18:30',
        miss_missing_episode_type: 'M',
        miss_missing_episode_end_date: '2024-06-07T22:00',
        miss_missing_rhi_offered: 'Y',
        miss_missing_rhi_accepted: 'Y',
        miss_missing_rhi_date: '2024-06-10T21:00',
      },
    })
    expect(written.statusCode, written.body).toBe(201)
    const changes = (await get(`${id}/changes`)).json()
    expect(changes).toMatchObject({ records: true, unchanged: 3 })
    expect(changes.figures).toMatchObject([
      { indicator: 'rhi-within-72-hours-pct', movedBy: [{ cause: 'records', return: null }] },
    ])
  })
})

describe('who may read what', () => {
  test('the public reads what is for it, and nothing tells of the rest', async () => {
    const internal = await published()
    const open = await published({ audience: 'public', indicators: ['cla-count'] })
    const listed = (await get('', {}, 'key-of-the-public')).json().data as { id: string; publishedBy: null }[]
    expect(listed.map(({ id }) => id)).toContain(open.id)
    expect(listed.map(({ id }) => id)).not.toContain(internal.id)
    expect(listed[0]).toMatchObject({ audience: 'public', publishedBy: null })
    for (const path of ['', '/content', '/changes', '?format=csv', '?format=html']) {
      expect((await get(`${open.id}${path}`, {}, 'key-of-the-public')).statusCode).toBe(200)
      const [refused, unknown] = await Promise.all([
        get(`${internal.id}${path}`, {}, 'key-of-the-public'),
        get(`0198f3a2-6c1e-7d4b-9a55-2f1f6f0c7e99${path}`, {}, 'key-of-the-public'),
      ])
      expect([refused.statusCode, unknown.statusCode]).toEqual([404, 404])
      const { instance: _a, ...said } = refused.json()
      const { instance: _b, ...saidOfUnknown } = unknown.json()
      expect(said).toEqual(saidOfUnknown)
    }
    const [asPublic, asAnalyst] = await Promise.all([
      get(open.id, {}, 'key-of-the-public'),
      get(open.id, {}, 'key-of-an-analyst'),
    ])
    expect([asPublic.json().publishedBy, asAnalyst.json().publishedBy]).toEqual([null, 'admin-key'])
    expect(asPublic.headers.etag).not.toBe(asAnalyst.headers.etag)
    expect((await get(internal.id, {}, 'key-of-an-analyst')).statusCode).toBe(200)
  })

  test('another council reads none, and neither does its own address give them', async () => {
    const { id } = await published()
    expect((await get(id, {}, 'key-of-another-council')).statusCode).toBe(404)
    const other = service.client.as('key-of-another-council')
    expect((await other.get(`/v1/authorities/E08000035/publications/${id}`)).statusCode).toBe(404)
    expect((await other.get('/v1/authorities/E08000035/publications')).json().data).toEqual([])
    expect((await get('not-an-id')).statusCode).toBe(404)
  })

  test('publishing needs its scope', async () => {
    const body = { period: '2024-25', audience: 'public' }
    expect((await post(body, {}, 'key-of-an-analyst')).statusCode).toBe(403)
    expect((await post(body, {}, 'key-of-a-publisher')).statusCode).toBe(201)
  })
})

describe('a request to publish', () => {
  test('sent again with its key gives the same publication; another with it is refused', async () => {
    const headers = { 'idempotency-key': 'june-board' }
    const body = { period: '2024-25', audience: 'internal', title: 'June' }
    const first = await post(body, headers)
    const again = await post({ title: 'June', audience: 'internal', period: '2024-25' }, headers)
    expect([again.statusCode, again.json()]).toEqual([201, first.json()])
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ])
    expect(again.headers.location).toBe(first.headers.location)
    const other = await post({ ...body, title: 'July' }, headers)
    expect([other.statusCode, other.json().type]).toEqual([
      422,
      expect.stringContaining('idempotency-key-reused'),
    ])
    const titles = (await get('?limit=100'))
      .json()
      .data.filter(({ title }: { title: string }) => title === 'June')
    expect(titles).toHaveLength(1)
  })

  test('sent twice at once makes one publication', async () => {
    const headers = { 'idempotency-key': 'at-once' }
    const body = { period: '2024-25', audience: 'internal', title: 'At once' }
    const second = await publicationsApp(database)
    const answers = await Promise.all(
      [service, service, second, second].map(({ client }) =>
        client.inject({ method: 'POST', url: BASE, headers, payload: body }),
      ),
    )
    await second.close()
    expect(answers.every(({ statusCode }) => statusCode === 201 || statusCode === 409)).toBe(true)
    expect(answers.some(({ statusCode }) => statusCode === 201)).toBe(true)
    const titles = (await get('?limit=100'))
      .json()
      .data.filter(({ title }: { title: string }) => title === 'At once')
    expect(titles).toHaveLength(1)
  })

  test('is refused with every fault that it has', async () => {
    const answer = await post({
      periods: ['2024/25'],
      indicators: ['cla-coun'],
      breakdowns: 'sex',
      title: '',
      note: 'a\tb',
      commentary: 'yes',
      audince: 'public',
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/audince',
      '/body/periods',
      '/body/audience',
      '/body/indicators',
      '/body/breakdowns',
      '/body/title',
      '/body/note',
      '/body/commentary',
    ])
  })

  test.each([
    ['no period', { audience: 'internal' }, '/body/period', 'missing'],
    [
      'both',
      { period: '2024-25', periods: ['2024-25'], audience: 'internal' },
      '/body/periods',
      'contradicts',
    ],
    [
      'a year and a quarter',
      { periods: ['2024-25', '2024-25Q1'], audience: 'internal' },
      '/body/periods',
      'mixed-kinds',
    ],
    [
      'too many periods',
      { periods: Array(9).fill('2024-25'), audience: 'internal' },
      '/body/periods',
      'too-many',
    ],
    ['no periods', { periods: [], audience: 'internal' }, '/body/periods', 'too-few'],
    ['no audience', { period: '2024-25' }, '/body/audience', 'missing'],
    ['another audience', { period: '2024-25', audience: 'press' }, '/body/audience', 'not-allowed'],
    [
      'crossed dimensions',
      { period: '2024-25', audience: 'internal', breakdowns: ['sex*age-band'] },
      '/body/breakdowns',
      'crossed',
    ],
    [
      'an unknown dimension',
      { period: '2024-25', audience: 'internal', breakdowns: ['hair'] },
      '/body/breakdowns',
      'unknown-breakdown',
    ],
  ])('with %s', async (_what, body, pointer, code) => {
    const answer = await post(body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors).toEqual([expect.objectContaining({ pointer, code })])
  })

  test('of a council without returns freezes that nothing is known', async () => {
    const answer = await service.client.inject({
      method: 'POST',
      url: '/v1/authorities/E08000036/publications',
      payload: { period: '2024-25', audience: 'internal', indicators: ['cla-count'] },
    })
    const { id } = answer.json()
    const { content } = (await service.client.get(`/v1/authorities/E08000036/publications/${id}`)).json()
    expect(content).toMatchObject({ returns: [], historyPeriods: [], history: [], dataVersion: '0' })
    expect(content.observations).toMatchObject([{ value: null, status: 'x' }])
    const page = await service.client.get(`/v1/authorities/E08000036/publications/${id}?format=html`)
    expect(elementsIn(parseMarkup(page.body), 'svg')).toHaveLength(1)
  })
})

test('the list goes on where it stopped, newest first', async () => {
  const seen: string[] = []
  let next: string | null = null
  do {
    const page = await get(`?limit=3${next === null ? '' : `&cursor=${encodeURIComponent(next)}`}`)
    seen.push(...page.json().data.map(({ id }: { id: string }) => id))
    next = page.json().next
  } while (next !== null)
  const all = (await get('?limit=100')).json().data.map(({ id }: { id: string }) => id)
  expect(all.length).toBeGreaterThan(6)
  expect(seen).toEqual(all)
  expect(seen).toEqual([...seen].sort().reverse())
})
