import { Refusal } from '../../vocabulary/refusal.ts'

/**
 * A body as the object that it must be, for a call that reads its members itself: Ajv would turn the null that a
 * caller wrote into the number 0, and the text "82" into 82.
 */
export function jsonObjectOf(body: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Readonly<Record<string, unknown>>
  const detail = `The body must be a JSON object: ${what}.`
  throw new Refusal('invalid-request', detail, [{ pointer: '/body', code: 'wrong-type', detail }])
}
