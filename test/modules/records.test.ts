import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadRecords } from '../../src/records/load-records.ts'
import { newRecordCheck } from '../../src/records/record-checks.ts'
import { writeRecord } from '../../src/records/record-store.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import {
  childColumnOf,
  RECORD_KINDS,
  type RecordKind,
  type RecordKindName,
  recordKindNamed,
  relationOf,
} from '../../src/vocabulary/record-kinds.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { AUTHORITY, callsOn, type RecordsApp, recordsApp } from '../support/records-app.ts'
import { formOf, NOW, sendForm } from '../support/returns-app.ts'
import { badValue, FORMED, goodRecord, recordsCsv, type SampleRecord } from '../support/sample-records.ts'
import { filesOf, SAMPLE } from '../support/sample-return.ts'

const THEIRS = 'E08000035'
const BOTH = [AUTHORITY, THEIRS]

/** In one statement: there are four hundred tests. */
const CLEAR = `with ${[...RECORD_KINDS.map(relationOf), 'record_coverage', 'idempotency_key']
  .map((relation) => `${relation}_gone as (delete from care.${relation})`)
  .join(', ')} select 1`

let database: TestDatabase
let service: RecordsApp

beforeAll(async () => {
  database = await newDatabase()
  service = await recordsApp(database)
})
afterAll(async () => {
  await service.close()
  await database.drop()
})
beforeEach(async () => {
  service.setNow(NOW)
  await database.database.write(BOTH, (transaction) => transaction.query('test.clear', CLEAR))
})

const query = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.database.read(BOTH, (transaction) => transaction.query<Row>('test.query', text, values))
const version = async (authority = AUTHORITY): Promise<string | undefined> =>
  (
    await query<{ version: string }>(
      'select s.data_version as version from care.authority_state s where s.authority = $1',
      [authority],
    )
  )[0]?.version
const monthsOf = async (kind: RecordKindName): Promise<string[]> =>
  (
    await query<{ month: string }>(
      'select c.month from care.record_coverage c where c.authority = $1 and c.kind = $2 order by 1',
      [AUTHORITY, kind],
    )
  ).map(({ month }) => month.slice(0, 7))

const calls = (kind: string, authority?: string) => callsOn(service.client, kind, authority)
/** A record as it is given out: without what never is. */
const givenOut = (kind: RecordKind, record: SampleRecord): SampleRecord => ({
  ...record,
  ...Object.fromEntries(kind.columns.filter((one) => one.neverGiven).map(({ name }) => [name, null])),
})
const withoutId = (kind: RecordKind, record: SampleRecord): SampleRecord => {
  const { [kind.columns[0]!.name]: _, ...rest } = record
  return rest
}
const rulesIn = (answer: { json(): { findings: { rule: string; severity: string }[] } }, severity: string) =>
  answer
    .json()
    .findings.filter((one) => one.severity === severity)
    .map(({ rule }) => rule)

const INTERVIEW: SampleRecord = {
  miss_person_id: 'ada1',
  miss_missing_episode_start_date: '2024-06-05T18:30',
  miss_missing_episode_type: 'Missing',
  miss_missing_episode_end_date: '07/06/2024 22:00',
  miss_missing_rhi_offered: 'Y',
  miss_missing_rhi_accepted: 'yes',
  miss_missing_rhi_date: '2024-06-10 00:00:00',
}

describe.each(RECORD_KINDS.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  test('a record is written, read, listed and deleted', async () => {
    const { put, get, list, delete: remove } = calls(name)
    const record = goodRecord(kind)
    const created = await put('R0', withoutId(kind, record))
    expect(created.statusCode, created.body).toBe(201)
    expect(created.json()).toMatchObject({ kind: name, id: 'R0', result: 'created', revision: 1 })
    expect(created.json().record).toEqual(givenOut(kind, record))
    const got = await get('R0')
    expect(got.json()).toEqual({ ...created.json(), result: undefined, findings: undefined })
    expect(got.headers.etag).toBe(created.headers.etag)
    expect((await put('R0', got.json().record)).json()).toMatchObject({ result: 'unchanged', revision: 1 })
    expect((await list()).json()).toEqual({ data: [got.json()], next: null })
    expect(await monthsOf(name)).not.toEqual([])
    expect((await remove('R0')).statusCode).toBe(204)
    expect((await get('R0')).json().type).toMatch(/unknown-record$/)
    expect(await monthsOf(name)).toEqual([])
  })

  test('a file is written, in any order of columns, and written again changes nothing', async () => {
    const records = [0, 1, 2].map((n) => goodRecord(kind, n))
    const first = await calls(name).load(recordsCsv(kind, records))
    expect(first.statusCode, first.body).toBe(201)
    expect(first.json()).toMatchObject({ result: 'loaded', kind: name, rowsRead: 3, created: 3, leftOut: 0 })
    const listed = (await calls(name).list()).json().data
    expect(listed.map(({ record }: { record: SampleRecord }) => record)).toEqual(
      records.map((record) => givenOut(kind, record)),
    )
    const before = await version()
    const turned = { ...kind, columns: kind.columns.toReversed() }
    const again = await calls(name).load(recordsCsv(turned, records))
    expect(again.statusCode).toBe(200)
    expect(again.json()).toMatchObject({ result: 'unchanged', created: 0, changed: 0, unchanged: 3 })
    expect(await version()).toBe(before)
  })

  test.each(kind.columns.map((column) => [column.name, column] as const))(
    'a bad %s is named singly and in a file, and nothing is written',
    async (columnName, column) => {
      const [value, rule] = badValue(column)
      const bad = { ...goodRecord(kind), [columnName]: value }
      if (column.kind !== 'id') {
        const answer = await calls(name).put('R0', bad)
        expect(answer.statusCode, answer.body).toBe(400)
        expect(answer.json().errors).toContainEqual(
          expect.objectContaining({
            pointer: `/body/${columnName}`,
            code: rule,
            allowed: expect.arrayContaining([]),
          }),
        )
      }
      const file = await calls(name).load(recordsCsv(kind, [goodRecord(kind, 1), bad]))
      expect(file.statusCode, file.body).toBe(422)
      expect(file.json().findings).toContainEqual(
        expect.objectContaining({ severity: 'error', rule, row: 3, columns: [columnName], table: name }),
      )
      expect(file.body).not.toContain('xxxxx')
      expect((await calls(name).list()).json().data).toEqual([])
    },
  )

  test('every column that is needed is missed, singly and in a file, at once', async () => {
    const needed = kind.columns.filter((column) => column.required && column.kind !== 'id')
    const answer = await calls(name).put('R0', {})
    expect(answer.statusCode).toBe(400)
    expect(
      answer.json().errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
    ).toEqual(needed.map((column) => [`/body/${column.name}`, 'missing']))
    const file = await calls(name).load(recordsCsv(kind, [{ [kind.columns[0]!.name]: 'R0' }]))
    expect(rulesIn(file, 'error')).toEqual(needed.map(() => 'missing'))
  })

  test('is in the list of kinds, with every column', async () => {
    const kinds = (await service.client.get('/v1/record-kinds')).json().data
    const entry = kinds.find((one: { kind: string }) => one.kind === name)
    expect(entry.columns.map((column: { name: string }) => column.name)).toEqual(
      kind.columns.map((column) => column.name),
    )
  })
})

