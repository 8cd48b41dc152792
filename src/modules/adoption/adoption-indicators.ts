import {
  count,
  type IndicatorDefinition,
  mean,
  percentage,
  type Switch,
} from '../../indicators/definition.ts'
import { adoptedIn, adoptedInThreeYears, adoptionStepsIn } from '../../indicators/populations/adoption.ts'
import { leavers } from '../../indicators/populations/leavers.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { permanenceStepsIn } from '../../indicators/populations/permanence.ts'
import {
  adoptionScorecards,
  boardPapers,
  childrenLookedAfter,
  localAuthorityTool,
  SHORT_BREAKS,
} from '../../indicators/sources.ts'

const CHILD = ['age-band', 'age', 'sex', 'ethnicity'] as const

/* ---- steps, by quarter or by year --------------------------------------------------------------------------- */

interface Step {
  readonly id: string
  readonly title: string
  readonly step: string
  readonly inWords: string
  readonly definition: string
  readonly polarity: IndicatorDefinition['polarity']
  readonly source: IndicatorDefinition['source']
  readonly tables?: IndicatorDefinition['tables']
  readonly dimensions?: IndicatorDefinition['dimensions']
  readonly headline?: true
}

const step = ({ headline, ...it }: Step): IndicatorDefinition =>
  count({
    id: it.id,
    title: it.title,
    subject: 'adoption',
    population: adoptionStepsIn,
    counted: `adoption_step = '${it.step}'`,
    countedInWords: it.inWords,
    polarity: it.polarity,
    definition: `${it.definition} A child is counted once in a period, so the quarters can add up to more than the year.`,
    exclusions: SHORT_BREAKS,
    source: it.source,
    dimensions: it.dimensions ?? CHILD,
    lookBack: 'period',
    ...(it.tables ? { tables: it.tables } : {}),
    ...(headline ? { headline } : {}),
  })

const steps: IndicatorDefinition[] = [
  step({
    id: 'adm-decisions',
    title: 'Decisions that a child should be placed for adoption',
    step: 'decision',
    inWords: 'Children with a DATE_PLACED in the period.',
    definition:
      'Children for whom the agency decision maker decided in the period that adoption is the plan. DATE_PLACED is the day of that decision, not of a placement (E54).',
    polarity: 'neutral',
    source: adoptionScorecards('A15; rules 551 to 554'),
    tables: ['PlacedAdoption'],
    headline: true,
  }),
  step({
    id: 'placement-orders-granted',
    title: 'Placement orders granted',
    step: 'placement-order',
    inWords: 'Children with a first episode of legal status E1 that starts in the period.',
    definition: 'Children who came under a placement order in the period.',
    polarity: 'neutral',
    source: adoptionScorecards('A16'),
  }),
  step({
    id: 'children-placed-for-adoption',
    title: 'Children placed for adoption',
    step: 'placed',
    inWords: 'Children with a first episode in a placement A3 to A6 that starts in the period.',
    definition:
      'Children placed for adoption in the period, those too whose foster carers became their adopters.',
    polarity: 'neutral',
    source: boardPapers('adoption, quarterly table'),
    headline: true,
  }),
  step({
    id: 'early-permanence-count',
    title: 'Early permanence placements',
    step: 'early-permanence',
    inWords: 'Children with a first episode in a placement U2 or U5 that starts in the period.',
    definition:
      'Children placed with carers who may adopt them (fostering for adoption, concurrent planning).',
    polarity: 'higher-is-better',
    source: {
      title: 'Department for Education, guide to the SSDA903 collection, placement codes',
      year: 2025,
    },
  }),
  step({
    id: 'adoption-disruptions',
    title: 'Adoptive placements disrupted before the order',
    step: 'disrupted',
    inWords:
      'Children whose adoptive placement ended in the period with a move to another kind, or with care ceasing for another reason than adoption.',
    definition: 'Children whose placement for adoption broke down before the order (E57).',
    polarity: 'lower-is-better',
    source: boardPapers('adoption, quarterly table'),
  }),
  step({
    id: 'adoption-decision-reversed',
    title: 'Plan changed away from adoption',
    step: 'decision-reversed',
    inWords: 'Children with a DATE_PLACED_CEASED in the period.',
    definition: 'Children for whom it was decided in the period that adoption is no longer the plan.',
    polarity: 'neutral',
    source: childrenLookedAfter('reversal of the adoption decision; scorecard A5'),
    tables: ['PlacedAdoption'],
    dimensions: [...CHILD, 'reversal-reason'],
  }),
]

