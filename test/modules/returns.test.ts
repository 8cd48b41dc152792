import { createServer, connect } from 'node:net'
import { expect, test } from 'vitest'
import { newDatabase } from '../support/postgres.ts'
import { returnsApp, sendForm } from '../support/returns-app.ts'
import { FURTHER, filesOf, SAMPLE } from '../support/sample-return.ts'

test('first', async () => {
  const database = await newDatabase()
  const { client, log, close } = await returnsApp(database)
  const response = await sendForm(client, filesOf({ ...SAMPLE, ...FURTHER }))
  console.log(response.statusCode, JSON.stringify(response.json(), null, 1), log)
  const child = await client.get('/v1/authorities/382/children/ada1')
  console.log(child.statusCode, JSON.stringify(child.json(), null, 1))
  expect(response.statusCode).toBe(201)
  await close()
  await database.drop()
})