describe('the rules between columns', () => {
  const broken: readonly [RecordKindName, SampleRecord, string, 'error' | 'warning'][] = [
    ['return-home-interviews', { miss_missing_episode_end_date: '2023-12-31' }, 'end-before-start', 'error'],
    [
      'return-home-interviews',
      {
        miss_missing_episode_start_date: '2024-01-15T10:00',
        miss_missing_episode_end_date: '2024-01-15T09:59',
      },
      'end-before-start',
      'error',
    ],
    ['return-home-interviews', { miss_missing_rhi_date: '2024-01-14' }, 'interview-before-return', 'error'],
    ['return-home-interviews', { miss_missing_rhi_offered: 'N' }, 'accepted-though-not-offered', 'error'],
    ['return-home-interviews', { miss_missing_rhi_accepted: 'N' }, 'held-though-not-accepted', 'warning'],
    ['independent-visitors', { indv_end_date: '2024-01-14' }, 'end-before-start', 'error'],
    ['independent-visitors', { indv_matched_date: '2024-01-14' }, 'match-before-offer', 'warning'],
    ['independent-visitors', { indv_accepted: 'N' }, 'matched-though-not-accepted', 'warning'],
    ['care-leavers', { clea_care_leaver_latest_contact: '2024-01-16' }, 'contact-after-status', 'warning'],
    ['care-leavers', { clea_care_leaver_parent: 'N' }, 'children-though-no-parent', 'warning'],
    ['care-leaver-circumstances', { clci_end_date: '2024-01-14' }, 'end-before-start', 'error'],
    ['school-attendance', { satt_sessions_missed: 2 }, 'more-than-all', 'error'],
    ['school-attendance', { satt_sessions_unauthorised: 2 }, 'more-than-all', 'error'],
    ['school-enrolments', { enro_end_date: '2024-01-14' }, 'end-before-start', 'error'],
    ['suspensions', { susp_category: 'PERM' }, 'exclusion-with-sessions', 'warning'],
    ['key-stage-results', { ksre_attainment_8: 45 }, 'not-of-this-stage', 'error'],
    ['key-stage-results', { ksre_stage: 'KS4' }, 'not-of-this-stage', 'error'],
    ['special-educational-needs', { senp_end_date: '2024-01-14' }, 'end-before-start', 'error'],
    ['statutory-visits', { clav_cla_visit_seen: 'N' }, 'seen-alone-though-not-seen', 'warning'],
    ['permanence', { perm_matched_date: '2024-01-14' }, 'dates-out-of-order', 'warning'],
    ['fostering-households', { fohh_ended_date: '2024-01-14' }, 'end-before-start', 'error'],
    ['fostering-households', { fohh_age_from: 9, fohh_age_to: 5 }, 'ages-out-of-order', 'error'],
    ['fostering-households', { fohh_carer_1_birth_year: 2010 }, 'carer-too-young', 'error'],
    ['fostering-places', { fopl_not_available_reason: null }, 'not-available-half-said', 'warning'],
    ['commissioned-beds', { cobe_weekly_price: null }, 'no-price', 'warning'],
    ['commissioned-beds', { cobe_urn: 'SC999999' }, 'unknown-urn', 'warning'],
    ['providers', { prov_closed_date: '2024-01-14' }, 'end-before-start', 'error'],
    ['carer-recruitment', { recr_decision_date: '2024-01-14' }, 'dates-out-of-order', 'error'],
    ['surveys', { surv_answered: 5 }, 'more-than-all', 'error'],
    ['permanence', { perm_decision_reversed_reason: null }, 'reversal-half-said', 'warning'],
  ]
  test.each(broken)('%s %j: %s', async (name, change, rule, severity) => {
    const kind = recordKindNamed(name)
    const record = { ...goodRecord(kind), ...change }
    const put = await calls(name).put('R0', record)
    const file = await calls(name).load(recordsCsv(kind, [{ ...record, [kind.columns[0]!.name]: 'R1' }]))
    if (severity === 'error') {
      expect(put.statusCode, put.body).toBe(422)
      expect(put.json().errors.map(({ code }: { code: string }) => code)).toContain(rule)
      expect(put.json().type).toMatch(/records-refused$/)
    } else expect(put.statusCode, put.body).toBe(201)
    expect(file.statusCode, file.body).toBe(severity === 'error' ? 422 : 201)
    expect(rulesIn(file, severity)).toContain(rule)
    if (severity === 'warning') expect(rulesIn(put, severity)).toContain(rule)
  })

  test('a day in the future is refused, but for what may be ahead', async () => {
    const put = (name: RecordKindName, change: SampleRecord) =>
      calls(name).put('R0', { ...goodRecord(recordKindNamed(name)), ...change })
    for (const answer of [
      await put('personal-education-plans', { pepl_review_date: '2025-11-23' }),
      await put('return-home-interviews', { miss_missing_episode_end_date: '2025-11-23T10:00' }),
      await put('key-stage-results', { ksre_academic_year: '2026-27' }),
    ])
      expect(answer.json().errors).toMatchObject([{ code: 'in-the-future' }])
    expect((await put('personal-education-plans', { pepl_review_date: '2025-11-22' })).statusCode).toBe(201)
    expect(
      (await put('school-enrolments', { enro_start_date: '2026-09-01', enro_end_date: null })).statusCode,
    ).toBe(201)
  })
})

