import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { RefusalReason } from '../../vocabulary/refusal.ts'
import { PROBLEM_JSON, problemBody, problems } from './problem.ts'

/**
 * Answers what Node could not read as HTTP at all (broken lines, headers without end, a request that took too long
 * to arrive), which reaches no route and no hook: on the bare socket, and in the same form as every other refusal.
 */
export function answerUnreadable(
  error: { readonly code?: string },
  socket: Socket,
  publicUrl: string | null,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [reason, detail] = WHY[error.code ?? ''] ?? UNREADABLE
  answerOnSocket(socket, reason, detail, publicUrl)
}

type Why = readonly [RefusalReason, string]

const UNREADABLE: Why = ['invalid-request', 'The request can’t be read as HTTP.']
const WHY: Readonly<Record<string, Why>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The headers are larger than the service takes.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-too-slow', 'The request did not come within the time allowed.'],
}

/** A problem written past every layer, on a connection that is closed after it. */
export function answerOnSocket(
  socket: Socket,
  reason: RefusalReason,
  detail: string,
  publicUrl: string | null,
): void {
  const about = { base: publicUrl ?? 'http://localhost', requestId: randomUUID() }
  const body = JSON.stringify(problemBody(about, reason, detail))
  const { status } = problems[reason]
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${PROBLEM_JSON}; charset=utf-8`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${about.requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    // Whoever goes on sending, or does not close, is not waited for.
    () => socket.destroy(),
  )
}
