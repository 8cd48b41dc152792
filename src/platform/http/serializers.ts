import {
  type SerializerCompiler,
  type SerializerFactory,
  SerializerSelector,
} from '@fastify/fast-json-stringify-compiler'

type Schemas = Readonly<Record<string, unknown>>
type Serializer = ReturnType<SerializerCompiler>

/** Of this process, whatever apps it builds: what writes a schema depends on the schema alone. */
const made = new Map<string, Serializer>()

/**
 * Fastify's own compiler of what writes answers, asked once for each schema. The hundreds of routes have thousands of
 * answers, most of them a problem; to compile each anew, with every schema of the service at hand, was the longer half
 * of a start.
 */
export const serializersOnce: SerializerFactory = (schemas, options) => {
  const known = (schemas ?? {}) as Schemas
  return (route) => {
    const named = namedIn(route.schema, known)
    const key = JSON.stringify([route.schema, named, options])
    const serializer = made.get(key) ?? compile(named, options)(route)
    made.set(key, serializer)
    return serializer
  }
}

const compile = SerializerSelector()

/** The named schemas that a schema points to, and those that they point to in turn. */
function namedIn(schema: unknown, known: Schemas): Schemas {
  const found: Record<string, unknown> = {}
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [member, inner] of Object.entries(value)) {
      if (member !== '$ref' || typeof inner !== 'string') {
        look(inner)
        continue
      }
      const name = inner.split('#')[0]!
      if (name === '' || Object.hasOwn(found, name) || !Object.hasOwn(known, name)) continue
      found[name] = known[name]
      look(known[name])
    }
  }
  look(schema)
  return found
}
