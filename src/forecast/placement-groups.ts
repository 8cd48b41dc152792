/**
 * How forecasts group placements and ages: wider than the returns' own placement types, for in a council of a few
 * hundred children the narrow ones hold too few for their comings and goings to be measured.
 */
export const FORECAST_PLACEMENTS = ['fostering', 'residential', 'supported', 'other'] as const
export type ForecastPlacement = (typeof FORECAST_PLACEMENTS)[number]

export const FORECAST_PLACEMENT_LABELS: Readonly<Record<ForecastPlacement, string>> = {
  fostering: 'Foster placements (U1 to U6)',
  residential:
    'Children’s homes, residential care homes, family centres and residential schools (K2, R1, P3, S1)',
  supported: 'Independent living, semi-independent living and supported accommodation (P2, H5, K3)',
  other: 'Every other placement: with parents, for adoption, secure, custody and the rest',
}

const PLACEMENT_OF_CODE: ReadonlyMap<string, ForecastPlacement> = new Map([
  ...['U1', 'U2', 'U3', 'U4', 'U5', 'U6'].map((code) => [code, 'fostering'] as const),
  ...['K2', 'R1', 'P3', 'S1'].map((code) => [code, 'residential'] as const),
  ...['P2', 'H5', 'K3'].map((code) => [code, 'supported'] as const),
])

/** The group of a placement code of the return; what no group names is `other`. */
export const forecastPlacementOf = (code: string): ForecastPlacement => PLACEMENT_OF_CODE.get(code) ?? 'other'

/** Ages on the day, with the ids of the dimension `age-band`. */
export const FORECAST_AGES = ['under-1', '1-to-4', '5-to-9', '10-to-15', '16-and-over'] as const
export type ForecastAge = (typeof FORECAST_AGES)[number]

/** The birthdays on which a child comes into the next age band. */
export const AGE_BOUNDARIES = [1, 5, 10, 16] as const

/** What a place costs depends on more than its group: these are the kinds that have a price of their own. */
export const COST_ITEMS = [
  'fostering-friend-or-relative',
  'fostering-in-house',
  'fostering-agency',
  'residential-in-house',
  'residential-external',
  'supported-accommodation',
  'secure-home',
  'placed-with-family',
  'other',
] as const
export type CostItem = (typeof COST_ITEMS)[number]

interface CostItemRule {
  readonly item: CostItem
  readonly placement: ForecastPlacement
  readonly label: string
  readonly codes: readonly string[]
  /** Provider codes; any where it is left out. */
  readonly providers?: readonly string[]
}

const OWN = ['PR1', 'PR2', 'PR3']
const BOUGHT = ['PR4', 'PR5']

/** The first rule that fits a placement says its cost item; where none does, it is `other`. */
export const COST_ITEM_RULES: readonly CostItemRule[] = [
  {
    item: 'fostering-friend-or-relative',
    placement: 'fostering',
    label: 'Fostered by a relative or friend (U1 to U3)',
    codes: ['U1', 'U2', 'U3'],
  },
  {
    item: 'fostering-in-house',
    placement: 'fostering',
    label: 'Other foster carers of public bodies (U4 to U6 with PR1 to PR3)',
    codes: ['U4', 'U5', 'U6'],
    providers: OWN,
  },
  {
    item: 'fostering-agency',
    placement: 'fostering',
    label: 'Foster carers of independent agencies (U4 to U6 with PR4 or PR5)',
    codes: ['U4', 'U5', 'U6'],
    providers: BOUGHT,
  },
  {
    item: 'residential-in-house',
    placement: 'residential',
    label: 'Residential, of public bodies (K2, R1, P3, S1 with PR1 to PR3)',
    codes: ['K2', 'R1', 'P3', 'S1'],
    providers: OWN,
  },
  {
    item: 'residential-external',
    placement: 'residential',
    label: 'Residential, private or voluntary (K2, R1, P3, S1 with PR4 or PR5)',
    codes: ['K2', 'R1', 'P3', 'S1'],
    providers: BOUGHT,
  },
  {
    item: 'supported-accommodation',
    placement: 'supported',
    label: 'Supported accommodation and independent living (H5, P2, K3)',
    codes: ['H5', 'P2', 'K3'],
  },
  { item: 'secure-home', placement: 'other', label: 'Secure children’s homes (K1)', codes: ['K1'] },
  { item: 'placed-with-family', placement: 'other', label: 'Placed with own parents (P1)', codes: ['P1'] },
]

export const costItemOf = (code: string, provider: string | null): CostItem =>
  COST_ITEM_RULES.find(
    ({ codes, providers }) =>
      codes.includes(code) && (!providers || (provider !== null && providers.includes(provider))),
  )?.item ?? 'other'
