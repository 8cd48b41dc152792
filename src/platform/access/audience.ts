import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../vocabulary/refusal.ts'
import { covers, holdsAny, type Scope } from './caller.ts'

/** Who may read figures: as they are, or only what is safe to publish. */
export const FIGURES: readonly Scope[] = ['observations:read', 'observations:read:public']

const INTERNAL: readonly Scope[] = ['observations:read']

/** Whether the caller may see the figures of an authority, for its own eyes or as the public does. */
export const mayRead = (
  { caller }: Pick<FastifyRequest, 'caller'>,
  gssCode: string,
  audience: 'internal' | 'public',
): boolean => covers(caller, gssCode, audience === 'internal' ? INTERNAL : FIGURES)

/**
 * Whom the figures of a request about these authorities are for: for the caller's own eyes unless it asks for the
 * public's; and for the public where the caller may not see the figures of every one of them as they are.
 */
export function audienceOf(
  request: Pick<FastifyRequest, 'caller'>,
  asked: 'internal' | 'public' | undefined,
  gssCodes: readonly string[],
): 'internal' | 'public' {
  const isInternal =
    gssCodes.length > 0
      ? gssCodes.every((code) => mayRead(request, code, 'internal'))
      : holdsAny(request.caller, INTERNAL)
  if (isInternal) return asked ?? 'internal'
  if (asked !== 'internal') return 'public'
  const detail =
    'The access token lacks the scope observations:read: it is given what is safe to publish, with `audience=public`.'
  throw new Refusal('forbidden', detail, [
    { pointer: '/query/audience', code: 'missing-scope', detail, allowed: ['public'] },
  ])
}
