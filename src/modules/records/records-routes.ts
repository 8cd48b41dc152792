import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import type { AuditTrail, Touched } from '../../platform/access/audit-trail.ts'
import { replayedFor } from '../../platform/access/audited-routes.ts'
import type { Database } from '../../platform/database/database.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { type Answer, answerOnce } from '../../platform/http/idempotent.ts'
import { daysAsked } from '../../platform/http/parameters.ts'
import { etagOf, isFresh, mustBeMeant, NotModified } from '../../platform/http/preconditions.ts'
import { describe, problemResponse, refusals } from '../../platform/http/problem.ts'
import { purposeOf } from '../../platform/http/purpose.ts'
import { type Named, refTo } from '../../platform/http/schema-names.ts'
import { MOST_ROWS } from '../../records/copy-records.ts'
import { readJsonRecord } from '../../records/json-record.ts'
import { loadRecords, type RecordsOutcome } from '../../records/load-records.ts'
import { newRecordCheck, type RecordFault } from '../../records/record-checks.ts'
import {
  childIn,
  deleteRecord,
  type KeptRecord,
  listRecords,
  readRecord,
  writeRecord,
} from '../../records/record-store.ts'
import { allowedIn, valueCheck } from '../../records/value-checks.ts'
import type { SubjectOf } from '../../returns/erased-rows.ts'
import { newQueue, type Queue } from '../../returns/in-turn.ts'
import { CSV, openUpload, type Part, type Upload, XLSX } from '../../returns/upload.ts'
import { mustBeUsable, readWithheld } from '../../rights/restrictions.ts'
import { type Day, parseIsoDay, todayInEngland } from '../../vocabulary/day.ts'
import { LONGEST_ID } from '../../vocabulary/record-columns.ts'
import {
  idColumnOf,
  RECORD_KINDS,
  type RecordKind,
  type RecordKindName,
} from '../../vocabulary/record-kinds.ts'
import { type Fault, Refusal } from '../../vocabulary/refusal.ts'
import { givenColumns } from './given-columns.ts'
import { recordHistoryRoutes } from './record-history-routes.ts'
import {
  type GivenRecord,
  listQueryOf,
  loadBodyOf,
  loadQueryOf,
  OfAuthority,
  OfRecord,
  RECORD_SCHEMAS,
  RecordKindList,
  RecordsAnswer,
  RecordsProblem,
  schemasOf,
} from './records-schemas.ts'
import { unknownKind } from './unknown-kind.ts'

export interface RecordsRoutesOptions {
  readonly database: Database
  readonly uploadLimitBytes: number
  /** The clock: it decides which days are in the future. */
  readonly now: () => Date
  /** Called after every change that was committed. */
  readonly onChange: () => void
  /** The queue of those who write to an authority; one of its own unless others write too. */
  readonly inTurn?: Queue
  /** Knows erased children by their pseudonyms. */
  readonly subjectOf?: SubjectOf
  readonly audit: AuditTrail
}

/** 100,000 rows of the widest kind, and room to spare. */
const LARGEST_FILE = 64 * 1024 * 1024
/** One record is a few hundred bytes. */
const LARGEST_RECORD = 64 * 1024

/** Records and findings are for the caller alone, and no copy of them should stay behind. */
const PRIVATE = 'private, no-store'

