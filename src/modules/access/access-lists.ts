import { Type } from 'typebox'
import type { Asked, Managed } from '../../platform/access/kept/managed.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'

const Position = Type.Object(
  {
    createdAt: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z$', maxLength: 30 }),
    id: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
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
  const after = cursor === undefined ? null : readCursor(cursor, question, Position)
  const found = await list({ within, after, limit: limit + 1 })
  const data = found.slice(0, limit)
  const last = data.at(-1)
  return {
    data,
    next:
      found.length > limit && last ? writeCursor(question, { createdAt: last.createdAt, id: last.id }) : null,
  }
}
