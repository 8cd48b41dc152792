import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { newMasterKey, subjectOf } from '../../src/platform/access/master-key.ts'
import { type RecordKind, recordKindNamed } from '../../src/vocabulary/record-kinds.ts'
import { CANARY, CANARY_KINDS, canaryRecord, canaryReturns } from './canary-council.ts'
import { formOf } from './returns-app.ts'
import type { Route } from './routes-of.ts'
import { recordsCsv } from './sample-records.ts'
import { ADMIN_KEY } from './small-app.ts'

export type Call = InjectOptions & { readonly url: string }
export type Send = (call: Call) => Promise<LightMyRequestResponse>

export const COUNCIL = 'E08000034'
const OURS = `/v1/authorities/${COUNCIL}`
const JSON_TYPE = { 'content-type': 'application/json' }
const CSV_TYPE = { 'content-type': 'text/csv' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
/** Says what for, in a word that opens also what is restricted. */
const PURPOSE = { 'x-purpose': 'legal-claim' }
const AS_IT_IS = { 'if-match': '*' }

/** What the service must be configured with, so that every route can be called well. */
export const ENV = {
  ADMIN_API_KEY: ADMIN_KEY,
  // Calling badly is what some of the tests are about.
  RATE_LIMIT_FAILURES_PER_MINUTE: '1000000',
  SECURITY_CONTACT: 'mailto:security@example.gov.uk',
  OIDC_ISSUERS: JSON.stringify([
    { issuer: 'https://login.example.gov.uk', audience: 'care', nameClaim: 'oid', grants: [] },
  ]),
}

/** A public address for every host: nothing is sent to it. */
export const RESOLVE = (
  _hostname: string,
  done: (fault: null, found: { address: string; family: number }[]) => void,
): void => done(null, [{ address: '93.184.216.34', family: 4 }])

/** What the parameters of paths stand for in the council that is loaded. */
export interface KnownIds {
  readonly returned: string
  readonly publication: string
  readonly forecast: string
  readonly correction: string
  readonly webhook: string
  readonly delivery: string
  readonly client: string
  readonly secret: string
  /** The secret itself. */
  readonly clientSecret: string
  readonly key: string
  readonly grant: string
}

const CHILD = '/v1/authorities/:authority/children/:child'
const WEBHOOKS = '/v1/authorities/:authority/webhooks'
const ACCESS = '/v1/access'

/** What `:id` is, by the collection that it stands in. */
const ID_OF: readonly (readonly [collection: string, id: (ids: KnownIds) => string])[] = [
  ['/records/', () => CANARY.record],
  ['/returns/', ({ returned }) => returned],
  ['/publications/', ({ publication }) => publication],
  ['/forecasts/', ({ forecast }) => forecast],
  ['/corrections/', ({ correction }) => correction],
  ['/webhooks/', ({ webhook }) => webhook],
  ['/clients/', ({ client }) => client],
  ['/keys/', ({ key }) => key],
  ['/grants/', ({ grant }) => grant],
]

/** A path with what is known in place of its parameters. */
export function knownPath(template: string, ids: KnownIds): string {
  const idOf = ID_OF.find(([collection]) => template.includes(collection))?.[1]
  return template
    .replace(':authority', COUNCIL)
    .replace(':child', CANARY.child)
    .replace(':indicator', 'cla-count')
    .replace(':code', 'invalid-request')
    .replace(':kind', template.includes('/records/') ? CANARY_KINDS[0]!.name : 'postcodes')
    .replace(':delivery', ids.delivery)
    .replace(':secret', ids.secret)
    .replace(':subject', subjectOf(newMasterKey(ADMIN_KEY), COUNCIL, CANARY.child))
    .replace(':id', idOf?.(ids) ?? 'cla-count')
    .replace('*', 'swagger-ui.css')
}

/** Routes in an order in which each can be called well: what takes away comes last, and the child before its tombstone. */
export function inGoodOrder(routes: readonly Route[]): Route[] {
  const place = ({ method, template }: Route): number => {
    if (method !== 'DELETE') return 0
    if (template.includes('/erasures/')) return 3
    return template === CHILD ? 2 : 1
  }
  return [...routes].sort((a, b) => place(a) - place(b))
}

const POSTCODES = `pcds,oseast1m,osnrth1m,oslaua\n${CANARY.postcode},414000,416000,E08000034\nQX8 4ZK,446200,416000,E06000014\n`

const returnCall = (year: string, files = canaryReturns().find((one) => one.year === year)!.files): Call => ({
  method: 'POST',
  url: `${OURS}/returns?year=${year}`,
  ...formOf(files),
})

const NOT_YET: KnownIds = {
  returned: '',
  publication: '',
  forecast: '',
  correction: '',
  webhook: '',
  delivery: '',
  client: '',
  secret: '',
  clientSecret: '',
  key: '',
  grant: '',
}

/** Fills a service through its own routes, whatever was called before, and gives the ids of what it made. */
export async function fill(send: Send): Promise<KnownIds> {
  const done = async (call: Call): Promise<LightMyRequestResponse> => {
    const answer = await send(call)
    if (answer.statusCode >= 300)
      throw new Error(
        `${call.method} ${call.url} answers ${answer.statusCode}: ${answer.body.slice(0, 2000)}`,
      )
    return answer
  }
  const put = (template: string, ids = NOT_YET) => done(goodCall({ method: 'PUT', template }, ids))
  const post = async (template: string, ids = NOT_YET) =>
    (await done(goodCall({ method: 'POST', template }, ids))).json()

  for (const template of ['/v1/authorities/:authority/erasures/:subject', `${CHILD}/restriction`])
    await send(goodCall({ method: 'DELETE', template }, NOT_YET))
  await put('/v1/reference/:kind')
  let returned = ''
  for (const { year, files } of canaryReturns())
    returned = (await done(returnCall(year, files))).json().return.id
  for (const kind of CANARY_KINDS) {
    const template = `/v1/authorities/:authority/records/${kind.name}`
    await post(template)
    await put(`${template}/:id`)
  }
  const { headers: _, ...restriction } = goodCall(
    { method: 'PUT', template: `${CHILD}/restriction` },
    NOT_YET,
  )
  await done({ ...restriction, headers: JSON_TYPE })
  await put('/v1/authorities/:authority/targets/:indicator')
  const made = {
    ...NOT_YET,
    webhook: (await post(WEBHOOKS)).id,
    client: (await post(`${ACCESS}/clients`)).id,
  }
  const { secret, made: kept } = await post(`${ACCESS}/clients/:id/secrets`, made)
  return {
    ...made,
    returned,
    clientSecret: secret,
    secret: kept.id,
    delivery: (await post(`${WEBHOOKS}/:id/test`, made)).id,
    correction: (await post(`${CHILD}/corrections`)).id,
    key: (await post(`${ACCESS}/keys`)).made.id,
    grant: (await post(`${ACCESS}/grants`)).id,
    publication: (await post('/v1/authorities/:authority/publications')).id,
    forecast: (await post('/v1/authorities/:authority/forecasts')).id,
  }
}

/** A call of a route that goes well in the council that is loaded; the `n`th has a body of its own. */
export function goodCall(route: Route, ids: KnownIds, n = 1): Call {
  const { method, template } = route
  const url = knownPath(template, ids)
  if (method === 'POST' || method === 'PUT') return { method, url, ...sentTo(route, url, ids, n) }
  return {
    method: method as 'GET',
    url: url + (QUERIES[template] ?? ''),
    ...(/\/(?:children|records)\//.test(template) && {
      headers: { ...PURPOSE, ...(template === `${CHILD}/restriction` && method === 'DELETE' && AS_IT_IS) },
    }),
  }
}

