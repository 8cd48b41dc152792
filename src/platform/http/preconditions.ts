import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'

/** For the `304` of a route's response schema: `if (isFresh(request, etag)) return reply.code(304).send(null)`. */
export const NotModified = Type.Null({
  description: 'Nothing changed since the answer whose ETag was sent in If-None-Match.',
})

/**
 * A strong validator of an answer, from everything that decides it: the version of the data, the question in full,
 * the representation, and what the caller may see. Two answers that differ in a byte must differ in a part.
 */
export function etagOf(parts: readonly string[]): string {
  // JSON keeps the parts apart; joined, ['ab', 'c'] and ['a', 'bc'] would be the same.
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`
}

/**
 * Whether the caller holds this answer already (If-None-Match, RFC 9110 §13.1.2). For GET only: it compares weakly,
 * so a proxy that turned the tag into a weak one when it compressed the answer still gets its 304.
 */
export function isFresh(request: Pick<FastifyRequest, 'headers'>, etag: string): boolean {
  const sent = request.headers['if-none-match']
  if (sent === undefined) return false
  if (sent.trim() === '*') return true
  return tagsIn(sent).some((tag) => opaque(tag) === opaque(etag))
}

/**
 * The header that rules out a change of what is in this state now (`null`: there is nothing), or null where none does
 * (RFC 9110 §13.1.1 and §13.1.2). To be asked within the transaction of the change.
 */
export function preventsChange(
  { headers }: Pick<FastifyRequest, 'headers'>,
  etag: string | null,
): 'if-match' | 'if-none-match' | null {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']]
  // Only a strong tag says that the caller has seen every byte of what it changes.
  if (
    match !== undefined &&
    !(match.trim() === '*' ? etag !== null : etag !== null && tagsIn(match).includes(etag))
  )
    return 'if-match'
  if (noneMatch === undefined || etag === null) return null
  return isFresh({ headers }, etag) ? 'if-none-match' : null
}

export interface MeantChange {
  /** What is changed, as a caller calls it: `record`. */
  readonly what: string
  /** Its state now; null where there is none. */
  readonly etag: string | null
  /** Whether something that stands there is lost by the change: then its caller must say which state it has seen. */
  readonly replaces?: boolean
}

/**
 * Refuses a change of what is in another state than its caller says (412), or of what its caller does not say to have
 * seen (428); the refusal carries the ETag of the state that it is in. To be asked within the transaction of the change.
 */
export function mustBeMeant(
  request: Pick<FastifyRequest, 'headers'>,
  reply: Pick<FastifyReply, 'header'>,
  { what, etag, replaces = false }: MeantChange,
): void {
  const by = preventsChange(request, etag)
  if (by === null && !(replaces && request.headers['if-match'] === undefined)) return
  if (etag !== null) reply.header('etag', etag)
  if (by === null) {
    const detail = `The ${what} exists: say in If-Match which state of it you have seen (the ETag that it came with), or \`*\` for whatever state it is in.`
    throw new Refusal('precondition-required', detail, [
      { pointer: '/headers/if-match', code: 'missing', detail, allowed: [...(etag ? [etag] : []), '*'] },
    ])
  }
  const detail =
    etag === null
      ? `There is no such ${what}, so none in the state that If-Match names.`
      : by === 'if-match'
        ? `The ${what} is not in the state that If-Match names: it has been changed since.`
        : `The ${what} exists already, which If-None-Match rules out.`
  throw new Refusal('precondition-failed', detail, [
    { pointer: `/headers/${by}`, code: 'precondition-failed', detail },
  ])
}

const tagsIn = (header: string): string[] => header.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? []

const opaque = (tag: string): string => tag.replace(/^W\//, '')

/**
 * Lets a caller keep the answer and ask whether it is still good. Private and always asked: what one caller may
 * see, no shared cache may hand to another, and a figure that a new return has changed must not be shown as it was.
 */
export function setValidators(reply: FastifyReply, etag: string): void {
  reply
    .header('etag', etag)
    .header('cache-control', 'private, no-cache')
    .header('vary', 'Authorization, Accept')
}
