import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/platform/database/database.ts'
import { refusalOf } from '../../../src/platform/http/refusal-of.ts'
import { strangersAmong } from '../../support/interleaved.ts'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

/** The measured traps of row-level security, each on the migrated database, by the login that the service has. */
const [OURS, THEIRS] = ['E08000034', 'E08000035']
const ROWS = 100

let held: TestDatabase
let admin: pg.Client
let service: pg.Client
beforeAll(async () => {
  held = await newDatabase()
  admin = new pg.Client({ connectionString: held.url })
  service = new pg.Client({ connectionString: held.serviceUrl })
  await Promise.all([admin.connect(), service.connect()])
  await admin.query(
    `insert into care.idempotency_key (authority, key, fingerprint, status, body, created_at)
     select a, 'key-' || a || n, 'f', 200, '{}', now()
       from unnest($1::text[]) a, generate_series(1, $2) n`,
    [[OURS, THEIRS], ROWS],
  )
  await admin.query('analyze care.idempotency_key')
})
afterAll(async () => {
  await service?.end()
  await admin?.end()
  await held?.drop()
})

async function as<T>(client: pg.Client, authorities: string | null, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    if (authorities !== null)
      await client.query(`select set_config('app.authorities', $1, true)`, [authorities])
    return await work()
  } finally {
    await client.query('rollback')
  }
}

const countOf = async (client: pg.Client, relation: string): Promise<number> =>
  (await client.query<{ count: number }>(`select count(*)::int as count from ${relation}`)).rows[0]!.count

const KEYS = 'care.idempotency_key'

test('a transaction sees the rows of whom it names, and none where it names nobody', async () => {
  expect(await as(service, OURS!, () => countOf(service, KEYS))).toBe(ROWS)
  expect(await as(service, `${OURS},${THEIRS}`, () => countOf(service, KEYS))).toBe(2 * ROWS)
  for (const nobody of [null, '', ',', ' ', '*', '%', `${OURS}'`, `{${OURS}}`, OURS!.toLowerCase()])
    expect(await as(service, nobody, () => countOf(service, KEYS)), `${nobody}`).toBe(0)
})

test('what is set for a transaction is gone with it, committed or not', async () => {
  const database = openDatabase({ url: held.serviceUrl, connections: 1, loads: 1 })
  await database.write([OURS!], (transaction) => transaction.query('test.one', 'select 1'))
  await database.write([OURS!], () => Promise.reject(new Error('undone'))).catch(() => {})
  const [left] = await database.read([], (transaction) =>
    transaction.query(
      'test.left',
      `select current_setting('app.authorities') as authorities, count(*)::int as rows from ${KEYS}`,
    ),
  )
  expect(left).toEqual({ authorities: '', rows: 0 })
  await database.close()
})

test('nothing can be written for another, nor moved to one', async () => {
  for (const statement of [
    `insert into ${KEYS} values ('${THEIRS}', 'k', 'f', 200, '{}', now())`,
    `update ${KEYS} set authority = '${THEIRS}'`,
  ])
    await expect(as(service, OURS!, () => service.query(statement))).rejects.toMatchObject({ code: '42501' })
  const gone = await as(service, OURS!, () =>
    service.query(`delete from ${KEYS} where authority = '${THEIRS}'`),
  )
  expect(gone.rowCount).toBe(0)
})

test('the service’s login can become nobody who sees more, whatever it sends', async () => {
  for (const statement of [
    'set role corporate_parenting_owner',
    'set role postgres',
    'set session authorization postgres',
    `alter table ${KEYS} disable row level security`,
    `alter table ${KEYS} no force row level security`,
    `drop policy own_authority on ${KEYS}`,
    `create or replace function care.visible_authorities() returns text[] language sql as 'select array[''${THEIRS}'']'`,
    `copy ${KEYS} to '/tmp/keys'`,
    `copy ${KEYS} to program 'cat'`,
    'create role other superuser',
    `grant corporate_parenting_owner to corporate_parenting_tests`,
    `select pg_read_file('/etc/passwd')`,
    'call care.secure_tables()',
    'create table care.mine (authority text)',
    'delete from care.audit_entry',
    'update care.audit_entry set rows = 0',
    'truncate care.audit_entry',
    `insert into care_meta.migration values ('9999', 'x', now(), true)`,
  ])
    await expect(
      as(service, OURS!, () => service.query(statement)),
      statement,
    ).rejects.toThrow(
      /permission denied|must be owner|must be able to SET ROLE|must be superuser|never changes/i,
    )
  // What it set off as is what it comes back to.
  await as(service, OURS!, async () => {
    await service.query('set local role corporate_parenting_service')
    await service.query('reset role')
    expect(await countOf(service, KEYS)).toBe(ROWS)
    await service.query('set local row_security = off')
    await expect(countOf(service, KEYS)).rejects.toThrow('query would be affected by row-level security')
  })
})

