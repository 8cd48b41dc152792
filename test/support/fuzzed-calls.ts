import fc from 'fast-check'
import { COUNCIL, goodCall, type KnownIds, knownPath } from './good-calls.ts'

/** What of an OpenAPI document requests are made from. */
export interface FuzzedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> }
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
  readonly example?: unknown
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

export interface FuzzedCall {
  readonly operation: string
  /** What was done to the call, for the report of a failure. */
  readonly kind: 'valid' | 'known' | 'broken' | 'random'
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH' | 'OPTIONS' | 'HEAD'
  readonly url: string
  readonly headers: Record<string, string>
  readonly payload?: string | Buffer
}

/** What breaks programs: other types, too much, and text that is not what it looks like. */
const NASTY: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'NaN',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202eabc',
  '\ufeffCHILD',
  'é'.normalize('NFD'),
  '١٢٣',
  '＝1+1',
  '=cmd|x',
  "' or 1=1 --",
  '"; drop table care.episode; --',
  '../../etc/passwd',
  '..%2f',
  '%',
  '%zz',
  '$1',
  '{{7*7}}',
  '2024-02-30',
  '0000-00-00',
  '9999-12-31',
  '2024-13',
  '2024-25Q9',
  '99999999999999999999',
  '-0',
  '0x10',
  '1_000',
  'x'.repeat(300),
  '😀'.repeat(60),
  '\r\nSet-Cookie: a=b',
]

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  authority: [COUNCIL, '382', 'E10999999'],
  indicator: ['cla-count', 'three-plus-placements-pct', 'cla-count,cla-starters', 'cla-rate-per-10k'],
  indicators: ['cla-count', 'three-plus-placements-pct'],
  period: ['2024-25', '2023-24,2024-25', '2024-25Q1', '2025-03', '2025-03-31'],
  breakdown: ['age-band', 'age-band,sex', 'age-band*sex', 'all'],
  category: ['age-band:10-to-15', 'sex:female'],
  year: ['2024-25', '2023-24'],
  kind: ['postcodes', 'population', 'districts', 'adjacent', 'comparators'],
  comparison: ['statistical-neighbours', 'england'],
  area: ['england', COUNCIL],
}

/** Some are slow, and as many loads as reads would leave no time for the reads. */
const SLOW =
  /^(?:loadReturn|createForecast|getForecastBacktest|backtest\w*|withdrawReturn|deleteReturn|load\w+)$/i

