import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { followCertificate } from '../../../src/platform/http/https.ts'
import { smallApp } from '../../support/small-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
const certificate = (name: string): void => {
  const made = `-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name}`
  execFileSync('openssl', ['req', ...made.split(' '), '-keyout', files.keyFile, '-out', files.certFile], {
    stdio: 'ignore',
  })
}
certificate('first.example')

const { app } = await smallApp(async () => {}, {
  env: { TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile },
})
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as { port: number }
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const handshake = (options: ConnectionOptions = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () =>
      resolve(socket),
    )
    socket.once('error', reject)
  })
const nameServed = async (): Promise<string | undefined> => {
  const socket = await handshake()
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return typeof CN === 'string' ? CN : undefined
}

test('with a certificate the service answers by HTTPS, with links and headers that say so', async () => {
  const answer = await new Promise<{ headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      get({ port, host: '127.0.0.1', path: '/nothing', rejectUnauthorized: false }, (response) => {
        text(response).then((body) => resolve({ headers: response.headers, body }), reject)
      }).once('error', reject)
    },
  )
  expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/)
  expect(JSON.parse(answer.body).type).toBe(`https://127.0.0.1:${port}/problems/not-found`)
})

test('TLS 1.2 and 1.3 are spoken, what is older is not', async () => {
  for (const [version, spoken] of [
    ['TLSv1.2', true],
    ['TLSv1.3', true],
    ['TLSv1.1', false],
  ] as const) {
    const socket = await handshake({
      minVersion: version,
      maxVersion: version,
      // Otherwise it is this side that would not speak it.
      ...(spoken ? {} : { ciphers: 'DEFAULT@SECLEVEL=0' }),
    }).catch(() => null)
    expect(socket?.getProtocol() ?? null, version).toBe(spoken ? version : null)
    socket?.destroy()
  }
})

test('a new certificate is taken without a restart', async () => {
  expect(await nameServed()).toBe('first.example')
  // The app looks every ten seconds; a test does not wait so long.
  const close: (() => Promise<void>)[] = []
  const addHook = (_name: string, hook: () => Promise<void>) => close.push(hook)
  followCertificate({ server: app.server, log: app.log, addHook: addHook as never }, files, 50)
  certificate('second.example')
  await expect.poll(nameServed, { timeout: 5_000, interval: 100 }).toBe('second.example')
  for (const hook of close) await hook()
})
