import type { FastifyRequest } from 'fastify'
import { nearMatches } from '../../vocabulary/near-match.ts'
import type { Fault } from '../../vocabulary/refusal.ts'
import { memberPointer } from '../../vocabulary/repeated.ts'

/** What Ajv says of one fault; `verbose` in `app.ts` adds the schema that it stands in. */
export interface AjvFault {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly parentSchema?: { readonly [keyword: string]: unknown }
}

/** Parts of a request in the order in which a reader looks at them, by Fastify's name and ours. */
const PARTS = [
  { part: 'params', name: 'path', read: (request: FastifyRequest) => request.params },
  { part: 'querystring', name: 'query', read: (request: FastifyRequest) => request.query },
  { part: 'headers', name: 'headers', read: (request: FastifyRequest) => request.headers },
  { part: 'body', name: 'body', read: (request: FastifyRequest) => request.body },
] as const

/**
 * Every fault of a request. Fastify stops at the first part that fails, so a caller with a wrong path and a wrong
 * query would learn of the second only after mending the first; here every part is looked at again.
 */
export function faultsOfRequest(request: FastifyRequest): Fault[] {
  return PARTS.flatMap(({ part, name, read }) => {
    const validate = request.getValidationFunction(part)
    if (typeof validate !== 'function' || validate(read(request)) === true) return []
    return faultsOfPart(name, (validate.errors ?? []) as unknown as AjvFault[])
  })
}

/** Ajv's faults in one part of a request, in our words; said once each. */
export function faultsOfPart(part: string, ajvFaults: readonly AjvFault[]): Fault[] {
  const faults = withoutEchoes(ajvFaults).map((fault) => translate(part, fault))
  return [
    ...new Map(faults.map((fault) => [`${fault.pointer} ${fault.code} ${fault.detail}`, fault])).values(),
  ]
}

/**
 * A union fails as a whole and in each of its branches. What helps is the branch that says something: "must be
 * null" beside "must match the pattern" does not, nor does "must match a schema in anyOf".
 */
function withoutEchoes(faults: readonly AjvFault[]): readonly AjvFault[] {
  const telling = faults.filter(
    ({ keyword, params }) =>
      !['anyOf', 'oneOf', 'if'].includes(keyword) && !(keyword === 'type' && params.type === 'null'),
  )
  return telling.length > 0 ? telling : faults
}

function translate(part: string, { keyword, instancePath, params, parentSchema }: AjvFault): Fault {
  const here = `/${part}${instancePath}`
  // Ajv blames the parent for a missing or unknown member; a caller looks for the member.
  const member = (name: unknown) => `${here}/${escapePointer(String(name).slice(0, 100))}`
  switch (keyword) {
    case 'required':
      return {
        pointer: member(params.missingProperty),
        code: 'missing',
        detail: 'This is needed and missing.',
      }
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const allowed = Object.keys((parentSchema?.properties as object | undefined) ?? {})
      const name = String(params.additionalProperty ?? params.unevaluatedProperty)
      const didYouMean = nearMatches(name, allowed)
      return {
        pointer: memberPointer(here, name, didYouMean),
        code: 'unknown-member',
        detail: part === 'query' ? 'There is no such query parameter.' : 'There is no such member.',
        allowed,
        ...(didYouMean.length > 0 && { didYouMean }),
      }
    }
    case 'enum':
      return {
        pointer: here,
        code: 'not-allowed',
        detail: 'The value is not one of those allowed.',
        allowed: (params.allowedValues as unknown[]).map(String),
      }
    case 'const':
      return {
        pointer: here,
        code: 'not-allowed',
        detail: 'The value is not the one allowed.',
        allowed: [String(params.allowedValue)],
      }
    case 'pattern':
      return {
        pointer: here,
        code: 'wrong-form',
        detail: inWords('The value does not have the form asked for', parentSchema),
        allowed: [String(params.pattern)],
      }
    case 'format':
      return {
        pointer: here,
        code: 'wrong-form',
        detail: inWords(`The value is not a ${params.format}`, parentSchema),
        allowed: [String(params.format)],
      }
    case 'type':
      return {
        pointer: here,
        code: 'wrong-type',
        detail: `The value must be of type ${String(params.type).replaceAll(',', ' or ')}.`,
      }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return outOfBounds(here, 'The number', 'out-of-range', parentSchema, ['minimum', 'maximum'], params)
    case 'minLength':
    case 'maxLength':
      return outOfBounds(here, 'The length', 'wrong-length', parentSchema, ['minLength', 'maxLength'], params)
    case 'minItems':
    case 'maxItems':
      return outOfBounds(
        here,
        'The number of items',
        'wrong-length',
        parentSchema,
        ['minItems', 'maxItems'],
        params,
      )
    case 'uniqueItems':
      return { pointer: here, code: 'repeated', detail: 'An item is given more than once.' }
    default:
      return {
        pointer: here,
        code: 'not-allowed',
        detail: inWords('The value is not one that is allowed', parentSchema),
      }
  }
}

function outOfBounds(
  pointer: string,
  what: string,
  code: string,
  schema: AjvFault['parentSchema'],
  [least, most]: readonly [string, string],
  params: AjvFault['params'],
): Fault {
  const [from, to] = [schema?.[least], schema?.[most]]
  const bounds =
    from !== undefined && to !== undefined
      ? `from ${from} to ${to}`
      : from !== undefined
        ? `at least ${from}`
        : to !== undefined
          ? `at most ${to}`
          : `${params.comparison ?? ''} ${params.limit}`.trim()
  return { pointer, code, detail: `${what} must be ${bounds}.`, allowed: [bounds] }
}

/** What the schema says of itself helps more than a regular expression does. */
const inWords = (fault: string, schema: AjvFault['parentSchema']): string =>
  typeof schema?.description === 'string' ? `${fault}. ${schema.description}` : `${fault}.`

const escapePointer = (member: string): string => member.replaceAll('~', '~0').replaceAll('/', '~1')
