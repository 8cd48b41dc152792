import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { Figures } from '../../indicators/figures.ts'
import { CSV_COLUMNS, csvRowsOf } from '../../indicators/observations-csv.ts'
import { authorityOf } from '../../platform/access/access.ts'
import { mayRead } from '../../platform/access/audience.ts'
import type { Database } from '../../platform/database/database.ts'
import { CsvTable, csvStream } from '../../platform/http/csv.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { jsonObjectOf } from '../../platform/http/json-object.ts'
import { notModified, sent } from '../../platform/http/kept-answers.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { etagOf, isFresh, NotModified, setValidators } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { CSV_CONTENT_TYPE, representationAmong } from '../../platform/http/representation.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { asOfBody, readAskedPublication } from '../../publications/asked-publication.ts'
import { changesOf, readToday } from '../../publications/changes.ts'
import type { FrozenSoftware } from '../../publications/content.ts'
import { freeze } from '../../publications/freeze.ts'
import {
  contentOf,
  type PublicationRecord as Kept,
  type Publication as KeptPublication,
  keepPublication,
  listPublications,
  readPublication,
} from '../../publications/publication-store.ts'
import { boardReport } from '../../publications/report/report.ts'
import { REPORT_POLICY } from '../../publications/report/style.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { CHANGES_SCHEMAS, givenChanges, PublicationChanges } from './changes-schemas.ts'
import {
  OfAuthority,
  OfPublication,
  PUBLICATION_SCHEMAS,
  Publication,
  PublicationBody,
  PublicationContent,
  PublicationPage,
  PublicationQuery,
  PublicationRecord,
  PublicationsQuery,
} from './publications-schemas.ts'

export interface PublicationsRoutesOptions {
  readonly database: Database
  readonly figures: Figures
  readonly catalogue: Catalogue
}

const PRIVATE = 'private, no-store'
/** Ids of all indicators, and a note. */
const LARGEST_REQUEST = 128 * 1024

/** Who may read publications: those for the public with either scope, internal ones with the first alone. */
const READERS = ['observations:read', 'observations:read:public'] as const

