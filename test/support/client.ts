import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { documentOf } from '../../src/platform/http/openapi.ts'

/** What of an OpenAPI document the client reads. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
}

interface Operation {
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema?: unknown }>> }>
  >
}

export interface ClientOptions {
  /** The token to send; null for none. A call's own `authorization` header goes before it. */
  readonly key: string | null
  /** The app's own document, for an app whose routes the committed one does not have. */
  readonly document?: 'committed' | 'own'
}

export interface TestClient {
  inject(options: InjectOptions & { readonly url: string }): Promise<LightMyRequestResponse>
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** The same client with another token, or none. */
  as(key: string | null): TestClient
}

const COMMITTED = new URL('../../openapi/openapi.json', import.meta.url)

/**
 * Calls the app as a caller would, and fails the test when an answer is not what the document promises: an operation,
 * a status or a media type that it does not have, or a body that is not of its schema. So no test can pass on an
 * answer that a client generated from the document could not read.
 */
export async function clientOf(
  app: FastifyInstance,
  { key, document = 'committed' }: ClientOptions,
): Promise<TestClient> {
  const checked = checkerOf(
    document === 'committed' && existsSync(COMMITTED)
      ? committedDocument()
      : ((await documentOf(app)) as unknown as OpenApiDocument),
  )
  const as = (token: string | null): TestClient => {
    const inject: TestClient['inject'] = async (options) => {
      const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
      const response = await app.inject({ ...options, headers: { ...authorization, ...options.headers } })
      checked(options.method ?? 'GET', options.url, response)
      return response
    }
    return { inject, get: (url, headers = {}) => inject({ method: 'GET', url, headers }), as }
  }
  return as(key)
}

let committed: OpenApiDocument | undefined
const committedDocument = (): OpenApiDocument => {
  committed ??= JSON.parse(readFileSync(COMMITTED, 'utf8')) as OpenApiDocument
  return committed
}

type Checker = (method: string, url: string, response: LightMyRequestResponse) => void
const checkers = new WeakMap<OpenApiDocument, Checker>()

/** Checks answers against a document; validators are compiled when first needed, and once. */
export function checkerOf(document: OpenApiDocument): Checker {
  const known = checkers.get(document)
  if (known) return known

  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'openapi', false, false)
  const validators = new Map<string, ValidateFunction>()
  const validatorAt = (...pointer: string[]): ValidateFunction => {
    const $ref = `openapi#/${pointer.map(escapeForReference).join('/')}`
    const validator = validators.get($ref) ?? ajv.compile({ $ref })
    validators.set($ref, validator)
    return validator
  }
  const paths = Object.keys(document.paths)
    .map((path) => ({ path, pattern: patternOf(path) }))
    // A fixed segment goes before a parameter, as in the router.
    .sort((a, b) => parameters(a.path) - parameters(b.path))

  const checker: Checker = (method, url, response) => {
    const address = url.replace(/^https?:\/\/[^/]+/, '').split('?', 1)[0]!
    const call = `${method} ${address}`
    const mediaType = mediaTypeOf(response)
    const path = paths.find(({ pattern }) => pattern.test(address))?.path
    const verb = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase()
    const operation = path === undefined ? undefined : document.paths[path]![verb]

    if (path === undefined || operation === undefined) {
      if (isPage(address)) return
      // What the document does not have must not be there either.
      if (
        ![400, 404, 405, 414, 429].includes(response.statusCode) ||
        mediaType !== 'application/problem+json'
      )
        throw new Error(`${call} is not in the OpenAPI document, yet answers ${response.statusCode}`)
      mustBeValid(call, validatorAt('components', 'schemas', 'Problem'), response)
      return
    }
    const status = [String(response.statusCode), `${String(response.statusCode)[0]}XX`, 'default'].find(
      (key) => operation.responses?.[key] !== undefined,
    )
    if (status === undefined)
      throw new Error(
        `${call} answers ${response.statusCode}, which its operation does not document: ${response.body}`,
      )
    const content = operation.responses![status]!.content
    if (content === undefined) {
      if (response.body !== '')
        throw new Error(`${call} answers ${response.statusCode} with a body; none is documented`)
      return
    }
    if (content[mediaType] === undefined)
      throw new Error(
        `${call} answers ${response.statusCode} as ${mediaType || 'no media type'}; documented: ${Object.keys(content).join(', ')}`,
      )
    if (
      !mediaType.endsWith('json') ||
      method.toUpperCase() === 'HEAD' ||
      content[mediaType].schema === undefined
    )
      return
    mustBeValid(
      call,
      validatorAt('paths', path, verb, 'responses', status, 'content', mediaType, 'schema'),
      response,
    )
  }
  checkers.set(document, checker)
  return checker
}

function mustBeValid(call: string, validate: ValidateFunction, response: LightMyRequestResponse): void {
  if (validate(response.json())) return
  const faults = (validate.errors ?? [])
    .slice(0, 8)
    .map((fault) => `  ${fault.instancePath} ${fault.message}`)
  throw new Error(
    `${call} answers ${response.statusCode} with a body that is not of its schema:\n${faults.join('\n')}\n${response.body.slice(0, 2000)}`,
  )
}

const mediaTypeOf = (response: LightMyRequestResponse): string =>
  String(response.headers['content-type'] ?? '')
    .split(';', 1)[0]!
    .trim()

/** Pages for people, which stand in no OpenAPI document. */
const isPage = (address: string): boolean =>
  address === '/' || address === '/docs' || address.startsWith('/docs/')

const parameters = (path: string): number => path.split('{').length - 1

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)

/** A segment of a JSON pointer inside a URI fragment. */
const escapeForReference = (segment: string): string =>
  encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))
