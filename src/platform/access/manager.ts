import type { FastifyRequest } from 'fastify'
import { authoritiesOf } from './access.ts'
import type { Manager } from './kept/decisions.ts'

/** Who manages access with this request: the caller, for the authorities for which it holds the scope `admin`. */
export const managerOf = (request: FastifyRequest): Manager => ({
  name: request.caller.name,
  authorities: authoritiesOf(request),
})