describe('one record', () => {
  const { put, get, delete: remove } = { ...callsLater() }
  /** The calls need the service, which is there only when the tests run. */
  function callsLater() {
    const name = 'return-home-interviews'
    return {
      put: (...given: Parameters<ReturnType<typeof calls>['put']>) => calls(name).put(...given),
      get: (...given: Parameters<ReturnType<typeof calls>['get']>) => calls(name).get(...given),
      delete: (...given: Parameters<ReturnType<typeof calls>['delete']>) => calls(name).delete(...given),
    }
  }

  test('keeps the time where one is given, and reads what extracts write', async () => {
    const answer = await put('a/b ü%', { ...INTERVIEW, miss_missing_rhi_outcome: 'SSD_PH' })
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json().record).toEqual({
      miss_table_id: 'a/b ü%',
      miss_person_id: 'ADA1',
      miss_missing_episode_start_date: '2024-06-05T18:30:00',
      miss_missing_episode_type: 'M',
      miss_missing_episode_end_date: '2024-06-07T22:00:00',
      miss_missing_rhi_offered: 'Y',
      miss_missing_rhi_accepted: 'Y',
      miss_missing_rhi_date: '2024-06-10',
      miss_missing_rhi_outcome: null,
    })
    expect((await service.client.get(answer.headers.location as string)).json().id).toBe('a/b ü%')
    const open = await put(
      'a/b ü%',
      { ...INTERVIEW, miss_missing_rhi_date: '1900-01-01T00:00:00' },
      { 'if-match': '*' },
    )
    expect(open.json().record.miss_missing_rhi_date).toBeNull()
    const [row] = await query<object>(
      `select miss_missing_episode_end_date + miss_missing_episode_end_time as ended, miss_missing_rhi_time as time
         from care.record_return_home_interviews`,
    )
    expect(row).toMatchObject({ time: null })
  })

  test('says every fault at once: unknown members with near ones, codes with near ones', async () => {
    const answer = await put('M1', {
      ...INTERVIEW,
      miss_missing_rhi_offerd: 'Y',
      miss_missing_episode_type: 'Mising',
      miss_missing_rhi_accepted: true,
      miss_table_id: 'M2',
      'per/son~': 1,
    })
    expect(answer.statusCode).toBe(400)
    const faults = new Map(answer.json().errors.map((fault: { pointer: string }) => [fault.pointer, fault]))
    expect(faults.get('/body/miss_missing_rhi_offerd')).toMatchObject({
      code: 'unknown-member',
      didYouMean: expect.arrayContaining(['miss_missing_rhi_offered']),
    })
    // A member that is no name of one is not repeated: it may be an id.
    expect(faults.get('/body')).toMatchObject({ code: 'unknown-member' })
    expect(faults.get('/body/miss_missing_episode_type')).toMatchObject({
      code: 'not-allowed',
      allowed: ['M', 'A'],
    })
    expect(faults.get('/body/miss_missing_rhi_accepted')).toMatchObject({ code: 'wrong-type' })
    expect(faults.get('/body/miss_table_id')).toMatchObject({ code: 'id-differs' })
    const near = await calls('health-assessments').put('H1', {
      ...goodRecord(recordKindNamed('health-assessments')),
      clah_health_check_id: 'H1',
      clah_health_check_type: 'DENTEL',
    })
    expect(near.json().errors).toMatchObject([{ code: 'not-allowed', didYouMean: ['DENTAL'] }])
  })

  test.each([
    ['[]', 'application/json', 400],
    ['null', 'application/json', 400],
    ['"x"', 'application/json', 400],
    ['{', 'application/json', 400],
    ['', 'application/json', 400],
    ['{"__proto__": {"a": 1}}', 'application/json', 400],
    ['{"miss_person_id": "A\\u0000"}', 'application/json', 400],
    ['a,b', 'text/csv', 415],
    ['a', 'application/xml', 415],
    [`{"x": "${'x'.repeat(70_000)}"}`, 'application/json', 413],
  ])('refuses the body %s as %s', async (payload, type, status) => {
    const answer = await service.client.inject({
      method: 'PUT',
      url: `${calls('return-home-interviews').base}/M1`,
      headers: { 'content-type': type },
      payload,
    })
    expect(answer.statusCode, answer.body.slice(0, 500)).toBe(status)
  })

  test('takes the place of another only in the state that If-Match names', async () => {
    expect((await put('M1', INTERVIEW, { 'if-match': '*' })).statusCode).toBe(412)
    const first = await put('M1', INTERVIEW, { 'if-none-match': '*' })
    expect(first.statusCode).toBe(201)
    expect((await put('M1', INTERVIEW, { 'if-none-match': '*' })).json().errors).toMatchObject([
      { pointer: '/headers/if-none-match', code: 'precondition-failed' },
    ])
    const changed = { ...INTERVIEW, miss_missing_rhi_outcome: 'T1' }
    const etag = String(first.headers.etag)
    expect((await put('M1', changed, { 'if-match': `W/${etag}` })).statusCode).toBe(412)
    const second = await put('M1', changed, { 'if-match': `"x", ${etag}` })
    expect(second.json()).toMatchObject({ result: 'changed', revision: 2 })
    expect(second.headers.etag).not.toBe(etag)
    const late = await put('M1', INTERVIEW, { 'if-match': etag })
    expect(late.statusCode).toBe(412)
    expect(late.json().type).toMatch(/precondition-failed$/)
    expect((await remove('M1', { 'if-match': etag })).statusCode).toBe(412)
    expect((await get('M1', { 'if-none-match': String(second.headers.etag) })).statusCode).toBe(304)
    expect((await remove('M1', { 'if-match': String(second.headers.etag) })).statusCode).toBe(204)
    expect((await remove('M1')).statusCode).toBe(404)
  })

  test('of a child that no return knows, or from before their birth, is odd but kept', async () => {
    await sendForm(service.client, filesOf(SAMPLE))
    const kind = recordKindNamed('personal-education-plans')
    const record = goodRecord(kind)
    const findings = async (change: SampleRecord) => {
      await calls(kind.name).delete('R0')
      return (await calls(kind.name).put('R0', { ...record, ...change })).json().findings
    }
    expect(await findings({})).toEqual([])
    expect(await findings({ pepl_person_id: 'EVE' })).toMatchObject([{ rule: 'unknown-child' }])
    expect(await findings({ pepl_review_date: '2012-05-13' })).toMatchObject([
      { rule: 'before-birth', columns: ['pepl_review_date'], severity: 'warning' },
    ])
    const file = await calls(kind.name).load(
      recordsCsv(kind, [
        record,
        { ...record, pepl_table_id: 'R1', pepl_person_id: 'EVE' },
        { ...record, pepl_table_id: 'R2', pepl_review_date: '2012-05-13' },
      ]),
    )
    expect(file.json().findings).toMatchObject([
      { rule: 'unknown-child', row: 3, file: 'file.csv' },
      { rule: 'before-birth', row: 4, columns: ['pepl_review_date'] },
    ])
    for (const { id } of (await service.client.get(`/v1/authorities/${AUTHORITY}/returns`)).json().data)
      await service.client.inject({ method: 'DELETE', url: `/v1/authorities/${AUTHORITY}/returns/${id}` })
  })

  test('is its authority’s alone, and known by a kind that exists', async () => {
    await put('M1', INTERVIEW)
    expect((await calls('return-home-interviews', THEIRS).get('M1')).statusCode).toBe(404)
    expect((await calls('return-home-interviews', THEIRS).delete('M1')).statusCode).toBe(404)
    expect((await calls('return-home-interviews', THEIRS).list()).json().data).toEqual([])
    for (const answer of [
      await calls('return-home-interview').get('M1'),
      await calls('return-home-interview').put('M1', INTERVIEW),
      await calls('return-home-interview').load('x'),
    ]) {
      expect(answer.statusCode, answer.body).toBe(404)
      expect(answer.json()).toMatchObject({
        type: expect.stringMatching(/unknown-record-kind$/),
        errors: [{ didYouMean: ['return-home-interviews'] }],
      })
    }
  })

  test('that describes a day not told describes the day of writing, until something changes', async () => {
    const kind = recordKindNamed('care-leavers')
    const { clea_status_date: _, ...record } = goodRecord(kind)
    const day = async () => (await calls('care-leavers').get('R0')).json().record.clea_status_date
    await calls('care-leavers').put('R0', record)
    expect(await day()).toBe('2025-11-22')
    service.setNow(new Date('2025-11-24T12:00:00Z'))
    expect((await calls('care-leavers').put('R0', record)).json().result).toBe('unchanged')
    expect((await calls('care-leavers').load(recordsCsv(kind, [record]))).json().result).toBe('unchanged')
    expect(await day()).toBe('2025-11-22')
    await calls('care-leavers').load(recordsCsv(kind, [{ ...record, clea_staying_close: 'N' }]))
    expect(await day()).toBe('2025-11-24')
  })

  test('leaves out the hour of what is a day, and takes no day that is none', async () => {
    const visit = { ...goodRecord(recordKindNamed('statutory-visits')), clav_cla_visit_id: 'V1' }
    const put = (day: string) => calls('statutory-visits').put('V1', { ...visit, clav_cla_visit_date: day })
    expect((await put('2024-05-01 14:30:00.000')).json().record.clav_cla_visit_date).toBe('2024-05-01')
    for (const day of ['2024-05-01 25:00', '31/04/2024', '45413', '2024-5-1', 'tomorrow'])
      expect((await put(day)).json().errors).toMatchObject([{ code: 'wrong-form' }])
  })

  test('may leave out the status of a health check that was done', async () => {
    const answer = await calls('health-assessments').put('H1', {
      clah_person_id: 'ADA1',
      clah_health_check_type: 'Initial Health Assessment',
      clah_health_check_date: '2024-05-01',
    })
    expect(answer.json().record).toMatchObject({
      clah_health_check_type: 'IHA',
      clah_health_check_status: 'COMPLETED',
    })
  })
})

