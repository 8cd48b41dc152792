import { Type } from 'typebox'
import { METHODS } from '../../forecast/asked-forecast.ts'
import { COST_ITEMS, FORECAST_AGES, FORECAST_PLACEMENTS } from '../../forecast/placement-groups.ts'
import { SUPPLIED_PLACEMENTS } from '../../forecast/supply-changes.ts'
import { EXIT_KINDS } from '../../forecast/survival/bands.ts'

/** What is asked of a forecast. Members are optional but where said; what is left out is in the answer's `question`. */

const strict = { additionalProperties: false } as const
const day = (description: string) =>
  Type.String({ minLength: 1, maxLength: 40, description: `${description} \`YYYY-MM-DD\`.` })
const oneOf = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Enum(values as unknown as string[], { type: 'string', description }) as unknown as ReturnType<
    typeof Type.Unsafe<Values[number]>
  >

export const Placement = oneOf(
  FORECAST_PLACEMENTS,
  'Group of placements: `fostering` (U1 to U6), `residential` (K2, R1, P3, S1), `supported` (P2, H5, K3) and `other` (with parents, for adoption, secure and the rest). A temporary stay counts as the placement that it interrupts.',
)
export const AgeBand = oneOf(FORECAST_AGES, 'Age on the day.')
export const Item = oneOf(
  COST_ITEMS,
  'What has a price of its own: a placement by its code and provider (in house: PR1 to PR3, agency or external: PR4 and PR5).',
)

const from = Type.Optional(
  day(
    'The first day on which it holds; the forecast’s first day unless given. Not for the method `markov`, whose rates hold throughout.',
  ),
)
const change = {
  ageBand: Type.Optional(AgeBand),
  multiplyBy: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'What the rate is multiplied by: 0.8 for a fifth fewer. Either this or `addPerDay`.',
    }),
  ),
  addPerDay: Type.Optional(
    Type.Number({
      minimum: -1,
      maximum: 1,
      description:
        'Method `markov` only: what is added to each daily rate (a share of the children per day), or, of entries, children per day; the sum is not below 0. A rate can’t be over 1.',
    }),
  ),
  from,
}

const Prices = Type.Array(
  Type.Object(
    {
      item: Item,
      weekly: Type.Number({
        minimum: 0,
        maximum: 100_000,
        description: 'Pounds a week for one child, on the forecast’s first day.',
      }),
    },
    strict,
  ),
  {
    maxItems: COST_ITEMS.length,
    description:
      'Prices. One that is not given is the mean cost that the records of the kind placement-details have for such placements on the day that the forecast starts; where there is none, the cost is not known.',
  },
)
const Proportions = Type.Array(
  Type.Object(
    {
      item: Item,
      share: Type.Number({ minimum: 0, maximum: 1, description: 'Share of its group, 0 to 1.' }),
    },
    strict,
  ),
  {
    maxItems: COST_ITEMS.length,
    description:
      'Of each group of placements, the share that is of a cost item: by default as in the reference window. Shares given stay, the others of the group are scaled to the rest.',
  },
)
const Inflation = Type.Number({
  minimum: -0.5,
  maximum: 1,
  description: 'By how much prices rise on each anniversary of the forecast’s first day: 0.03 is 3%.',
})

const Places = (what: string) =>
  Type.Array(
    Type.Object(
      {
        placement: oneOf(SUPPLIED_PLACEMENTS, 'Group of placements that the places are for.'),
        places: Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many places.' }),
        from: day('The first day with the change.'),
        what: Type.Optional(Type.String({ maxLength: 200, description: 'What it is, in your words.' })),
      },
      strict,
    ),
    { maxItems: 100, description: what },
  )

