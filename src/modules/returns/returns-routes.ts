import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import type { AuditTrail, Touched } from '../../platform/access/audit-trail.ts'
import { replayedFor } from '../../platform/access/audited-routes.ts'
import type { Database, Transaction } from '../../platform/database/database.ts'
import { CsvTable, csvStream } from '../../platform/http/csv.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { type Answer as Answered, answerOnce } from '../../platform/http/idempotent.ts'
import { describe, problemResponse, refusals } from '../../platform/http/problem.ts'
import { CSV_CONTENT_TYPE, representationFor } from '../../platform/http/representation.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { askedCoverage } from '../../returns/asked-coverage.ts'
import type { SubjectOf } from '../../returns/erased-rows.ts'
import { type Finding, MOST_LISTED } from '../../returns/finding.ts'
import { newQueue, type Queue } from '../../returns/in-turn.ts'
import { MOST_FILES } from '../../returns/incoming-files.ts'
import { type LoadOutcome, loadReturn } from '../../returns/load-return.ts'
import {
  childrenOf,
  listFindings,
  listReturns,
  type ReturnRecord,
  readReturn,
  type Summary,
  waitForTurn,
  withdrawReturn,
} from '../../returns/return-store.ts'
import { CSV, openUpload, type Part, type Upload, unsupported, ZIPS } from '../../returns/upload.ts'
import { todayInEngland } from '../../vocabulary/day.ts'
import { yearLabel } from '../../vocabulary/period.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { TABLE_NAMES, type TableName } from '../../vocabulary/ssda903.ts'
import {
  FindingPage,
  FindingsQuery,
  type Finding as GivenFinding,
  type Return as GivenReturn,
  LoadAnswer,
  LoadBody,
  LoadQuery,
  OfAuthority,
  OfReturn,
  RETURN_SCHEMAS,
  ReturnPage,
  ReturnProblem,
  type ReturnSummary,
  ReturnsQuery,
  ReturnWithSummary,
} from './returns-schemas.ts'

/** A headline figure of an authority, as it stands. */
export interface Headline {
  readonly indicator: string
  readonly period: string
  readonly value: number | null
}

export interface ReturnsRoutesOptions {
  readonly database: Database
  readonly uploadLimitBytes: number
  /** The clock: it decides which year is running. */
  readonly now: () => Date
  /** Measures an authority's headline figures within a transaction, for what a dry run would move. */
  readonly measureHeadlines: (transaction: Transaction, authority: string) => Promise<readonly Headline[]>
  /** Called after every change that was committed. */
  readonly onChange: () => void
  /** The queue of those who write to an authority; one of its own unless others write too. */
  readonly inTurn?: Queue
  /** Knows erased children by their pseudonyms. */
  readonly subjectOf?: SubjectOf
  readonly audit: AuditTrail
}

