import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { afterAll, describe, expect, test } from 'vitest'
import { authoritiesOf, authorityOf, scopesUsed } from '../../../src/platform/access/access.ts'
import { adminKey, findAdmin } from '../../../src/platform/access/admin-key.ts'
import { type Caller, callerWith, type FindCaller, SCOPES } from '../../../src/platform/access/caller.ts'
import { refusals } from '../../../src/platform/http/problem.ts'
import { ADMIN_KEY, smallApp } from '../../support/small-app.ts'

const callers: Record<string, Caller> = {
  kirklees: callerWith('kirklees', ['observations:read'], ['E08000034']),
  public: callerWith('public', ['observations:read:public'], '*'),
  writer: callerWith('writer', ['returns:write'], '*'),
  // Figures of one authority as they are, of another as the public may see them; returns of a third.
  several: {
    ...callerWith('several', [], []),
    grants: [
      callerWith('', ['observations:read'], ['E08000034']),
      callerWith('', ['observations:read:public'], ['E08000035', 'E08000034']),
      callerWith('', ['returns:write'], ['E08000032']),
    ].flatMap(({ grants }) => grants),
  },
}
const FIGURES = ['observations:read', 'observations:read:public'] as const
const findCaller: FindCaller = async (token) => callers[token] ?? findAdmin(ADMIN_KEY)(token)

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/v1/authorities/:authority/who',
    {
      config: { scope: FIGURES },
      schema: {
        params: Type.Object({ authority: Type.String({ maxLength: 100 }) }),
        response: {
          200: Type.Object({ code: Type.String(), caller: Type.String(), used: Type.Array(Type.String()) }),
          ...refusals('unknown-authority'),
        },
      },
    },
    async (request) => {
      const { code } = authorityOf(request, request.params.authority)
      return { code, caller: request.caller.name, used: [...scopesUsed(request, code)] }
    },
  )
  app.get(
    '/v1/whose',
    {
      config: { scope: FIGURES },
      schema: { response: { 200: Type.Object({ codes: Type.Array(Type.String()) }), ...refusals() } },
    },
    async (request) => ({ codes: [...authoritiesOf(request)].sort() }),
  )
  app.get('/open', { schema: { response: { 200: Type.Object({ open: Type.Boolean() }) } } }, async () => ({
    open: true,
  }))
}

const { client } = await smallApp(routes, { callers: findCaller })
const who = (key: string | null, authority = 'E08000034') =>
  client.as(key).get(`/v1/authorities/${authority}/who`)

describe('a call under /v1', () => {
  test('without a token, or with one that is nobody’s, is 401 and says how to sign in', async () => {
    for (const [key, challenge] of [
      [null, 'Bearer'],
      ['nobody', 'Bearer error="invalid_token"'],
      [`${ADMIN_KEY}x`, 'Bearer error="invalid_token"'],
    ] as const) {
      const response = await who(key)
      expect(response.statusCode).toBe(401)
      expect(response.headers['www-authenticate']).toBe(challenge)
      expect(response.json().type).toMatch(/unauthenticated$/)
      const detail =
        key === null
          ? 'The call carries no access token; send `Authorization: Bearer <token>`.'
          : 'The access token is not valid.'
      expect(response.json()).toMatchObject({
        detail,
        errors: [{ pointer: '/headers/authorization', code: 'unauthenticated', detail }],
      })
    }
    for (const authorization of [
      'Basic abc',
      'Bearer',
      'Bearer a b',
      ADMIN_KEY,
      'Bearer é',
      `XBearer ${ADMIN_KEY}`,
      `Bearer ${ADMIN_KEY} b`,
    ])
      expect((await client.get('/v1/authorities/382/who', { authorization })).statusCode).toBe(401)
  })

  test('is refused before its query is looked at, so that a stranger learns nothing of it', async () => {
    expect((await client.as(null).get('/v1/authorities/382/who?x=1')).statusCode).toBe(401)
  })

  test('takes the scheme in any case, and any number of spaces behind it', async () => {
    for (const authorization of [`bearer ${ADMIN_KEY}`, `Bearer   ${ADMIN_KEY}`]) {
      const response = await client.get('/v1/authorities/382/who', { authorization })
      expect(response.json()).toEqual({ code: 'E08000034', caller: 'admin-key', used: [...FIGURES] })
    }
  })

  test('is let through by those of its scopes that the caller holds for the authority, and knows them', async () => {
    expect((await who('kirklees')).json().used).toEqual(['observations:read'])
    expect((await who('several', 'E08000034')).json().used).toEqual([...FIGURES])
    expect((await who('several', 'E08000035')).json().used).toEqual(['observations:read:public'])
    expect((await who('several', 'E08000032')).statusCode).toBe(404)
  })

  test('knows for which authorities the caller may do what it is for', async () => {
    const codesOf = async (key: string) => (await client.as(key).get('/v1/whose')).json().codes
    expect(await codesOf('kirklees')).toEqual(['E08000034'])
    expect(await codesOf('several')).toEqual(['E08000034', 'E08000035'])
    expect(await codesOf('public')).toEqual(['*'])
  })

  test('needs any one of the route’s scopes, and is told which', async () => {
    expect((await who('kirklees')).json().caller).toBe('kirklees')
    expect((await who('public')).json().caller).toBe('public')
    const response = await who('writer')
    expect(response.statusCode).toBe(403)
    const detail = 'The access token lacks the scope observations:read or observations:read:public.'
    expect(response.json()).toMatchObject({
      detail,
      errors: [{ pointer: '/headers/authorization', code: 'missing-scope', detail, allowed: [...FIGURES] }],
    })
  })

  test('takes GSS codes and DfE codes', async () => {
    expect((await who(ADMIN_KEY, '382')).json().code).toBe('E08000034')
    expect((await who(ADMIN_KEY, 'e08000034')).json().code).toBe('E08000034')
  })

  test('is told near matches of an unknown authority', async () => {
    const response = await who(ADMIN_KEY, 'Kirkles')
    expect(response.statusCode).toBe(404)
    expect(response.json().errors).toEqual([
      {
        pointer: '/path/authority',
        code: 'unknown-authority',
        detail: 'There is no such authority, or the access token does not cover it.',
        allowed: ['a GSS code such as E08000034', 'a DfE code such as 382'],
        didYouMean: ['E08000034'],
      },
    ])
    expect((await who(ADMIN_KEY, 'xxxxxxxxxxxxxxxxx')).json().errors[0]).not.toHaveProperty('didYouMean')
  })

  test('is told no near match that the caller may not read', async () => {
    expect((await who('kirklees', 'Kirkles')).json().errors[0].didYouMean).toEqual(['E08000034'])
    expect((await who('kirklees', 'Leds')).json().errors[0]).not.toHaveProperty('didYouMean')
    expect((await who(ADMIN_KEY, 'Leds')).json().errors[0].didYouMean).toContain('E08000035')
  })

  test('can’t tell an authority outside its grant from one that does not exist', async () => {
    const [outside, unknown] = [
      (await who('kirklees', 'E08000035')).json(),
      (await who('kirklees', 'E08000999')).json(),
    ]
    expect({ ...outside, instance: '' }).toEqual({ ...unknown, instance: '', errors: outside.errors })
    expect(JSON.stringify(outside.errors)).not.toContain('E08000035')
    expect(outside.errors[0].detail).toBe(unknown.errors[0].detail)
  })
})