describe('a list', () => {
  test('is cut by child and days, and comes in pages', async () => {
    const kind = recordKindNamed('personal-education-plans')
    const { list, load } = calls(kind.name)
    await load(
      recordsCsv(
        kind,
        [0, 1, 2, 3, 4].map((n) => goodRecord(kind, n)),
      ),
    )
    const ids = async (asked: string) => (await list(asked)).json().data.map(({ id }: { id: string }) => id)
    expect(await ids('?child=ben2')).toEqual(['R1', 'R3'])
    expect(await ids('?from=2024-02-15&to=2024-04-14')).toEqual(['R1', 'R2'])
    const first = (await list('?limit=2')).json()
    const second = (await list(`?limit=2&cursor=${first.next}`)).json()
    expect(second.data.map(({ id }: { id: string }) => id)).toEqual(['R2', 'R3'])
    expect((await list(`?limit=2&child=ADA1&cursor=${first.next}`)).json().type).toMatch(/invalid-cursor$/)
    expect((await list('?from=2024-02-30&to=x')).json().errors).toHaveLength(2)
    expect((await list('?from=0000-01-01')).statusCode).toBe(400)
    expect((await list('?child=%00')).statusCode).toBe(400)
    expect((await calls('workforce-census').list('?child=ADA1')).json().errors).toMatchObject([
      { pointer: '/query/child', code: 'unknown-member' },
    ])
  })
})

