import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import ipaddr from 'ipaddr.js'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '../../vocabulary/refusal.ts'
import { isGuarded } from './guarded.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a call takes of its caller’s share, where it is dearer than most; 1 unless told. */
    cost?: number
  }
  interface FastifyRequest {
    /** Whether the address has had its share of failed authentications: a further one is refused unanswered. */
    hasFailedTooOften: boolean
  }
}

export interface RateLimitOptions {
  /** What one caller, or one address without a caller, may ask for in a minute. */
  readonly perMinute: number
  /** Failed authentications that one address may make in a minute. */
  readonly failuresPerMinute: number
}

const SECONDS = 60

/** Asked by what watches over the process, as often as that likes. */
const UNLIMITED = /^\/(?:health\/|metrics$)/

/**
 * Limits what is asked for in a minute: by each caller, by each address that has no token to show, and the failed
 * authentications of each address. Counted in the memory of this process: several processes give each caller as many
 * shares. The first plugin stands before the callers are known, the second after.
 */
export function newRateLimits({ perMinute, failuresPerMinute }: RateLimitOptions) {
  const callers = policy('caller', perMinute)
  const addresses = policy('address', perMinute)
  const failures = policy('failures', failuresPerMinute)

  const ofAddress = fastifyPlugin(
    async (app: FastifyInstance) => {
      app.decorateRequest('hasFailedTooOften', false)
      app.addHook('onRequest', (request, reply, done) => {
        if (isUnlimited(request)) return done()
        const address = networkOf(request.ip)
        if (bringsToken(request))
          return failures.spent(address, (isSpent) => {
            request.hasFailedTooOften = isSpent
            done()
          })
        addresses.take(reply, address, costOf(request), (refusal) => {
          if (refusal || request.method === 'GET' || request.method === 'HEAD') return done(refusal)
          // Where a client signs in with what its body holds.
          failures.spent(address, (isSpent) => done(isSpent ? tooManyFailures(reply) : undefined))
        })
      })
      app.addHook('onSend', (request, reply, _payload, done) => {
        if (reply.statusCode !== 401 || (isOfGuarded(request) && !bringsToken(request))) return done()
        failures.take(reply, networkOf(request.ip), 1, () => done())
      })
    },
    { name: 'rate-limit-of-address' },
  )

  const ofCaller = fastifyPlugin(
    async (app: FastifyInstance) => {
      app.addHook('onRequest', (request, reply, done) => {
        if (request.caller === undefined || isUnlimited(request)) return done()
        callers.take(reply, request.caller.name, costOf(request), done)
      })
    },
    { name: 'rate-limit-of-caller' },
  )
  return { ofAddress, ofCaller }
}

interface Policy {
  /** Takes from a share, says in the answer what is left, and gives the refusal where it is not enough. */
  take(reply: FastifyReply, key: string, cost: number, then: (refusal?: Refusal) => void): void
  spent(key: string, then: (isSpent: boolean) => void): void
}

/** `RateLimit` fields by draft-ietf-httpapi-ratelimit-headers-11: a list of policies, each with its quota and window. */
function policy(name: string, quota: number): Policy {
  const limiter = new RateLimiterMemory({ points: quota, duration: SECONDS })
  const stated = `"${name}";q=${quota};w=${SECONDS}`
  const tell = (reply: FastifyReply, { remainingPoints, msBeforeNext }: RateLimiterRes): number => {
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
    append(reply, 'ratelimit-policy', stated)
    append(reply, 'ratelimit', `"${name}";r=${remainingPoints};t=${seconds}`)
    return seconds
  }
  return {
    take(reply, key, cost, then) {
      // A call that is dearer than the whole share takes all of it.
      limiter.consume(key, Math.min(cost, quota)).then(
        (left) => {
          tell(reply, left)
          then()
        },
        (left: unknown) => {
          if (!(left instanceof RateLimiterRes)) return then()
          const seconds = tell(reply, left)
          reply.header('retry-after', seconds)
          then(
            tooMany(
              `No more than ${quota.toLocaleString('en-GB')} a minute: try again in ${seconds} seconds.`,
            ),
          )
        },
      )
    },
    spent(key, then) {
      limiter.get(key).then(
        (left) => then(left !== null && left.consumedPoints >= quota),
        () => then(false),
      )
    },
  }
}

function append(reply: FastifyReply, name: string, value: string): void {
  const before = reply.getHeader(name)
  reply.header(name, before === undefined ? value : `${before}, ${value}`)
}

const tooMany = (detail: string): Refusal => new Refusal('too-many-requests', detail)

/** In the place of a refused token, where the address has had too many of them refused. */
export function tooManyFailures(reply: FastifyReply): Refusal {
  reply.header('retry-after', SECONDS)
  return tooMany(
    `Too many failed authentications came from this address: try again in ${SECONDS} seconds at the latest.`,
  )
}

const isOfGuarded = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url !== undefined && isGuarded(url)

const bringsToken = (request: FastifyRequest): boolean =>
  request.headers.authorization !== undefined && isOfGuarded(request)

const isUnlimited = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url !== undefined && UNLIMITED.test(url)

const costOf = ({ routeOptions }: FastifyRequest): number => routeOptions.config?.cost ?? 1

/** An address as the one who holds it: of IPv6 everybody has a network of /64 to themselves. */
function networkOf(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')
}
