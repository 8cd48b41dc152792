import type { FastifyRequest } from 'fastify'

const HOST = /^[A-Za-z0-9.\-_]+(?::\d{1,5})?$|^\[[\da-fA-F:.]+\](?::\d{1,5})?$/

/**
 * Where this caller reaches the service: the configured address, or else the host that was called. A Host header
 * of an odd form is not repeated, since it would end up in links.
 */
export const baseUrlOf = (request: FastifyRequest, publicUrl: string | null): string =>
  publicUrl ?? `${request.protocol}://${HOST.test(request.host) ? request.host : 'localhost'}`