/** The way in: loading, listing and withdrawing returns. */
export const returnsRoutes =
  (options: ReturnsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { database, now, measureHeadlines, onChange, audit, inTurn = newQueue() } = options
    const limits = { bytes: options.uploadLimitBytes }

    for (const schema of RETURN_SCHEMAS) app.addSchema(schema)
    app.removeContentTypeParser('application/json')
    await app.register(multipart, {
      // The bytes are counted over all files; one more here, so that it is the counter that speaks.
      limits: { fileSize: limits.bytes + 1, files: MOST_FILES, fields: 20, parts: MOST_FILES + 20 },
    })
    // The body stays a stream: it is read while it is loaded.
    app.addContentTypeParser([CSV, ...ZIPS], (_request, payload, done) => done(null, payload))
    app.addContentTypeParser('*', (request, _payload, done) =>
      request.headers['content-length'] === '0' || isWithoutBody(request)
        ? done(null, undefined)
        : done(unsupported()),
    )
    // A refusal may come before the body is read; the connection can't be used again with the rest of it in there.
    app.addHook('onSend', async (request, reply) => {
      if (request.method !== 'POST' || request.raw.readableEnded || isWithoutBody(request)) return
      reply.header('connection', 'close')
      request.raw.unpipe()
      request.raw.resume()
    })

    app.post(
      '/v1/authorities/:authority/returns',
      {
        config: { scope: 'returns:write', audited: 'return.load', loads: 'returns', cost: 20 },
        bodyLimit: limits.bytes,
        // A form is read by its parts; what the schema says of it is for readers, and holds of an empty object.
        preValidation: async (request) => {
          if (request.isMultipart()) request.body = {}
        },
        schema: {
          operationId: 'loadReturn',
          tags: ['Returns'],
          summary: 'Load a return',
          description: `Loads an authority’s SSDA903 return for one reporting year, all or nothing. Send the CSV files as the case-management system writes them: in one form (\`multipart/form-data\`), or as one ZIP. Files are known by their column names; \`LA\` and \`YEAR\` columns are ignored; UTF-8, with dates as \`DD/MM/YYYY\` or \`YYYY-MM-DD\`.

Every row is checked. An \`error\` refuses the whole return (422, with all findings, and nothing changed) unless \`accept=partial\`; a \`warning\` does not. The return takes the place of an earlier one for the same year; the same files again change nothing and say so (\`unchanged\`). Loads of one authority wait for each other.

Send an \`Idempotency-Key\` to be able to repeat the call when its answer was lost: the answer of a load is kept under it for 7 days. Refusals and dry runs are not kept, since they change nothing.`,
          params: OfAuthority,
          querystring: LoadQuery,
          headers: KeyHeaders,
          body: LoadBody,
          response: {
            200: {
              description: 'Nothing was loaded: the same files were loaded already, or this was a dry run.',
              headers: LOAD_HEADERS,
              content: { 'application/json': { schema: refTo(LoadAnswer) } },
            },
            201: {
              description: 'The return is loaded and in force.',
              headers: LOAD_HEADERS,
              content: { 'application/json': { schema: refTo(LoadAnswer) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-year',
              'nothing-sent',
              'upload-too-large',
              'unsupported-media-type',
              'idempotency-key-in-use',
            ),
            422: problemResponse(
              describe(['return-refused', 'not-a-return', 'idempotency-key-reused']),
              ReturnProblem,
            ),
          },
        },
      },
      async (request, reply) => {
        const authority = authorityOf(request, request.params.authority)
        const { year, to, accept, dryRun = false } = request.query
        const coverage = askedCoverage(year, to, todayInEngland(now()))
        const about = { authority: authority.code, ignoreKey: dryRun, replayed: replayedFor(request) }
        return answerOnce(request, reply, about, async (once) => {
          const upload = await openUpload(uploadOf(request), limits)
          try {
            return await inTurn(authority.code, async () => {
              const outcome = await loadReturn<readonly Headline[]>(
                database,
                {
                  authority,
                  ...coverage,
                  partially: accept === 'partial',
                  dryRun,
                  loadedBy: request.caller.name,
                  subjectOf: options.subjectOf,
                },
                upload.files,
                {
                  ...(dryRun && {
                    measure: (transaction) => measureHeadlines(transaction, authority.code),
                  }),
                  onStart: once.load.onStart,
                  afterReading: once.load.afterReading,
                  beforeCommit: async (transaction, outcome) => {
                    const answer = answerTo(outcome)
                    await once.load.keep(transaction, answer)
                    const { status } = answer
                    await audit.append(transaction, request, { ...touchedBy(outcome), status })
                  },
                },
              )
              request.loaded = { result: outcome.result, rows: outcome.record.summary.rowsRead }
              if (outcome.result === 'loaded') onChange()
              if (outcome.result === 'checked')
                request.touched = { ...touchedBy(outcome), action: 'return.check' }
              return answerTo(outcome)
            })
          } finally {
            await upload.close()
          }
        }).catch((thrown: unknown) => {
          throw inOurWords(thrown)
        })
      },
    )

    app.get(
      '/v1/authorities/:authority/returns',
      {
        config: { scope: ['observations:read', 'returns:write'] },
        schema: {
          operationId: 'listReturns',
          tags: ['Returns'],
          summary: 'The returns of an authority',
          description:
            'What was loaded for the authority, the newest first: in force, and replaced by a later return for the same year. Withdrawn returns are gone.',
          params: OfAuthority,
          querystring: ReturnsQuery,
          response: {
            200: {
              description: 'A page of returns.',
              content: { 'application/json': { schema: refTo(ReturnPage) } },
            },
            ...refusals('unknown-authority', 'invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { limit = 20, cursor } = request.query
        const question = `returns ${code}`
        const before = cursor === undefined ? null : readCursor(cursor, question, Position)
        const rows = await database.read([code], (transaction) =>
          listReturns(transaction, code, { limit: limit + 1, before }),
        )
        const page = rows.slice(0, limit)
        reply.header('cache-control', PRIVATE)
        return {
          data: page.map(givenReturn),
          next: rows.length > limit ? writeCursor(question, page.at(-1)!.number) : null,
        }
      },
    )

    app.get(
      '/v1/authorities/:authority/returns/:id',
      {
        config: { scope: ['observations:read', 'returns:write'] },
        schema: {
          operationId: 'getReturn',
          tags: ['Returns'],
          summary: 'One return',
          description: 'A return, with what was read, kept and found in it.',
          params: OfReturn,
          response: {
            200: {
              description: 'The return.',
              content: { 'application/json': { schema: refTo(ReturnWithSummary) } },
            },
            ...refusals('unknown-authority', 'unknown-return'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const id = returnId(request.params.id)
        const record = await database.read([code], (transaction) => readReturn(transaction, code, id))
        if (!record) throw unknownReturn()
        reply.header('cache-control', PRIVATE)
        return { ...givenReturn(record), summary: givenSummary(record.summary) }
      },
    )

    app.get(
      '/v1/authorities/:authority/returns/:id/findings',
      {
        config: { scope: 'returns:write', audited: 'finding.read' },
        schema: {
          operationId: 'listFindings',
          tags: ['Returns'],
          summary: 'What was wrong or odd in a return',
          description:
            'The findings of a return, row by row, for whoever mends the records: errors (rows that were left out) first, then by table and row. They name the place and what is allowed there, never a value. As CSV, all at once.',
          params: OfReturn,
          querystring: FindingsQuery,
          response: {
            200: {
              description: 'A page of findings, or in CSV all of them.',
              content: {
                'application/json': { schema: refTo(FindingPage) },
                'text/csv': { schema: CsvTable },
              },
            },
            ...refusals('unknown-authority', 'unknown-return', 'invalid-cursor', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const id = returnId(request.params.id)
        const { severity = null, cursor, format } = request.query
        const as = representationFor(request.headers.accept, format)
        const limit = request.query.limit ?? (as === 'csv' ? MOST_LISTED : 100)
        const question = `findings ${code} ${id} ${severity}`
        const after = cursor === undefined ? 0 : readCursor(cursor, question, Position)
        const rows = await database.read([code], async (transaction) => {
          if (!(await readReturn(transaction, code, id))) throw unknownReturn()
          return listFindings(transaction, code, id, { limit: limit + 1, after, severity })
        })
        const page = rows.slice(0, limit)
        // A finding names a row of a file, not the child that is in it.
        request.touched = { rows: page.length, children: [] }
        reply.header('cache-control', PRIVATE).header('vary', 'Accept')
        if (as === 'csv')
          return reply
            .type(CSV_CONTENT_TYPE)
            .header('content-disposition', 'attachment; filename="findings.csv"')
            .send(csvStream(CSV_COLUMNS, page.map(csvRow)))
        return reply.send({
          data: page.map(givenFinding),
          next: rows.length > limit ? writeCursor(question, page.at(-1)!.number) : null,
        })
      },
    )

    app.delete(
      '/v1/authorities/:authority/returns/:id',
      {
        config: { scope: 'returns:write', audited: 'return.withdraw' },
        schema: {
          operationId: 'withdrawReturn',
          tags: ['Returns'],
          summary: 'Withdraw a return',
          description:
            'Takes a return away, with its rows and findings: the state is as if it had never been loaded, and the return that it had replaced is in force again. That it was there, and who withdrew it when, is kept for the changes of publications; what was published stays.',
          params: OfReturn,
          response: {
            204: Type.Null({ description: 'It is withdrawn.' }),
            ...refusals('unknown-authority', 'unknown-return', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const id = returnId(request.params.id)
        const withdrawn = await inTurn(code, () =>
          database.load([code], async (transaction) => {
            await waitForTurn(transaction, code)
            const held = await heldIn(transaction, code, id)
            const isWithdrawn = await withdrawReturn(transaction, code, id, request.caller.name)
            if (isWithdrawn) await audit.append(transaction, request, held)
            return isWithdrawn
          }),
        )
        if (!withdrawn) throw unknownReturn()
        onChange()
        return reply.code(204).send(null)
      },
    )
  }

const LOAD_HEADERS = {
  location: { type: 'string', description: 'The address of the return; not in a dry run.' },
  ...REPLAYED,
}

/* ---- what comes in ---------------------------------------------------------------------------------------- */

const isWithoutBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'

function uploadOf(request: FastifyRequest): Upload {
  const { headers } = request
  const length = headers['content-length']
  return {
    mediaType: (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase(),
    contentLength: length === undefined ? null : Number(length),
    contentDisposition: headers['content-disposition'],
    body: request.raw,
    parts: () => request.parts() as AsyncIterable<Part>,
  }
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** An id as the database takes it; what is no UUID is no return's id. */
function returnId(id: string): string {
  if (!UUID.test(id)) throw unknownReturn()
  return id.toLowerCase()
}

function unknownReturn(): Refusal {
  const detail = 'The authority has no return with this id; it may have been withdrawn.'
  return new Refusal('unknown-return', detail, [{ pointer: '/path/id', code: 'unknown-return', detail }])
}

const Position = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })

/* ---- what goes out ---------------------------------------------------------------------------------------- */

/** Records and findings are for the caller alone, and no copy of them should stay behind. */
const PRIVATE = 'private, no-store'

type Answer = Static<typeof LoadAnswer>

function answerTo(outcome: LoadOutcome<readonly Headline[]>): Answered {
  const { result, record, findings } = outcome
  const summary = givenSummary(record.summary)
  const status = result === 'loaded' ? 201 : 200
  if (result === 'checked') {
    const body: Answer = {
      result,
      summary,
      findings: findings.map(givenFinding),
      headlines: moved(outcome),
    }
    return { status, body }
  }
  const loaded = givenReturn(record)
  const body: Answer = { result, return: loaded, summary }
  const location = `/v1/authorities/${loaded.authority}/returns/${loaded.id}`
  return { status, headers: { location }, body }
}

/** What a load wrote, or checked, for the audit trail. */
const touchedBy = ({ result, record, children }: LoadOutcome<readonly Headline[]>): Touched => ({
  rows: result === 'unchanged' ? 0 : rowsOf(record),
  children,
})

const rowsOf = ({ summary }: ReturnRecord): number =>
  Object.values(summary.rowsKept).reduce((sum, rows) => sum + rows, 0)

/** What a return holds of children; nothing where there is none. */
async function heldIn(transaction: Transaction, authority: string, id: string): Promise<Touched> {
  const record = await readReturn(transaction, authority, id)
  if (!record) return { rows: 0, children: [] }
  return { rows: rowsOf(record), children: await childrenOf(transaction, authority, id) }
}

function moved({ before, after }: LoadOutcome<readonly Headline[]>): Answer['headlines'] & {} {
  const keyOf = ({ indicator, period }: Headline) => `${indicator} ${period}`
  const [were, are] = [before ?? [], after ?? []].map(
    (headlines) => new Map(headlines.map((headline) => [keyOf(headline), headline])),
  ) as [Map<string, Headline>, Map<string, Headline>]
  return [...new Map([...were, ...are]).values()].flatMap((headline) => {
    const { indicator, period } = headline
    const [old, young] = [were, are].map((figures) => figures.get(keyOf(headline))?.value ?? null)
    return old === young ? [] : [{ indicator, period, before: old!, after: young! }]
  })
}

/** A refusal of the loader's, with its findings as this service gives them. */
function inOurWords(thrown: unknown): unknown {
  if (!(thrown instanceof Refusal) || thrown.reason !== 'return-refused') return thrown
  const { summary, findings } = thrown.members as { summary: Summary; findings: readonly Finding[] }
  return new Refusal(thrown.reason, thrown.message, thrown.faults, {
    summary: givenSummary(summary),
    findings: findings.map(givenFinding),
  })
}

const givenReturn = (record: ReturnRecord): Static<typeof GivenReturn> => ({
  id: record.id,
  authority: record.authority,
  year: yearLabel(record.year),
  coversFrom: record.coversFrom,
  coversTo: record.coversTo,
  inForce: record.inForce,
  acceptedPartially: record.acceptedPartially,
  files: record.files.map(({ name, table, rows }) => ({ name, table: table as TableName, rows })),
  errors: record.summary.errors,
  warnings: record.summary.warnings,
  loadedAt: record.loadedAt,
  loadedBy: record.loadedBy,
})

const givenSummary = (summary: Summary): Static<typeof ReturnSummary> => ({
  rowsRead: summary.rowsRead,
  tables: TABLE_NAMES.filter((table) => summary.rowsKept[table] !== undefined).map((table) => ({
    table,
    kept: summary.rowsKept[table]!,
    leftOut: summary.rowsLeftOut[table] ?? 0,
  })),
  errors: summary.errors,
  warnings: summary.warnings,
  findings: summary.findings.map(({ severity, rule, table, columns, message, count }) => ({
    severity,
    rule,
    table,
    columns: [...columns],
    message,
    count,
  })),
  listIsCut: summary.listIsCut,
})

const givenFinding = (finding: Finding): Static<typeof GivenFinding> => ({
  severity: finding.severity,
  rule: finding.rule,
  table: finding.table,
  file: finding.file,
  row: finding.row,
  columns: [...finding.columns],
  message: finding.message,
})

const CSV_COLUMNS = ['severity', 'rule', 'table', 'file', 'row', 'columns', 'message']
const csvRow = (finding: Finding) => [
  finding.severity,
  finding.rule,
  finding.table,
  finding.file,
  finding.row,
  finding.columns.join(' '),
  finding.message,
]
