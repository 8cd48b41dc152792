import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'
import { onlyRefusals } from './problem.ts'
import { named, refTo } from './schema-names.ts'

export interface HealthOptions {
  /** Whether the service can answer: its database is there and its tables are up to date. */
  readonly ready: () => Promise<boolean>
}

const Health = named(
  'Health',
  Type.Object(
    {
      status: Type.Enum(['live', 'ready'], {
        type: 'string',
        description: 'What was asked: `live` or `ready`.',
      }),
    },
    { additionalProperties: false, description: 'How the service is.' },
  ),
)

/** For whoever watches over the process: `live` says "don't restart me", `ready` says "send me calls". */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthOptions> = async (app, { ready }) => {
  app.addSchema(Health)

  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'getLiveness',
        tags: ['Service'],
        summary: 'Is the process up?',
        description: 'Answers 200 as long as the process runs, whatever the state of its database.',
        response: {
          200: { description: 'It is up.', content: json },
          ...onlyRefusals('internal-error', 'unavailable'),
        },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'live' }),
  )

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'getReadiness',
        tags: ['Service'],
        summary: 'Can the service answer?',
        description: 'Answers 200 when the database can be reached and its tables are up to date, else 503.',
        response: {
          200: { description: 'It can.', content: json },
          ...onlyRefusals('internal-error', 'unavailable'),
        },
      },
    },
    async (request, reply) => {
      // What is wrong is for the log: readiness is public, and the error of a database names its host.
      const isReady = await asked(ready).catch((error: unknown) => {
        request.log.warn({ err: error }, 'not ready')
        return false
      })
      if (!isReady) throw new Refusal('unavailable', 'The service is not ready to answer.')
      return reply.header('cache-control', 'no-store').send({ status: 'ready' })
    },
  )
}

/** Turns what is thrown at once into a rejection like any other. */
const asked = async (ready: () => Promise<boolean>): Promise<boolean> => ready()

const json = { 'application/json': { schema: refTo(Health) } }
