import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../vocabulary/refusal.ts'
import type { Scope } from './caller.ts'

/** Who may read figures: as they are, or only what is safe to publish. */
export const FIGURES: readonly Scope[] = ['observations:read', 'observations:read:public']

/**
 * Whom the figures of a request are for: for the caller's own eyes unless it asks for the public's; and always for the
 * public where the caller may see nothing else.
 */
export function audienceOf(
  { caller }: Pick<FastifyRequest, 'caller'>,
  asked: 'internal' | 'public' | undefined,
): 'internal' | 'public' {
  if (caller.scopes.has('observations:read')) return asked ?? 'internal'
  if (asked !== 'internal') return 'public'
  const detail =
    'The access token lacks the scope observations:read: it is given what is safe to publish, with `audience=public`.'
  throw new Refusal('forbidden', detail, [
    { pointer: '/query/audience', code: 'missing-scope', detail, allowed: ['public'] },
  ])
}