describe('a file', () => {
  const kind = recordKindNamed('personal-education-plans')
  const rows = (count: number) => Array.from({ length: count }, (_, n) => goodRecord(kind, n))
  const load = (csv: string | Buffer, asked?: string, headers?: Record<string, string>) =>
    calls(kind.name).load(csv, asked, headers)

  test('may come in a form', async () => {
    const form = formOf([{ name: 'plans.csv', content: recordsCsv(kind, rows(2)) }])
    const send = (sent: typeof form) =>
      service.client.inject({ method: 'POST', url: calls(kind.name).base, ...sent })
    expect((await send(form)).json()).toMatchObject({ created: 2 })
    const two = formOf([
      { name: 'plans.csv', content: recordsCsv(kind, rows(2)) },
      { name: 'more.csv', content: recordsCsv(kind, rows(3)) },
    ])
    expect((await send(two)).json().errors).toMatchObject([{ code: 'too-many-files' }])
    expect((await send(formOf([]))).statusCode).toBe(400)
    expect((await calls(kind.name).list()).json().data).toHaveLength(2)
  })

  test('writes all or nothing, or with accept=partial the rest', async () => {
    const bad = { ...goodRecord(kind, 7), pepl_review_date: 'x' }
    const csv = recordsCsv(kind, [...rows(2), bad, bad, goodRecord(kind, 1)])
    const before = await version()
    const refused = await load(csv)
    expect(refused.statusCode).toBe(422)
    expect(refused.json()).toMatchObject({
      type: expect.stringMatching(/records-refused$/),
      summary: { errors: 4 },
      errors: [
        { pointer: '/files/file.csv/rows/4', code: 'wrong-form' },
        { pointer: '/files/file.csv/rows/5' },
        { pointer: '/files/file.csv/rows/5' },
        { pointer: '/files/file.csv/rows/6', code: 'id-repeated' },
      ],
    })
    expect(await version()).toBe(before)
    expect((await load(csv, '?accept=partial&dryRun=true')).json()).toMatchObject({
      result: 'checked',
      created: 2,
      leftOut: 3,
    })
    expect((await calls(kind.name).list()).json().data).toEqual([])
    const partial = await load(csv, '?accept=partial')
    expect(partial.statusCode).toBe(201)
    expect(partial.json()).toMatchObject({ result: 'loaded', rowsRead: 5, created: 2, leftOut: 3 })
    expect(await version()).not.toBe(before)
  })

  test('leaves out columns that are not the kind’s, names above all', async () => {
    const answer = await calls('social-workers').load(
      'LA,prof_table_id,prof_professional_id,prof_professional_name,prof_status_date,prof_professional_caseload,prof_full_time_equivalency,prof_agency_worker_flag\n' +
        '382,P1,W1,Jane Doe,2024-09-30,17,0.85,PLACEHOLDER_DATA\n',
    )
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json().findings).toMatchObject([{ severity: 'warning', rule: 'column-unknown', row: 1 }])
    expect(answer.body).not.toContain('Jane')
    const put = await calls('social-workers').put('P2', {
      ...goodRecord(recordKindNamed('social-workers')),
      prof_table_id: 'P2',
      prof_professional_name: 'Jane Doe',
    })
    expect(put.json().errors).toMatchObject([
      { pointer: '/body/prof_professional_name', code: 'unknown-member' },
    ])
    expect((await calls('social-workers').get('P1')).json().record).toMatchObject({
      prof_full_time_equivalency: 0.85,
      prof_professional_caseload: 17,
      prof_agency_worker_flag: null,
    })
  })

  test.each([
    ['', 422, 'empty-file'],
    ['a,b\n1,2\n', 422, 'not-a-table'],
    ['pepl_table_id;pepl_person_id\n1;2\n', 422, 'not-a-table'],
    ['susp_table_id,susp_person_id\n1,2\n', 422, 'not-a-table'],
    ['{"a": 1}', 422, 'not-csv'],
    ['pepl_table_id,pepl_person_id\n1,"2\n', 422, 'not-csv'],
    [Buffer.from('pepl_table_id\n', 'utf16le'), 422, 'utf-16'],
    [Buffer.from('pepl_table_id,pepl_person_id\n\xff', 'latin1'), 422, 'not-utf-8'],
    ['pepl_table_id,pepl_person_id\n1,2\n', 422, 'column-missing'],
    [
      'pepl_table_id,pepl_table_id,pepl_person_id,pepl_review_date\n1,1,2,2024-01-01\n',
      422,
      'column-repeated',
    ],
    [
      'pepl_table_id,pepl_person_id,pepl_review_date,pepl_qualty\n1,2,2024-01-01,good\n',
      422,
      'column-misspelt',
    ],
    ['pepl_table_id,pepl_person_id,pepl_review_date\n1,2\n', 422, 'cells'],
    ['pepl_table_id,pepl_person_id,pepl_review_date\n1,2,2024-01-01,3\n', 422, 'cells'],
  ])('that is %j is refused', async (csv, status, code) => {
    const answer = await load(csv)
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.json().errors.map((fault: { code: string }) => fault.code)).toEqual([code])
    const partial = await load(csv, '?accept=partial')
    if (code === 'cells') expect(partial.json()).toMatchObject({ result: 'unchanged', leftOut: 1 })
    else expect(partial.statusCode).toBe(422)
  })

  test('of another kind says whose columns it has', async () => {
    const answer = await load('susp_table_id,susp_person_id\n1,2\n')
    expect(answer.json().errors[0].detail).toContain('those of suspensions')
    expect((await load('Jane Doe,born 2012\n')).body).not.toContain('jane')
  })

  test('without a body, or of another type, is refused', async () => {
    const send = (headers: Record<string, string>, payload?: string) =>
      service.client.inject({
        method: 'POST',
        url: calls(kind.name).base,
        headers,
        ...(payload === undefined ? {} : { payload }),
      })
    expect((await send({})).json().type).toMatch(/nothing-sent$/)
    expect((await send({ 'content-type': 'application/json' }, '{}')).statusCode).toBe(415)
    expect((await send({ 'content-type': 'application/zip' }, 'x')).statusCode).toBe(415)
  })

  test('takes an empty row for none, and a header row alone for no record', async () => {
    const [head] = recordsCsv(kind, []).split('\r\n')
    expect((await load(`${head}\n`)).json()).toMatchObject({ result: 'unchanged', rowsRead: 0 })
    expect((await load(`\uFEFF${head}\n,,,\n\nR1,ADA1,01/05/2024,\n , ,,,,\n`)).json()).toMatchObject({
      rowsRead: 1,
      created: 1,
    })
  })

  test('has 100,000 rows at most; one more is refused and said', async () => {
    const most = recordsCsv(kind, rows(100_000))
    const all = await load(most)
    expect(all.json()).toMatchObject({ created: 100_000, summary: { listIsCut: true, warnings: 100_000 } })
    expect(all.json().findings).toHaveLength(1_000)
    const more = await load(`${most}X,ADA1,2024-01-01,\r\n`)
    expect(more.statusCode).toBe(413)
    expect(more.json().errors).toMatchObject([{ code: 'too-many-rows', allowed: ['at most 100000 rows'] }])
  })

  test('waits its turn', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) =>
        load(
          recordsCsv(
            kind,
            rows(n).map((row) => ({ ...row, pepl_quality: ['good', 'poor'][n % 2]! })),
          ),
        ),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201, 201, 201])
    expect((await calls(kind.name).list()).json().data).toHaveLength(6)
  })
})

