import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/platform/database/database.ts'
import { JOB_SCHEMA } from '../../src/platform/database/job-schema.ts'
import { migrate, SERVICE_ROLE } from '../../src/platform/database/migrate.ts'
import { type JobDefinitions, type Jobs, startJobs } from '../../src/platform/jobs/jobs.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

let held: TestDatabase
const started: Jobs[] = []
beforeAll(async () => {
  held = await newDatabase()
})
afterEach(async () => {
  await Promise.all(started.splice(0).map((jobs) => jobs.stop()))
})
afterAll(async () => {
  await held?.drop()
})

function start(definitions: Partial<JobDefinitions>, database: Database = held.database) {
  const told: string[] = []
  const tell = (about: object, message: string) =>
    void told.push(`${message} ${(about as { err?: Error }).err?.message ?? ''}`)
  const jobs = startJobs(database, { daily: [], waiting: [], ...definitions }, { warn: tell, error: tell })
  started.push(jobs)
  return { jobs, told }
}

async function until(isSo: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await isSo()); await wait(50))
    if (Date.now() > end) throw new Error('it did not come about')
}

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: held.url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

describe('the tables of the queue', () => {
  test('are the owner’s; the service works with them and can change none', async () => {
    const owners = await asAdmin((client) =>
      client.query<{ owner: string }>(
        `select distinct pg_get_userbyid(c.relowner) as owner
           from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1`,
        [JOB_SCHEMA],
      ),
    )
    expect(owners.rows).toEqual([{ owner: 'corporate_parenting_owner' }])
    await expect(
      held.database.write([], (transaction) =>
        transaction.query('test.alter', 'alter table jobs.queue add column mine int'),
      ),
    ).rejects.toThrow('must be owner')
  })

  test('an installation that broke off before its grants is taken up again, and a whole one left alone', async () => {
    expect(await migrate(held.url)).toEqual([])
    const usable = () =>
      asAdmin(async (client) => {
        const { rows } = await client.query<{ usable: boolean }>(
          'select has_schema_privilege($1, $2, $3) as usable',
          [SERVICE_ROLE, JOB_SCHEMA, 'usage'],
        )
        return rows[0]!.usable
      })
    await asAdmin((client) => client.query(`revoke usage on schema jobs from ${SERVICE_ROLE}`))
    expect(await usable()).toBe(false)
    await migrate(held.url)
    expect(await usable()).toBe(true)
    await asAdmin((client) => client.query('drop schema jobs cascade'))
    await migrate(held.url)
    expect(await usable()).toBe(true)
  })
})

describe('daily work', () => {
  test('is done once, however many processes come to it', async () => {
    let runs = 0
    const daily = [{ name: 'test.daily', run: async () => void runs++ }]
    const all = [start({ daily }), start({ daily }), start({ daily })]
    await until(() => runs > 0)
    await until(() => all.every(({ jobs }) => jobs.isRunning()))
    await wait(2_500)
    expect(runs).toBe(1)
    const jobs = await asAdmin((client) =>
      client.query('select state from jobs.job where name = $1', ['test.daily']),
    )
    expect(jobs.rows).toEqual([{ state: 'completed' }])
    expect(all.flatMap(({ told }) => told)).toEqual([])
  })
})

/** Numbers that wait in a table until they are taken. */
async function prepareNumbers(numbers: readonly number[]) {
  await asAdmin(async (client) => {
    await client.query('drop table if exists public.number_to_do')
    await client.query(`create table public.number_to_do (number int primary key, claimed_until timestamptz)`)
    await client.query(`grant usage on schema public to ${SERVICE_ROLE}`)
    await client.query(`grant all on public.number_to_do to ${SERVICE_ROLE}`)
    await client.query('insert into public.number_to_do select unnest($1::int[])', [numbers])
  })
}

const claimNumbers =
  (seconds: number): JobDefinitions['waiting'][number]['claim'] =>
  (transaction) =>
    transaction.query(
      'test.claim',
      `update public.number_to_do n set claimed_until = clock_timestamp() + make_interval(secs => ${seconds})
      where n.number in (select m.number from public.number_to_do m
                          where m.claimed_until is null or m.claimed_until < clock_timestamp()
                          for update skip locked)
     returning n.number`,
    )

describe('waiting work', () => {
  test('is done once by one of several processes', async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => index)
    await prepareNumbers(numbers)
    const done: number[] = []
    const work = {
      name: 'test.numbers',
      authorities: [],
      atOnce: 10,
      claim: claimNumbers(60),
      run: async (item: object) => {
        const { number } = item as { number: number }
        await held.database.write([], (transaction) =>
          transaction.query('test.done', 'delete from public.number_to_do n where n.number = $1', [number]),
        )
        done.push(number)
      },
    }
    start({ waiting: [work] })
    start({ waiting: [work] })
    await until(() => done.length >= numbers.length)
    expect(done.sort((a, b) => a - b)).toEqual(numbers)
  })

  test('nothing is lost where the process dies between the claim and the job, or with the job in hand', async () => {
    await prepareNumbers([1])
    // The claim is made, and the connection breaks before the job is: both are undone.
    await expect(
      held.database.write([], async (transaction) => {
        expect(await claimNumbers(60)(transaction)).toHaveLength(1)
        await asAdmin((client) =>
          client.query(
            `select pg_terminate_backend(a.pid) from pg_stat_activity a
              where a.datname = current_database() and a.state = 'idle in transaction'`,
          ),
        )
        await transaction.query('test.next', 'select 1')
      }),
    ).rejects.toThrow()
    let tries = 0
    const work = {
      name: 'test.lost',
      authorities: [],
      atOnce: 2,
      claim: claimNumbers(1),
      // The first time the work is lost with its job: nothing is written down.
      run: async () => {
        if (++tries === 1) throw new Error('lost')
        await held.database.write([], (transaction) =>
          transaction.query('test.done', 'delete from public.number_to_do'),
        )
      },
    }
    const { told } = start({ waiting: [work] })
    await until(() => tries === 2)
    expect(told).toEqual(['jobs: test.lost failed lost'])
  })
})

describe('the queue itself', () => {
  test('is started again until it can be; until then the service is not ready, and the log says why', async () => {
    await asAdmin((client) => client.query(`revoke usage on schema jobs from ${SERVICE_ROLE}`))
    const { jobs, told } = start({})
    await until(() => told.length > 0)
    expect(jobs.isRunning()).toBe(false)
    expect(told[0]).toMatch(/could not start, so the service is not ready.*permission denied/)
    await asAdmin((client) => client.query(`grant usage on schema jobs to ${SERVICE_ROLE}`))
    await until(() => jobs.isRunning())
    await jobs.stop()
    expect(jobs.isRunning()).toBe(false)
  })

  test('its upkeep needs no more than the service’s role may', async () => {
    const { PgBoss } = await import('pg-boss')
    const boss = new PgBoss({
      db: {
        executeSql: (text, values) =>
          held.database.write([], ({ client }) => client.query(text, values as unknown[])),
      },
      schema: JOB_SCHEMA,
      migrate: false,
      createSchema: false,
      reindex: false,
      monitorVacuum: false,
      registerInstance: false,
      schedule: false,
    })
    const faults: Error[] = []
    boss.on('error', (error) => faults.push(error))
    await boss.start()
    await boss.createQueue('test.upkeep')
    await boss.send('test.upkeep', {})
    await boss.supervise()
    await boss.stop()
    expect(faults).toEqual([])
  })
})
