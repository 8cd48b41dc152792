import { OAuthRefusal } from '../../platform/access/tokens/oauth-refusal.ts'

export type OAuthForm = Readonly<Record<string, string | undefined>>

/**
 * The members of a form, read by hand: a fault is answered as OAuth has it. An empty member is one that was left out
 * (RFC 6749 §3.2), and one that comes twice is refused.
 */
export function readForm(body: unknown, known: readonly string[]): OAuthForm {
  const sent = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const form: Record<string, string> = {}
  for (const name of known) {
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined
    if (value === undefined || value === '') continue
    if (typeof value !== 'string') throw new OAuthRefusal('invalid_request', `${name} comes more than once.`)
    if (value.includes('\u0000'))
      throw new OAuthRefusal('invalid_request', `${name} holds a character that is not allowed.`)
    form[name] = value
  }
  return form
}
