import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Refusal } from '../../vocabulary/refusal.ts'
import type { KeyOfCaller } from '../database/idempotency-keys.ts'

/** What keeps answers that show a secret from whoever reads the database. */
export interface AnswerSeal {
  seal(plain: Buffer): Buffer
  /** Throws where it was sealed with another key, or changed since. */
  open(sealed: Buffer): Buffer
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Null: this app gives no answers that show a secret. */
    answerSeal: AnswerSeal | null
  }
}

export const sealedAnswers = fastifyPlugin<{ readonly seal: AnswerSeal | null }>(
  async (app, { seal }) => {
    app.decorate('answerSeal', seal)
  },
  { name: 'sealed-answers' },
)

/** How a sealed body is kept in place of the body. */
interface SealedBody {
  readonly $sealed: string
}

/** A body as it is kept: with whose it is, so that it opens for nobody else to whose key it were moved. */
export function sealAnswer(
  { answerSeal }: Pick<FastifyInstance, 'answerSeal'>,
  owner: KeyOfCaller,
  body: unknown,
): SealedBody {
  if (answerSeal === null) throw new Error('An answer that shows a secret needs an app with an answer seal.')
  const plain = Buffer.from(JSON.stringify([nameOf(owner), body]))
  return { $sealed: answerSeal.seal(plain).toString('base64url') }
}

/** The body that was kept, opened where it is sealed. */
export function openAnswer(
  { answerSeal }: Pick<FastifyInstance, 'answerSeal'>,
  owner: KeyOfCaller,
  kept: unknown,
): unknown {
  if (!isSealed(kept)) return kept
  const opened = opening(answerSeal, kept)
  if (opened === null || opened[0] !== nameOf(owner)) throw lost()
  return opened[1]
}

function opening(seal: AnswerSeal | null, { $sealed }: SealedBody): [owner: string, body: unknown] | null {
  try {
    return seal && JSON.parse(seal.open(Buffer.from($sealed, 'base64url')).toString())
  } catch {
    return null
  }
}

const nameOf = ({ authority, caller, key }: KeyOfCaller): string => JSON.stringify([authority, caller, key])

const isSealed = (kept: unknown): kept is SealedBody =>
  typeof kept === 'object' && kept !== null && typeof (kept as Partial<SealedBody>).$sealed === 'string'

function lost(): Refusal {
  const detail =
    'The request was carried out before, but its answer was sealed with another MASTER_KEY and can’t be shown again.'
  return new Refusal('kept-answer-lost', detail, [
    { pointer: '/headers/idempotency-key', code: 'kept-answer-lost', detail },
  ])
}