describe('an idempotency key', () => {
  const kind = recordKindNamed('personal-education-plans')
  const csv = recordsCsv(kind, [goodRecord(kind)])
  const other = recordsCsv(kind, [goodRecord(kind, 1)])
  const load = (text: string, key: string, asked = '') =>
    calls(kind.name).load(text, asked, { 'idempotency-key': key })

  test('brings the first answer again, and can’t be used for another file', async () => {
    const first = await load(csv, 'a')
    expect(first.statusCode).toBe(201)
    await calls(kind.name).delete('R0')
    const again = await load(csv, 'a')
    expect(again.statusCode).toBe(201)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.json()).toEqual(first.json())
    expect((await calls(kind.name).get('R0')).statusCode).toBe(404)
    for (const answer of [await load(other, 'a'), await load(csv, 'a', '?accept=partial')]) {
      expect(answer.statusCode).toBe(422)
      expect(answer.json().type).toMatch(/idempotency-key-reused$/)
    }
  })

  test('is not used up by a refusal or a dry run', async () => {
    expect((await load(csv.replace('good', 'bad'), 'b')).statusCode).toBe(422)
    expect((await load(csv, 'b', '?dryRun=true')).statusCode).toBe(200)
    expect((await load(csv, 'b')).statusCode).toBe(201)
  })

  test('in use is refused', async () => {
    const answers = await Promise.all([load(csv, 'c'), load(csv, 'c')])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409])
  })
})

