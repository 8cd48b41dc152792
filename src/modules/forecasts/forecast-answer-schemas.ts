import { Type } from 'typebox'
import { BACKTEST_METHODS } from '../../forecast/make-backtest.ts'
import { AuthorityCode, Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { FormatQuery } from '../../platform/http/representation.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { AgeBand, ForecastRequest, Item, Placement } from './forecast-request-schemas.ts'

/** What the calls on forecasts answer. Numbers of children are expected ones: they need not be whole. */

const strict = { additionalProperties: false } as const
const text = (description: string) => Type.String({ description })
const day = (description: string) => Type.String({ format: 'date', description })
const number = (description: string) => Type.Number({ description })
const orNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const numbers = (description: string) => Type.Array(Type.Number(), { description })
const AnyPlacement = Type.Union([Placement, Type.Literal('all')], {
  description: 'A group of placements, or `all`.',
})
const AnyAge = Type.Union([AgeBand, Type.Literal('all')], { description: 'An age band, or `all`.' })

export const OfAuthority = Type.Object({ authority: AuthorityCode }, strict)
export const OfForecast = Type.Object(
  {
    authority: AuthorityCode,
    id: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The forecast’s id, as the answer to its making and the list give it (a UUID).',
    }),
  },
  strict,
)
export const ForecastsQuery = Type.Object(
  { limit: Type.Optional(pageLimit(20, 100)), cursor: Type.Optional(Cursor) },
  strict,
)
export const ForecastQuery = Type.Object({ format: Type.Optional(FormatQuery) }, strict)
export const BacktestQuery = Type.Object(
  {
    method: Type.Optional(
      Type.String({
        maxLength: 200,
        description: `Methods to hold beside each other, with commas between: ${BACKTEST_METHODS.join(', ')}. All unless given.`,
        examples: ['survival,markov'],
      }),
    ),
    horizon: Type.Optional(
      Type.String({
        maxLength: 100,
        description:
          'Months ahead, with commas between, 1 to 60 each and at most 6; 6, 12 and 24 unless given.',
        examples: ['6,12,24'],
      }),
    ),
    origin: Type.Optional(
      Type.String({
        maxLength: 400,
        description:
          'Past days from which is forecast, with commas between, at most 24; unless given up to twelve quarter ends that have enough history before and after them.',
        examples: ['2023-03-31,2024-03-31'],
      }),
    ),
    referenceMonths: Type.Optional(
      Type.Integer({
        minimum: 3,
        maximum: 120,
        description: 'Months before each origin over which rates are measured; 24 unless given.',
      }),
    ),
    simulations: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: 2000,
        description: 'Simulations of each forecast; 500 unless given.',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_147_483_647,
        description: 'Where the chances start; 1 unless given.',
      }),
    ),
  },
  strict,
)

const RANGE = {
  mean: number('What is expected.'),
  lower80: number('Lower end of the 80% prediction interval.'),
  upper80: number('Upper end of it.'),
  lower95: number('Lower end of the 95% prediction interval.'),
  upper95: number('Upper end of it.'),
}
export const ForecastRange = named(
  'ForecastRange',
  Type.Object(RANGE, {
    ...strict,
    description: 'An expected number and the intervals in which it is likely to lie.',
  }),
)
const range = (description: string) => Type.Unsafe<RangeOut>({ ...refTo(ForecastRange), description })
const rangeOrNull = (description: string) =>
  Type.Unsafe<RangeOut | null>({ anyOf: [refTo(ForecastRange), { type: 'null' }], description })

export interface RangeOut {
  mean: number
  lower80: number
  upper80: number
  lower95: number
  upper95: number
}

const Series = Type.Object(
  {
    placement: AnyPlacement,
    ageBand: AnyAge,
    mean: numbers('Children expected on each of `days`.'),
    variance: numbers('Variance of that number.'),
    lower80: numbers('Lower ends of the 80% prediction intervals.'),
    upper80: numbers('Upper ends of these.'),
    lower95: numbers('Lower ends of the 95% prediction intervals.'),
    upper95: numbers('Upper ends of these.'),
  },
  strict,
)

const Quarter = {
  quarter: text('Quarter of the reporting year, such as `2025-26Q1` for April to June 2025.'),
  lastForecastDay: day('The last of its days that is forecast.'),
  isWhole: Type.Boolean({ description: 'False where the forecast begins or ends within it.' }),
}

const QuarterOfPlacement = Type.Object(
  {
    ...Quarter,
    placement: AnyPlacement,
    averageChildren: range('Children on the mean of its days that are forecast.'),
    childrenOnLastDay: range('Children on its last day that is forecast.'),
    cost: rangeOrNull(
      'Pounds that its days that are forecast cost; null where a price or a proportion is not known (`costsNotKnown`). The intervals are of the number of children alone.',
    ),
  },
  strict,
)