/** Frozen figures: made once, never changed, compared with today. */
export const publicationsRoutes =
  ({ database, figures, catalogue }: PublicationsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const software: FrozenSoftware = {
      name: 'Corporate Parenting API',
      version: VERSION,
      edition: figures.edition,
    }
    for (const schema of [...PUBLICATION_SCHEMAS, ...CHANGES_SCHEMAS]) app.addSchema(schema)
    const base = '/v1/authorities/:authority/publications'

    /** The publication that a request names, as far as its caller may read it. */
    async function publicationOf(
      request: FastifyRequest & { readonly params: Static<typeof OfPublication> },
    ): Promise<KeptPublication> {
      const { code } = authorityOf(request, request.params.authority)
      const id = request.params.id.toLowerCase()
      const publication = UUID.test(id)
        ? await database.read([code], (transaction) =>
            readPublication(transaction, code, id, audienceFor(request, code)),
          )
        : null
      if (!publication) throw unknownPublication()
      return publication
    }

    app.post(
      base,
      {
        config: { cost: 20, scope: 'publications:write', documentedBody: refTo(PublicationBody) },
        bodyLimit: LARGEST_REQUEST,
        schema: {
          operationId: 'publish',
          tags: ['Publications'],
          summary: 'Publish: freeze figures',
          description: `Freezes figures with their definitions, the targets set for them, the returns that they were made from, the version of the records and of the software, and how they were made safe; with them the same periods of up to four earlier years, for the trend. What is frozen gets a SHA-256 over its canonical form, and never changes: no call changes or deletes it, also when a return is withdrawn.

Send an \`Idempotency-Key\` to be able to repeat the call when its answer was lost: the answer is kept under it for 7 days.`,
          params: OfAuthority,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The figures are frozen.',
              headers: {
                location: { type: 'string', description: 'The address of the publication.' },
                ...REPLAYED,
              },
              content: { 'application/json': { schema: refTo(PublicationRecord) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-indicator',
              'unknown-period',
              'unknown-breakdown',
              'unsupported-media-type',
              'upload-too-large',
              ...KEY_REASONS,
            ),
          },
        },
      },
      async (request, reply) => {
        const authority = authorityOf(request, request.params.authority)
        const { code } = authority
        const body = jsonObjectOf(request.body, 'the audience, the period, and what else is to be frozen')
        const asked = readAskedPublication(body, authority, catalogue)
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.make(
            database,
            () =>
              figures
                .read([code], (reading) => freeze(reading, asked, software))
                .catch((error: unknown) => {
                  throw asOfBody(error, body)
                }),
            async (transaction, content) => {
              const record = await keepPublication(transaction, content, request.caller.name)
              return {
                status: 201,
                headers: { location: addressOf(record) },
                body: givenRecord(record, true),
              }
            },
          ),
        )
      },
    )

    app.get(
      base,
      {
        config: { scope: READERS },
        schema: {
          operationId: 'listPublications',
          tags: ['Publications'],
          summary: 'The publications of an authority',
          description: `What was published, the newest first. ${WHO_READS_WHAT}`,
          params: OfAuthority,
          querystring: PublicationsQuery,
          response: {
            200: {
              description: 'A page of publications.',
              content: { 'application/json': { schema: refTo(PublicationPage) } },
            },
            ...refusals('unknown-authority', 'invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { limit = 20, cursor } = request.query
        const audience = audienceFor(request, code)
        const question = `publications ${code} ${audience}`
        const before = cursor === undefined ? null : readCursor(cursor, question, Position)
        const records = await database.read([code], (transaction) =>
          listPublications(transaction, code, { audience, before, limit: limit + 1 }),
        )
        const page = records.slice(0, limit)
        reply.header('cache-control', PRIVATE)
        return {
          data: page.map((record) => givenRecord(record, audience === null)),
          next: records.length > limit ? writeCursor(question, page.at(-1)!.id) : null,
        }
      },
    )

    app.get(
      `${base}/:id`,
      {
        config: { scope: READERS },
        schema: {
          operationId: 'getPublication',
          tags: ['Publications'],
          summary: 'A publication, or the board’s report made from it',
          description: `The frozen figures as JSON; as a table with the columns of the observations (\`Accept: text/csv\` or \`format=csv\`), those of the earlier periods after the others; or as the board’s report (\`Accept: text/html\` or \`format=html\`): an accessible page with tables, trend charts and plain-English definitions, which needs nothing but itself and prints well. ${WHO_READS_WHAT}`,
          params: OfPublication,
          querystring: PublicationQuery,
          response: {
            200: {
              description: 'The publication.',
              content: {
                'application/json': { schema: refTo(Publication) },
                'text/csv': { schema: CsvTable },
                'text/html': {
                  schema: Type.Unsafe<never>({
                    type: 'string',
                    description: 'The board’s report, for people.',
                  }),
                },
              },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-publication', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        const publication = await publicationOf(request)
        const form = representationAmong(
          ['json', 'csv', 'html'],
          request.headers.accept,
          request.query.format,
        )
        const tellsWho = audienceFor(request, publication.authority) === null
        // The content never changes, but what a release makes of it may.
        const etag = etagOf([publication.sha256, form, VERSION, String(tellsWho)])
        if (isFresh(request, etag)) return notModified(reply, etag)
        setValidators(reply, etag)
        switch (form) {
          case 'json':
            reply.type('application/json; charset=utf-8')
            return sent(Buffer.from(asJson(publication, tellsWho)))
          case 'csv': {
            const { indicators, observations, history } = contentOf(publication)
            const rows = [...observations, ...history].map(csvRowsOf({ indicators }))
            reply
              .type(CSV_CONTENT_TYPE)
              .header('content-disposition', `attachment; filename="publication-${publication.id}.csv"`)
            return sent(csvStream(CSV_COLUMNS, rows))
          }
          case 'html':
            reply.type('text/html; charset=utf-8').header('content-security-policy', REPORT_POLICY)
            return sent(Buffer.from(boardReport(contentOf(publication), publication.sha256)))
        }
      },
    )

    app.get(
      `${base}/:id/content`,
      {
        config: { scope: READERS },
        schema: {
          operationId: 'getPublicationContent',
          tags: ['Publications'],
          summary: 'The very bytes that were hashed',
          description: `The member \`content\` of the publication in its canonical form (RFC 8785, the JSON Canonicalization Scheme): exactly the bytes that \`sha256\` is taken over, so that \`curl … | sha256sum\` gives it. The header \`Repr-Digest\` (RFC 9530) carries it too. ${WHO_READS_WHAT}`,
          params: OfPublication,
          querystring: Type.Object({}, { additionalProperties: false }),
          response: {
            200: {
              description: 'The content.',
              headers: {
                'repr-digest': { type: 'string', description: 'The SHA-256 in Base64: `sha-256=:…:`.' },
              },
              content: { 'application/json': { schema: refTo(PublicationContent) } },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-publication'),
          },
        },
      },
      async (request, reply) => {
        const { sha256, contentText } = await publicationOf(request)
        const etag = etagOf([sha256, 'content'])
        if (isFresh(request, etag)) return notModified(reply, etag)
        setValidators(reply, etag)
        reply
          .type('application/json; charset=utf-8')
          .header('repr-digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`)
        return sent(Buffer.from(contentText))
      },
    )

    app.get(
      `${base}/:id/changes`,
      {
        config: { cost: 20, scope: READERS },
        schema: {
          operationId: 'getPublicationChanges',
          tags: ['Publications'],
          summary: 'What moved since a publication',
          description: `Compares what was published with today’s figures for the same audience: which figures moved, appeared or are gone, by how much, and which returns loaded or withdrawn since may have moved them; whether the software defines a figure otherwise today. The publication itself stays as it is. ${WHO_READS_WHAT}`,
          params: OfPublication,
          querystring: Type.Object({}, { additionalProperties: false }),
          response: {
            200: {
              description: 'The comparison.',
              content: { 'application/json': { schema: refTo(PublicationChanges) } },
            },
            ...refusals('unknown-authority', 'unknown-publication'),
          },
        },
      },
      async (request, reply) => {
        const publication = await publicationOf(request)
        const content = contentOf(publication)
        const today = await figures.read([publication.authority], (reading) =>
          readToday(reading, content, catalogue, software),
        )
        const tellsWho = audienceFor(request, publication.authority) === null
        reply.header('cache-control', PRIVATE)
        return givenChanges(givenRecord(publication, tellsWho), changesOf(content, today), tellsWho)
      },
    )
  }

const WHO_READS_WHAT =
  'With the scope `observations:read:public` alone, publications for the public are all there are.'

/* ---- what comes in ---------------------------------------------------------------------------------------- */

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/
const Position = Type.String({ pattern: UUID.source, maxLength: 36 })

/** The one audience whose publications the caller may read; null for all. */
const audienceFor = (request: FastifyRequest, authority: string): 'public' | null =>
  mayRead(request, authority, 'internal') ? null : 'public'

/** In the same words, whether there is none or the caller may not read it. */
function unknownPublication(): Refusal {
  const detail = 'The authority has no publication with this id that the access token may read.'
  return new Refusal('unknown-publication', detail, [
    { pointer: '/path/id', code: 'unknown-publication', detail },
  ])
}

/* ---- what goes out ---------------------------------------------------------------------------------------- */

type GivenRecord = Static<typeof PublicationRecord>

const addressOf = ({ authority, id }: Pick<Kept, 'authority' | 'id'>): string =>
  `/v1/authorities/${authority}/publications/${id}`

const givenRecord = (record: Kept, tellsWho: boolean): GivenRecord => ({
  id: record.id,
  authority: record.authority,
  audience: record.audience,
  title: record.title,
  periods: [...record.periods],
  publishedAt: record.publishedAt,
  publishedBy: tellsWho ? record.publishedBy : null,
  dataVersion: record.dataVersion,
  sha256: record.sha256,
  contentAt: `${addressOf(record)}/content`,
})

/** The content goes in as the text that it is kept as: read and written again, nothing of it could differ, but why. */
const asJson = (publication: KeptPublication, tellsWho: boolean): string =>
  `${JSON.stringify(givenRecord(publication, tellsWho)).slice(0, -1)},"content":${publication.contentText}}`
