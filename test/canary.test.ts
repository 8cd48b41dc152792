import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { findAdmin } from '../src/platform/access/admin-key.ts'
import { newWatch, type Watch } from '../src/platform/watch/watch.ts'
import { buildService } from '../src/service.ts'
import { tableNamed } from '../src/vocabulary/ssda903.ts'
import { birthsIn, CANARY, CANARY_KINDS, marksIn } from './support/canary-council.ts'
import { type FailingDatabase, failingDatabase } from './support/failing-database.ts'
import {
  type Call,
  COUNCIL,
  ENV,
  fill,
  goodCall,
  inGoodOrder,
  type KnownIds,
  knownPath,
  RESOLVE,
  type Send,
} from './support/good-calls.ts'
import { newDatabase, type TestDatabase } from './support/postgres.ts'
import { formOf } from './support/returns-app.ts'
import { nameOf, type Route, routesOf } from './support/routes-of.ts'
import { ADMIN_KEY } from './support/small-app.ts'
import { type SpanCollector, spanCollector } from './support/span-collector.ts'

/**
 * Nothing about a child leaves by a side door. Every identifier of the council that is loaded carries a mark; every
 * route of the router is called well and badly; then the log, the metrics, the traces, the headers of all answers and
 * the bodies of all refusals and failures are searched.
 */
interface Answered {
  readonly route: string
  readonly call: Call
  readonly answer: LightMyRequestResponse
}

const log: string[] = []
const answered: Answered[] = []
let collector: SpanCollector
let held: TestDatabase
let database: FailingDatabase
let watch: Watch
let app: Awaited<ReturnType<typeof buildService>>
let ids: KnownIds
/** Routes under test: the pages for people under /docs are files of a package. */
let routes: Route[]

const send: Send = (call) =>
  app.inject({ ...call, headers: { authorization: `Bearer ${ADMIN_KEY}`, ...call.headers } })

async function called(route: Route, call: Call): Promise<LightMyRequestResponse> {
  const answer = await send(call)
  answered.push({ route: nameOf(route), call, answer })
  return answer
}