test('what is not under /v1 needs no token, also where there is nothing', async () => {
  expect((await client.as(null).get('/open')).json()).toEqual({ open: true })
  expect((await client.as('nobody').get('/nowhere')).statusCode).toBe(404)
})

describe('the start fails', () => {
  const response = { 200: Type.Object({}), ...refusals() }
  const starting = (config: object, schema: object) =>
    smallApp(async (app) => {
      app.get('/v1/open', { config, schema }, async () => ({}))
    })

  test('when a route under /v1 names no scope', async () => {
    await expect(starting({}, { response })).rejects.toThrow('GET /v1/open names no scope')
    await expect(starting({ scope: [] }, { response })).rejects.toThrow('names no scope')
  })

  test('when a route names a scope that nobody can have', async () => {
    await expect(starting({ scope: 'observation:read' }, { response })).rejects.toThrow('names no scope')
    await expect(starting({ scope: ['admin', 'observation:read'] }, { response })).rejects.toThrow(
      'names no scope',
    )
  })

  test('when a route does not document its refusals', async () => {
    for (const schema of [{ response: { 200: Type.Object({}) } }, {}, undefined])
      await expect(starting({ scope: 'admin' }, schema as object)).rejects.toThrow('document its refusals')
    await expect(starting(undefined as unknown as object, { response })).rejects.toThrow('names no scope')
  })
})

describe('the admin key', () => {
  const directory = mkdtempSync(join(tmpdir(), 'admin-key-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const inDirectory = (name: string) => ({ adminApiKey: null, dataDir: join(directory, name, 'data') })

  test('is the environment’s where that has one', async () => {
    expect(await adminKey({ adminApiKey: 'k'.repeat(20), dataDir: '/nowhere' })).toEqual({
      key: 'k'.repeat(20),
      origin: 'environment',
      file: null,
    })
  })

  test('is made once, kept for its owner’s eyes only, and found again', async () => {
    const made = await adminKey(inDirectory('once'))
    expect(made).toMatchObject({ origin: 'made', key: expect.stringMatching(/^cpa_admin_[\w-]{43}$/) })
    expect(statSync(made.file!).mode & 0o777).toBe(0o600)
    expect(readFileSync(made.file!, 'utf8').trim()).toBe(made.key)
    expect(await adminKey(inDirectory('once'))).toEqual({ ...made, origin: 'kept' })
  })

  test('is the same for processes that start at one moment', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => adminKey(inDirectory('race'))))
    expect(new Set(keys.map(({ key }) => key)).size).toBe(1)
    expect(keys.filter(({ origin }) => origin === 'made')).toHaveLength(1)
  })

  test('that was spoilt stops the start with what to do, and is not shown', async () => {
    const { file } = await adminKey(inDirectory('spoilt'))
    writeFileSync(file!, 'half-a-key')
    await expect(adminKey(inDirectory('spoilt'))).rejects.toThrow(/Delete it/)
    await expect(adminKey(inDirectory('spoilt'))).rejects.not.toThrow(/half-a-key/)
  })

  test('may do everything everywhere; no other token is it', async () => {
    const find = findAdmin(ADMIN_KEY)
    expect(await find(ADMIN_KEY)).toMatchObject({ grants: [{ authorities: '*', scopes: new Set(SCOPES) }] })
    for (const other of ['', ADMIN_KEY.slice(1), `${ADMIN_KEY} `]) expect(await find(other)).toBeNull()
  })
})
