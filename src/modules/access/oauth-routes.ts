import formbody from '@fastify/formbody'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { KeptClient } from '../../platform/access/kept/kept-access.ts'
import { authenticate, type Shown, shownIn } from '../../platform/access/tokens/client-authentication.ts'
import { type FailedSignIns, newFailedSignIns } from '../../platform/access/tokens/failed-sign-ins.ts'
import { OAUTH_ERRORS, type OAuthError, OAuthRefusal } from '../../platform/access/tokens/oauth-refusal.ts'
import { revokeToken } from '../../platform/access/tokens/revoked-tokens.ts'
import { TOKEN_SECONDS } from '../../platform/access/tokens/signing-keys.ts'
import { narrowed } from '../../platform/access/tokens/token-scopes.ts'
import { RETRY_AFTER_SECONDS } from '../../platform/http/error-handler.ts'
import { problems } from '../../platform/http/problem.ts'
import { baseUrlOf } from '../../platform/http/public-url.ts'
import { refusalOf } from '../../platform/http/refusal-of.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { type OAuthForm, readForm } from './oauth-form.ts'
import { OAuthProblem, RevocationForm, TokenAnswer, TokenForm } from './oauth-schemas.ts'
import type { AccessRoutesOptions } from './options.ts'

const FORM = 'application/x-www-form-urlencoded'
const LARGEST_FORM = 64 * 1024
/** A secret is worth guessing where a client's is short; a token of 256 bits is not, so of those more may fail. */
const FAILURES_OF_ADDRESS = 100
const FAILURES_OF_CLIENT = 10
const SIGN_IN = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']

/** OAuth 2 for systems: tokens for those who prove to be a client of ours, and the end of a token. */
export const oauthRoutes =
  ({
    database,
    state,
    tokens,
    now,
    publicUrl,
    failuresPerMinute,
  }: AccessRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.removeAllContentTypeParsers()
    await app.register(formbody, { bodyLimit: LARGEST_FORM })
    app.setErrorHandler(answerOAuthError)

    const failures = newFailedSignIns({
      ofClient: FAILURES_OF_CLIENT,
      ofAddress: Math.min(failuresPerMinute, FAILURES_OF_ADDRESS),
    })
    const signIn = async (request: FastifyRequest, form: OAuthForm): Promise<KeptClient> => {
      const issuer = baseUrlOf(request, publicUrl)
      const client = await countingFailures(failures, request, form, (shown) =>
        authenticate({ database, state, now }, shown, [issuer, `${issuer}/oauth/token`]),
      )
      request.calledBy = client.name
      return client
    }

    app.post(
      '/oauth/token',
      {
        config: { documentedBody: refTo(TokenForm) },
        bodyLimit: LARGEST_FORM,
        schema: {
          operationId: 'createToken',
          tags: ['Access'],
          summary: 'Get an access token',
          description: `Gives a client a token for ${TOKEN_SECONDS / 60} minutes (OAuth 2, client credentials). The client signs in by \`private_key_jwt\`, \`client_secret_basic\` or \`client_secret_post\`. The token says who calls; what the client may do is decided at each call by the grants that it has then.`,
          consumes: [FORM],
          response: {
            200: {
              description: 'The token.',
              headers: NO_STORE_HEADER,
              content: { 'application/json': { schema: refTo(TokenAnswer) } },
            },
            ...oauthRefusals(
              'invalid_request',
              'invalid_client',
              'invalid_scope',
              'unsupported_grant_type',
              'slow_down',
              'server_error',
              'temporarily_unavailable',
            ),
          },
        },
      },
      async (request, reply) => {
        const form = readForm(request.body, ['grant_type', 'scope', ...SIGN_IN])
        if (form.grant_type === undefined)
          throw new OAuthRefusal('invalid_request', 'grant_type is missing: it must be client_credentials.')
        if (form.grant_type !== 'client_credentials')
          throw new OAuthRefusal('unsupported_grant_type', 'grant_type must be client_credentials.')
        const client = await signIn(request, form)
        const scopes = narrowed(client, form.scope)
        const token = await tokens.issue(client, scopes, baseUrlOf(request, publicUrl))
        setNoStore(reply)
        return reply.send({
          access_token: token,
          token_type: 'Bearer',
          expires_in: TOKEN_SECONDS,
          scope: scopes.join(' '),
        })
      },
    )

    app.post(
      '/oauth/revoke',
      {
        config: { documentedBody: refTo(RevocationForm) },
        bodyLimit: LARGEST_FORM,
        schema: {
          operationId: 'revokeToken',
          tags: ['Access'],
          summary: 'End an access token',
          description:
            'Ends a token of the client that signs in, within five seconds in every process (RFC 7009). A token that is not ours, or no longer good, is answered alike: there is nothing left to end.',
          consumes: [FORM],
          response: {
            200: Type.Null({ description: 'The token is good no more.' }),
            ...oauthRefusals(
              'invalid_request',
              'invalid_client',
              'unauthorized_client',
              'slow_down',
              'server_error',
              'temporarily_unavailable',
            ),
          },
        },
      },
      async (request, reply) => {
        const form = readForm(request.body, ['token', 'token_type_hint', ...SIGN_IN])
        const client = await signIn(request, form)
        if (form.token === undefined) throw new OAuthRefusal('invalid_request', 'token is missing.')
        const own = await tokens.read(form.token)
        if (own && own.client !== client.id)
          throw new OAuthRefusal('unauthorized_client', 'The token is another client’s.')
        if (own && own.expires * 1000 > now().getTime()) {
          await database.write([], (transaction) => revokeToken(transaction, own, now()))
          state.forget()
        }
        setNoStore(reply)
        // RFC 7009 §2.2: the status says it all.
        return reply
          .code(200)
          .serializer(() => '')
          .send(null)
      },
    )
  }

