import { randomInt, randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type AskedForecast, type ResolvedForecast, resolve } from '../../forecast/asked-forecast.ts'
import type { CareHistory } from '../../forecast/care-history.ts'
import {
  type AfterForecast,
  deleteForecast,
  type KeptForecast,
  keepForecast,
  listForecasts,
  readForecast,
} from '../../forecast/forecast-store.ts'
import { CannotForecast, type Forecaster } from '../../forecast/forecaster.ts'
import { readCareHistory, readReturnedRows } from '../../forecast/history-queries.ts'
import type { ForecastTask } from '../../forecast/make-forecast.ts'
import { readSupply, readWeeklyPrices } from '../../forecast/supply-queries.ts'
import type { DataVersions } from '../../indicators/data-versions.ts'
import { versionsIn } from '../../indicators/figures.ts'
import { authorityOf } from '../../platform/access/access.ts'
import type { Database, Transaction } from '../../platform/database/database.ts'
import { CsvTable, csvStream } from '../../platform/http/csv.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { keptAnswers } from '../../platform/http/kept-answers.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { etagOf, isFresh, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import {
  CSV_CONTENT_TYPE,
  type Representation,
  representationFor,
} from '../../platform/http/representation.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { strictBody } from '../../platform/http/strict-body.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { readBacktestQuestion } from './backtest-query.ts'
import {
  Backtest,
  BacktestQuery,
  FORECAST_SCHEMAS,
  Forecast,
  ForecastPage,
  ForecastQuery,
  ForecastRequestSchema,
  ForecastsQuery,
  OfAuthority,
  OfForecast,
} from './forecast-answer-schemas.ts'
import { FORECAST_CSV_COLUMNS, forecastRows } from './forecast-csv.ts'
import { ForecastRequest } from './forecast-request-schemas.ts'
import { outgoingBacktest, outgoingForecast } from './outgoing-forecast.ts'
import type { ReadPriors } from './published-priors.ts'

export interface ForecastsRoutesOptions {
  readonly database: Database
  readonly versions: DataVersions
  readonly forecaster: Forecaster
  /** What England’s published figures say of entries and exits, toward which small numbers are drawn. */
  readonly readPriors: ReadPriors
}

const PRIVATE = 'private, no-store'
const LARGEST_REQUEST = 256 * 1024
const LARGEST_SEED = 2 ** 31 - 1
const MOST_KEPT_BYTES = 16 * 1024 * 1024

/** How many children will be in care, where and at what cost; and how such forecasts fared. */
export const forecastsRoutes =
  ({ database, versions, forecaster, readPriors }: ForecastsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of FORECAST_SCHEMAS) app.addSchema(schema)
    const base = '/v1/authorities/:authority/forecasts'
    const bodyOf = strictBody(ForecastRequest)
    const backtests = keptAnswers(MOST_KEPT_BYTES)

    app.post(
      base,
      {
        config: { cost: 50, scope: 'observations:read', documentedBody: refTo(ForecastRequestSchema) },
        bodyLimit: LARGEST_REQUEST,
        schema: {
          operationId: 'makeForecast',
          tags: ['Forecasts'],
          summary: 'Forecast children in care, places and cost',
          description: `Forecasts how many children will be in care on each day of up to 60 months, by group of placements and age band, with prediction intervals; who comes and leaves; what it costs; and how that stands against the places known (records of the kinds fostering-households, fostering-places, providers and commissioned-beds). A scenario is forecast beside the baseline, from the same chances, and compared with it.

Send an \`Idempotency-Key\` to be able to repeat the call when its answer was lost. The answer is kept and can be had again by its id; the same question with the same seed over the same records gives the same. A forecast is no statistic: it says what would follow if things went on as in the reference window. What it uses and can’t know is in docs/forecast-transparency.md. Forecasts are for those who may see internal figures; they are not made safe for the public.`,
          params: OfAuthority,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The forecast.',
              headers: {
                location: { type: 'string', description: 'The address of the forecast.' },
                ...REPLAYED,
              },
              content: { 'application/json': { schema: refTo(Forecast) } },
            },
            ...refusals(
              'unknown-authority',
              'forecast-refused',
              'unsupported-media-type',
              'upload-too-large',
              ...KEY_REASONS,
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const asked = bodyOf(request.body) as AskedForecast
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.make(
            database,
            async () => {
              const { task, dataVersion } = await database.read([code], (transaction) =>
                taskOf(transaction, code, asked),
              )
              const made = await forecaster.forecast(task).catch(refuseWhatCannotBe)
              return { question: task.question, dataVersion, answer: outgoingForecast(made, task.supply) }
            },
            async (transaction, { question, dataVersion, answer }) => {
              const forecast = {
                id: randomUUID(),
                title: question.title ?? question.scenario?.name ?? null,
                method: question.method,
                startsOn: question.startsOn,
                horizonMonths: question.horizonMonths,
                dataVersion,
                createdBy: request.caller.name,
              }
              const told = toldQuestion(question)
              const text = JSON.stringify(answer)
              const createdAt = await keepForecast(transaction, code, forecast, told, text)
              return {
                status: 201,
                headers: {
                  location: `/v1/authorities/${code}/forecasts/${forecast.id}`,
                  etag: etagFor(code, forecast.id, 'json'),
                },
                body: bodyText(code, { ...forecast, createdAt }, told, text),
              }
            },
          ),
        )
      },
    )

    app.get(
      base,
      {
        config: { scope: 'observations:read' },
        schema: {
          operationId: 'listForecasts',
          tags: ['Forecasts'],
          summary: 'The forecasts of an authority',
          description: 'What was forecast, the newest first.',
          params: OfAuthority,
          querystring: ForecastsQuery,
          response: {
            200: {
              description: 'A page of forecasts.',
              content: { 'application/json': { schema: refTo(ForecastPage) } },
            },
            ...refusals('unknown-authority', 'invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const { limit = 20, cursor } = request.query
        const question = JSON.stringify(['forecasts', code])
        const after: AfterForecast | null =
          cursor === undefined ? null : readCursor(cursor, question, Position)
        const forecasts = await database.read([code], (transaction) =>
          listForecasts(transaction, code, { after, limit: limit + 1 }),
        )
        const page = forecasts.slice(0, limit)
        const last = page.at(-1)
        reply.header('cache-control', PRIVATE)
        return {
          data: page.map((forecast) => headOf(code, forecast)),
          next:
            forecasts.length > limit && last
              ? writeCursor(question, { createdAt: last.createdAt, id: last.id })
              : null,
        }
      },
    )

    app.get(
      `${base}/backtest`,
      {
        config: { cost: 50, scope: 'observations:read' },
        schema: {
          operationId: 'backtestForecasts',
          tags: ['Forecasts'],
          summary: 'How good forecasts were',
          description:
            'What each method would have forecast on past days, being told only what was known by then, held against what came: mean absolute error, bias, and how many of the 80% and 95% intervals held what came; for all children, each group of placements and each age band. `as-today` says that nothing changes, `linear-trend` goes on in a straight line; a method that is no better than these is of no use. What is known by a day is the merged history cut there: a correction that a later return made is in it already.',
          params: OfAuthority,
          querystring: BacktestQuery,
          response: {
            200: refTo(Backtest),
            304: NotModified,
            ...refusals('unknown-authority', 'forecast-refused'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const asked = readBacktestQuestion(request.query)
        const validatorOf = (version: string): string =>
          etagOf(['backtest', code, version, JSON.stringify(asked), VERSION])
        const version = (await versions.of([code])).get(code)!
        return backtests.answer(request, reply, validatorOf(version), async () => {
          const read = await database.read([code], async (transaction) => ({
            history: await readCareHistory(transaction, code),
            dataVersion: await versionIn(transaction, code),
          }))
          const history = mustHaveHistory(read.history)
          const { origins, ...settings } = asked
          const days = origins ?? settings.originsIn(history)
          const { originsIn: _, ...rest } = settings
          const result = await forecaster
            .backtest({ history, origins: days, ...rest })
            .catch(refuseWhatCannotBe)
          const { referenceMonths, simulations, seed } = rest
          const body = {
            authority: code,
            dataVersion: read.dataVersion,
            referenceMonths,
            simulations,
            seed,
            origins: days,
            ...outgoingBacktest(result),
          }
          return { etag: validatorOf(read.dataVersion), body: Buffer.from(JSON.stringify(body)) }
        })
      },
    )

    app.get(
      `${base}/:id`,
      {
        config: { scope: 'observations:read' },
        schema: {
          operationId: 'getForecast',
          tags: ['Forecasts'],
          summary: 'One forecast',
          description: `A forecast as it was made; it never changes. As CSV the children of its courses, a row for each day, group of placements and age band: \`${FORECAST_CSV_COLUMNS.join(', ')}\`.`,
          params: OfForecast,
          querystring: ForecastQuery,
          response: {
            200: {
              description: 'The forecast.',
              content: {
                'application/json': { schema: refTo(Forecast) },
                'text/csv': { schema: CsvTable },
              },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-forecast', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        const { code, id } = forecastOf(request)
        const form = representationFor(request.headers.accept, request.query.format)
        const etag = etagFor(code, id, form)
        const kept = await database.read([code], (transaction) => readForecast(transaction, code, id))
        if (!kept) throw unknownForecast()
        reply.header('etag', etag).header('cache-control', PRIVATE)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        const { question, answer, ...forecast } = kept
        if (form === 'csv') {
          reply.type(CSV_CONTENT_TYPE).header('content-disposition', 'attachment; filename="forecast.csv"')
          return reply.send(
            csvStream(FORECAST_CSV_COLUMNS, forecastRows(code, id, JSON.parse(answer))) as never,
          )
        }
        reply.type('application/json; charset=utf-8')
        return reply.send(bodyText(code, forecast, question, answer) as never)
      },
    )

    app.delete(
      `${base}/:id`,
      {
        config: { scope: 'publications:write' },
        schema: {
          operationId: 'deleteForecast',
          tags: ['Forecasts'],
          summary: 'Delete a forecast',
          description: 'Takes a forecast out of the list. Nothing else depends on it.',
          params: OfForecast,
          response: {
            204: Type.Null({ description: 'It is deleted.' }),
            ...refusals('unknown-authority', 'unknown-forecast', 'unsupported-media-type'),
          },
        },
      },
      async (request, reply) => {
        const { code, id } = forecastOf(request)
        const deleted = await database.write([code], (transaction) => deleteForecast(transaction, code, id))
        if (!deleted) throw unknownForecast()
        return reply.code(204).send(null)
      },
    )

    /** Everything that a forecast is made from, as one snapshot has it. */
    async function taskOf(
      transaction: Transaction,
      authority: string,
      asked: AskedForecast,
    ): Promise<{ task: ForecastTask; dataVersion: string }> {
      const history = mustHaveHistory(await readCareHistory(transaction, authority))
      const { resolved, faults } = resolve(asked, history, () => randomInt(LARGEST_SEED))
      if (faults.length > 0) {
        const detail = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in what is asked of the forecast.`
        throw new Refusal('forecast-refused', detail, faults)
      }
      const { startsOn, method } = resolved
      const { supply, changes } = await readSupply(transaction, authority, startsOn)
      const prices = await readWeeklyPrices(transaction, authority, startsOn)
      return {
        task: {
          question: resolved,
          history,
          rows: method === 'markov' ? await readReturnedRows(transaction, authority) : null,
          supply,
          plannedByRecords: changes,
          pricesOnRecord: [...prices].map(([item, { weekly }]) => ({ item, weekly })),
          priors: method === 'survival' ? await readPriors(transaction, authority, startsOn) : null,
        },
        dataVersion: await versionIn(transaction, authority),
      }
    }
  }

const versionIn = async (transaction: Transaction, authority: string): Promise<string> =>
  (await versionsIn(transaction, [authority])).get(authority)!

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const Position = Type.Object(
  { createdAt: Type.String({ format: 'date-time' }), id: Type.String({ pattern: UUID.source }) },
  { additionalProperties: false },
)

function forecastOf(request: FastifyRequest & { readonly params: Static<typeof OfForecast> }): {
  code: string
  id: string
} {
  const { code } = authorityOf(request, request.params.authority)
  const id = request.params.id.toLowerCase()
  if (!UUID.test(id)) throw unknownForecast()
  return { code, id }
}

function unknownForecast(): Refusal {
  const detail = 'The authority has no forecast with this id.'
  return new Refusal('unknown-forecast', detail, [{ pointer: '/path/id', code: 'unknown-forecast', detail }])
}

function mustHaveHistory(history: CareHistory | null): CareHistory {
  if (history) return history
  const detail = 'No return of the authority is in force, so nothing is known to forecast from.'
  throw new Refusal('forecast-refused', detail, [
    { pointer: '/path/authority', code: 'no-history', detail, allowed: ['POST …/returns first'] },
  ])
}

function refuseWhatCannotBe(error: unknown): never {
  if (!(error instanceof CannotForecast)) throw error
  throw new Refusal('forecast-refused', error.message, [
    { pointer: '/body', code: error.code, detail: error.message },
  ])
}

const etagFor = (authority: string, id: string, form: Representation): string =>
  etagOf(['forecast', authority, id, form])

const headOf = (authority: string, forecast: KeptForecast) => ({
  id: forecast.id,
  authority,
  title: forecast.title,
  method: forecast.method,
  startsOn: forecast.startsOn,
  horizonMonths: forecast.horizonMonths,
  dataVersion: forecast.dataVersion,
  createdAt: forecast.createdAt,
  createdBy: forecast.createdBy,
})

/** The question as it would be sent to get the same again. */
function toldQuestion(question: ResolvedForecast): AskedForecast {
  const { title, scenario, endsOn: _endsOn, days: _days, ...asked } = question
  return { ...asked, ...(title !== null && { title }), ...(scenario !== null && { scenario }) }
}

/** The body as text: the answer is written once, for the caller and for keeping. */
const bodyText = (authority: string, forecast: KeptForecast, question: unknown, answer: string): string => {
  const head = JSON.stringify({ ...headOf(authority, forecast), question })
  return `${head.slice(0, -1)},${answer.slice(1)}`
}