describe('the data version', () => {
  const kind = recordKindNamed('suspensions')
  test('changes with every write that changes something, also without a return', async () => {
    await database.database.write(BOTH, (transaction) =>
      transaction.query('test.clear', 'delete from care.authority_state'),
    )
    const seen = new Set<string | undefined>([await version()])
    expect(seen).toEqual(new Set([undefined]))
    const changes = service.changes()
    await calls(kind.name).put('R0', goodRecord(kind))
    seen.add(await version())
    await calls(kind.name).put('R0', goodRecord(kind))
    seen.add(await version())
    await calls(kind.name).load(recordsCsv(kind, [goodRecord(kind), goodRecord(kind, 1)]))
    seen.add(await version())
    await calls(kind.name).delete('R1')
    seen.add(await version())
    expect(seen.size).toBe(4)
    expect(service.changes()).toBe(changes + 3)
    expect(await version(THEIRS)).toBeUndefined()
  })

  test('of returns is what it was where there is no record, and comes back with a withdrawal', async () => {
    const withdrawAll = async () => {
      for (const authority of BOTH)
        for (const { id } of (await service.client.get(`/v1/authorities/${authority}/returns`)).json().data)
          await service.client.inject({ method: 'DELETE', url: `/v1/authorities/${authority}/returns/${id}` })
    }
    await calls(kind.name).put('R0', goodRecord(kind))
    const withRecords = await version()
    await sendForm(service.client, filesOf(SAMPLE))
    await sendForm(service.client, filesOf(SAMPLE), undefined, {}, THEIRS)
    expect(await version()).not.toBe(withRecords)
    expect(await version()).not.toBe(await version(THEIRS))
    await withdrawAll()
    expect(await version()).toBe(withRecords)
    expect(await version(THEIRS)).toBe('0')
  })
})

describe('coverage', () => {
  test('is the months that have dated records', async () => {
    const kind = recordKindNamed('permanence')
    const { put, delete: remove, load } = calls(kind.name)
    const only = (days: SampleRecord) => ({ perm_person_id: 'ADA1', ...days })
    await put('P1', only({ perm_adm_decision_date: '2024-04-10', perm_matched_date: '2024-06-01' }))
    await put('P2', only({ perm_adm_decision_date: '2024-04-30' }))
    await put('P3', only({}))
    expect(await monthsOf('permanence')).toEqual(['2024-04', '2024-06'])
    await put('P1', only({ perm_adm_decision_date: '2024-05-10' }), { 'if-match': '*' })
    expect(await monthsOf('permanence')).toEqual(['2024-04', '2024-05'])
    await load(
      'perm_table_id,perm_person_id,perm_placement_order_date\nP2,ADA1,2024-07-01\nP4,ADA1,2024-08-01\n',
    )
    expect(await monthsOf('permanence')).toEqual(['2024-05', '2024-07', '2024-08'])
    await remove('P4')
    expect(await monthsOf('permanence')).toEqual(['2024-05', '2024-07'])
  })

  test('of a key stage result is the end of its academic year', async () => {
    await calls('key-stage-results').put('K1', {
      ksre_person_id: 'ADA1',
      ksre_stage: 'KS4',
      ksre_academic_year: '2023/24',
      ksre_attainment_8: 21.25,
      ksre_progress_8: -0.4,
    })
    expect(await monthsOf('key-stage-results')).toEqual(['2024-08'])
    expect(
      (await calls('key-stage-results').list('?from=2024-08-31&to=2024-08-31')).json().data,
    ).toHaveLength(1)
  })
})

