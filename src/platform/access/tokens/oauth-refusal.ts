/** Why the token endpoint refuses (RFC 6749 §5.2, RFC 7009 §2.2.1), with the HTTP status of each. */
export const OAUTH_ERRORS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_scope: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_token_type: 400,
  slow_down: 429,
  server_error: 500,
  temporarily_unavailable: 503,
} as const

export type OAuthError = keyof typeof OAUTH_ERRORS

/** A refusal in the form that OAuth libraries read. */
export class OAuthRefusal extends Error {
  readonly error: OAuthError
  readonly retryAfterSeconds: number | null

  constructor(error: OAuthError, description: string, retryAfterSeconds: number | null = null) {
    super(description)
    this.name = 'OAuthRefusal'
    this.error = error
    this.retryAfterSeconds = retryAfterSeconds
  }
}
