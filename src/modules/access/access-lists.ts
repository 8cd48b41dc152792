import { Type } from 'typebox'
import type { Asked, Managed } from '../../platform/access/kept/managed.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'

/** The moments of a time that a calendar of four digits has. */
const LATEST_MS = Date.UTC(9999, 0)

const Position = Type.Object(
  {
    at: Type.Integer({ minimum: 0, maximum: LATEST_MS }),
    id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  },
  { additionalProperties: false },
)

/** A page of clients, keys or grants: the same for whatever is listed. */
export async function pageOf<Item extends Managed>(
  what: string,
  within: Asked['within'],
  { limit = 100, cursor }: { readonly limit?: number; readonly cursor?: string },
  list: (asked: Asked) => Promise<Item[]>,
): Promise<{ data: Item[]; next: string | null }> {
  const question = JSON.stringify(['access', what, within === '*' ? within : [...within].sort()])
  const from = cursor === undefined ? null : readCursor(cursor, question, Position)
  const after = from && { createdAt: new Date(from.at).toISOString(), id: from.id }
  const found = await list({ within, after, limit: limit + 1 })
  const data = found.slice(0, limit)
  const last = data.at(-1)
  return {
    data,
    next:
      found.length > limit && last
        ? writeCursor(question, { at: Date.parse(last.createdAt), id: last.id })
        : null,
  }
}
