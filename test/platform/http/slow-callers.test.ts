import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { afterAll, describe, expect, test } from 'vitest'
import { refusals } from '../../../src/platform/http/problem.ts'
import { arriving, streamBodies } from '../../../src/platform/http/streamed-body.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const PATIENCE = { headersMs: 400, bodyMs: 500, pauseMs: 400 }

const response = { 200: Type.Object({ bytes: Type.Integer() }), ...refusals() }
const things: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/v1/small',
    { config: { scope: 'admin' }, schema: { body: Type.Object({}), response } },
    async () => ({ bytes: 0 }),
  )
  await app.register(async (uploads) => {
    streamBodies(uploads, ['text/csv'])
    uploads.post(
      '/v1/uploads',
      { config: { scope: 'admin' }, bodyLimit: 64 * 1024 * 1024, schema: { response } },
      async (request) => {
        let bytes = 0
        for await (const chunk of arriving(request)) bytes += chunk.length
        return { bytes }
      },
    )
  })
}

const { app } = await smallApp(things, { patience: PATIENCE })
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as { port: number }
afterAll(() => app.close())

const opened = (): Socket => connect(port, '127.0.0.1')
const head = (path: string, type: string, length: number, key = ADMIN_KEY): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`

/** All that comes until the connection is closed, and how long that took. */
async function answered(socket: Socket): Promise<{ answer: string; tookMs: number }> {
  const start = performance.now()
  const answer = await text(socket).catch(() => '')
  return { answer, tookMs: performance.now() - start }
}
const reasonIn = (answer: string): string =>
  JSON.parse(answer.split('\r\n\r\n')[1] ?? '{}')
    .type?.split('/')
    .at(-1)

describe('a connection is closed, and told why, where', () => {
  test('the headers do not come', async () => {
    const socket = opened()
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    const drip = setInterval(() => socket.write('a'), 50)
    const { answer, tookMs } = await answered(socket)
    clearInterval(drip)
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(reasonIn(answer)).toBe('request-too-slow')
    expect(tookMs).toBeLessThan(3_000)
  })

  test('a small body comes a byte at a time', async () => {
    const socket = opened()
    socket.write(head('/v1/small', 'application/json', 1000))
    const drip = setInterval(() => socket.write(' '), 50)
    const { answer, tookMs } = await answered(socket)
    clearInterval(drip)
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nContent-Type: application\/problem\+json/)
    expect(reasonIn(answer)).toBe('request-too-slow')
    expect(tookMs).toBeGreaterThan(300)
    expect(tookMs).toBeLessThan(3_000)
  })

  test('an upload stops, or trickles', async () => {
    for (const drips of [false, true]) {
      const socket = opened()
      socket.write(`${head('/v1/uploads', 'text/csv', 1_000_000)}${'x'.repeat(1000)}`)
      const drip = drips ? setInterval(() => socket.write('x'), 50) : undefined
      const { answer, tookMs } = await answered(socket)
      clearInterval(drip)
      expect(reasonIn(answer)).toBe('request-too-slow')
      expect(tookMs).toBeLessThan(3_000)
    }
  })

  test('the body of a request that was refused goes on for ever', async () => {
    for (const path of ['/v1/small', '/v1/uploads', '/nothing']) {
      const socket = opened()
      socket.write(head(path, 'application/json', 1000, 'nobodys'))
      const drip = setInterval(() => socket.write(' '), 50)
      const { tookMs } = await answered(socket)
      clearInterval(drip)
      expect(tookMs, path).toBeLessThan(3_000)
    }
  })

  test('the headers are larger than 16 KiB', async () => {
    const socket = opened()
    socket.write(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`)
    const { answer } = await answered(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(reasonIn(answer)).toBe('headers-too-large')
  })

  test('two headers say how long the body is (smuggling)', async () => {
    for (const twice of [
      'Content-Length: 3\r\nTransfer-Encoding: chunked',
      'Content-Length: 3\r\nContent-Length: 4',
    ]) {
      const socket = opened()
      socket.write(
        `POST /v1/small HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n${twice}\r\n\r\n{}`,
      )
      const { answer } = await answered(socket)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    }
  })
})

test('an upload that takes its time and goes on is taken', async () => {
  const socket = opened()
  socket.write(head('/v1/uploads', 'text/csv', 8 * 2048))
  for (let n = 0; n < 8; n++) {
    await wait(150)
    socket.write('x'.repeat(2048))
  }
  socket.end()
  const { answer } = await answered(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toContain(`{"bytes":${8 * 2048}}`)
})

test('a connection that is kept open for the next request is not hurried', async () => {
  const socket = opened()
  const request = `${head('/v1/small', 'application/json', 2)}{}`
  let seen = ''
  socket.on('data', (chunk) => {
    seen += String(chunk)
  })
  socket.write(request)
  await wait(1_200)
  socket.write(request)
  await wait(200)
  socket.destroy()
  expect(seen.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
})