test('COPY and the owner of the tables are bound as everybody is', async () => {
  await as(service, OURS!, async () => {
    const { rows } = await service.query(`select count(*)::int as count from (select * from ${KEYS}) k`)
    expect(rows[0].count).toBe(ROWS)
  })
  await as(admin, OURS!, async () => {
    await admin.query('set local role corporate_parenting_owner')
    expect(await countOf(admin, KEYS)).toBe(ROWS)
  })
  await as(admin, null, async () => {
    await admin.query('set local role corporate_parenting_owner')
    expect(await countOf(admin, KEYS)).toBe(0)
  })
})

describe('the traps are real: what the rules keep us from', () => {
  test('a view without security_invoker shows everything, and with it what it should', async () => {
    await as(admin, OURS!, async () => {
      await admin.query(`create view care.leaking as select * from ${KEYS}`)
      await admin.query(`create view care.tight with (security_invoker = true) as select * from ${KEYS}`)
      await admin.query('grant select on care.leaking, care.tight to corporate_parenting_service')
      await admin.query('set local role corporate_parenting_service')
      expect(await countOf(admin, 'care.leaking')).toBe(2 * ROWS)
      expect(await countOf(admin, 'care.tight')).toBe(ROWS)
    })
  })

  test('a materialised view is bound by nothing', async () => {
    await as(admin, OURS!, async () => {
      await admin.query(`create materialized view care.leaking as select * from ${KEYS}`)
      await admin.query('grant select on care.leaking to corporate_parenting_service')
      await admin.query('set local role corporate_parenting_service')
      expect(await countOf(admin, 'care.leaking')).toBe(2 * ROWS)
    })
  })

  test('a policy is evaluated once for a statement, by way of the key', async () => {
    const plan = await as(service, OURS!, async () => {
      await service.query('set local enable_seqscan = off')
      return service.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, costs off, timing off) select * from ${KEYS} where key = 'key-${OURS}7'`,
      )
    })
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(lines).toMatch(/InitPlan/)
    expect(lines).toMatch(/Index Cond: .*authority = ANY/)
    const { rows } = await admin.query<{ provolatile: string }>(
      `select p.provolatile from pg_proc p where p.oid = 'care.visible_authorities()'::regprocedure`,
    )
    expect(rows[0]!.provolatile).toBe('s')
  })
})

test('the key of another’s row is free for us: no error tells that it is there', async () => {
  await as(service, OURS!, async () => {
    await service.query(`insert into ${KEYS} values ('${OURS}', 'key-${THEIRS}1', 'f', 200, '{}', now())`)
    expect(await countOf(service, KEYS)).toBe(ROWS + 1)
  })
})

test('what the database says of a row goes to no caller', async () => {
  const fault = await as(service, OURS!, () =>
    service
      .query(`insert into ${KEYS} values ('${OURS}', 'key-${OURS}1', 'f', 200, '{}', now())`)
      .catch((e) => e),
  )
  // PostgreSQL itself keeps the values of a row to itself where row-level security binds the table.
  expect(fault).toMatchObject({ code: '23505', detail: undefined })
  // Not a refusal, so a failure of ours, told in words of ours alone.
  expect(refusalOf(fault)).toBeNull()
  for (const code of [
    '55P03',
    '40001',
    '40P01',
    '53100',
    '53300',
    '57P01',
    '57P03',
    '25006',
    '28P01',
    '08006',
    '58030',
  ])
    expect(refusalOf(Object.assign(new Error('Key (child)=(A1)'), { code })), code).toMatchObject({
      reason: 'unavailable',
      message: expect.not.stringContaining('A1'),
    })
  for (const code of ['57014', '25P03', '25P04'])
    expect(refusalOf(Object.assign(new Error('x'), { code }))).toMatchObject({ reason: 'timeout' })
})

test('what the planner knows of others’ rows is not to be had', async () => {
  const { rows } = await as(service, OURS!, () =>
    service.query(`select 1 from pg_stats s where s.schemaname = 'care' and s.tablename = 'idempotency_key'`),
  )
  expect(rows).toEqual([])
  await expect(service.query('select * from pg_statistic limit 1')).rejects.toMatchObject({ code: '42501' })
})

test('10,000 interleaved calls of two authorities over two connections: no row of the other', async () => {
  const database = openDatabase({ url: held.serviceUrl, connections: 2, loads: 1 })
  expect(await strangersAmong(database, [OURS!, THEIRS!], 10_000)).toBe(0)
  await database.close()
}, 120_000)
