import type { FastifyInstance } from 'fastify'

export interface Route {
  readonly method: string
  /** As Fastify writes it: `/v1/authorities/:authority`. */
  readonly template: string
}

/** Every route of the router itself, not of a document about it; HEAD, which comes with GET, left out. */
export function routesOf(app: FastifyInstance): Route[] {
  const above: string[] = []
  const routes: Route[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const found = /^(?<indent>[│├└─ ]*)(?<path>\S+)(?: \((?<methods>[^)]+)\))?$/.exec(line.trimEnd())?.groups
    if (!found) continue
    const depth = found.indent!.length / 4
    above.length = depth - 1
    above.push(found.path!)
    const template = above.join('')
    for (const method of found.methods?.split(', ') ?? [])
      if (method !== 'HEAD') routes.push({ method, template })
  }
  if (routes.length < 50) throw new Error('The routes of the router can’t be read as it prints them.')
  return routes
}

export const nameOf = ({ method, template }: Route): string => `${method} ${template}`
