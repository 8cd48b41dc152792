import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OF_NO_CHILD, readHeldTables } from '../../src/rights/held-tables.ts'
import {
  AUTHORITY,
  dataVersionOf,
  figuresOf,
  OTHER,
  pseudonymOf,
  type RightsApp,
  rightsApp,
  rowsThatHold,
  sendRecords,
  sendReturn,
  tablesWithText,
  WHOLE,
} from '../support/rights-app.ts'
import type { SampleReturn } from '../support/sample-return.ts'

let service: RightsApp
beforeAll(async () => {
  service = await rightsApp()
  for (const authority of [AUTHORITY, OTHER]) await sendReturn(service, WHOLE, { authority })
  await sendRecords(service)
}, 60_000)
afterAll(() => service?.close())

const child = (id: string, authority = AUTHORITY) => `/v1/authorities/${authority}/children/${id}`
const erase = (id: string, headers: Record<string, string> = { 'x-purpose': 'request 17' }) =>
  service.client.inject({ method: 'DELETE', url: child(id), headers })

/** Rows in tables of a child, read as SQL. */
async function rowsOf(id: string, authority = AUTHORITY): Promise<Record<string, number>> {
  return service.base.database.read([authority], async (transaction) => {
    const rows: Record<string, number> = {}
    for (const { name } of await readHeldTables(transaction)) {
      const [counted] = await transaction.query<{ rows: number }>(
        'test.rows',
        `select count(*)::int as rows from care.${name} t where t.authority = $1 and t.child = $2`,
        [authority, id],
      )
      if (counted!.rows > 0) rows[name] = counted!.rows
    }
    return rows
  })
}

describe('which tables hold something about a child', () => {
  test('every table with an authority has a child, or a reason why it holds none', async () => {
    const held = await service.base.database.read([AUTHORITY], readHeldTables)
    const withChild = new Set(held.map(({ name }) => name))
    const all = (await tablesWithText(service.base.database)).filter(({ columns }) =>
      columns.includes('authority'),
    )
    const undecided = all.map(({ name }) => name).filter((name) => !withChild.has(name) && !OF_NO_CHILD[name])
    expect(undecided).toEqual([])
    const names = new Set(all.map(({ name }) => name))
    expect(Object.keys(OF_NO_CHILD).filter((name) => !names.has(name))).toEqual([])
  })

  test('tables of kinds of record that are of nobody hold nobody', async () => {
    const found = await rowsThatHold(service.base.database, 'ADA1')
    expect(Object.keys(found).filter((name) => Object.hasOwn(OF_NO_CHILD, name))).toEqual([])
  })

  test('tables that never change hold no child: what is published stays without one', async () => {
    const frozen = await service.base.database.read([AUTHORITY], (transaction) =>
      transaction.query<{ name: string }>(
        'test.frozen',
        `select c.relname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
          where t.tgname = 'never_changes' order by c.relname`,
      ),
    )
    const held = await service.base.database.read([AUTHORITY], readHeldTables)
    expect(frozen.length).toBeGreaterThan(2)
    for (const { name } of frozen) expect(held.map((table) => table.name)).not.toContain(name)
  })
})

