import { lookup as lookUp } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Fault } from '../vocabulary/refusal.ts'

/**
 * Which addresses the service calls. Whoever registers a webhook chooses what we connect to from inside the
 * council's network, so an address is checked three times: as it is written, by what its name stands for when it is
 * registered, and by what it stands for at the very moment of connecting, which is what is connected to.
 */
export interface AddressRules {
  /** What stands against an address as it is written; empty where nothing does. */
  faultsOf(url: string): Fault[]
  /** What stands against what its name stands for now; empty also where the name can't be looked up now. */
  faultsOfName(url: string): Promise<Fault[]>
  /** Looks a name up for connecting, and fails where any of its addresses is not to be called. */
  readonly lookup: LookupFunction
}

/** Of `dns.lookup`: all addresses of a name. */
export type Resolve = (
  hostname: string,
  done: (
    error: NodeJS.ErrnoException | null,
    addresses: readonly { address: string; family: number }[],
  ) => void,
) => void

/** The fault of a delivery whose address stands for one that is not to be called. */
export const ADDRESS_NOT_ALLOWED = 'address-not-allowed'

const LONGEST_URL = 2000
const LOOKUP_MS = 3_000

export function newAddressRules(
  /** Hosts that are called although they are inside, on whatever port. */
  hosts: readonly string[],
  resolve: Resolve = (hostname, done) => lookUp(hostname, { all: true, verbatim: true }, done),
): AddressRules {
  const listed = new Set(hosts.map((host) => host.toLowerCase()))

  const faultsOf = (text: string): Fault[] => {
    const url = text.length <= LONGEST_URL ? URL.parse(text) : null
    if (url === null)
      return [fault('invalid-url', 'It is not a URL of 2,000 characters or fewer.', ['https://host/path'])]
    const faults: Fault[] = []
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const inside = listed.has(host)
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && inside && isLoopback(host)))
      faults.push(fault('not-https', 'The scheme must be https.', ['https']))
    if (url.username !== '' || url.password !== '' || text.includes('@'))
      faults.push(fault('has-credentials', 'It must hold no user name or password, and no @.'))
    if (text.includes('#')) faults.push(fault('has-fragment', 'It must have no fragment (#).'))
    if (!isWrittenPlainly(text, url))
      faults.push(
        fault(
          'not-plain',
          'The host must be written as it is meant: lower-case ASCII letters, digits, dots and hyphens (a name of another script as xn--…), an IPv4 address as four decimal numbers.',
        ),
      )
    if (inside) return faults
    if (!isAllowedPort(url.port))
      faults.push(fault('port-not-allowed', 'The port is not one that is called.', ['443', '1024 to 65535']))
    if (ipaddr.isValid(host)) {
      if (!isPublicAddress(host)) faults.push(fault(ADDRESS_NOT_ALLOWED, NOT_PUBLIC))
    } else if (!isPublicName(host)) faults.push(fault('name-not-allowed', NAME_NOT_PUBLIC))
    return faults
  }

  const addressesOf: Resolve = (hostname, done) =>
    resolve(hostname, (error, addresses) => {
      if (error) return done(error, [])
      const all = addresses.every(({ address }) => isPublicAddress(address))
      if (addresses.length > 0 && (all || listed.has(hostname))) return done(null, addresses)
      done(Object.assign(new Error(NOT_PUBLIC), { code: ADDRESS_NOT_ALLOWED }), [])
    })

  return {
    faultsOf,
    async faultsOfName(text) {
      const { hostname } = new URL(text)
      if (ipaddr.isValid(hostname.replace(/^\[|\]$/g, ''))) return []
      // A name that can't be looked up now may be there tomorrow; what it stands for then is checked then.
      const code = await new Promise<string | undefined>((done) => {
        const timer = setTimeout(() => done(undefined), LOOKUP_MS)
        addressesOf(hostname, (error) => {
          clearTimeout(timer)
          done(error?.code)
        })
      })
      return code === ADDRESS_NOT_ALLOWED ? [fault(ADDRESS_NOT_ALLOWED, NOT_PUBLIC)] : []
    },
    lookup: (hostname, { all }, callback) =>
      addressesOf(hostname, (error, addresses) => {
        if (error) return callback(error, [])
        if (all) return callback(null, [...addresses])
        callback(null, addresses[0]!.address, addresses[0]!.family)
      }),
  }
}

const NOT_PUBLIC =
  'The host is not on the public internet: private, loopback, link-local, metadata, shared, multicast and reserved addresses are not called, nor those that lead to an IPv4 address within an IPv6 one.'
const NAME_NOT_PUBLIC =
  'The host is not a name of the public internet: it needs a dot, no dot at the end, and none of the endings for networks inside.'

const fault = (code: string, detail: string, allowed?: readonly string[]): Fault => ({
  pointer: '/body/url',
  code,
  detail,
  ...(allowed && { allowed }),
})

/**
 * Whether the host is written the way in which it is read. A URL's reader turns 2130706433, 0x7f.1, 127.1, ①②⑦.0.0.1,
 * %31 and backslashes into something else; whoever writes such a thing means to be misread.
 */
function isWrittenPlainly(text: string, url: URL): boolean {
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('\\')) return false
  const written = /^[a-z]+:\/\/([^/?#]*)/.exec(text)?.[1]
  const standard = url.protocol === 'https:' ? '443' : '80'
  return written !== undefined && (written === url.host || written === `${url.hostname}:${standard}`)
}

/** HTTPS's own, and those that anybody may listen on; not those of other services. */
const isAllowedPort = (port: string): boolean => port === '' || Number(port) >= 1024

/** Azure's host and its like, which are reached from inside only although their addresses are public ones. */
const METADATA = new Set(['168.63.129.16'])
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number]

function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast' || METADATA.has(text)) return false
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_UNICAST)
}

const INSIDE = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|onion)$/

const isPublicName = (name: string): boolean =>
  name.length <= 253 &&
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(name) &&
  !INSIDE.test(name)

const isLoopback = (host: string): boolean =>
  host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback')