/* ---- those adopted ------------------------------------------------------------------------------------------ */

const LAST_OCCASION = 'Only the last occasion in the period counts.'

const leaving: IndicatorDefinition[] = [
  count({
    id: 'adoptions',
    title: 'Children adopted',
    subject: 'adoption',
    population: leavers,
    counted: `ceasing_reason in ('e11', 'e12')`,
    countedInWords: 'Children whose last episode in the period ceased with REC E11 or E12.',
    polarity: 'neutral',
    definition: `Looked-after children adopted in the period. ${LAST_OCCASION}`,
    exclusions: SHORT_BREAKS,
    source: localAuthorityTool('208'),
    dimensions: [...CHILD, 'time-in-care'],
    lookBack: 'period',
    headline: true,
  }),
  percentage({
    id: 'adopted-of-leavers-pct',
    title: 'Leavers who were adopted',
    subject: 'adoption',
    population: leavers,
    numerator: `ceasing_reason in ('e11', 'e12')`,
    numeratorInWords: 'Of them, those whose last episode ceased with REC E11 or E12.',
    denominatorInWords: 'Children who ceased to be looked after in the period.',
    polarity: 'higher-is-better',
    definition: `Share of leavers who were adopted (scorecard A4). More is better, but it should not reach 100%. ${LAST_OCCASION}`,
    exclusions: SHORT_BREAKS,
    source: localAuthorityTool('208'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    headline: true,
  }),
  ...(
    [
      ['adopted-unopposed-count', 'application unopposed', 'e11', 'E11'],
      ['adopted-consent-dispensed-with-count', 'consent dispensed with', 'e12', 'E12'],
    ] as const
  ).map(([id, title, reason, code]) =>
    count({
      id,
      title: `Children adopted, ${title}`,
      subject: 'adoption',
      population: leavers,
      counted: `ceasing_reason = '${reason}'`,
      countedInWords: `Children whose last episode in the period ceased with REC ${code}.`,
      polarity: 'neutral',
      definition: `Looked-after children adopted in the period, ${title}. ${LAST_OCCASION}`,
      exclusions: SHORT_BREAKS,
      source: localAuthorityTool('208b'),
      dimensions: ['age-band', 'sex'],
      lookBack: 'period',
    }),
  ),
]

/* ---- who waits ---------------------------------------------------------------------------------------------- */

const waiting: IndicatorDefinition[] = [
  count({
    id: 'adoption-children-waiting',
    title: 'Children waiting to be placed for adoption',
    subject: 'adoption',
    population: lookedAfterAt,
    counted: 'waits_for_adoption',
    countedInWords:
      'Children looked after on the last day of the period with a decision for adoption that is not reversed, and not in a placement A3 to A6.',
    polarity: 'lower-is-better',
    definition: 'Looked-after children whose plan is adoption and who are not placed for it (scorecard A9).',
    exclusions: SHORT_BREAKS,
    source: adoptionScorecards('A9'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'last-day',
    tables: ['PlacedAdoption'],
    headline: true,
  }),
  count({
    id: 'adoption-placement-order-not-placed',
    title: 'Children with a placement order who are not placed',
    subject: 'adoption',
    population: lookedAfterAt,
    counted: `legal_status_code = 'E1' and placement_type <> 'adoption'`,
    countedInWords:
      'Children looked after on the last day of the period under legal status E1, not in a placement A3 to A6.',
    polarity: 'lower-is-better',
    definition:
      'Looked-after children under a placement order who are not placed for adoption (scorecard A14).',
    exclusions: SHORT_BREAKS,
    source: childrenLookedAfter('placement order, not yet placed'),
    dimensions: ['age-band', 'sex', 'ethnicity', 'time-in-care'],
    lookBack: 'last-day',
  }),
]

/* ---- how long it takes -------------------------------------------------------------------------------------- */

const cohorts: readonly Switch[] = [
  {
    name: 'cohort',
    value: 'children adopted in the window',
    meaning: 'The scorecards’ exact cohort and clock rules were not read; titles and worked examples were.',
  },
]

/** The scorecards give the average of three years; the one year stands beside it. */
const times = (
  id: string,
  title: string,
  measure: string,
  inWords: string,
  definition: string,
): IndicatorDefinition[] =>
  [
    {
      suffix: '',
      population: adoptedInThreeYears,
      lookBack: 'three-years' as const,
      when: 'the three years that end on the last day of the period',
    },
    { suffix: '-in-year', population: adoptedIn, lookBack: 'period' as const, when: 'the period' },
  ].map(({ suffix, population, lookBack, when }) =>
    mean({
      id: `${id}${suffix}`,
      title: suffix ? `${title}, of the period` : title,
      subject: 'adoption',
      population,
      unit: 'days',
      measure,
      denominator: `${measure} is not null`,
      numeratorInWords: `${inWords}, added up.`,
      denominatorInWords: `Children adopted in ${when} of whom both days are known.`,
      polarity: 'lower-is-better',
      definition: `${definition} Average over children adopted in ${when}.`,
      exclusions: SHORT_BREAKS,
      source: adoptionScorecards(title.slice(0, title.indexOf(':'))),
      switches: cohorts,
      dimensions: ['sex', 'ethnicity', 'age-band'],
      lookBack,
      ...(measure === 'days_from_order_to_match' ? { tables: ['AD1'] as const } : {}),
      ...(suffix ? {} : { headline: true as const }),
    }),
  )

const durations: IndicatorDefinition[] = [
  ...times(
    'adoption-a1-days',
    'A1: from entering care to moving in with the adoptive family',
    'days_to_placement',
    'Days from the start of the last period of care to the first adoptive placement of the stretch that led to the order',
    'Days from entering care to being placed for adoption; threshold 426 (E55).',
  ),
  ...times(
    'adoption-a2-days',
    'A2: from the placement order to the match',
    'days_from_order_to_match',
    'Days from the start of legal status E1 to DATE_MATCH',
    'Days from the placement order to the decision on a match; threshold 121 (E56).',
  ),
  ...times(
    'adoption-a10-days',
    'A10: A1 adjusted for adoptions by foster carers',
    'days_to_moving_in',
    'Days from the start of the last period of care to the start of the placement with those who adopted, as foster carers too',
    'As A1, but the clock stops when the child moved in with those carers (E55).',
  ),
  percentage({
    id: 'adoption-a3-pct',
    title: 'A3: waited less than 14 months to move in with the adoptive family',
    subject: 'adoption',
    population: adoptedInThreeYears,
    denominator: 'days_to_placement is not null',
    numerator: 'days_to_placement < 426',
    numeratorInWords: 'Of them, those with fewer than 426 days from entering care to being placed.',
    denominatorInWords:
      'Children adopted in the three years that end on the last day of the period of whom both days are known.',
    polarity: 'higher-is-better',
    definition:
      'Share of adopted children who moved in within 14 months of entering care. The scorecard counts children still waiting as well; its exact cohort could not be read, so they are left out here.',
    exclusions: `${SHORT_BREAKS} Children still waiting.`,
    source: adoptionScorecards('A3'),
    switches: cohorts,
    dimensions: ['sex', 'ethnicity', 'age-band'],
    lookBack: 'three-years',
  }),
  count({
    id: 'adopted-placed-within-12-months-count',
    title: 'Adopted children who were placed within 12 months of the decision',
    subject: 'adoption',
    population: adoptedIn,
    counted: 'days_from_decision_to_placement < 365 and not placement_was_disrupted',
    countedInWords: 'Children adopted in the period with fewer than 365 days from decision to placement.',
    polarity: 'higher-is-better',
    definition: 'Children adopted in the period who had been placed within 12 months of the decision.',
    exclusions: 'Children of whom an adoptive placement broke down before.',
    source: childrenLookedAfter('adopted children placed within 12 months of the decision'),
    dimensions: ['sex', 'age-band'],
    lookBack: 'period',
    tables: ['PlacedAdoption'],
  }),
  ...(
    [
      ['adoption-stage-months', 'from entering care to the order', 'days_to_order', []],
      [
        'adoption-stage-decision-months',
        'from entering care to the decision',
        'days_to_decision',
        ['PlacedAdoption'],
      ],
      [
        'adoption-stage-match-months',
        'from the decision to the match',
        'days_from_decision_to_match',
        ['PlacedAdoption', 'AD1'],
      ],
      [
        'adoption-stage-placement-months',
        'from the match to the placement',
        'days_from_match_to_placement',
        ['AD1'],
      ],
      ['adoption-stage-order-months', 'from the placement to the order', 'days_from_placement_to_order', []],
    ] as const
  ).map(([id, stage, measure, tables]) =>
    mean({
      id,
      title: `Average time ${stage}`,
      subject: 'adoption',
      population: adoptedIn,
      unit: 'months',
      measure: `${measure} * 12 / 365.25`,
      denominator: `${measure} is not null`,
      numeratorInWords: `Months ${stage}, added up (days of 365.25 / 12 to the month).`,
      denominatorInWords: 'Children adopted in the period of whom both days are known.',
      polarity: 'lower-is-better',
      definition: `Mean number of months ${stage}. Published to the nearest month, as years and months.`,
      exclusions: SHORT_BREAKS,
      source: childrenLookedAfter('average time between adoption process stages'),
      dimensions: ['sex', 'age-band'],
      lookBack: 'period',
      tables: [...tables],
    }),
  ),
]

/* ---- the board's table, from records ------------------------------------------------------------------------ */

const FROM_RECORDS =
  'From the records `permanence`, which know it before the return does: the table that boards see by quarter. Counts what is on record, so that the quarters add up to the year (E54); where nothing at all is dated in the period it is not available.'

const board: IndicatorDefinition[] = [
  ...(
    [
      [
        'adoption-board-decisions',
        'Decisions that a child should be placed for adoption, on record',
        'decision',
        'an ADM decision (perm_adm_decision_date)',
        'neutral',
      ],
      [
        'adoption-board-placement-orders',
        'Placement orders, on record',
        'placement-order',
        'a placement order (perm_placement_order_date)',
        'neutral',
      ],
      [
        'adoption-matches',
        'Children matched with prospective adopters',
        'matched',
        'a match (perm_matched_date)',
        'neutral',
      ],
      [
        'adoption-board-placed',
        'Children placed for adoption, on record',
        'placed',
        'a placement for adoption (perm_placed_for_adoption_date)',
        'neutral',
      ],
      [
        'adoption-board-adoptions',
        'Children adopted, on record',
        'adopted',
        'an adoption order (perm_permanence_order_date, perm_permanence_order_type Adoption)',
        'neutral',
      ],
      [
        'adoption-board-disruptions',
        'Adoptive placements disrupted, on record',
        'disrupted',
        'the end of a placement for adoption that broke down (perm_disrupted_date)',
        'lower-is-better',
      ],
    ] as const
  ).map(([id, title, stepOf, inWords, polarity]) =>
    count({
      id,
      title,
      subject: 'adoption',
      population: permanenceStepsIn,
      counted: `adoption_step = '${stepOf}'`,
      countedInWords: `Records with ${inWords} in the period.`,
      polarity,
      definition: `${title} in the period. ${FROM_RECORDS}`,
      exclusions: 'None.',
      source: boardPapers('adoption, quarterly table'),
      dimensions: CHILD,
      lookBack: 'period',
      records: ['permanence'],
    }),
  ),
  percentage({
    id: 'siblings-placed-together-adoption-pct',
    title: 'Siblings placed together for adoption',
    subject: 'adoption',
    population: permanenceStepsIn,
    denominator: `adoption_step = 'placed' and of_siblings`,
    numerator: 'together',
    numeratorInWords: 'Of them, those placed with siblings and apart from none.',
    denominatorInWords:
      'Children of a group of siblings placed for adoption in the period of whom it is on record how many were placed together or apart.',
    polarity: 'higher-is-better',
    definition:
      'Share of the children placed for adoption as part of a group of siblings who were placed together with the others. From the records `permanence`.',
    exclusions: 'Children of no group of siblings; groups of which the numbers are not on record.',
    source: boardPapers('siblings placed for adoption'),
    switches: [
      {
        name: 'partlyTogether',
        value: 'apart',
        meaning: 'A child placed with one sibling and apart from another counts as placed apart.',
      },
    ],
    dimensions: CHILD,
    lookBack: 'period',
    records: ['permanence'],
  }),
]

/** From the decision that adoption is the plan to the order: how many, how long, who waits and what goes wrong. */
export const adoptionIndicators: readonly IndicatorDefinition[] = [
  ...steps,
  ...leaving,
  ...waiting,
  ...durations,
  ...board,
]