beforeAll(async () => {
  collector = await spanCollector()
  held = await newDatabase()
  const config = readConfig({ ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  watch = await newWatch(config)
  database = failingDatabase(held.database)
  app = await buildService({
    config,
    database,
    callers: findAdmin(ADMIN_KEY),
    now: () => new Date('2025-06-01T12:00:00Z'),
    logger: { write: (line) => log.push(line) },
    watch,
    resolve: RESOLVE,
  })
  // Pages for people are files of a package; the kinds that there are have routes of their own.
  routes = inGoodOrder(routesOf(app)).filter(
    ({ template }) => !template.startsWith('/docs') && !/\/records\/:kind(?:\/:id)?$/.test(template),
  )
  ids = await fill(send)
}, 120_000)
afterAll(async () => {
  await app?.close()
  await held?.drop()
  collector?.close()
})

/** Routes that take files. */
const isLoad = (route: string): boolean => /^POST .*\/(?:returns|records\/[\w-]+)$/.test(route)

const isOfKind = ({ template }: Route): boolean => template.includes('/records/')

describe('calls of every route', () => {
  test('with the marks of children wherever a caller can put one', { timeout: 120_000 }, async () => {
    const marks = Object.values(CANARY)
    let turn = 0
    for (const route of routes) {
      // The routes of all kinds of record are of one making: each kind meets a fifth of the calls.
      const calls = badCalls(route, marks).filter((_, at) => !isOfKind(route) || (at + turn) % 5 === 0)
      for (const call of calls)
        expect((await called(route, call)).statusCode, `${route.method} ${call.url}`).toBeLessThan(500)
      if (isOfKind(route)) turn++
    }
  })

  test('with files that have a mark in every column', async () => {
    const returns = { method: 'POST', template: '/v1/authorities/:authority/returns' }
    const marks = [CANARY.child, CANARY.upn, CANARY.born, CANARY.postcode, CANARY.text]
    const tables = [
      'Header',
      'Episodes',
      'UASC',
      'Reviews',
      'OC2',
      'OC3',
      'AD1',
      'Missing',
      'SWEpisodes',
    ] as const
    const files = tables.map((table) => {
      const columns = tableNamed(table).columns.map(({ name }) => name)
      const rows = columns.flatMap((_, at) =>
        marks.map((mark) => columns.map((__, index) => (index === at ? mark : CANARY.child)).join(',')),
      )
      const tooLong = [...columns, 'more', CANARY.child].map(() => CANARY.upn).join(',')
      return {
        name: `${table}.csv`,
        content: [columns.join(','), ...rows, tooLong, `"${CANARY.child}`].join('\n'),
      }
    })
    for (const query of ['', '&accept=partial', '&dryRun=true'])
      await called(returns, {
        method: 'POST',
        url: `/v1/authorities/${COUNCIL}/returns?year=2023-24${query}`,
        ...formOf(files),
      })
    for (const [kind, template] of CANARY_KINDS.map(
      (one) => [one, `/v1/authorities/:authority/records/${one.name}`] as const,
    )) {
      const columns = kind.columns.map(({ name }) => name)
      const rows = columns.flatMap((_, at) =>
        marks.map((mark) => columns.map((__, index) => (index === at ? mark : 'x')).join(',')),
      )
      const answer = await called(
        { method: 'POST', template },
        {
          method: 'POST',
          url: knownPath(template, ids),
          headers: {
            'content-type': 'text/csv',
            'content-disposition': `attachment; filename="${CANARY.file}"`,
          },
          payload: [columns.join(','), ...rows, `${CANARY.child},`.repeat(60), ''].join('\n'),
        },
      )
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(422)
    }
  })

  test('over a database that fails with the row in its errors', { timeout: 120_000 }, async () => {
    for (const [index, route] of routes.entries()) {
      // Every route meets two of them, and every one many routes.
      for (const code of ['23505', 'XX000', '22P02', '57014', '40001', '08006'].filter(
        (_, at) => at % 3 === index % 3,
      )) {
        database.failWith(code, Object.values(CANARY).join(' '))
        await called(route, goodCall(route, ids))
      }
    }
    database.failWith(null, '')
    expect(answered.filter(({ answer }) => answer.statusCode === 500).length).toBeGreaterThan(50)
    expect(answered.filter(({ answer }) => answer.statusCode === 504).length).toBeGreaterThan(20)
  })

  test('that go well: each at least once, so that a new route needs a call here', {
    timeout: 120_000,
  }, async () => {
    // What the calls before have deleted is there again.
    ids = await fill(send)
    for (const route of routes) await called(route, goodCall(route, ids))
    const well = new Set(answered.filter(({ answer }) => answer.statusCode < 400).map(({ route }) => route))
    expect(routes.map(nameOf).filter((name) => !well.has(name))).toEqual([])
  })
})

describe('what came out', () => {
  const hits = (of: (one: Answered) => string | null, search = marksIn): string[] => [
    ...new Set(
      answered.flatMap((one) => {
        const text = of(one)
        return text === null
          ? []
          : search(text).map((mark) => `${one.route} ${one.answer.statusCode}: ${mark}`)
      }),
    ),
  ]

  test('no refusal and no failure has a mark or a date of birth in it', () => {
    // The name of a file comes back to who sent the file, so that they know which one to mend, and to nobody else.
    const refusal = ({ route, answer }: Answered) =>
      answer.statusCode < 400 || (isLoad(route) && answer.statusCode === 422) ? null : answer.body
    const refusedLoad = ({ route, answer }: Answered) =>
      isLoad(route) && answer.statusCode === 422 ? answer.body.replaceAll('QZFILE', '') : null
    expect(hits(refusedLoad)).toEqual([])
    expect(hits(refusedLoad, birthsIn)).toEqual([])
    expect(hits(refusal)).toEqual([])
    expect(hits(refusal, birthsIn)).toEqual([])
  })

  test('no header has one; Location is the address that was called', () => {
    const headers = ({ call, answer }: Answered) => {
      const { location, etag, ...others } = answer.headers
      const shown = {
        ...others,
        ...(location !== undefined && !call.url.startsWith(location) && { location }),
        // In a digest three signs of a mark stand by chance, once in a dozen runs; what is no digest is looked at.
        ...(!/^"[\w-]{22}"$/.test(String(etag)) && { etag }),
      }
      return JSON.stringify(shown)
    }
    expect(hits(headers)).toEqual([])
    expect(hits(headers, birthsIn)).toEqual([])
  })

  test('answers of routes that are not about single children have none', async () => {
    const document = (await app.inject({ url: '/openapi.json' })).json() as {
      paths: Record<string, Record<string, { security?: { bearer?: string[] }[] }>>
    }
    const isAboutChildren = (route: string): boolean => {
      const [method = '', template = ''] = route.split(' ')
      const path = template.replaceAll(/:(\w+)/g, '{$1}')
      const scopes = (document.paths[path]?.[method.toLowerCase()]?.security ?? []).flatMap(
        ({ bearer }) => bearer ?? [],
      )
      // Returns are listed with the names of their files, also for who reads figures.
      return (
        /\/returns(?:\/:id)?$/.test(template) ||
        scopes.includes('children:read') ||
        scopes.every((scope) => scope === 'returns:write')
      )
    }
    // What a caller said a call was for comes back to whoever looks after the trail, as it was said.
    const bodyOf = ({ route, answer }: Answered): string =>
      /\/(?:audit|erasures|children\/:child)$/.test(route)
        ? answer.body.replaceAll(/"(?:purpose|reason)":"[^"]*"/g, '')
        : answer.body
    expect(
      hits((one) => (one.answer.statusCode < 400 && !isAboutChildren(one.route) ? bodyOf(one) : null)),
    ).toEqual([])
    // And the search finds what is there: a child's own record holds its id.
    const own = answered.find(
      ({ route, answer }) =>
        route === 'GET /v1/authorities/:authority/children/:child' && answer.statusCode === 200,
    )
    expect(marksIn(own!.answer.body)).toContain('QZKID')
  })

  test('the log, the metrics and the traces have none', async () => {
    await watch.tracing!.close()
    expect(log.length).toBeGreaterThan(answered.length - 1)
    expect(collector.bodies.join('').length).toBeGreaterThan(10_000)
    for (const [name, text] of [
      ['log', log.join('\n')],
      ['metrics', await watch.metrics.text()],
      ['traces', collector.bodies.join('\n')],
    ] as const) {
      expect([name, ...new Set(marksIn(text))]).toEqual([name])
      expect([name, ...new Set(birthsIn(text))]).toEqual([name])
    }
  })
})

/** Calls of a route with marks where a caller might put them by mistake. */
function badCalls(route: Route, marks: readonly string[]): Call[] {
  const method = route.method as 'GET'
  const good = goodCall(route, ids)
  const url = good.url.split('?', 1)[0]!
  const encoded = marks.map(encodeURIComponent)
  // Every route meets three of the marks in its path, and every mark many routes.
  const inPaths = encoded.filter((_, at) => (at + route.template.length) % 3 === 0)
  const unknown = inPaths.map((mark) => ({ method, url: route.template.replaceAll(/:\w+|\*/g, mark) }))
  const known = inPaths.map((mark) => ({
    method,
    url: route.template.replace(':authority', COUNCIL).replaceAll(/:\w+|\*/g, mark),
  }))
  const queries = [
    'authority,indicator,period,breakdown,comparison,cursor,limit,format,audience,decimals,category,counted',
    'from,to,year,accept,dryRun,asAt,subject,area,severity,indicators,origin,method,horizon,set,table,mapped',
  ].map((names) =>
    names
      .split(',')
      .map((name, at) => `${name}=${encoded[at % encoded.length]}`)
      .join('&'),
  )
  const headers = [
    { 'if-match': `"${CANARY.child}"`, 'if-none-match': `"${CANARY.upn}"` },
    { accept: CANARY.child, range: `bytes=${CANARY.child}`, referer: `https://cms/${CANARY.child}` },
    { 'idempotency-key': CANARY.child, cookie: `child=${CANARY.child}`, 'user-agent': CANARY.postcode },
    { authorization: `Bearer ${CANARY.child}` },
    { authorization: `Basic ${CANARY.child}` },
    { 'content-type': `text/${CANARY.child}` },
    { 'content-type': `multipart/form-data; boundary=${CANARY.child}` },
    { traceparent: CANARY.child, tracestate: `child=${CANARY.child}`, 'x-purpose': CANARY.child },
  ]
  const bodies =
    method === 'GET'
      ? []
      : [
          ...[
            `{"${CANARY.child}": "${CANARY.upn}"`,
            `{"${CANARY.child}": "${CANARY.born}"}`,
            `"${CANARY.child}"`,
          ].map((payload) => ({
            method,
            url: good.url,
            headers: { 'content-type': 'application/json' },
            payload,
          })),
          {
            method,
            url: good.url,
            headers: { 'content-type': 'text/csv' },
            payload: `${CANARY.child}\n${CANARY.upn}\n`,
          },
          {
            method,
            url: good.url,
            ...formOf([{ name: CANARY.file, content: `${CANARY.child}\n${CANARY.upn}` }]),
          },
        ]
  return [
    ...(route.template.includes(':') ? [...unknown, ...known] : []),
    ...queries.map((query) => ({ method, url: `${url}?${query}` })),
    // A word without a digit may be repeated: the name of a parameter that is no parameter is mostly a slip.
    ...encoded.filter((mark) => /\d/.test(mark)).map((mark) => ({ method, url: `${url}?${mark}=1` })),
    ...headers.map((sent) => ({ method, url: good.url, headers: sent })),
    ...bodies,
    { method: 'DELETE', url: `${url}/${encoded[0]}` },
  ]
}
