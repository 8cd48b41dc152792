import { timingSafeEqual } from 'node:crypto'
import type { Database } from '../../database/database.ts'
import type { AccessState } from '../kept/access-state.ts'
import type { KeptAccess, KeptClient } from '../kept/kept-access.ts'
import { hashOf } from '../keys/secret-text.ts'
import { clientNamed, hasExpired } from './access-token.ts'
import { clientOfAssertion, isGoodAssertion } from './client-assertion.ts'
import { OAuthRefusal } from './oauth-refusal.ts'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** What a client shows of itself: a secret, or an assertion that it has signed. */
export type Shown =
  | { readonly client: string; readonly secret: string }
  | { readonly client: string; readonly assertion: string }

/** What a request shows; refuses one that shows nothing, or several things. */
export function shownIn(
  authorization: string | undefined,
  form: Readonly<Record<string, string | undefined>>,
): Shown {
  const ways = [
    authorization !== undefined,
    form.client_secret !== undefined,
    form.client_assertion !== undefined,
  ]
  if (ways.filter((way) => way).length > 1)
    throw new OAuthRefusal('invalid_request', 'The client signs in in more than one way; one is allowed.')
  if (authorization !== undefined) return agreeing(readBasic(authorization), form.client_id)
  if (form.client_secret !== undefined) {
    if (form.client_id === undefined) throw new OAuthRefusal('invalid_request', 'client_id is missing.')
    return { client: form.client_id, secret: form.client_secret }
  }
  if (form.client_assertion !== undefined) {
    if (form.client_assertion_type !== ASSERTION_TYPE)
      throw new OAuthRefusal('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}.`)
    const client = clientOfAssertion(form.client_assertion)
    if (client === null) throw failed()
    return agreeing({ client, assertion: form.client_assertion }, form.client_id)
  }
  throw new OAuthRefusal(
    'invalid_client',
    'The client does not sign in: it does so by private_key_jwt, client_secret_basic or client_secret_post.',
  )
}

function agreeing(shown: Shown, clientId: string | undefined): Shown {
  if (clientId === undefined || clientId === shown.client) return shown
  throw new OAuthRefusal('invalid_request', 'client_id names another client than the one that signs in.')
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
function readBasic(authorization: string): Shown {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1]
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) throw failed()
  try {
    const [client, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((half) =>
      decodeURIComponent(half.replaceAll('+', ' ')),
    )
    return { client: client!, secret: secret! }
  } catch {
    throw failed()
  }
}

/** One answer to whatever is wrong: it tells nobody whether there is such a client. */
export const failed = (): OAuthRefusal =>
  new OAuthRefusal('invalid_client', 'The client is not known, or did not prove that it is the one.')

export interface ClientAuthenticationOptions {
  readonly database: Database
  readonly state: AccessState
  readonly now: () => Date
}

/** The client that has proved to be the one it says; throws `invalid_client` otherwise. */
export async function authenticate(
  { database, state, now }: ClientAuthenticationOptions,
  shown: Shown,
  audiences: readonly string[],
): Promise<KeptClient> {
  const access = await state.latest()
  const client = clientNamed(access, shown.client)
  const isIt =
    'secret' in shown
      ? isSecretOf(access, shown.client, shown.secret, now())
      : client !== undefined && (await isGoodAssertion(database, client, shown.assertion, audiences, now()))
  if (!client || !isIt || hasExpired(client.expiresAt, now())) throw failed()
  return client
}

/** Every secret of the client is compared, each in constant time. */
function isSecretOf({ secrets }: KeptAccess, client: string, secret: string, now: Date): boolean {
  const hash = hashOf(secret)
  let isIt = false
  for (const kept of secrets)
    if (kept.client === client && timingSafeEqual(kept.hash, hash) && !hasExpired(kept.expiresAt, now))
      isIt = true
  return isIt
}