/** What the return does not carry: the same calls for each kind of record, made from its declaration. */
export const recordsRoutes =
  (options: RecordsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { inTurn = newQueue() } = options
    const limits = { bytes: Math.min(options.uploadLimitBytes, LARGEST_FILE) }

    for (const schema of RECORD_SCHEMAS) app.addSchema(schema)
    await app.register(multipart, {
      limits: { fileSize: limits.bytes + 1, files: 2, fields: 20, parts: 22 },
    })
    // The body stays a stream: it is read while it is copied.
    app.addContentTypeParser([CSV, ...WORKBOOK_TYPES], (_request, payload, done) => done(null, payload))
    // A refusal may come before the body is read; the connection can't be used again with the rest of it in there.
    app.addHook('onSend', async (request, reply) => {
      if (request.method !== 'POST' || request.raw.readableEnded || isWithoutBody(request)) return
      reply.header('connection', 'close')
      request.raw.unpipe()
      request.raw.resume()
    })

    app.get(
      '/v1/record-kinds',
      {
        config: { scope: ['observations:read', 'returns:write'] },
        schema: {
          operationId: 'listRecordKinds',
          tags: ['Records'],
          summary: 'The kinds of record',
          description:
            'What can be written beside the returns: every kind with its columns, what is allowed in each, and the rules between them. An export can be generated from it.',
          response: {
            200: {
              description: 'The kinds.',
              content: { 'application/json': { schema: refTo(RecordKindList) } },
            },
            ...refusals(),
          },
        },
      },
      async () => ({ data: RECORD_KINDS.map(kindEntry), next: null }),
    )

    for (const kind of RECORD_KINDS) await app.register(routesOfKind(kind, { ...options, inTurn, limits }))

    await app.register(recordHistoryRoutes({ database: options.database }))

    // Refuses whatever is asked, so that no row is ever left.
    const unknown = { config: { scope: ['children:read', 'returns:write'] as const, audited: 'record.read' } }
    const hidden = { hide: true, response: refusals('unknown-record-kind') }
    app.route({
      method: ['GET', 'POST'],
      url: '/v1/authorities/:authority/records/:kind',
      ...unknown,
      schema: hidden,
      handler: async (request) => refuseKind(request),
    })
    app.route({
      method: ['GET', 'PUT', 'DELETE'],
      url: '/v1/authorities/:authority/records/:kind/:id',
      ...unknown,
      schema: hidden,
      handler: async (request) => refuseKind(request),
    })
  }

interface Shared extends RecordsRoutesOptions {
  readonly inTurn: Queue
  readonly limits: { readonly bytes: number }
}