test('many at once are what the same are one by one, in whatever order', async () => {
  const today = '2025-11-22' as Day
  const rowOf = (kind: RecordKind) => {
    const check = newRecordCheck(kind, today)
    const texts = fc.record(
      Object.fromEntries(
        kind.columns.map((column) => [
          column.name,
          column.kind === 'id'
            ? fc.nat(9).map((n) => `R${n}`)
            : column.kind === 'day' || column.kind === 'moment'
              ? fc.oneof(
                  fc.constant(''),
                  fc
                    .nat(40)
                    .map((n) => `2024-${String(1 + Math.floor(n / 4)).padStart(2, '0')}-${10 + (n % 4)}`),
                  ...(column.kind === 'moment'
                    ? [fc.nat(23).map((hour) => `2024-05-10 ${String(hour).padStart(2, '0')}:30`)]
                    : []),
                )
              : column.kind === 'code'
                ? fc.constantFrom('', ...Object.keys(column.codes))
                : column.kind === 'whole-number' || column.kind === 'number'
                  ? fc.constantFrom('', String(column.least), String(column.most), String(column.least + 1))
                  : column.kind === 'academic-year'
                    ? fc.constantFrom('2022-23', '2023/24')
                    : column.kind === 'text' && column.form
                      ? fc.constantFrom('', ...FORMED.filter((text) => column.form!.test(text)))
                      : fc.constantFrom('', 'one', 'two \\ "three", four'),
        ]),
      ),
    )
    return texts.filter((row) => check(kind.columns.map(({ name }) => row[name] ?? null)).isGood)
  }
  const files = fc.constantFrom(...RECORD_KINDS).chain((kind: RecordKind<RecordKindName>) =>
    fc.record({
      kind: fc.constant(kind),
      before: fc.uniqueArray(rowOf(kind), { maxLength: 5, selector: (row) => row[kind.columns[0]!.name] }),
      rows: fc.uniqueArray(rowOf(kind), { maxLength: 8, selector: (row) => row[kind.columns[0]!.name] }),
      order: fc.infiniteStream(fc.nat()),
    }),
  )
  const bytes = async function* (csv: string) {
    yield {
      name: 'file.csv',
      bytes: (async function* () {
        yield Buffer.from(csv)
      })(),
    }
  }
  const stateOf = (authority: string, kind: RecordKind) =>
    database.database.read([authority], async (transaction) => ({
      rows: await transaction.query<object>(
        'test.state',
        `select (to_jsonb(r) - 'authority' - 'written_at' - 'written_by') as row from care.${relationOf(kind)} r order by r.id`,
      ),
      months: await transaction.query<object>(
        'test.state',
        'select c.kind, c.month from care.record_coverage c order by 1, 2',
      ),
    }))

  await fc.assert(
    fc.asyncProperty(files, async ({ kind, before, rows, order }) => {
      await database.database.write(BOTH, async (transaction) => {
        await transaction.query('test.clear', `delete from care.${relationOf(kind)}`)
        await transaction.query('test.clear', 'delete from care.record_coverage')
      })
      const check = newRecordCheck(kind, today)
      for (const part of [before, rows]) {
        if (part.length > 0)
          await loadRecords(
            database.database,
            { authority: AUTHORITY, kind, partially: false, dryRun: false, by: 'test', today },
            bytes(recordsCsv(kind, part)),
          )
        const shuffled = part
          .map((row) => ({ row, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
        for (const { row } of shuffled)
          await database.database.write([THEIRS], (transaction) =>
            writeRecord(transaction, kind, check(kind.columns.map(({ name }) => row[name] ?? null)).values, {
              authority: THEIRS,
              by: 'test',
              today,
              precondition: () => {},
            }),
          )
      }
      expect(await stateOf(THEIRS, kind)).toEqual(await stateOf(AUTHORITY, kind))
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) },
  )
}, 120_000)

test('whatever is sent is written or refused, never a failure', async () => {
  const kinds = fc.constantFrom(...RECORD_KINDS)
  const members = kinds.chain((kind: RecordKind<RecordKindName>) =>
    fc.tuple(
      fc.constant(kind),
      fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
      fc.dictionary(
        fc.oneof(fc.constantFrom(...kind.columns.map(({ name }) => name)), fc.string()),
        fc.oneof(
          fc.jsonValue(),
          fc.string({ unit: 'binary' }),
          fc.constantFrom('2024-05-01', 'Y', '1', 'KS2'),
        ),
      ),
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      members,
      fc.string({ unit: 'binary', maxLength: 200 }),
      async ([kind, id, body], text) => {
        const record = { ...goodRecord(kind), ...body }
        delete record[kind.columns[0]!.name]
        const { put, get, load } = calls(kind.name)
        for (const answer of [
          await put(id.toWellFormed(), record),
          await get(id.toWellFormed()),
          await load(`${recordsCsv(kind, [goodRecord(kind)])}${text}`),
          await load(`${kind.columns.map(({ name }) => name).join(',')}\n${JSON.stringify(text)},${text}`),
        ])
          expect([200, 201, 400, 404, 414, 422], answer.body).toContain(answer.statusCode)
      },
    ),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) },
  )
}, 120_000)

test('nothing of a child is in the log', async () => {
  await calls('suspensions').put('SECRET-ID', { susp_person_id: 'SECRET-CHILD', susp_category: 'x' })
  await calls('suspensions').list('?child=SECRET-CHILD')
  await calls('suspensions').load('susp_table_id,susp_person_id\nSECRET-ID,SECRET-CHILD\n')
  await calls('suspensions').get('SECRET-ID')
  expect(service.log.join('\n')).not.toContain('SECRET')
})

test('a kind is declared so that everything can follow', () => {
  for (const kind of RECORD_KINDS as readonly RecordKind[]) {
    const names = kind.columns.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(kind.columns[0]!.kind).toBe('id')
    if (childColumnOf(kind)) expect(kind.columns[1]!.kind).toBe('child')
    expect(names.every((name) => /^[a-z][a-z0-9]{3}_[a-z0-9_]+$/.test(name))).toBe(true)
    for (const { columns } of kind.rules) for (const column of columns) expect(names).toContain(column)
    for (const day of kind.datedBy) expect([...names, kind.derivedDay?.name]).toContain(day)
  }
})