/** Calls of every operation of a document: good ones, good ones varied, broken ones, and ones made up altogether. */
export function fuzzedCalls(document: FuzzedDocument, ids: KnownIds): fc.Arbitrary<FuzzedCall> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['get', 'put', 'post', 'delete'].includes(method))
      .map(([method, operation]) => ({ path, method: method.toUpperCase() as 'GET', operation })),
  )
  const anyOf = (
    make: (one: (typeof operations)[number]) => fc.Arbitrary<FuzzedCall>,
  ): fc.Arbitrary<FuzzedCall> =>
    fc.oneof(
      ...operations.map((one) => ({
        weight: SLOW.test(one.operation.operationId) && !one.path.includes('/records/') ? 1 : 6,
        arbitrary: make(one),
      })),
    )
  const schemas = newSchemas(document)

  const valid = anyOf(({ path, method, operation }) => {
    const template = path.replaceAll(/\{(\w+)\}/g, ':$1')
    const query = fc.record(
      Object.fromEntries(
        parametersOf(operation, 'query').map(({ name, schema, example }) => [
          name,
          schemas.text(schema, name, example),
        ]),
      ),
      {
        requiredKeys: parametersOf(operation, 'query')
          .filter(({ required }) => required)
          .map(({ name }) => name),
      },
    )
    const json = operation.requestBody?.content['application/json']?.schema
    return fc.record({ query, body: json === undefined ? fc.constant(undefined) : schemas.json(json) }).map(
      ({ query: asked, body }): FuzzedCall => ({
        operation: operation.operationId,
        kind: 'valid',
        method,
        url: addressOf(knownPath(template, ids), asked),
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      }),
    )
  })

  const known = anyOf(({ path, method, operation }) => {
    const { url, headers, payload } = goodCall(
      { method, template: path.replaceAll(/\{(\w+)\}/g, ':$1') },
      ids,
    )
    return fc.constant({
      operation: operation.operationId,
      kind: 'known',
      method,
      url,
      headers: (headers ?? {}) as Record<string, string>,
      ...(payload !== undefined && { payload: payload as string }),
    })
  })

  const broken = anyOf(({ path, method, operation }) => {
    const good = goodCall({ method, template: path.replaceAll(/\{(\w+)\}/g, ':$1') }, ids)
    const names = parametersOf(operation, 'query').map(({ name }) => name)
    return fc
      .record({
        path: fc.oneof(
          { weight: 3, arbitrary: fc.constant(good.url.split('?', 1)[0]!) },
          fc.array(nasty, { minLength: 1, maxLength: 3 }).map((words) => {
            let at = 0
            return path.replaceAll(/\{\w+\}/g, () => segment(words[at++ % words.length]!))
          }),
        ),
        query: fc.oneof(
          fc.constant({}),
          fc.dictionary(names.length === 0 ? word : fc.oneof(fc.constantFrom(...names), word), nasty, {
            maxKeys: 4,
          }),
        ),
        headers: brokenHeaders,
        body: method === 'GET' ? fc.constant(undefined) : brokenBody(schemas, operation, good.payload),
        keepsType: fc.boolean(),
      })
      .map(
        ({ path: address, query, headers, body, keepsType }): FuzzedCall => ({
          operation: operation.operationId,
          kind: 'broken',
          method,
          url: addressOf(address, query),
          headers: { ...(keepsType ? (good.headers as Record<string, string>) : {}), ...headers },
          ...(body !== undefined && { payload: body }),
        }),
      )
  })

  const random: fc.Arbitrary<FuzzedCall> = fc
    .record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'),
      path: fc.oneof(
        fc.constantFrom(
          ...operations.map(({ path }) => knownPath(path.replaceAll(/\{(\w+)\}/g, ':$1'), ids)),
        ),
        fc.array(nasty, { maxLength: 5 }).map((words) => `/${words.map(segment).join('/')}`),
      ),
      headers: brokenHeaders,
    })
    .map(({ path, ...call }) => ({ ...call, operation: 'none', kind: 'random', url: path }))

  return fc.oneof(
    { weight: 4, arbitrary: valid },
    { weight: 1, arbitrary: known },
    { weight: 6, arbitrary: broken },
    { weight: 1, arbitrary: random },
  )
}

const parametersOf = ({ parameters = [] }: Operation, place: Parameter['in']): readonly Parameter[] =>
  parameters.filter((one) => one.in === place)

const word = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz-_0123456789'),
  minLength: 1,
  maxLength: 12,
})
const nasty: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  fc.constantFrom(...Object.values(KNOWN).flat()),
  fc.string({ unit: 'binary', maxLength: 30 }),
  word,
)

/** As a URL holds it; a lone surrogate can't be written in one, and a raw one is sent as it is. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())
/** Sometimes a broken percent-encoding, which is sent as it is. */
const segment = (text: string): string => (/^%|%2f$/.test(text) ? text : encoded(text).slice(0, 400)) || 'x'

