import { Agent, request } from 'undici'
import { ADDRESS_NOT_ALLOWED, type AddressRules } from './webhook-address.ts'

/** What became of sending: an HTTP status, or why there was none. */
export type Sending = { readonly status: number } | { readonly fault: string }

export interface Sender {
  send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Sending>
  close(): Promise<void>
}

const TIMEOUT_MS = 15_000
/** Of an answer only its status is of interest; so much is let pass that a connection can be used again. */
const MOST_OF_AN_ANSWER = 16 * 1024

/**
 * Sends messages to addresses that others chose. Connects to what was looked up and checked, not to what a second
 * look-up might say; follows no redirect, reads no answer and uses no proxy.
 */
export function newSender(rules: AddressRules, timeoutMs = TIMEOUT_MS): Sender {
  const agent = new Agent({
    connect: { lookup: rules.lookup, timeout: timeoutMs },
    pipelining: 1,
    keepAliveTimeout: 1_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 16 * 1024,
    maxResponseSize: MOST_OF_AN_ANSWER,
  })
  return {
    async send(url, headers, body) {
      // An address within the URL is never looked up; and the rules may have changed since it was registered.
      if (rules.faultsOf(url).length > 0) return { fault: ADDRESS_NOT_ALLOWED }
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: 'POST',
          headers: {
            ...headers,
            'content-type': 'application/cloudevents+json; charset=utf-8',
            'user-agent': 'corporate-parenting-api',
          },
          body,
          signal: AbortSignal.timeout(timeoutMs),
        })
        await answer.body.dump({ limit: MOST_OF_AN_ANSWER }).catch(() => {})
        return { status: answer.statusCode }
      } catch (error) {
        return { fault: faultOf(error) }
      }
    },
    close: () => agent.destroy(),
  }
}

/** A word for what went wrong: never a message, which could hold what another service said. */
function faultOf(error: unknown): string {
  const { code, name, cause, errors } = (error ?? {}) as {
    code?: string
    name?: string
    cause?: unknown
    errors?: readonly unknown[]
  }
  if (name === 'TimeoutError' || name === 'AbortError' || /TIMEOUT|TIMEDOUT/.test(code ?? ''))
    return 'timeout'
  if (code === ADDRESS_NOT_ALLOWED) return ADDRESS_NOT_ALLOWED
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return 'name-not-found'
  if (code === 'ECONNREFUSED') return 'connection-refused'
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code ?? '')) return 'certificate-not-accepted'
  const inner = cause ?? errors?.[0]
  return inner === undefined ? 'connection-broken' : faultOf(inner)
}