describe('the export', () => {
  test('holds every row of every table, with where it came from and what it means', async () => {
    const answer = await service.client.get(`${child('ada1')}/export`, { 'x-purpose': 'subject-access' })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['content-disposition']).toBe('attachment; filename="child-export.json"')
    expect(answer.headers['cache-control']).toBe('private, no-store')
    const exported = answer.json()
    const counted = Object.fromEntries(
      exported.tables.map(({ table, rows }: { table: string; rows: unknown[] }) => [table, rows.length]),
    )
    expect(counted).toEqual(await rowsOf('ADA1'))
    expect(Object.keys(counted).length).toBeGreaterThan(25)
    const episodes = exported.tables.find(({ table }: { table: string }) => table === 'returned_episode')
    expect(episodes.heldAs).toBe('returned')
    expect(episodes.rows[0]).toMatchObject({ decom: '2023-02-03', pl_post: 'LS7 2CD', return_number: 1 })
    expect(episodes.columns.find(({ name }: { name: string }) => name === 'place').codes).toHaveProperty('U6')
    expect(exported.returns).toMatchObject([
      { number: 1, year: '2024-25', loadedBy: 'admin-key', inForce: true },
    ])
    expect(exported.subject).toBe(pseudonymOf('ADA1'))
  })

  test('holds postcodes for the child’s own request alone', async () => {
    const tables = async (purpose: string) =>
      (await service.client.get(`${child('ADA1')}/export`, { 'x-purpose': purpose })).json().tables
    const episodesOf = (all: { table: string }[]) => all.find(({ table }) => table === 'returned_episode')
    expect(episodesOf(await tables('subject-access 12'))).toMatchObject({ withheld: [] })
    const without = await tables('case review')
    expect(episodesOf(without)).toMatchObject({ withheld: ['home_post', 'pl_post'] })
    expect(JSON.stringify(without)).not.toMatch(/LS7 ?2CD/)
  })

  test('tells who saw the child, when and what for', async () => {
    await service.client.get(child('ADA1'), { 'x-purpose': 'care plan' })
    const { audit } = (await service.client.get(`${child('ADA1')}/export`)).json()
    expect(audit).toContainEqual(
      expect.objectContaining({ action: 'child.read', purpose: 'care plan', caller: 'admin-key' }),
    )
    expect(audit).toContainEqual(expect.objectContaining({ action: 'return.load' }))
    expect(audit).toContainEqual(
      expect.objectContaining({ action: 'child.export', purpose: 'subject-access' }),
    )
  })

  test('is of no child of another authority, and none who never was', async () => {
    const reader = service.callerWith('children:read')
    expect((await reader.get(`${child('ADA1', OTHER)}/export`)).statusCode).toBe(404)
    expect((await service.client.get(`${child('NOBODY')}/export`)).statusCode).toBe(404)
    expect((await service.callerWith('observations:read').get(`${child('ADA1')}/export`)).statusCode).toBe(
      403,
    )
  })
})

const without = (sample: SampleReturn, id: string): SampleReturn =>
  Object.fromEntries(
    Object.entries(sample).map(([table, rows]) => [table, rows!.filter((row) => !row.startsWith(`${id},`))]),
  )

