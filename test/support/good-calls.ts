import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { recordKindNamed } from '../../src/vocabulary/record-kinds.ts'
import { CANARY, CANARY_KINDS, canaryRecord, canaryReturns } from './canary-council.ts'
import { formOf } from './returns-app.ts'
import type { Route } from './routes-of.ts'
import { recordsCsv } from './sample-records.ts'

export type Call = InjectOptions & { readonly url: string }
export type Send = (call: Call) => Promise<LightMyRequestResponse>

export const COUNCIL = 'E08000034'
const OURS = `/v1/authorities/${COUNCIL}`
const JSON_TYPE = { 'content-type': 'application/json' }
const CSV_TYPE = { 'content-type': 'text/csv' }

/** What the parameters of paths stand for in the council that is loaded. */
export interface KnownIds {
  readonly returned: string
  readonly publication: string
  readonly forecast: string
}

/** A path with what is known in place of its parameters. */
export function knownPath(template: string, ids: KnownIds): string {
  const id = template.includes('/records/')
    ? CANARY.record
    : template.includes('/returns/')
      ? ids.returned
      : template.includes('/publications/')
        ? ids.publication
        : template.includes('/forecasts/')
          ? ids.forecast
          : 'cla-count'
  return template
    .replace(':authority', COUNCIL)
    .replace(':child', CANARY.child)
    .replace(':indicator', 'cla-count')
    .replace(':code', 'invalid-request')
    .replace(':kind', 'postcodes')
    .replace(':id', id)
    .replace('*', 'swagger-ui.css')
}

const POSTCODES = `pcds,oseast1m,osnrth1m,oslaua\n${CANARY.postcode},414000,416000,E08000034\nQX8 4ZK,446200,416000,E06000014\n`

const returnCall = (year: string, files = canaryReturns().find((one) => one.year === year)!.files): Call => ({
  method: 'POST',
  url: `${OURS}/returns?year=${year}`,
  ...formOf(files),
})

/** Fills an empty service through its own routes, and gives the ids of what it made. */
export async function fill(send: Send): Promise<KnownIds> {
  const done = async (call: Call): Promise<LightMyRequestResponse> => {
    const answer = await send(call)
    if (answer.statusCode >= 300)
      throw new Error(
        `${call.method} ${call.url} answers ${answer.statusCode}: ${answer.body.slice(0, 2000)}`,
      )
    return answer
  }
  await done(bodyOf({ method: 'PUT', template: '/v1/reference/:kind' }, '/v1/reference/postcodes')!)
  let returned = ''
  for (const { year, files } of canaryReturns())
    returned = (await done(returnCall(year, files))).json().return.id
  for (const kind of CANARY_KINDS) {
    const url = `${OURS}/records/${kind.name}`
    await done(bodyOf({ method: 'POST', template: url }, url)!)
    await done(bodyOf({ method: 'PUT', template: `${url}/:id` }, `${url}/${CANARY.record}`)!)
  }
  const post = async (template: string) =>
    (await done(bodyOf({ method: 'POST', template }, template.replace(':authority', COUNCIL))!)).json().id
  await done(
    bodyOf(
      { method: 'PUT', template: '/v1/authorities/:authority/targets/:indicator' },
      `${OURS}/targets/cla-count`,
    )!,
  )
  return {
    returned,
    publication: await post('/v1/authorities/:authority/publications'),
    forecast: await post('/v1/authorities/:authority/forecasts'),
  }
}

/** A call of a route that goes well in the council that is loaded. */
export function goodCall(route: Route, ids: KnownIds): Call {
  const url = knownPath(route.template, ids)
  return bodyOf(route, url) ?? { method: route.method as 'GET', url: url + (QUERIES[route.template] ?? '') }
}

const QUERIES: Readonly<Record<string, string>> = {
  '/v1/authorities/:authority/targets/:indicator': '?period=2024-25',
  '/v1/authorities/:authority/forecasts/backtest':
    '?origin=2024-03-31&horizon=6&method=markov&referenceMonths=12',
  '/v1/observations': `?authority=${COUNCIL}&indicator=cla-count`,
}

/** The call of a route that takes a body; undefined for one that takes none. */
function bodyOf({ method, template }: Route, url: string): Call | undefined {
  const kind = /\/records\/([a-z\d-]+)/.exec(template)?.[1]
  if (kind !== undefined && method === 'POST')
    return {
      method,
      url,
      headers: CSV_TYPE,
      payload: recordsCsv(
        recordKindNamed(kind as never),
        [1, 2].map((n) => canaryRecord(recordKindNamed(kind as never), n)),
      ),
    }
  if (kind !== undefined && method === 'PUT')
    return {
      method,
      url,
      headers: JSON_TYPE,
      payload: JSON.stringify(canaryRecord(recordKindNamed(kind as never), 1)),
    }
  switch (`${method} ${template}`) {
    case 'POST /v1/authorities/:authority/returns':
      return returnCall('2024-25')
    case 'PUT /v1/reference/:kind':
      return { method: 'PUT', url, headers: CSV_TYPE, payload: POSTCODES }
    case 'PUT /v1/authorities/:authority/targets/:indicator':
      return {
        method: 'PUT',
        url,
        headers: JSON_TYPE,
        payload: JSON.stringify({ period: '2024-25', value: 10, commentary: 'Two new homes.' }),
      }
    case 'POST /v1/authorities/:authority/publications':
      return {
        method: 'POST',
        url,
        headers: JSON_TYPE,
        payload: JSON.stringify({ period: '2024-25', audience: 'internal', indicators: ['cla-count'] }),
      }
    case 'POST /v1/authorities/:authority/forecasts':
      return {
        method: 'POST',
        url,
        headers: JSON_TYPE,
        payload: JSON.stringify({ method: 'markov', horizonMonths: 3 }),
      }
  }
}
