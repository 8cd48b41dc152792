import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { buildService } from '../../src/service.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

/**
 * Postcodes come in and never go out: those of children's homes, of placements and of providers are of an area that no
 * other postcode here has, and everything that can be got from the service, by the most trusted caller, is searched.
 */
const CANARY = /QX\s*[6-9]/i
const KEY = 'the-admin-key-of-the-tests'
const AUTHORITY = 'E08000034'
const OURS = `/v1/authorities/${AUTHORITY}`
const headers = { authorization: `Bearer ${KEY}` }

const HEADER = 'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB'
const EPISODES =
  'CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN'
const CHILDREN = [HEADER, 'A1,M,01/06/2012,WBRI,UN2,,', 'A2,F,01/06/2010,WBRI,UN2,0,', '']
const GOOD = [
  EPISODES,
  'A1,01/06/2024,S,C2,N1,U4,PR1,01/09/2024,X1,CARPL,QX7 3ZJ,QX8 4ZK,SC000001',
  // A child placed at home other than with parents, and only the status changed but the postcode did: both are findings.
  'A1,01/09/2024,L,C2,N1,U4,PR1,,,,QX7 3ZJ,QX7 3ZJ,SC000001',
  'A2,01/06/2024,S,C2,N1,K2,PR4,,,,qx73zj,QX9 9ZX,SC000002',
  '',
]
/** Cells that are no postcodes, or too long for one, and a row with a cell too many. */
const FAULTY = [
  EPISODES,
  'A1,01/06/2024,S,C2,N1,U4,PR1,,,,QX7 3Z,QX8-4ZK!,SC000001',
  'A2,01/06/2024,S,C2,N1,K2,PR4,,,,QX7 3ZJ QX8 4ZK QX9 5ZL,QX8 4ZK,SC000002',
  'A2,QX7 3ZJ,QX8 4ZK,C2,N1,K2,PR4,,,,QX7 3ZJ,QX8 4ZK,SC000002,QX9 5ZL',
  '',
]

let held: TestDatabase
let app: Awaited<ReturnType<typeof buildService>>
let publication: string
let returned: string
const answers = new Map<string, string>()
beforeAll(async () => {
  held = await newDatabase()
  app = await buildService({
    config: readConfig({ ADMIN_API_KEY: KEY }),
    database: held.database,
    callers: findAdmin(KEY),
    now: () => new Date('2025-06-01T12:00:00Z'),
    logger: false,
  })
  await send(
    'PUT',
    '/v1/reference/postcodes',
    'text/csv',
    'pcds,oseast1m,osnrth1m,oslaua\nQX7 3ZJ,414000,416000,E08000034\nQX8 4ZK,446200,416000,E06000014\nQX9 9ZX,414000,500000,E08000035\n',
  )
  await postReturn('of-faults', FAULTY, '&dryRun=true')
  await postReturn('of-faults-partially', FAULTY, '&dryRun=true&accept=partial')
  returned = JSON.parse(await postReturn('good', GOOD, '', 201)).return.id
  await send(
    'PUT',
    `${OURS}/records/providers/P1`,
    'application/json',
    JSON.stringify({ prov_urn: 'SC000009', prov_type: 'childrens-home', prov_postcode: 'QX9 5ZL' }),
  )
  publication = JSON.parse(
    await send(
      'POST',
      `${OURS}/publications`,
      'application/json',
      JSON.stringify({ period: '2024-25', audience: 'internal' }),
    ),
  ).id
})
afterAll(async () => {
  await app?.close()
  await held?.drop()
})

async function send(method: 'PUT' | 'POST', url: string, type: string, payload: string): Promise<string> {
  const answer = await app.inject({ method, url, headers: { ...headers, 'content-type': type }, payload })
  answers.set(`${method} ${url}`, answer.body)
  return answer.body
}

