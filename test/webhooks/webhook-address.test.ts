import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSender } from '../../src/webhooks/send-message.ts'
import { newAddressRules, type Resolve } from '../../src/webhooks/webhook-address.ts'

/** A machine inside, which nothing may connect to; it counts who does. */
let inside: Server
let port: number
let connections = 0
beforeAll(async () => {
  inside = createServer((_request, reply) => reply.end('secret'))
  inside.on('connection', () => connections++)
  await new Promise<void>((done) => void inside.listen(0, '127.0.0.1', done))
  port = (inside.address() as AddressInfo).port
})
afterAll(() => void inside?.close())

/** A resolver that lies: of every name it says that it is our machine. */
const lying: Resolve = (_hostname, done) => done(null, [{ address: '127.0.0.1', family: 4 }])

/** Written so that PORT is that of the machine inside. */
const HOSTILE: readonly string[] = [
  // The machine itself, by name and by address.
  'https://localhost:PORT/',
  'https://LOCALHOST:PORT/',
  'https://localhost.:PORT/',
  'https://a.localhost:PORT/',
  'https://localhost.localdomain:PORT/',
  'https://127.0.0.1:PORT/',
  'https://127.0.0.2:PORT/',
  'https://127.255.255.254:PORT/',
  'https://0.0.0.0:PORT/',
  'https://[::1]:PORT/',
  'https://[::]:PORT/',
  // The same in other words.
  'https://2130706433:PORT/',
  'https://0x7f000001:PORT/',
  'https://017700000001:PORT/',
  'https://0x7f.0.0.1:PORT/',
  'https://0177.0.0.1:PORT/',
  'https://127.1:PORT/',
  'https://127.0.1:PORT/',
  'https://0:PORT/',
  'https://127.0.0.1.:PORT/',
  'https://%31%32%37.0.0.1:PORT/',
  'https://①②⑦.⓪.⓪.①:PORT/',
  'https://１２７.0.0.1:PORT/',
  'https://127。0。0。1:PORT/',
  'https://ⓛocalhost:PORT/',
  'https://loc\u00adalhost:PORT/',
  'https://0x8.0x8.0x8.0x8:PORT/',
  'https://134744072:PORT/',
  // Private networks, and those of the machine's own network.
  'https://10.0.0.1/',
  'https://10.255.255.255/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://169.254.170.2/v2/credentials',
  'https://metadata.google.internal/computeMetadata/v1/',
  'https://168.63.129.16/machine',
  'https://100.64.0.1/',
  'https://100.100.100.200/latest/meta-data/',
  'https://192.0.0.192/opc/v2/',
  'https://198.18.0.1/',
  'https://192.0.2.1/',
  'https://198.51.100.1/',
  'https://203.0.113.1/',
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://0.1.2.3/',
  // IPv6, and IPv4 within it.
  'https://[::ffff:127.0.0.1]:PORT/',
  'https://[::ffff:7f00:1]:PORT/',
  'https://[::127.0.0.1]:PORT/',
  'https://[::ffff:169.254.169.254]/',
  'https://[64:ff9b::7f00:1]:PORT/',
  'https://[64:ff9b::169.254.169.254]/',
  'https://[64:ff9b:1::a9fe:a9fe]/',
  'https://[2002:7f00:1::]/',
  'https://[2002:a9fe:a9fe::]/',
  'https://[2001:0:7f00:1::]/',
  'https://[fd00:ec2::254]/',
  'https://[fc00::1]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[2001:db8::1]/',
  'https://[100::1]/',
  'https://[4000::1]/',
  // Names of networks inside.
  'https://intranet/',
  'https://postgres:5432/',
  'https://printer.local/',
  'https://db.internal/',
  'https://mosaic.corp/',
  'https://router.home.arpa/',
  'https://1.0.0.127.in-addr.arpa/',
  // Other schemes, other services, and what is made to be misread.
  'http://127.0.0.1:PORT/',
  'http://hooks.example.gov.uk/',
  'ftp://hooks.example.gov.uk/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:PORT/_x',
  'javascript:alert(1)',
  'data:text/plain,x',
  '//127.0.0.1:PORT/',
  'https:127.0.0.1:PORT/',
  'https:/127.0.0.1:PORT/',
  'https:\\\\127.0.0.1:PORT\\',
  'https://hooks.example.gov.uk\\@127.0.0.1:PORT/',
  'https://hooks.example.gov.uk@127.0.0.1:PORT/',
  'https://user:password@hooks.example.gov.uk/',
  'https://hooks.example.gov.uk#@127.0.0.1:PORT/',
  'https://127.0.0.1:PORT#.example.gov.uk/',
  'https://hooks.example.gov.uk/#part',
  'https://hooks.example.gov.uk:22/',
  'https://hooks.example.gov.uk:25/',
  'https://hooks.example.gov.uk:80/',
  'https://hooks.example.gov.uk:0/',
  'https://hooks.example.gov.uk:99999/',
  'https://hooks.example.gov.uk./',
  'https://hooks_.example.gov.uk/',
  'https://hооks.example.gov.uk/',
  'https://hooks.example.gov.uk\t.local/',
  ' https://127.0.0.1:PORT/',
  'https://127.0.0.1\n:PORT/',
  'https://',
  'https://.gov.uk/',
  '',
]

const written = (hostile: string) => hostile.replaceAll('PORT', String(port))

