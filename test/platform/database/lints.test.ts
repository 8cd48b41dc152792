import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../../support/postgres.ts'

/** The lints of Supabase's splinter that apply, over the migrated database; each gives what is wrong, so nothing. */
const LINTS: Readonly<Record<string, string>> = {
  '0001: a foreign key whose columns no index begins with': `
    select format('%s %s', k.conrelid::regclass, k.conname) as fault
      from pg_constraint k join pg_namespace n on n.oid = k.connamespace
     where k.contype = 'f' and n.nspname = any ($1)
       and not exists (select 1 from pg_index i
                        where i.indrelid = k.conrelid
                          and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`,
  '0003: a policy that evaluates a function for every row': `
    select format('%I.%I %s', p.schemaname, p.tablename, p.policyname) as fault
      from pg_policies p
     where p.schemaname = any ($1)
       and (p.qual || coalesce(p.with_check, '')) ~ '(current_setting|visible_authorities)\\('
       and (p.qual || coalesce(p.with_check, '')) !~* 'select care\\.visible_authorities\\(\\)'`,
  '0004: a table without a primary key': `
    select c.oid::regclass::text as fault
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname = any ($1)
       and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  '0006: several permissive policies for the same': `
    select format('%I.%I %s', p.schemaname, p.tablename, p.cmd) as fault
      from pg_policies p
     where p.schemaname = any ($1) and p.permissive = 'PERMISSIVE'
     group by p.schemaname, p.tablename, p.cmd, p.roles having count(*) > 1`,
  '0007: a policy on a table whose row-level security is off': `
    select distinct format('%I.%I', p.schemaname, p.tablename) as fault
      from pg_policies p
      join pg_class c on c.relname = p.tablename
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = p.schemaname
     where p.schemaname = any ($1) and not c.relrowsecurity`,
  '0008: row-level security without a policy': `
    select c.oid::regclass::text as fault
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and c.relrowsecurity
       and not exists (select 1 from pg_policy p where p.polrelid = c.oid)`,
  '0009: two indexes of the same': `
    select string_agg(i.indexrelid::regclass::text, ', ') as fault
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1)
     group by i.indrelid, i.indkey::text, i.indclass::text, i.indoption::text,
              coalesce(pg_get_expr(i.indexprs, i.indrelid), ''), coalesce(pg_get_expr(i.indpred, i.indrelid), '')
    having count(*) > 1`,
  '0010: a view that reads as its owner': `
    select c.oid::regclass::text as fault
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'v' and n.nspname = any ($1)
       and not coalesce(c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on'], false)`,
  '0011: a function whose search path the caller chooses': `
    select p.oid::regprocedure::text as fault
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = any ($1)
       and not exists (select 1 from unnest(p.proconfig) setting where setting like 'search_path=%')`,
  '0013: a table with an authority that row-level security does not bind': `
    select c.oid::regclass::text as fault
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname = any ($1)
       and c.relname <> all (care.reference_tables())
       and exists (select 1 from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'authority' and not a.attisdropped)
       and not (c.relrowsecurity and c.relforcerowsecurity)`,
  '0014: an extension where everybody may look': `
    select e.extname as fault
      from pg_extension e join pg_namespace n on n.oid = e.extnamespace
     where n.nspname = any ($1 || array['public'])`,
  '0016: a materialised view, which row-level security never binds': `
    select c.oid::regclass::text as fault
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'm' and n.nspname = any ($1)`,
  '0017: a foreign table, which row-level security never binds': `
    select c.oid::regclass::text as fault
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'f' and n.nspname = any ($1)`,
  '0020: more dead rows than live ones in a table of any size': `
    select s.relid::regclass::text as fault
      from pg_stat_user_tables s
     where s.schemaname = any ($1) and s.n_dead_tup > 10000 and s.n_dead_tup > s.n_live_tup`,
  '0023: what anybody but the service may read or write': `
    select format('%I.%I %s', g.table_schema, g.table_name, g.grantee) as fault
      from information_schema.role_table_grants g
     where g.table_schema = any ($1)
       and g.grantee not in ('corporate_parenting_owner', 'corporate_parenting_service')`,
  '0024: a policy that lets everything through': `
    select format('%I.%I %s', p.schemaname, p.tablename, p.policyname) as fault
      from pg_policies p
     where p.schemaname = any ($1)
       and (trim(both '() ' from p.qual) in ('true', '1 = 1') or trim(both '() ' from p.with_check) in ('true', '1 = 1'))`,
  '0028 and 0029: a function that runs as its owner': `
    select p.oid::regprocedure::text as fault
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = any ($1) and p.prosecdef`,
}

