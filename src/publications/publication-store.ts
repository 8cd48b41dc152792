import { appendEvent } from '../events/event-store.ts'
import type { Audience } from '../indicators/observation.ts'
import type { Transaction } from '../platform/database/database.ts'
import { canonicalJson, sha256Of } from './canonical-json.ts'
import type { PublicationContent } from './content.ts'

/** What a list tells of a publication. */
export interface PublicationRecord {
  readonly id: string
  readonly authority: string
  readonly audience: Audience
  readonly title: string
  readonly periods: readonly string[]
  readonly publishedAt: string
  readonly publishedBy: string
  readonly dataVersion: string
  /** SHA-256 over the UTF-8 bytes of the content's text, in hexadecimal digits. */
  readonly sha256: string
}

/** A publication with its content, as the very text that the hash is taken over. */
export interface Publication extends PublicationRecord {
  readonly contentText: string
}

const COLUMNS = `p.id, p.authority, p.audience, p.title, p.periods, p.published_at as "publishedAt",
            p.published_by as "publishedBy", p.data_version as "dataVersion", p.sha256`

/** Keeps a publication; what is kept can't be changed or deleted again. */
export async function keepPublication(
  transaction: Transaction,
  content: PublicationContent,
  by: string,
): Promise<PublicationRecord> {
  const text = canonicalJson(content)
  const [record] = await transaction.query<PublicationRecord>(
    'publications.keep',
    `insert into care.publication as p (authority, id, audience, periods, title, published_at, published_by,
                                        data_version, content, sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     returning ${COLUMNS}`,
    [
      content.authority.code,
      content.id,
      content.audience,
      content.periods,
      content.title,
      content.publishedAt,
      by,
      content.dataVersion,
      text,
      sha256Of(text),
    ],
  )
  await appendEvent(transaction, {
    authority: content.authority.code,
    type: 'figures.published',
    subject: `/v1/authorities/${content.authority.code}/publications/${content.id}`,
    data: { publication: content.id, audience: content.audience, dataVersion: content.dataVersion },
  })
  return record!
}

/** Newest first; `before` is the id of the last one seen, and `audience` the only one that the caller may read. */
export const listPublications = (
  transaction: Transaction,
  authority: string,
  page: { readonly audience: Audience | null; readonly before: string | null; readonly limit: number },
): Promise<PublicationRecord[]> =>
  transaction.query<PublicationRecord>(
    'publications.list',
    `select ${COLUMNS}
       from care.publication p
      where p.authority = $1
        and ($2::text is null or p.audience = $2)
        and ($3::uuid is null or p.id < $3)
      order by p.id desc
      limit $4`,
    [authority, page.audience, page.before, page.limit],
  )

/** Null where there is none that the caller may read. */
export async function readPublication(
  transaction: Transaction,
  authority: string,
  id: string,
  audience: Audience | null,
): Promise<Publication | null> {
  const [publication] = await transaction.query<Publication>(
    'publications.read',
    `select ${COLUMNS}, p.content as "contentText"
       from care.publication p
      where p.authority = $1 and p.id = $2 and ($3::text is null or p.audience = $3)`,
    [authority, id, audience],
  )
  return publication ?? null
}

/** The content as what it was frozen from: JSON of ours, whose hash the database holds it to. */
export const contentOf = ({ contentText }: Publication): PublicationContent =>
  JSON.parse(contentText) as PublicationContent