const QUERIES: Readonly<Record<string, string>> = {
  '/v1/authorities/:authority/targets/:indicator': '?period=2024-25',
  '/v1/authorities/:authority/indicators/:id/children': '?period=2024-25',
  '/v1/authorities/:authority/forecasts/backtest':
    '?origin=2024-03-31&horizon=6&method=markov&referenceMonths=12',
  '/v1/observations': `?authority=${COUNCIL}&indicator=cla-count`,
}

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  headers: { ...JSON_TYPE, ...headers },
  payload: JSON.stringify(body),
})
/** A form, from the client that is known. */
const form = ({ client, clientSecret }: KnownIds, body: Record<string, string>) => ({
  headers: {
    ...FORM_TYPE,
    authorization: `Basic ${Buffer.from(`${client}:${clientSecret}`).toString('base64')}`,
  },
  payload: new URLSearchParams(body).toString(),
})

const GRANTS = [{ scopes: ['observations:read'], authorities: [COUNCIL] }]
/** Names of clients are taken for good. */
let clients = 0
/** What is right already is not corrected: each correction says something else than the one before. */
const ETHNICITIES = ['WOTH', 'WIRI', 'MWBC', 'AIND', 'BCRB']
let corrections = 0

/** What a call that changes something sends. A route that is not here can't be called: give it something to send. */
function sentTo({ method, template }: Route, url: string, ids: KnownIds, n: number): Partial<Call> {
  const kindName = /\/records\/([a-z\d-]+)/.exec(template)?.[1]
  if (kindName !== undefined) {
    const kind = recordKindNamed(kindName as never)
    const id = kind.columns.find((column) => column.kind === 'id')!.name
    if (method === 'PUT')
      return json({ ...canaryRecord(kind, n), ...inYear(kind, n), [id]: canaryRecord(kind, 1)[id]! })
    return {
      headers: CSV_TYPE,
      payload: recordsCsv(kind, [canaryRecord(kind, 1), canaryRecord(kind, n + 1)]),
    }
  }
  switch (`${method} ${template}`) {
    case 'POST /v1/authorities/:authority/returns':
      return { ...returnCall('2024-25'), url: `${url}?year=2024-25${n === 1 ? '' : '&accept=partial'}` }
    case 'PUT /v1/reference/:kind':
      return { headers: CSV_TYPE, payload: `${POSTCODES}QX8 ${n}ZL,446200,416000,E06000014\n` }
    case 'PUT /v1/authorities/:authority/targets/:indicator':
      return json({ period: '2024-25', value: 9 + n, commentary: 'Two new homes.' })
    case 'POST /v1/authorities/:authority/publications':
      return json({
        period: n === 1 ? '2024-25' : '2023-24',
        audience: 'internal',
        indicators: ['cla-count'],
      })
    case 'POST /v1/authorities/:authority/forecasts':
      return json({ method: 'markov', horizonMonths: 2 + n })
    case `PUT ${CHILD}/restriction`:
      return json({ reason: `Accuracy contested, ${n}.` }, AS_IT_IS)
    case `POST ${CHILD}/corrections`:
      return json({
        year: '2024-25',
        table: 'Header',
        row: {},
        column: 'ETHNIC',
        value: ETHNICITIES[corrections++ % ETHNICITIES.length],
        reason: 'As the birth certificate has it.',
      })
    case `POST ${WEBHOOKS}`:
      return json({ url: `https://hooks.example.gov.uk/${n}` })
    case `PUT ${WEBHOOKS}/:id`:
      return json({ url: `https://hooks.example.gov.uk/changed-${n}` }, AS_IT_IS)
    case `POST ${WEBHOOKS}/:id/secrets`:
    case `POST ${WEBHOOKS}/:id/test`:
    case `POST ${WEBHOOKS}/:id/deliveries/:delivery/retry`:
      return n === 1 ? {} : json({ n })
    case `POST ${ACCESS}/clients`:
      return json({ name: `client-${++clients}`, grants: GRANTS })
    case `PUT ${ACCESS}/clients/:id`:
      return json({ grants: GRANTS, expiresAt: `${2090 + n}-01-01T00:00:00Z` }, AS_IT_IS)
    case `POST ${ACCESS}/clients/:id/secrets`:
      return json({ expiresAt: `${2090 + n}-01-01T00:00:00Z` })
    case `POST ${ACCESS}/keys`:
      return json({ name: `key-${n}`, grants: GRANTS })
    case `POST ${ACCESS}/grants`:
      return json({
        issuer: 'https://login.example.gov.uk',
        claim: 'roles',
        value: `Role${n}`,
        grants: GRANTS,
      })
    case `PUT ${ACCESS}/grants/:id`:
      return json(
        { issuer: 'https://login.example.gov.uk', claim: 'groups', value: `Group${n}`, grants: GRANTS },
        AS_IT_IS,
      )
    case 'POST /oauth/token':
      return form(ids, { grant_type: 'client_credentials' })
    case 'POST /oauth/revoke':
      return form(ids, { token: 'nobody' })
    default:
      throw new Error(`${method} ${template} is not called: give it something good to send.`)
  }
}

/** A year of its own for the nth record, of a kind that has no day to differ by. */
const inYear = (kind: Pick<RecordKind, 'columns'>, n: number): Record<string, string> =>
  Object.fromEntries(
    kind.columns
      .filter((column) => column.kind === 'academic-year')
      .map(({ name }) => [name, n === 1 ? '2023-24' : '2022-23']),
  )
