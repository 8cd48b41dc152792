import { appendEvent } from '../events/event-store.ts'
import type { Transaction } from '../platform/database/database.ts'
import type { Day } from '../vocabulary/day.ts'

/** A forecast as it is kept, without the answer. */
export interface KeptForecast {
  readonly id: string
  readonly method: string
  readonly startsOn: Day
  readonly horizonMonths: number
  readonly title: string | null
  readonly dataVersion: string
  readonly createdAt: string
  readonly createdBy: string
}

const COLUMNS = `f.id, f.method, f.starts_on as "startsOn", f.horizon_months as "horizonMonths", f.title,
       f.data_version as "dataVersion", f.created_at as "createdAt", f.created_by as "createdBy"`

/** Keeps a forecast with its answer as the text that callers get; gives the moment. */
export async function keepForecast(
  transaction: Transaction,
  authority: string,
  forecast: Omit<KeptForecast, 'createdAt'>,
  question: unknown,
  answer: string,
): Promise<string> {
  const [row] = await transaction.query<{ createdAt: string }>(
    'forecasts.keep',
    `insert into care.forecast (authority, id, method, starts_on, horizon_months, title, data_version, question, answer,
                                created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp(), $10)
     returning created_at as "createdAt"`,
    [
      authority,
      forecast.id,
      forecast.method,
      forecast.startsOn,
      forecast.horizonMonths,
      forecast.title,
      forecast.dataVersion,
      JSON.stringify(question),
      answer,
      forecast.createdBy,
    ],
  )
  await appendEvent(transaction, {
    authority,
    type: 'forecast.made',
    subject: `/v1/authorities/${authority}/forecasts/${forecast.id}`,
    data: { forecast: forecast.id, dataVersion: forecast.dataVersion },
  })
  return row!.createdAt
}

/** One forecast with its question, and its answer as the text that was kept; null where there is none. */
export async function readForecast(
  transaction: Transaction,
  authority: string,
  id: string,
): Promise<(KeptForecast & { readonly question: unknown; readonly answer: string }) | null> {
  const [row] = await transaction.query<KeptForecast & { question: unknown; answer: string }>(
    'forecasts.read',
    `select ${COLUMNS}, f.question, f.answer::text as answer from care.forecast f where f.authority = $1 and f.id = $2`,
    [authority, id],
  )
  return row ?? null
}

/** Where a page of forecasts ended. */
export interface AfterForecast {
  readonly createdAt: string
  readonly id: string
}

/** The newest first. */
export const listForecasts = (
  transaction: Transaction,
  authority: string,
  { after, limit }: { readonly after: AfterForecast | null; readonly limit: number },
): Promise<KeptForecast[]> =>
  transaction.query<KeptForecast>(
    'forecasts.list',
    `select ${COLUMNS}
       from care.forecast f
      where f.authority = $1
        -- Callers see the moment to the millisecond.
        and ($2::timestamptz is null
             or (date_trunc('milliseconds', f.created_at), f.id) < ($2::timestamptz, $3::uuid))
      order by date_trunc('milliseconds', f.created_at) desc, f.id desc
      limit $4`,
    [authority, after?.createdAt ?? null, after?.id ?? null, limit],
  )

/** Deletes a forecast; false where there is none. */
export async function deleteForecast(
  transaction: Transaction,
  authority: string,
  id: string,
): Promise<boolean> {
  const rows = await transaction.query(
    'forecasts.delete',
    'delete from care.forecast f where f.authority = $1 and f.id = $2 returning f.id',
    [authority, id],
  )
  return rows.length > 0
}