const addressOf = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  return pairs.length === 0
    ? path
    : `${path}?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(value!)}`).join('&')}`
}

const headerText = nasty.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ''))
const brokenHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      'if-match': fc.oneof(headerText, fc.constantFrom('*', '"x"', 'W/"x"', '"a","b"')),
      'if-none-match': fc.oneof(headerText, fc.constantFrom('*', '"x"')),
      range: fc.oneof(headerText, fc.constantFrom('bytes=0-1', 'items=0-9')),
      accept: fc.oneof(
        headerText,
        fc.constantFrom('text/csv', 'application/xml', 'text/html', '*/*;q=0', 'application/json'),
      ),
      'accept-language': headerText,
      'content-type': fc.oneof(
        headerText,
        fc.constantFrom(
          'application/json',
          'text/csv',
          'application/xml',
          'application/zip',
          'multipart/form-data',
          'multipart/form-data; boundary=x',
          'application/json; charset=utf-16',
          'application/gzip',
        ),
      ),
      'content-disposition': headerText,
      'idempotency-key': headerText,
      'x-request-id': headerText,
      'x-purpose': headerText,
      traceparent: headerText,
      authorization: fc.constantFrom('', 'Bearer', 'Bearer x', 'Basic eA==', 'Bearer a.b.c'),
      'x-http-method-override': fc.constant('DELETE'),
    },
    { requiredKeys: [] },
  ),
)

/** JSON that is not of the schema, text that is no JSON, and the good body with bytes changed. */
function brokenBody(schemas: Schemas, operation: Operation, good: unknown): fc.Arbitrary<string | Buffer> {
  const json = operation.requestBody?.content['application/json']?.schema
  const given = typeof good === 'string' || Buffer.isBuffer(good) ? Buffer.from(good) : Buffer.from('{}')
  const changed = fc
    .tuple(fc.nat(given.length), fc.nat(given.length), nasty)
    .map(([from, length, put]) =>
      Buffer.concat([given.subarray(0, from), Buffer.from(put), given.subarray(from + (length % 40))]),
    )
  return fc.oneof(
    { weight: 3, arbitrary: changed },
    fc.json({ maxDepth: 4 }),
    nasty,
    fc.constantFrom(
      '[',
      '{"a":',
      '{"__proto__":{"a":1}}',
      `${'['.repeat(2000)}${']'.repeat(2000)}`,
      '"\\ud800"',
      '{"a":"\\u0000"}',
    ),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    ...(json === undefined
      ? []
      : [
          {
            weight: 4,
            arbitrary: fc
              .tuple(
                schemas.json(json),
                fc.dictionary(word, fc.oneof(nasty, fc.jsonValue({ maxDepth: 2 })), { maxKeys: 2 }),
                fc.nat(9),
                fc.oneof(nasty, fc.jsonValue({ maxDepth: 2 })),
              )
              .map(([body, more, at, instead]) => {
                const members = Object.keys((body as object | null) ?? {})
                const spoilt = members.length === 0 ? {} : { [members[at % members.length]!]: instead }
                return JSON.stringify({ ...(body as object), ...more, ...spoilt })
              }),
          },
        ]),
  )
}

interface Schemas {
  /** Values of a schema. */
  json(schema: Schema): fc.Arbitrary<unknown>
  /** Values of a parameter, as text. */
  text(schema: Schema, name: string, example: unknown): fc.Arbitrary<string>
}

function newSchemas({ components }: FuzzedDocument): Schemas {
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1)!]!

  function json(given: Schema, name = ''): fc.Arbitrary<unknown> {
    const schema = resolve(given)
    const { type, properties, items } = schema
    const told = [...(schema.examples ?? []), ...(schema.default === undefined ? [] : [schema.default])]
    if (schema.const !== undefined) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => json(one, name)))
    if (properties)
      return fc.record(
        Object.fromEntries(Object.entries(properties).map(([member, one]) => [member, json(one, member)])),
        { requiredKeys: [...(schema.required ?? [])] },
      )
    const made = ofType(schema, type, items, name)
    return told.length === 0 ? made : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...told) }, made)
  }

  function ofType(
    schema: Schema,
    type: Schema['type'],
    items: Schema | undefined,
    name: string,
  ): fc.Arbitrary<unknown> {
    const { minimum = 0, maximum = 1_000 } = schema
    switch (typeof type === 'string' ? type : type?.[0]) {
      case 'integer':
        return fc.integer({ min: minimum, max: Math.max(minimum, Math.min(maximum, minimum + 400)) })
      case 'number':
        return fc.double({ min: minimum, max: Math.max(minimum, maximum), noNaN: true })
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      case 'array':
        return fc.array(items === undefined ? fc.constant('x') : json(items, name), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.min(schema.maxItems ?? 3, 3),
        })
      default:
        return textOf(schema, name)
    }
  }

  const textOf = (schema: Schema, name: string): fc.Arbitrary<string> => {
    const known = KNOWN[name] ?? KNOWN[name.replace(/s$/, '')] ?? []
    const days = fc.constantFrom('2024-06-15', '2025-03-31', '2024-04-01')
    const free = fc.string({
      minLength: schema.minLength ?? 1,
      maxLength: Math.min(schema.maxLength ?? 20, 40),
    })
    return known.length > 0
      ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, free)
      : fc.oneof(days, free, word)
  }

  return {
    json,
    text: (schema, name, example) => {
      const values = json(schema, name).map((value) =>
        Array.isArray(value) ? value.join(',') : String(value),
      )
      const known = [...(KNOWN[name] ?? []), ...(typeof example === 'string' ? [example] : [])]
      return known.length === 0
        ? values
        : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, values)
    },
  }
}