describe('erasure', () => {
  let before: string | undefined
  let others: Record<string, number>

  test('needs a reason, the scope and a child', async () => {
    expect((await erase('ADA1', {})).statusCode).toBe(400)
    const writer = service.callerWith('returns:write', 'children:read')
    expect((await writer.inject({ method: 'DELETE', url: child('ADA1') })).statusCode).toBe(403)
    const elsewhere = service.callerWith('admin')
    expect((await elsewhere.inject({ method: 'DELETE', url: child('ADA1', OTHER) })).statusCode).toBe(404)
    expect((await erase('NOBODY')).statusCode).toBe(404)
  })

  test('deletes every row, wherever the child stands, and leaves a tombstone', async () => {
    // What mentions the child beside its own rows: a kept answer, a finding, a history, a group named after it.
    const kept = await service.client.inject({
      method: 'POST',
      url: `${child('ADA1')}/corrections`,
      headers: { 'idempotency-key': 'about-ada', 'content-type': 'application/json' },
      payload: JSON.stringify({
        year: '2024-25',
        table: 'Header',
        row: {},
        column: 'ETHNIC',
        value: 'MWBC',
        reason: 'said so herself',
      }),
    })
    expect(kept.statusCode, kept.body).toBe(201)
    for (const [id, person] of [
      ['G1', 'ADA1'],
      ['G2', 'BEN2'],
    ])
      await service.client.inject({
        method: 'PUT',
        url: `/v1/authorities/${AUTHORITY}/records/sibling-groups/${id}`,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({
          sibl_person_id: person,
          sibl_group_id: 'ADA1',
          sibl_start_date: '2024-07-01',
        }),
      })
    await service.client.inject({
      method: 'DELETE',
      url: `/v1/authorities/${AUTHORITY}/records/sibling-groups/R0`,
    })
    others = await rowsOf('BEN2')
    before = await dataVersionOf(service)
    const rows = await rowsOf('ADA1')
    expect(rows).toHaveProperty('record_history')

    const answer = await erase('Ada1')
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json()).toMatchObject({
      subject: pseudonymOf('ADA1'),
      reason: 'request 17',
      erasedBy: 'admin-key',
      rows: { ...rows, idempotency_key: 1 },
    })
    expect(await rowsThatHold(service.base.database, 'ADA1')).toEqual({})
    expect(await rowsOf('BEN2')).toEqual(others)
    expect(await dataVersionOf(service)).not.toBe(before)
  })

  test('moves nothing of another authority', async () => {
    expect(await rowsOf('ADA1', OTHER)).not.toEqual({})
    expect((await service.client.get(child('ADA1', OTHER))).statusCode).toBe(200)
  })

  test('afterwards the child is gone, and said to be', async () => {
    for (const url of [child('ADA1'), `${child('ADA1')}/export`, `${child('ADA1')}/corrections`])
      expect((await service.client.get(url)).statusCode).toBe(410)
    expect((await erase('ADA1')).statusCode).toBe(410)
    expect((await service.client.get(child('BEN2'))).statusCode).toBe(200)
  })

  test('leaves the figures of a council that never had the child', async () => {
    const authority = 'E08000036'
    await sendReturn(service, without(WHOLE, 'ADA1'), { authority })
    await sendRecords(service, { authority, withoutAda: true })
    await service.client.inject({
      method: 'DELETE',
      url: `/v1/authorities/${AUTHORITY}/records/sibling-groups/G2`,
    })
    const figures = await figuresOf(service)
    expect(figures.length).toBeGreaterThan(100)
    expect(figures).toEqual(await figuresOf(service, authority))
  }, 60_000)

  test('a return that names the child is loaded without, with a warning that does not say who', async () => {
    const figures = await figuresOf(service)
    const answer = await sendReturn(service)
    const { findings, summary } = { ...answer.json(), ...answer.json().return } as {
      findings?: { rule: string }[]
      summary: { findings: { rule: string; severity: string; count: number }[]; rowsLeftOut: object }
    }
    expect(JSON.stringify({ findings, summary })).not.toContain('ADA1')
    const said = summary.findings.filter(({ rule }) => rule === 'erased-child')
    expect(said.every(({ severity }) => severity === 'warning')).toBe(true)
    const rows = Object.values(WHOLE)
      .flat()
      .filter((row) => row!.startsWith('ADA1,')).length
    expect(said.reduce((sum, { count }) => sum + count, 0)).toBe(rows)
    expect(await rowsThatHold(service.base.database, 'ADA1')).toEqual({})
    expect(await figuresOf(service)).toEqual(figures)
    // The very same files again change nothing, as ever.
    await sendReturn(service, WHOLE, { status: 200 })
  })

  test('records that name the child are written without, and one alone is refused', async () => {
    for (const answer of await sendRecords(service)) expect(answer.body).not.toContain('ADA1')
    expect(await rowsThatHold(service.base.database, 'ADA1')).toEqual({})
    const alone = await service.client.inject({
      method: 'PUT',
      url: `/v1/authorities/${AUTHORITY}/records/sibling-groups/G9`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ sibl_person_id: 'ADA1', sibl_group_id: 'G', sibl_start_date: '2024-07-01' }),
    })
    expect(alone.statusCode).toBe(410)
    expect(alone.body).not.toContain('ADA1')
  })

  test('tombstones are listed for administrators, and lifting one lets the same files bring the child back', async () => {
    const listed = await service.client.get(`/v1/authorities/${AUTHORITY}/erasures`)
    expect(listed.json().data).toMatchObject([{ subject: pseudonymOf('ADA1') }])
    const at = `/v1/authorities/${AUTHORITY}/erasures/${pseudonymOf('ADA1')}`
    expect(
      (await service.callerWith('children:read', 'returns:write').inject({ method: 'DELETE', url: at }))
        .statusCode,
    ).toBe(403)
    expect((await service.client.inject({ method: 'DELETE', url: at })).statusCode).toBe(204)
    expect((await service.client.inject({ method: 'DELETE', url: at })).statusCode).toBe(404)
    expect((await service.client.get(child('ADA1'))).statusCode).toBe(404)
    await sendReturn(service)
    expect((await service.client.get(child('ADA1'))).statusCode).toBe(200)
  })
})