/** Signs a client in; one that fails is counted, and one that has failed too often is not listened to. */
async function countingFailures<T>(
  failures: FailedSignIns,
  request: FastifyRequest,
  form: OAuthForm,
  signIn: (shown: Shown) => Promise<T>,
): Promise<T> {
  await failures.refuseTooMany(request.ip, null)
  let client: string | null = null
  try {
    const shown = shownIn(request.headers.authorization, form)
    client = shown.client
    await failures.refuseTooMany(request.ip, client)
    return await signIn(shown)
  } catch (fault) {
    if (fault instanceof OAuthRefusal && fault.error === 'invalid_client')
      await failures.count(request.ip, client)
    throw fault
  }
}

/* ---- what goes out ---------------------------------------------------------------------------------------- */

const NO_STORE_HEADER = {
  'cache-control': { type: 'string', description: 'Always `no-store`.' },
}

const setNoStore = (reply: FastifyReply): FastifyReply =>
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache')

type StatusOf<E extends OAuthError> = (typeof OAUTH_ERRORS)[E]

/** The response entries of these errors, grouped by status. */
function oauthRefusals<E extends OAuthError>(...reasons: readonly E[]): Record<StatusOf<E>, object> {
  const byStatus = new Map<number, OAuthError[]>()
  for (const reason of reasons) {
    const status = OAUTH_ERRORS[reason]
    byStatus.set(status, [...(byStatus.get(status) ?? []), reason])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((reason) => `\`${reason}\``).join(', '),
        content: { 'application/json': { schema: refTo(OAuthProblem) } },
      },
    ]),
  ) as Record<StatusOf<E>, object>
}

/** Whatever goes wrong, in the form that OAuth libraries read; they know no problems (RFC 9457). */
function answerOAuthError(fault: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) {
  const refusal = fault instanceof OAuthRefusal ? fault : oauthRefusalOf(fault)
  if (refusal.error === 'server_error') request.log.error({ err: fault }, 'request failed')
  else if (refusal.error === 'temporarily_unavailable')
    request.log.warn({ err: fault }, 'request not answered')
  const status = OAUTH_ERRORS[refusal.error]
  if (status === 401) reply.header('www-authenticate', 'Basic realm="oauth", charset="UTF-8"')
  if (refusal.retryAfterSeconds !== null) reply.header('retry-after', refusal.retryAfterSeconds)
  return setNoStore(reply)
    .code(status)
    .type('application/json')
    .send({ error: refusal.error, error_description: refusal.message })
}

function oauthRefusalOf(fault: Error): OAuthRefusal {
  const refusal = refusalOf(fault)
  const status = refusal ? problems[refusal.reason].status : 500
  if (status === 429) return new OAuthRefusal('slow_down', refusal!.message)
  if (status === 503 || status === 504)
    return new OAuthRefusal('temporarily_unavailable', refusal!.message, RETRY_AFTER_SECONDS)
  if (status < 500) return new OAuthRefusal('invalid_request', `${refusal!.message} It takes ${FORM}.`)
  return new OAuthRefusal('server_error', 'The service failed; the log has the details of this request.')
}