const routesOfKind =
  (kind: RecordKind<RecordKindName>, shared: Shared): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { database, inTurn, limits, onChange, audit } = shared
    const today = () => todayInEngland(shared.now())
    const schemas = schemasOf(kind)
    for (const schema of [schemas.columns, schemas.record, schemas.page]) app.addSchema(schema)
    const base = `/v1/authorities/:authority/records/${kind.name}`
    const many = pascalCase(kind.name)
    const recordSchema = refTo(schemas.record as Named<TSchema>)
    const given = (description: string, headers: Record<string, unknown>) => ({
      description,
      headers,
      content: { 'application/json': { schema: Type.Unsafe<GivenRecord>(recordSchema) } },
    })
    const checkId = valueCheck(idColumnOf(kind), today())

    app.delete(
      `${base}/:id`,
      {
        config: { scope: 'returns:write', audited: 'record.delete' },
        schema: {
          operationId: `delete${kind.one}`,
          tags: ['Records'],
          summary: `Delete one record: ${kind.name}`,
          description: `${kind.description} Takes the record away; with \`If-Match\` only in the state that its ETag stands for.`,
          params: OfRecord,
          response: {
            204: Type.Null({ description: 'It is deleted.' }),
            ...refusals(
              'unknown-authority',
              'unknown-record',
              'precondition-failed',
              'unsupported-media-type',
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const id = checkId(request.params.id).value
        const deleted =
          id !== null &&
          (await inTurn(code, () =>
            database.write([code], async (transaction) => {
              let touched: Touched = { rows: 0, children: [] }
              const isDeleted = await deleteRecord(transaction, kind, id, {
                authority: code,
                by: request.caller.name,
                precondition: (existing) => {
                  mustBeMeant(request, reply, { what: 'record', etag: etagFor(code, kind, existing) })
                  if (existing) touched = touchedIn(kind, [existing])
                },
              })
              if (isDeleted) await audit.append(transaction, request, touched)
              return isDeleted
            }),
          ))
        if (!deleted) throw unknownRecord(kind)
        onChange()
        return reply.code(204).send(null)
      },
    )

    app.put(
      `${base}/:id`,
      {
        config: { scope: 'returns:write', audited: 'record.write', documentedBody: refTo(schemas.columns) },
        bodyLimit: LARGEST_RECORD,
        schema: {
          operationId: `put${kind.one}`,
          tags: ['Records'],
          summary: `Write one record: ${kind.name}`,
          description: `${kind.description} Creates the record, or takes the place of the one with this id; a member that is left out is blank. The id may be left out of the body. What is odd is in \`findings\`. A record that stands there is only changed with \`If-Match\`, in the state that its ETag stands for (\`*\`: whatever its state); writing what is there already needs none. With \`If-None-Match: *\` it is only created.`,
          params: OfRecord,
          headers: KeyHeaders,
          response: {
            200: given('The record took another’s place, or was there already as it came.', {
              ...ETAG_HEADER,
              ...REPLAYED,
            }),
            201: given('The record is created.', { ...ETAG_HEADER, ...LOCATION_HEADER, ...REPLAYED }),
            ...refusals(
              'unknown-authority',
              'unsupported-media-type',
              'upload-too-large',
              'precondition-failed',
              'precondition-required',
              'child-erased',
              'records-refused',
              ...KEY_REASONS,
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const body = objectIn(request.body)
        const day = today()
        const read = readJsonRecord(kind, newRecordCheck(kind, day), request.params.id, body)
        refuseFaults(kind, read.notUnderstood, read.contradictions)
        const about = { authority: code, replayed: replayedFor(request) }
        return answerOnce(request, reply, about, async (once) => {
          let isChanged = false
          const answer = await inTurn(code, () =>
            once.change(database, async (transaction) => {
              const { result, record, faults } = await writeRecord(transaction, kind, read.values, {
                authority: code,
                by: request.caller.name,
                today: day,
                subjectOf: shared.subjectOf,
                precondition: (existing, replaces) =>
                  mustBeMeant(request, reply, {
                    what: 'record',
                    etag: etagFor(code, kind, existing),
                    replaces,
                  }),
              })
              isChanged = result !== 'unchanged'
              const status = result === 'created' ? 201 : 200
              await audit.append(transaction, request, { ...touchedIn(kind, [record]), status })
              const etag = etagFor(code, kind, record)!
              return {
                status,
                headers: result === 'created' ? { etag, location: addressOf(code, kind, record) } : { etag },
                body: {
                  ...givenRecord(kind, record),
                  result,
                  findings: [...read.warnings, ...faults].map((fault) => givenFinding(kind, fault)),
                },
                child: childIn(kind, record),
              }
            }),
          )
          if (isChanged) onChange()
          return answer
        })
      },
    )

    app.get(
      `${base}/:id`,
      {
        config: { scope: 'children:read', audited: 'record.read' },
        schema: {
          operationId: `get${kind.one}`,
          tags: ['Records'],
          summary: `One record: ${kind.name}`,
          description: `${kind.description} Its ETag is for \`If-Match\`.`,
          params: OfRecord,
          response: {
            200: given('The record.', ETAG_HEADER),
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-record', 'child-restricted'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const id = checkId(request.params.id).value
        const record =
          id === null
            ? null
            : await database.read([code], async (transaction) => {
                const found = await readRecord(transaction, kind, code, id)
                const child = found && childIn(kind, found)
                await mustBeUsable(transaction, { authority: code, child }, purposeOf(request))
                return found
              })
        if (!record) throw unknownRecord(kind)
        request.touched = touchedIn(kind, [record])
        const etag = etagFor(code, kind, record)!
        setHead(reply, etag)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return reply.send(givenRecord(kind, record))
      },
    )

    app.get(
      base,
      {
        config: { scope: 'children:read', audited: 'record.read' },
        schema: {
          operationId: `list${many}`,
          tags: ['Records'],
          summary: `The records of an authority: ${kind.name}`,
          description: `${kind.description} In the order of their ids; \`from\` and \`to\` are for ${datedInWords(kind)}. What a record says of a child whose records are restricted is left out, unless \`X-Purpose\` names what the law allows.`,
          params: OfAuthority,
          querystring: listQueryOf(kind),
          response: {
            200: {
              description: 'A page of records.',
              content: {
                'application/json': {
                  schema: Type.Unsafe<{ data: GivenRecord[]; next: string | null }>(refTo(schemas.page)),
                },
              },
            },
            ...refusals('unknown-authority', 'invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { limit = 100, cursor, from, to } = request.query
        const child = request.query.child?.trim().toUpperCase() ?? null
        const days = daysAsked({ from, to })
        const question = JSON.stringify(['records', code, kind.name, child, days.from, days.to])
        const after = cursor === undefined ? null : readCursor(cursor, question, Position)
        const { records, withheld } = await database.read([code], async (transaction) => {
          const found = await listRecords(transaction, kind, code, {
            child,
            ...days,
            after,
            limit: limit + 1,
          })
          const children = found.map((record) => childIn(kind, record))
          return {
            records: found,
            withheld: await readWithheld(transaction, code, children, purposeOf(request)),
          }
        })
        const page = records.slice(0, limit)
        request.touched = touchedIn(kind, page)
        reply.header('cache-control', PRIVATE)
        return {
          data: page.map((record) =>
            withheld.has(childIn(kind, record) ?? '')
              ? withheldRecord(kind, record)
              : givenRecord(kind, record),
          ),
          next: records.length > limit ? writeCursor(question, page.at(-1)!.values[0]) : null,
        }
      },
    )

    app.post(
      base,
      {
        config: {
          scope: 'returns:write',
          audited: 'record.load',
          loads: 'records',
          cost: 20,
          documentedBody: loadBodyOf(kind),
        },
        bodyLimit: limits.bytes,
        // A form is read by its parts, and no schema is held against it.
        preValidation: async (request) => {
          if (request.isMultipart()) request.body = {}
        },
        schema: {
          operationId: `load${many}`,
          tags: ['Records'],
          summary: `Write many records from ${kind.publishedAs === undefined ? 'CSV' : 'CSV or a workbook'}: ${kind.name}`,
          description: `${kind.description} ${listInWords(kind)}Writes the records of one file of at most ${MOST_ROWS.toLocaleString('en-GB')} rows, all or nothing. A record whose id is there already takes its place, others are added, and what is not in the file stays; the same file again changes nothing and says so. Every row is checked: an \`error\` refuses the whole file (422, with the findings, and nothing changed) unless \`accept=partial\`; a \`warning\` does not. Columns that are not the kind’s are left out with a warning.

Send an \`Idempotency-Key\` to be able to repeat the call when its answer was lost: the answer is kept under it for 7 days. Refusals and dry runs are not kept, since they change nothing.`,
          params: OfAuthority,
          querystring: loadQueryOf(kind),
          headers: KeyHeaders,
          response: {
            200: {
              description:
                'Nothing changed: every record was there already as it came, or this was a dry run.',
              headers: REPLAYED,
              content: { 'application/json': { schema: refTo(RecordsAnswer) } },
            },
            201: {
              description: 'The records are written.',
              headers: REPLAYED,
              content: { 'application/json': { schema: refTo(RecordsAnswer) } },
            },
            ...refusals(
              'unknown-authority',
              'nothing-sent',
              'upload-too-large',
              'unsupported-media-type',
              'idempotency-key-in-use',
            ),
            422: problemResponse(describe(['records-refused', 'idempotency-key-reused']), RecordsProblem),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { accept, dryRun = false } = request.query
        const asAt = askedAsAt(request.query.asAt, today())
        const upload = uploadOf(request, kind)
        const about = { authority: code, ignoreKey: dryRun, replayed: replayedFor(request) }
        return answerOnce(request, reply, about, async (once) => {
          const opened = await openUpload(upload, limits)
          try {
            return await inTurn(code, async () => {
              const outcome = await loadRecords(
                database,
                {
                  authority: code,
                  kind,
                  partially: accept === 'partial',
                  dryRun,
                  asAt,
                  by: request.caller.name,
                  today: today(),
                  subjectOf: shared.subjectOf,
                },
                opened.files,
                {
                  onStart: once.load.onStart,
                  afterReading: once.load.afterReading,
                  beforeCommit: async (transaction, outcome) => {
                    const answer = answerTo(kind, outcome)
                    await once.load.keep(transaction, answer)
                    const { status } = answer
                    await audit.append(transaction, request, { ...touchedBy(outcome), status })
                  },
                },
              )
              request.loaded = { result: outcome.result, rows: outcome.rowsRead }
              if (outcome.result === 'loaded') onChange()
              if (outcome.result === 'checked')
                request.touched = { ...touchedBy(outcome), action: 'record.check' }
              return answerTo(kind, outcome)
            })
          } finally {
            await opened.close()
          }
        })
      },
    )
  }

const pascalCase = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const header = (description: string) => ({ type: 'string', description })
const ETAG_HEADER = { etag: header('Stands for the state of the record, for `If-Match`.') }
const LOCATION_HEADER = { location: header('The address of the record.') }

/** What is said of the list that others publish, for the kinds that have one. */
const listInWords = ({ publishedAs }: RecordKind): string =>
  publishedAs === undefined
    ? ''
    : 'Takes the kind’s own columns as CSV, and Ofsted’s lists of providers as they are published, as a workbook or one of its sheets as CSV: children’s homes, social care providers (current and closed), and both in one with supported accommodation. Every sheet with a row of headings that has a URN counts, wherever it stands; notes and covers are passed over; sheets are joined by URN, and several rows of one URN are one record, with all their placement codes. What a list leaves open (an unknown authority, a type that is none of ours, rows that contradict each other) is said in a warning. '

function datedInWords({ datedBy, derivedDay }: RecordKind): string {
  if (derivedDay) return 'the last day of the academic year'
  return datedBy.length === 1 ? `\`${datedBy[0]}\`` : 'the earliest of its days'
}

/* ---- what comes in ---------------------------------------------------------------------------------------- */

const Position = Type.String({ minLength: 1, maxLength: LONGEST_ID })

const isWithoutBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'

const TAKEN = [CSV, 'multipart/form-data']
/** What clients declare a workbook as; what it is, is told by its bytes. */
const WORKBOOK_TYPES = [XLSX, 'application/vnd.ms-excel', 'application/octet-stream', 'application/zip']

function uploadOf(request: FastifyRequest, kind: RecordKind): Upload {
  const { headers } = request
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const alsoOneFile = kind.publishedAs === undefined ? [] : WORKBOOK_TYPES
  if (mediaType !== '' && ![...TAKEN, ...alsoOneFile].includes(mediaType))
    throw unsupported(kind.publishedAs === undefined ? TAKEN : [CSV, XLSX, 'multipart/form-data'])
  const length = headers['content-length']
  return {
    mediaType,
    alsoOneFile,
    contentLength: length === undefined ? null : Number(length),
    contentDisposition: headers['content-disposition'],
    body: request.raw,
    parts: () => request.parts() as AsyncIterable<Part>,
  }
}

function unsupported(allowed: readonly string[]): Refusal {
  const detail = `The body’s Content-Type is not one that this call takes: ${allowed.join(', ')}.`
  return new Refusal('unsupported-media-type', detail, [
    { pointer: '/headers/content-type', code: 'unsupported-media-type', detail, allowed },
  ])
}

/** The body as the object that a record is; a stream is one that came as CSV. */
function objectIn(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function')
    throw unsupported(['application/json'])
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Readonly<Record<string, unknown>>
  const detail = 'The body must be a JSON object whose members are the columns of the record.'
  throw new Refusal('invalid-request', detail, [{ pointer: '/body', code: 'wrong-type', detail }])
}

/** Refuses a record with every fault at once: by what can't be understood, or else by what contradicts itself. */
function refuseFaults(
  kind: RecordKind,
  notUnderstood: readonly Fault[],
  contradictions: readonly Fault[],
): void {
  const faults = [...notUnderstood, ...contradictions]
  if (faults.length === 0) return
  const detail = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the record of ${kind.name}: nothing was changed.`
  throw new Refusal(notUnderstood.length > 0 ? 'invalid-request' : 'records-refused', detail, faults)
}

/** The day that a published list describes, where the caller tells it. */
function askedAsAt(text: string | undefined, today: Day): Day | null {
  if (text === undefined) return null
  const day = parseIsoDay(text)
  if (day !== null && day <= today) return day
  const detail = day === null ? 'This is not a day.' : 'This day is in the future: no list describes it yet.'
  throw new Refusal('invalid-request', 'The day of the list is none.', [
    {
      pointer: '/query/asAt',
      code: day === null ? 'wrong-form' : 'in-the-future',
      detail,
      allowed: ['YYYY-MM-DD, not after today'],
    },
  ])
}

function unknownRecord(kind: RecordKind): Refusal {
  const detail = `The authority has no record of ${kind.name} with this id.`
  return new Refusal('unknown-record', detail, [{ pointer: '/path/id', code: 'unknown-record', detail }])
}

function refuseKind(request: FastifyRequest): never {
  const { authority, kind } = request.params as { authority: string; kind: string }
  authorityOf(request, authority)
  throw unknownKind(kind)
}

/* ---- what goes out ---------------------------------------------------------------------------------------- */

/** Records that were given out or written, for the audit trail. */
const touchedIn = (kind: RecordKind, records: readonly KeptRecord[]): Touched => ({
  rows: records.length,
  children: records.flatMap((record) => childIn(kind, record) ?? []),
})

/** What a file wrote, or would write, for the audit trail. */
const touchedBy = ({ result, created, changed, rowsRead, children }: RecordsOutcome): Touched =>
  result === 'unchanged'
    ? { rows: 0, children: [] }
    : { rows: result === 'checked' ? rowsRead : created + changed, children }

const etagFor = (authority: string, kind: RecordKind, record: KeptRecord | null): string | null =>
  record === null
    ? null
    : etagOf([authority, kind.name, record.values[0]!, String(record.revision), record.writtenAt])

function setHead(reply: FastifyReply, etag: string): void {
  reply.header('etag', etag).header('cache-control', PRIVATE)
}

const addressOf = (authority: string, kind: RecordKind, { values }: KeptRecord): string =>
  `/v1/authorities/${authority}/records/${kind.name}/${encodeURIComponent(values[0]!)}`

const givenRecord = (kind: RecordKind<RecordKindName>, record: KeptRecord): GivenRecord => ({
  kind: kind.name,
  id: record.values[0]!,
  record: givenColumns(kind, record.values),
  revision: record.revision,
  writtenAt: record.writtenAt,
  writtenBy: record.writtenBy,
})

/** A record of a child whose records are restricted: that it is there, and nothing that it says. */
function withheldRecord(kind: RecordKind<RecordKindName>, record: KeptRecord): GivenRecord {
  const { record: _said, ...about } = givenRecord(kind, record)
  return { ...about, restricted: true }
}

const givenFinding = (kind: RecordKind<RecordKindName>, fault: RecordFault) => ({
  severity: fault.severity,
  rule: fault.rule,
  table: kind.name,
  file: null,
  row: null,
  columns: [...fault.columns],
  message: fault.message,
})

function answerTo(kind: RecordKind<RecordKindName>, outcome: RecordsOutcome): Answer {
  const { summary, findings, children: _, ...counts } = outcome
  const body: Static<typeof RecordsAnswer> = {
    ...counts,
    kind: kind.name,
    summary: {
      ...summary,
      findings: summary.findings.map((one) => ({ ...one, table: kind.name, columns: [...one.columns] })),
    },
    findings: findings.map(({ allowed, ...one }) => ({
      ...one,
      table: kind.name,
      columns: [...one.columns],
      ...(allowed && { allowed: [...allowed] }),
    })),
  }
  return { status: outcome.result === 'loaded' ? 201 : 200, body }
}

const kindEntry = (kind: RecordKind<RecordKindName>) => ({
  kind: kind.name,
  title: kind.title,
  description: kind.description,
  columns: kind.columns.map((column) => ({
    name: column.name,
    type: column.kind,
    required: column.required === true,
    description: column.description,
    source: column.source,
    allowed: allowedIn(column),
    ...(column.kind === 'code' && { labels: { ...column.codes } }),
  })),
  rules: [
    ...kind.rules,
    ...(kind.acrossRecords ?? []).map((rule) => ({ ...rule, severity: 'warning' as const })),
  ].map(({ rule, severity, columns, message }) => ({ rule, severity, columns: [...columns], message })),
  mostRows: MOST_ROWS,
})