const GapRow = Type.Object(
  {
    ...Quarter,
    placement: Placement,
    demand: rangeOrNull(
      'Children on the last day whom these places are for; of those fostered, without those fostered by relatives or friends, whose carers are approved for them alone.',
    ),
    places: orNull(
      Type.Number(),
      'Own and commissioned places by then, as recorded and planned; null where no records say.',
    ),
    gap: rangeOrNull(
      'Places less demand: below 0 where they are short. What is short is bought case by case.',
    ),
    probabilityOfShortfall: orNull(Type.Number(), 'Probability, 0 to 1, of more demand than places.'),
    placesNeeded: Type.Union(
      [
        Type.Object(
          {
            below20: Type.Integer({ description: 'Fewest places with a shortfall less likely than 20%.' }),
            below5: Type.Integer({ description: 'Fewest places with a shortfall less likely than 5%.' }),
          },
          strict,
        ),
        Type.Null(),
      ],
      { description: 'Places needed so that a shortfall is unlikely.' },
    ),
    reasons: Type.Array(Type.String(), { description: 'Why any of it is null.' }),
  },
  strict,
)

const ItemCosts = Type.Object(
  {
    ...Quarter,
    item: Type.Union([Item, Type.Literal('all')]),
    cost: rangeOrNull('Pounds; null where not known.'),
  },
  strict,
)

const Flow = Type.Object(
  {
    firstDay: day('The first day of it that is forecast.'),
    lastDay: day('The last.'),
    entries: range('Children who enter care.'),
    exits: range('Children who leave it, those who turn 18 among them.'),
    turned18: range('Of these, those who turn 18.'),
  },
  strict,
)

export const ForecastCourse = named(
  'ForecastCourse',
  Type.Object(
    {
      children: Type.Array(Series, { description: 'Children in care, on the days of `days`.' }),
      quarters: Type.Array(QuarterOfPlacement, {
        description: 'Children and cost by quarter and placement.',
      }),
      costs: Type.Array(ItemCosts, { description: 'Cost by quarter and cost item.' }),
      costsNotKnown: Type.Array(
        Type.Object(
          { item: Item, code: text('`no-price` or `no-proportion`.'), reason: text('In words.') },
          strict,
        ),
        { description: 'Cost items whose cost is not known, and why.' },
      ),
      gap: Type.Array(GapRow, { description: 'Demand against known supply, by quarter.' }),
      flows: Type.Union([Type.Array(Flow), Type.Null()], {
        description: 'Who comes and leaves, month by month; null for the method `markov`.',
      }),
      stayingPut: Type.Union([Type.Array(range('On one of `days`.')), Type.Null()], {
        description:
          'Young adults with their former foster carers, on the days of `days`; no children in care.',
      }),
      prices: Type.Array(
        Type.Object(
          {
            item: Item,
            weekly: number('Pounds a week, on the forecast’s first day.'),
            basis: text('`request`, or `records` (mean cost of the placements on record).'),
          },
          strict,
        ),
        { description: 'The prices taken.' },
      ),
      proportions: Type.Array(
        Type.Object({ item: Item, share: orNull(Type.Number(), 'Share of its group, 0 to 1.') }, strict),
        { description: 'The proportions taken.' },
      ),
    },
    { ...strict, description: 'One way that things may go: the baseline, or as a scenario supposes.' },
  ),
)

const Finding = Type.Object(
  {
    severity: Type.Enum(['warning', 'information'], { type: 'string', description: 'How odd it is.' }),
    code: text('What kind of finding it is.'),
    pointer: orNull(Type.String(), 'Where in the request it comes from; null where from the data.'),
    detail: text('In words.'),
  },
  strict,
)

const Difference = Type.Object(
  {
    ...Quarter,
    placement: AnyPlacement,
    children: number('Scenario less baseline: children on the mean of the quarter’s days.'),
    places: orNull(Type.Number(), 'Scenario less baseline: places by the quarter’s end.'),
    cost: orNull(Type.Number(), 'Scenario less baseline, in pounds; null where either is not known.'),
  },
  strict,
)

const head = {
  id: text('The forecast’s id (a UUID).'),
  authority: text('GSS code of the authority.'),
  title: orNull(Type.String(), 'What it is called.'),
  method: text('`survival` or `markov`.'),
  startsOn: day('The last day that the forecast knows of.'),
  horizonMonths: Type.Integer({ description: 'How many months ahead.' }),
  dataVersion: text('The state of the records that it was made from.'),
  createdAt: Type.String({ format: 'date-time', description: 'When it was made.' }),
  createdBy: text('Who asked for it.'),
}

