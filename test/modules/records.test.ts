import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RECORD_KINDS, relationOf } from '../../src/vocabulary/record-kinds.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { AUTHORITY, callsOn, type RecordsApp, recordsApp } from '../support/records-app.ts'

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

const INTERVIEW = {
  miss_person_id: 'ADA1',
  miss_missing_episode_start_date: '2024-06-05T18:30',
  miss_missing_episode_type: 'Missing',
  miss_missing_episode_end_date: '07/06/2024 22:00',
  miss_missing_rhi_offered: 'Y',
  miss_missing_rhi_accepted: 'yes',
  miss_missing_rhi_date: '2024-06-10',
}

test('thin road', async () => {
  const calls = callsOn(service.client, 'return-home-interviews')
  const put = await calls.put('M1', INTERVIEW)
  expect(put.statusCode, put.body).toBe(201)
  console.log(put.json(), put.headers)
  const got = await calls.get('M1')
  console.log(got.json())
  const loaded = await calls.load(
    'miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type\nM1,ADA1,2024-06-05 18:30:00,M\nM2,BEN,05/06/2024,A\n',
  )
  console.log(loaded.statusCode, JSON.stringify(loaded.json(), null, 1))
  console.log((await calls.list()).json())
  console.log(
    (await service.client.get(`/v1/authorities/${AUTHORITY}/records/return-home-interview/x`)).json(),
  )
})
