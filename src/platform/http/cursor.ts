import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from '../../vocabulary/refusal.ts'

/** Longer ones are none of ours; reading them would only cost time. */
const LONGEST = 2048

const hashOf = (fingerprint: string): string =>
  createHash('sha256').update(fingerprint).digest('base64url').slice(0, 16)

/**
 * An opaque cursor: where a list goes on, bound to the question it belongs to. The fingerprint is the question in
 * one text (call, authority, filters in a fixed order); the position is the sort key of the last row given.
 */
export const writeCursor = (fingerprint: string, position: unknown): string =>
  Buffer.from(JSON.stringify([hashOf(fingerprint), position])).toString('base64url')

/**
 * The position in a cursor, checked against its schema. A cursor comes from outside, whatever it looks like: what
 * is cut, changed, made up or of another question is `invalid-cursor`, never a failure further down. Give numbers
 * in the schema bounds that their column holds, and texts a `maxLength`.
 */
export function readCursor<S extends TSchema>(
  text: string,
  fingerprint: string,
  schema: S,
  parameter = 'cursor',
): Static<S> {
  const invalid = (detail: string): Refusal => invalidAs(parameter, detail)
  const parts = text.length <= LONGEST ? parse(text) : null
  if (!Array.isArray(parts) || parts.length !== 2 || typeof parts[0] !== 'string')
    throw invalid('The cursor was cut or changed; follow `next` as it was given.')
  if (parts[0] !== hashOf(fingerprint))
    throw invalid(
      'The cursor belongs to another question; keep the filters, or begin again without a cursor.',
    )
  if (!Value.Check(schema, parts[1]))
    throw invalid('The cursor was cut or changed; follow `next` as it was given.')
  return parts[1] as Static<S>
}

function parse(text: string): unknown {
  // Buffer would pass over characters that are not base64url, so two texts would be one cursor.
  if (!/^[\w-]+$/.test(text)) return null
  const json = Buffer.from(text, 'base64url').toString('utf8')
  // PostgreSQL has no text with a NUL in it, and would fail on it as a parameter.
  if (json.includes('\\u0000')) return null
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

const invalidAs = (parameter: string, detail: string): Refusal =>
  new Refusal('invalid-cursor', detail, [{ pointer: `/query/${parameter}`, code: 'invalid-cursor', detail }])

/** The address of the next page, for the Link header (RFC 8288): a table has no room for it. */
export function nextLink(request: Pick<FastifyRequest, 'url'>, cursor: string): string {
  const [path, search = ''] = request.url.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('cursor', cursor)
  return `<${path}?${query}>; rel="next"`
}