export const ForecastEntry = named(
  'ForecastEntry',
  Type.Object(head, { ...strict, description: 'A forecast as the list has it, without its answer.' }),
)
export const ForecastPage = named(
  'ForecastPage',
  Type.Object(
    {
      data: Type.Array(refTo(ForecastEntry), { description: 'The forecasts.' }),
      next: orNull(Type.String(), 'Cursor of the next page; null on the last.'),
    },
    strict,
  ),
)

export const ForecastRequestSchema = named('ForecastRequest', ForecastRequest)

export const Forecast = named(
  'Forecast',
  Type.Object(
    {
      ...head,
      question: Type.Object(
        {},
        {
          additionalProperties: true,
          description:
            'What was asked, with everything left out filled in: sent again as a request, it gives the same.',
        },
      ),
      days: Type.Array(Type.String({ format: 'date' }), {
        description: 'The days that `children` is reported for.',
      }),
      baseline: refTo(ForecastCourse),
      scenario: Type.Unsafe<unknown>({
        anyOf: [refTo(ForecastCourse), { type: 'null' }],
        description: 'As the scenario supposes; null where none was asked for.',
      }),
      difference: Type.Union([Type.Array(Difference), Type.Null()], {
        description: 'Scenario less baseline, by quarter and placement.',
      }),
      supply: Type.Array(
        Type.Object(
          {
            placement: Placement,
            places: orNull(Type.Number(), 'Own and commissioned together; null where no records say.'),
            own: orNull(Type.Number(), 'Places of own households or homes.'),
            commissioned: orNull(Type.Number(), 'Places bought, but for those in own homes.'),
            reason: orNull(Type.String(), 'Why they are not known.'),
          },
          strict,
        ),
        { description: 'Places on the day that the forecast starts.' },
      ),
      model: Type.Object(
        {},
        {
          additionalProperties: true,
          description:
            'What the method measured: for `survival` yearly entries, their season and spread, and rates a child-year with the events that they rest on; for `markov` the children in each state, every daily rate and daily entrants.',
        },
      ),
      findings: Type.Array(Finding, { description: 'What is odd about the question or the data.' }),
    },
    strict,
  ),
)

const ofSeries = {
  method: text('The method.'),
  horizonInMonths: Type.Integer({ description: 'Months ahead.' }),
  placement: AnyPlacement,
  ageBand: AnyAge,
}
export const Backtest = named(
  'ForecastBacktest',
  Type.Object(
    {
      authority: text('GSS code of the authority.'),
      dataVersion: text('The state of the records that it was made from.'),
      referenceMonths: Type.Integer({
        description: 'Months before each origin over which rates were measured.',
      }),
      simulations: Type.Integer({ description: 'Simulations of each forecast.' }),
      seed: Type.Integer({ description: 'Where the chances start.' }),
      origins: Type.Array(Type.String({ format: 'date' }), {
        description: 'The days from which was forecast.',
      }),
      accuracy: Type.Array(
        Type.Object(
          {
            ...ofSeries,
            forecasts: Type.Integer({ description: 'How many forecasts these are of.' }),
            meanAbsoluteError: number('Mean distance between forecast and what came, in children.'),
            meanAbsolutePercentageError: orNull(Type.Number(), 'The same in percent of what came.'),
            bias: number('Mean of forecast less what came: above 0 where too many were forecast.'),
            rootMeanSquaredError: number('Root of the mean squared distance.'),
            coverage80: number('Percentage of the 80% intervals that held what came.'),
            coverage95: number('Percentage of the 95% intervals that held what came.'),
            meanWidth80: number('Mean width of the 80% intervals, in children.'),
            meanWidth95: number('Mean width of the 95% intervals.'),
          },
          strict,
        ),
        { description: 'How each method did, by horizon and series, over all origins.' },
      ),
      forecasts: Type.Array(
        Type.Object(
          {
            ...ofSeries,
            origin: day('The last day that the method was told of.'),
            day: day('The day forecast.'),
            ...RANGE,
            actual: Type.Integer({ description: 'Children on that day.' }),
          },
          strict,
        ),
        { description: 'Each forecast of all children and of the groups of placements, and what came.' },
      ),
      leftOut: Type.Array(
        Type.Object(
          {
            origin: day('The origin.'),
            horizonInMonths: orNull(Type.Integer(), 'The horizon; null where the whole origin is left out.'),
            reason: text('A code.'),
            detail: text('In words.'),
          },
          strict,
        ),
        { description: 'What could not be forecast or judged, and why.' },
      ),
    },
    strict,
  ),
)

export const FORECAST_SCHEMAS = [
  ForecastRange,
  ForecastCourse,
  ForecastEntry,
  ForecastPage,
  ForecastRequestSchema,
  Forecast,
  Backtest,
]