const SCHEMAS = ['care', 'access', 'care_meta']

let held: TestDatabase
let admin: pg.Client
beforeAll(async () => {
  held = await newDatabase()
  admin = new pg.Client({ connectionString: held.url })
  await admin.connect()
})
afterAll(async () => {
  await admin?.end()
  await held?.drop()
})

const faults = async (text: string): Promise<string[]> =>
  (await admin.query<{ fault: string }>(text, text.includes('$1') ? [SCHEMAS] : [])).rows.map(
    ({ fault }) => fault,
  )

/** Within a transaction that is undone, so that no lint sees the mistakes made for another. */
async function undone(work: () => Promise<void>): Promise<void> {
  await admin.query('begin')
  try {
    await work()
  } finally {
    await admin.query('rollback')
  }
}

test.each(Object.entries(LINTS))('%s', async (_name, text) => {
  expect(await faults(text)).toEqual([])
})

describe('each lint finds what it looks for', () => {
  const MISTAKES: Readonly<Record<string, string>> = {
    '0001': `create table care.wrong (authority text primary key, client uuid references access.client (id))`,
    '0003': `create policy wrong on care.child using (authority = any (care.visible_authorities()))`,
    '0004': `create table care.wrong (authority text)`,
    '0006': `create policy wrong on care.child using (authority = 'x')`,
    '0007': `alter table care.child disable row level security`,
    '0008': `create table care.wrong (authority text primary key); alter table care.wrong enable row level security`,
    '0009': `create unique index wrong on care.child (authority, child)`,
    '0010': `create view care.wrong as select * from care.child`,
    '0011': `create function care.wrong() returns int language sql as 'select 1'`,
    '0013': `alter table care.child no force row level security`,
    '0016': `create materialized view care.wrong as select * from care.child`,
    '0023': `grant select on care.child to public`,
    '0024': `create policy wrong on care.child using (true)`,
    '0028': `create function care.wrong() returns int language sql security definer set search_path = '' as 'select 1'`,
  }
  test.each(Object.entries(MISTAKES))('%s', async (number, mistake) => {
    const [, text] = Object.entries(LINTS).find(([name]) => name.startsWith(number))!
    await undone(async () => {
      await admin.query(mistake)
      expect(await faults(text)).toHaveLength(1)
    })
  })
})

test('every table with an authority has one policy, for everything, and keys that begin with the authority', async () => {
  const { rows } = await admin.query<{
    name: string
    policies: string[]
    keys: string[] | null
  }>(
    `select c.oid::regclass::text as name,
            (select array_agg(p.polname || ' ' || p.polcmd::text) from pg_policy p where p.polrelid = c.oid) as policies,
            (select array_agg(i.indexrelid::regclass::text)
               from pg_index i
               join pg_attribute a on a.attrelid = c.oid and a.attnum = (i.indkey::int2[])[0]
              where i.indrelid = c.oid and i.indisunique and a.attname <> 'authority') as keys
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname = any ($1)
        and c.relname <> all (care.reference_tables())
        and exists (select 1 from pg_attribute a
                     where a.attrelid = c.oid and a.attname = 'authority' and not a.attisdropped)
      order by 1`,
    [SCHEMAS],
  )
  expect(rows.length).toBeGreaterThan(40)
  for (const row of rows) expect(row).toEqual({ name: row.name, policies: ['own_authority *'], keys: null })
})

test('the service owns nothing and may not make anything that lasts', async () => {
  const { rows } = await admin.query(
    `select has_schema_privilege('corporate_parenting_service', n.nspname, 'create') as creates,
            n.nspowner = 'corporate_parenting_service'::regrole as owns
       from pg_namespace n where n.nspname = any ($1)`,
    [SCHEMAS],
  )
  expect(rows).toEqual(SCHEMAS.map(() => ({ creates: false, owns: false })))
})