async function postReturn(name: string, episodes: readonly string[], query: string, status?: number) {
  const part = (file: string, lines: readonly string[]) =>
    `--of-the-tests\r\ncontent-disposition: form-data; name="f"; filename="${file}"\r\ncontent-type: text/csv\r\n\r\n${lines.join('\r\n')}\r\n`
  const answer = await app.inject({
    method: 'POST',
    url: `${OURS}/returns?year=2024-25${query}`,
    headers: { ...headers, 'content-type': 'multipart/form-data; boundary=of-the-tests' },
    payload: `${part('header.csv', CHILDREN)}${part('episodes.csv', episodes)}--of-the-tests--\r\n`,
  })
  if (status) expect(answer.statusCode, answer.body).toBe(status)
  answers.set(name, answer.body)
  return answer.body
}

/** Every path that can be got, with something in it where there is something. */
async function paths(): Promise<[url: string, types: string[]][]> {
  const document = (await app.inject({ url: '/openapi.json' })).json() as {
    paths: Record<string, { get?: { responses: Record<string, { content?: object }> } }>
  }
  const named = (path: string): string =>
    path
      .replace('{authority}', AUTHORITY)
      .replace('{child}', 'A1')
      .replace('{indicator}', 'cla-count')
      .replace('{code}', 'invalid-request')
      .replace('{kind}', 'postcodes')
      .replace(
        '{id}',
        path.includes('/returns/')
          ? returned
          : path.includes('/publications/')
            ? publication
            : path.includes('/records/')
              ? 'P1'
              : 'cla-count',
      )
  return Object.entries(document.paths).flatMap(([path, { get }]) =>
    get ? [[named(path), Object.keys(get.responses['200']?.content ?? {})]] : [],
  )
}

describe('postcodes stay', () => {
  test('in everything that can be got, as JSON, CSV or a page', async () => {
    const got = new Map<string, number>()
    for (const [url, types] of await paths()) {
      for (const accept of types) {
        const answer = await app.inject({ url, headers: { ...headers, accept } })
        got.set(`${url} ${accept}`, answer.statusCode)
        expect(answer.body, `${url} as ${accept}`).not.toMatch(CANARY)
        expect(JSON.stringify(answer.headers), `headers of ${url}`).not.toMatch(CANARY)
      }
    }
    const found = (part: string) => [...got].some(([url, status]) => url.includes(part) && status === 200)
    for (const part of [
      '/children/A1',
      '/cla-count/children',
      '/findings',
      '/content',
      '/providers/P1',
      '/sufficiency',
    ])
      expect([part, found(part)]).toEqual([part, true])
  })

  test('in the lists of children behind figures, all that there are about places among them', async () => {
    const { data } = (await app.inject({ url: '/v1/indicators', headers })).json() as {
      data: { id: string; subject: string }[]
    }
    const some = data.filter(({ subject }, index) => subject === 'sufficiency' || index % 8 === 0)
    expect(some.length).toBeGreaterThan(30)
    for (const { id } of some) {
      const answer = await app.inject({ url: `${OURS}/indicators/${id}/children?period=2024-25`, headers })
      expect(answer.body, id).not.toMatch(CANARY)
    }
    const listed = await app.inject({ url: `${OURS}/indicators/cla-count/children?period=2024-25`, headers })
    expect(
      listed.json().data.map((one: { facts: { distanceMiles: number } }) => one.facts.distanceMiles),
    ).toEqual([0, 52.2])
  })

  test('in what is answered to who sends them, right or wrong', () => {
    expect(answers.get('of-faults')).toContain('HOME_POST')
    for (const [call, body] of answers) {
      expect(body, call).not.toMatch(CANARY)
    }
  })

  test('the miles are given to who may see the child', async () => {
    const { episodes } = (await app.inject({ url: `${OURS}/children/A2`, headers })).json()
    expect(episodes).toMatchObject([
      { distanceMiles: 52.2, placementAuthority: 'E08000035', placementRelation: { code: 'adjoining' } },
    ])
  })
})
