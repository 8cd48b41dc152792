import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database, Transaction } from '../database/database.ts'
import {
  answerOf,
  claimKey,
  type KeptAnswer,
  type KeyOfCaller,
  keepAnswer,
  keyInUse,
} from '../database/idempotency-keys.ts'
import { REPLAYED_HEADER } from './idempotency-key.ts'
import type { Sent } from './kept-answers.ts'
import { openAnswer, sealAnswer } from './sealed-answer.ts'

/** What a call that changes something answers. */
export interface Answer {
  readonly status: number
  /** `location`, `etag` and the like, in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
  /** The child that the body tells of; its erasure takes the kept answer with it. */
  readonly child?: string | null
  /**
   * The body shows a secret: it is never kept in clear. A replay opens it again. Whoever gets it has proved to be the
   * same caller, and sent the same key and body; a caller that lost the answer on its way would otherwise be left with
   * a secret that is good and that nobody holds. After the days that answers are kept, nothing shows it any more.
   */
  readonly sealed?: boolean
}

/** A request’s work, done once for each key: a way for each shape that the work has. */
export interface Once {
  /** For work within one transaction: claims the key, does the work, and keeps its answer with it. */
  change(database: Database, work: (transaction: Transaction) => Promise<Answer>): Promise<Answer>
  /**
   * For what takes its time to make and a moment to keep. With a key a connection for loads is held all the while, so
   * that every process knows that the request is under way.
   */
  make<Made>(
    database: Database,
    make: () => Promise<Made>,
    keep: (transaction: Transaction, made: Made) => Promise<Answer>,
  ): Promise<Answer>
  /** For loads, whose content is known when it has been read: the three moments of their transaction. */
  readonly load: {
    readonly onStart: (transaction: Transaction) => Promise<void>
    /** Ends the load where the answer is known. */
    readonly afterReading: (transaction: Transaction, contentHash: string) => Promise<void>
    readonly keep: (transaction: Transaction, answer: Answer) => Promise<void>
  }
}

export interface AnsweredOnce {
  /** Whose the change is; `SERVICE` where it belongs to no authority. */
  readonly authority: string
  /** The key counts for nothing: a dry run changes nothing, so it need not be done once. */
  readonly ignoreKey?: boolean
  /** Called before an answer goes out again, for what every giving out leaves behind. */
  readonly replayed?: (answer: KeptAnswer) => void
}

/** Keys of requests that are under way in this process: their transactions may not have begun. */
const underWay = new WeakMap<object, Set<string>>()

/**
 * Answers a request that changes something, once for each `Idempotency-Key` that its caller sends: sent again, the
 * first answer comes again and nothing is done; with another request, or while the first is under way, the key is
 * refused. The answer is kept in the transaction of the change, so there is never the one without the other; a refusal
 * changes nothing and keeps nothing. Every POST and PUT under `/v1` answers through this, with a key or without.
 */
export async function answerOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  { authority, ignoreKey = false, replayed = () => {} }: AnsweredOnce,
  work: (once: Once) => Promise<Answer>,
): Promise<Sent> {
  const sent = request.headers['idempotency-key']
  const key = ignoreKey || typeof sent !== 'string' ? null : sent
  if (key === null) return send(reply, await work(everyTime(authority)))

  const owned: KeyOfCaller = { authority, caller: ownerOf(request), key }
  const claims = claimsIn(request.server.server)
  const claim = JSON.stringify(owned)
  if (claims.has(claim)) throw keyInUse()
  claims.add(claim)
  try {
    return send(reply, await work(onceFor(request, owned)))
  } catch (thrown) {
    if (!(thrown instanceof Known)) throw thrown
    replayed(thrown.answer)
    return send(reply.header(REPLAYED_HEADER, 'true'), thrown.answer)
  } finally {
    claims.delete(claim)
  }
}

/** People who sign in with one client of an issuer’s have keys of their own. */
const ownerOf = ({ caller: { name, onBehalfOf } }: FastifyRequest): string =>
  onBehalfOf === null ? name : JSON.stringify([name, onBehalfOf])

/** Of this server: two in one process are as two processes. */
function claimsIn(server: object): Set<string> {
  const claims = underWay.get(server) ?? new Set()
  underWay.set(server, claims)
  return claims
}

/** Ends the work on a request whose answer is known from before. */
class Known extends Error {
  readonly answer: KeptAnswer
  constructor(answer: KeptAnswer) {
    super('the answer is known')
    this.answer = answer
  }
}

function onceFor(request: FastifyRequest, owned: KeyOfCaller): Once {
  const { authority } = owned
  const keep = (transaction: Transaction, fingerprint: string, answer: Answer) => {
    const { status, headers = {}, child = null } = answer
    const body = answer.sealed ? sealAnswer(request.server, owned, answer.body) : answer.body
    return keepAnswer(transaction, owned, fingerprint, { status, headers, body, child })
  }
  const known = (kept: KeptAnswer) =>
    new Known({ ...kept, body: openAnswer(request.server, owned, kept.body) })

  /** In one transaction: the kept answer, or that of the work, which is kept. */
  async function within(
    transaction: Transaction,
    fingerprint: string,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    await claimKey(transaction, owned)
    const kept = await answerOf(transaction, owned, fingerprint)
    if (kept) throw known(kept)
    const answer = await work()
    await keep(transaction, fingerprint, answer)
    return answer
  }

  let fingerprintOfLoad = ''
  return {
    async change(database, work) {
      const fingerprint = fingerprintOf(request, hashOf(request.body))
      return database.write([authority], (transaction) =>
        within(transaction, fingerprint, () => work(transaction)),
      )
    },
    async make(database, make, keepMade) {
      const fingerprint = fingerprintOf(request, hashOf(request.body))
      return database.load([authority], (transaction) =>
        within(transaction, fingerprint, async () => keepMade(transaction, await make())),
      )
    },
    load: {
      onStart: (transaction) => claimKey(transaction, owned),
      async afterReading(transaction, contentHash) {
        fingerprintOfLoad = fingerprintOf(request, contentHash)
        const kept = await answerOf(transaction, owned, fingerprintOfLoad)
        if (kept) throw known(kept)
      },
      keep: (transaction, answer) => keep(transaction, fingerprintOfLoad, answer),
    },
  }
}

/** Without a key: done as often as it is asked for. */
const everyTime = (authority: string): Once => ({
  change: (database, work) => database.write([authority], work),
  make: async (database, make, keep) => {
    const made = await make()
    return database.write([authority], (transaction) => keep(transaction, made))
  },
  load: { onStart: async () => {}, afterReading: async () => {}, keep: async () => {} },
})

/** What makes two requests the same: who asks, for what, where, and with what content. */
function fingerprintOf({ method, url, caller }: FastifyRequest, contentHash: string): string {
  const [path = '', query = ''] = url.split('?', 2)
  const asked = new URLSearchParams(query)
  asked.sort()
  return createHash('sha256')
    .update(JSON.stringify([caller.name, method, path, asked.toString(), contentHash]))
    .digest('base64url')
}

const hashOf = (body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(body ?? null, sorted))
    .digest('base64url')

/** Members in one order: a client that writes its JSON anew may write them in another. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const JSON_TYPE = 'application/json; charset=utf-8'

function send(reply: FastifyReply, { status, headers = {}, body }: Answer): Sent {
  reply.code(status).header('cache-control', 'private, no-store').headers(headers)
  // A body that was written already is sent as it is.
  if (typeof body === 'string') reply.type(JSON_TYPE)
  return reply.send(body) as never
}
