import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'
import { type AjvFault, faultsOfPart } from './validation-faults.ts'

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false, coerceTypes: false })

/**
 * Reads a JSON body by its schema, as it came: the reader of queries turns texts into numbers, which in a body would
 * make the number 0 of a null. Names every fault at once.
 */
export function strictBody<S extends TSchema>(schema: S): (body: unknown) => Static<S> {
  const { $id: _name, ...nameless } = schema as S & { $id?: string }
  const isValid = ajv.compile(nameless)
  return (body) => {
    if (isValid(body)) return body as Static<S>
    const faults = faultsOfPart('body', (isValid.errors ?? []) as unknown as AjvFault[])
    const detail = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the body of the request.`
    throw new Refusal('invalid-request', detail, faults)
  }
}
