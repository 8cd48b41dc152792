import { createHash } from 'node:crypto'

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json }

/**
 * A value as the one text that all who write it by RFC 8785 (JSON Canonicalization Scheme) get: no space, members in
 * the order of their names' UTF-16 code units, numbers and texts as ECMAScript writes them. So a hash over its UTF-8
 * bytes can be checked by anybody, from the value alone.
 *
 * What JSON does not have is refused, where JSON.stringify would leave it out or write null: a figure that is not a
 * number must not be frozen as if it were not known.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('half of a surrogate pair has no UTF-8')
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is no number in JSON`)
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`
      return objectText(value)
    default:
      throw new TypeError(`JSON has no ${typeof value}`)
  }
}

function objectText(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  // A Date or a Map would be written by what it is not.
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('JSON has plain objects only')
  // `sort` without a comparison goes by UTF-16 code units, as the scheme does.
  const names = Object.keys(value).sort()
  const members = names.map(
    (name) => `${canonicalJson(name)}:${canonicalJson((value as Record<string, unknown>)[name])}`,
  )
  return `{${members.join(',')}}`
}

/** The SHA-256 over a text's UTF-8 bytes, as `sha256sum` writes it. */
export const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
