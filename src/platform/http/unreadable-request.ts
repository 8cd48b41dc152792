import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { PROBLEM_JSON, problemBody } from './problem.ts'

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
  const about = { base: publicUrl ?? 'http://localhost', requestId: randomUUID() }
  const body = JSON.stringify(problemBody(about, 'invalid-request', 'The request can’t be read as HTTP.'))
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      `Content-Type: ${PROBLEM_JSON}; charset=utf-8`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
