import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { type Authority, findAuthority, nearAuthorities } from '../../vocabulary/authority.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { isGuarded } from '../http/guarded.ts'
import { type Caller, covers, type FindCaller, holdsAny, SCOPES, type Scope } from './caller.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be allowed to do; of several, any one will do. Needed on every route under `/v1`. */
    scope?: Scope | readonly Scope[]
  }
  interface FastifyRequest {
    /** Who calls; set on every route under `/v1`, undefined elsewhere. */
    caller: Caller
  }
}

export interface AccessOptions {
  readonly findCaller: FindCaller
}

/**
 * Lets a call under `/v1` through when its token is somebody's and that somebody may do what the route is for.
 * Registered before the routes: one that forgets its scope stops the start, rather than stand open.
 */
export const access = fastifyPlugin<AccessOptions>(
  async (app: FastifyInstance, { findCaller }) => {
    app.decorateRequest('caller')

    app.addHook('onRoute', ({ url, method, config, schema }) => {
      if (!isGuarded(url)) return
      const scopes = scopesOf(config?.scope)
      if (scopes.length === 0 || scopes.some((scope) => !SCOPES.includes(scope)))
        throw new Error(`${method} ${url} names no scope: give the route \`config: { scope: '…' }\`.`)
      if (!Object.hasOwn(schema?.response ?? {}, '401'))
        throw new Error(
          `${method} ${url} does not document its refusals: spread \`refusals(…)\` into its response.`,
        )
    })

    app.addHook('onRequest', async (request) => {
      const { url, config } = request.routeOptions
      if (url === undefined || !isGuarded(url)) return
      const caller = await callerOf(request, findCaller)
      request.caller = caller
      request.calledBy = caller.name
      const scopes = scopesOf(config.scope)
      if (!holdsAny(caller, scopes)) throw forbidden(scopes)
    })
  },
  { name: 'access' },
)

export const scopesOf = (scope: Scope | readonly Scope[] | undefined): readonly Scope[] =>
  scope === undefined ? [] : typeof scope === 'string' ? [scope] : scope

const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i

/** Whose token the request carries; refuses one that is nobody's. */
export async function callerOf(request: FastifyRequest, findCaller: FindCaller): Promise<Caller> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
  const caller = token === undefined ? null : await findCaller(token)
  if (caller !== null) return caller
  const detail =
    request.headers.authorization === undefined
      ? 'The call carries no access token; send `Authorization: Bearer <token>`.'
      : 'The access token is not valid.'
  throw new Refusal('unauthenticated', detail, [
    { pointer: '/headers/authorization', code: 'unauthenticated', detail },
  ])
}

/** The authorities for which the caller holds one of the route's scopes. */
export function authoritiesOf(request: FastifyRequest): ReadonlySet<string> | '*' {
  const scopes = scopesOf(request.routeOptions.config.scope)
  const grants = request.caller.grants.filter((grant) => scopes.some((scope) => grant.scopes.has(scope)))
  const codes = new Set<string>()
  for (const { authorities } of grants) {
    if (authorities === '*') return '*'
    for (const code of authorities) codes.add(code)
  }
  return codes
}

/** Those of the route's scopes that the caller holds for an authority: what let the call through. */
export const scopesUsed = ({ caller, routeOptions }: FastifyRequest, gssCode: string): readonly Scope[] =>
  scopesOf(routeOptions.config.scope).filter((scope) => covers(caller, gssCode, [scope]))

function forbidden(scopes: readonly Scope[]): Refusal {
  const detail = `The access token lacks the scope ${scopes.join(' or ')}.`
  return new Refusal('forbidden', detail, [
    { pointer: '/headers/authorization', code: 'missing-scope', detail, allowed: scopes },
  ])
}

/**
 * The authority that a code in the request names. One for which the caller holds none of the route's scopes is refused
 * in the same words as one that does not exist, so that a refusal tells nothing of who uses the service.
 */
export function authorityOf(request: FastifyRequest, code: string, pointer = '/path/authority'): Authority {
  const scopes = scopesOf(request.routeOptions.config.scope)
  const isGranted = (gssCode: string) => covers(request.caller, gssCode, scopes)
  const authority = findAuthority(code)
  if (authority !== undefined && isGranted(authority.code)) return authority
  const detail = 'There is no such authority, or the access token does not cover it.'
  const didYouMean = nearAuthorities(code).filter((near) => isGranted(findAuthority(near)?.code ?? near))
  throw new Refusal('unknown-authority', detail, [
    {
      pointer,
      code: 'unknown-authority',
      detail,
      allowed: ['a GSS code such as E08000034', 'a DfE code such as 382'],
      ...(didYouMean.length > 0 && { didYouMean }),
    },
  ])
}