describe('what is not called', () => {
  const rules = newAddressRules([], lying)

  test('the table has more than sixty addresses, each once', () => {
    expect(new Set(HOSTILE).size).toBe(HOSTILE.length)
    expect(HOSTILE.length).toBeGreaterThan(60)
  })

  test.each(HOSTILE.map((hostile) => [hostile]))('is refused as it is written: %j', (hostile) => {
    expect(rules.faultsOf(written(hostile))).not.toEqual([])
  })

  test('a fault says where it is and what is allowed, and every one is told at once', () => {
    const faults = rules.faultsOf('http://user:word@10.0.0.1:25/#x')
    expect(faults.map(({ code }) => code)).toEqual([
      'not-https',
      'has-credentials',
      'has-fragment',
      'not-plain',
      'port-not-allowed',
      'address-not-allowed',
    ])
    expect(faults.every(({ pointer }) => pointer === '/body/url')).toBe(true)
  })

  test('nothing connects to any of them, nor to a name of which a resolver lies', async () => {
    const before = connections
    const sender = newSender(rules, 2_000)
    const names = [`https://hooks.example.gov.uk:${port}/`, `https://xn--hks-5cd7a.example.gov.uk:${port}/`]
    for (const url of [...HOSTILE.map(written), ...names])
      expect(await sender.send(url, {}, '{}'), url).toEqual({ fault: 'address-not-allowed' })
    await sender.close()
    expect(connections).toBe(before)
  })

  test.each(
    [
      '10.0.0.1',
      '169.254.169.254',
      '::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      'fd00::1',
      'not an address',
    ].map((one) => [one]),
  )(
    'a name that stands for %s is refused when it is registered, also beside a public address',
    async (address) => {
      const resolve: Resolve = (_hostname, done) =>
        done(null, [
          { address: '93.184.216.34', family: 4 },
          { address, family: address.includes(':') ? 6 : 4 },
        ])
      const faults = await newAddressRules([], resolve).faultsOfName('https://hooks.example.gov.uk/')
      expect(faults.map(({ code }) => code)).toEqual(['address-not-allowed'])
    },
  )

  test('a name that stands for another address when it is connected to is not connected to', async () => {
    let asked = 0
    const rebinding: Resolve = (_hostname, done) =>
      done(null, [{ address: ++asked === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }])
    const rebound = newAddressRules([], rebinding)
    const url = `https://hooks.example.gov.uk:${port}/`
    expect(await rebound.faultsOfName(url)).toEqual([])
    const before = connections
    const sender = newSender(rebound, 2_000)
    expect(await sender.send(url, {}, '{}')).toEqual({ fault: 'address-not-allowed' })
    await sender.close()
    expect(asked).toBe(2)
    expect(connections).toBe(before)
  })
})

describe('what is called', () => {
  const rules = newAddressRules(['127.0.0.1', 'hooks.council.local'], lying)

  test.each(
    [
      'https://hooks.example.gov.uk/care?word=x',
      'https://hooks.example.gov.uk:443/',
      'https://hooks.example.gov.uk:8443/',
      'https://xn--hks-5cd7a.example.com/',
      'https://93.184.216.34/',
      'https://[2606:4700::1111]/',
    ].map((url) => [url]),
  )('an address of the public internet: %s', (url) => {
    expect(newAddressRules([], lying).faultsOf(url)).toEqual([])
  })

  test('a host inside that the configuration names, and no other; http only of this machine', async () => {
    expect(rules.faultsOf('https://hooks.council.local/')).toEqual([])
    expect(await rules.faultsOfName('https://hooks.council.local/')).toEqual([])
    expect(rules.faultsOf(`http://127.0.0.1:${port}/`)).toEqual([])
    expect(rules.faultsOf('http://hooks.council.local/')).not.toEqual([])
    expect(rules.faultsOf('https://other.council.local/')).not.toEqual([])
    expect(rules.faultsOf('https://127.1/')).not.toEqual([])
    const before = connections
    const sender = newSender(rules, 5_000)
    expect(await sender.send(`http://127.0.0.1:${port}/`, {}, '{}')).toEqual({ status: 200 })
    await sender.close()
    expect(connections).toBe(before + 1)
  })

  test('a name that can’t be looked up now may be registered; nothing comes of sending to it', async () => {
    const nobody: Resolve = (_hostname, done) =>
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
    const unknown = newAddressRules([], nobody)
    expect(await unknown.faultsOfName('https://hooks.example.gov.uk/')).toEqual([])
    const sender = newSender(unknown, 2_000)
    expect(await sender.send('https://hooks.example.gov.uk/', {}, '{}')).toEqual({ fault: 'name-not-found' })
    await sender.close()
  })
})

describe('an answer', () => {
  async function answering(handler: Parameters<typeof createServer>[1]) {
    const server = createServer(handler)
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
    const sender = newSender(newAddressRules(['127.0.0.1']), 700)
    const sending = await sender.send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {}, '{}')
    await sender.close()
    server.closeAllConnections()
    server.close()
    return sending
  }

  test('that leads elsewhere is not followed', async () => {
    const before = connections
    const sending = await answering((_request, reply) =>
      reply.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end(),
    )
    expect(sending).toEqual({ status: 307 })
    expect(connections).toBe(before)
  })

  test('that does not come, or never ends, is waited for no longer than it may take', async () => {
    expect(await answering(() => {})).toEqual({ fault: 'timeout' })
    const started = Date.now()
    const endless = await answering((_request, reply) => {
      reply.writeHead(200)
      const more = setInterval(() => reply.write('x'.repeat(8192)), 5)
      reply.on('close', () => clearInterval(more))
    })
    expect(endless).toEqual({ status: 200 })
    expect(Date.now() - started).toBeLessThan(3_000)
  })

  test('of a machine that does not listen is told in a word', async () => {
    const sender = newSender(newAddressRules(['127.0.0.1']), 2_000)
    expect(await sender.send('http://127.0.0.1:1/', {}, '{}')).toEqual({ fault: 'connection-refused' })
    await sender.close()
  })
})