const Scenario = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 200, description: 'What it is called.' })),
    entries: Type.Optional(
      Type.Array(Type.Object({ ...change, placement: Type.Optional(Placement) }, strict), {
        maxItems: 50,
        description:
          'Changes of how many children enter care: of all, of an age, into a group of placements. Changes of the same rate multiply.',
      }),
    ),
    exits: Type.Optional(
      Type.Array(
        Type.Object(
          {
            ...change,
            placement: Type.Optional(Placement),
            reason: Type.Optional(
              oneOf(
                EXIT_KINDS,
                'How care ends: `reunification` (returned home: E4A, E4B, E13), `special-guardianship` (E43 to E48, and E41), `adoption` (E11, E12), `other`; turning 18 is nobody’s to change. All unless given.',
              ),
            ),
          },
          strict,
        ),
        { maxItems: 50, description: 'Changes of the rate at which children leave care.' },
      ),
    ),
    moves: Type.Optional(
      Type.Array(
        Type.Object(
          { ...change, fromPlacement: Type.Optional(Placement), toPlacement: Type.Optional(Placement) },
          strict,
        ),
        {
          maxItems: 50,
          description: 'Changes of the rate at which children move between groups of placements.',
        },
      ),
    ),
    stayingPut: Type.Optional(
      Type.Object(
        {
          share: Type.Number({
            minimum: 0,
            maximum: 1,
            description: 'Of those fostered as they turn 18, the share that stays with the carers.',
          }),
          months: Type.Integer({ minimum: 1, maximum: 60, description: 'For how many months.' }),
        },
        {
          ...strict,
          description:
            'Staying put. Those who stay are not children in care: they are told apart, for the places that they take.',
        },
      ),
    ),
    prices: Type.Optional(Prices),
    inflation: Type.Optional(Inflation),
    proportions: Type.Optional(Proportions),
    openings: Type.Optional(Places('Places that open beside what records plan.')),
    closures: Type.Optional(Places('Places that close.')),
    recruitment: Type.Optional(
      Type.Array(
        Type.Object(
          {
            householdsGainedPerMonth: Type.Number({
              minimum: 0,
              maximum: 1000,
              description: 'Households approved in a month.',
            }),
            householdsLostPerMonth: Type.Optional(
              Type.Number({ minimum: 0, maximum: 1000, description: 'Households that leave in a month.' }),
            ),
            placesPerHousehold: Type.Number({
              minimum: 0,
              maximum: 20,
              description: 'Approved places of a household.',
            }),
            from: Type.Optional(day('The first day of its first month.')),
          },
          strict,
        ),
        { maxItems: 20, description: 'Fostering households gained and lost, month by month until the end.' },
      ),
    ),
  },
  {
    ...strict,
    description:
      'What is supposed other than the past shows; it is forecast beside the baseline, from the same chances.',
  },
)

/** The body of a request for a forecast. Read by this schema as it stands: nothing in it is converted. */
export const ForecastRequest = Type.Object(
  {
    title: Type.Optional(
      Type.String({ maxLength: 200, description: 'What the forecast is called in the list.' }),
    ),
    method: Type.Optional(
      oneOf(
        METHODS,
        '`survival` (unless given): children followed one by one by simulation; time in care, time since the last move, exact ages, seasons and the uncertainty of every rate matter. `markov`: daily rates between age bands and groups of placements as the regional demand model has them, from the rows as returned.',
      ),
    ),
    startsOn: Type.Optional(
      day('The last day that the forecast knows of, its day 0; the last that returns cover unless given.'),
    ),
    horizonMonths: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60, description: 'How many months ahead; 24 unless given.' }),
    ),
    referenceFrom: Type.Optional(
      day(
        'The first day over which rates and entries are measured; unless given 24 months (`markov`: 12) before `referenceTo`, as far as returns reach back.',
      ),
    ),
    referenceTo: Type.Optional(day('The last of these days; `startsOn` unless given.')),
    step: Type.Optional(
      oneOf(
        ['day', 'month', 'quarter'] as const,
        'Which days `children` is reported for: every day, the last of each month (unless given) or of each quarter.',
      ),
    ),
    detail: Type.Optional(
      oneOf(
        ['placements', 'states'] as const,
        '`placements` (unless given): all children, each group of placements, each age band. `states`: each group by each band too.',
      ),
    ),
    simulations: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: 4000,
        description: 'Simulations of the method `survival`; 1,000 unless given.',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_147_483_647,
        description:
          'Where the simulations’ chances start: the same seed over the same data gives the same forecast. Drawn and told unless given.',
      }),
    ),
    prices: Type.Optional(Prices),
    inflation: Type.Optional(Inflation),
    proportions: Type.Optional(Proportions),
    scenario: Type.Optional(Scenario),
  },
  strict,
)
