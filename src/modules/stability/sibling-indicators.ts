import { type IndicatorDefinition, percentage, type Switch } from '../../indicators/definition.ts'
import { siblingGroupsAt, siblingPairsAt } from '../../indicators/populations/siblings.ts'
import { boardPapers, SHORT_BREAKS } from '../../indicators/sources.ts'

const internalOnly =
  'a pair or group of siblings is so few children that hardly any figure of them could be shown.'
const IN_ONE_HOME =
  'Two children are together where the details of both placements name the same foster household; where one of them names none, where URN and postcode of the placements are the same, or both are placed with parents (P1) at one postcode. A temporary stay (T0 to T4) counts as the placement that it interrupts.'
const switches: readonly Switch[] = [
  {
    name: 'notTold',
    value: 'not together',
    meaning:
      'Siblings of whom neither the household nor the URN and postcode of the placement can be told count as not together.',
  },
]

/** Brothers and sisters in care at the same time, and whether they live together. */
export const siblingIndicators: readonly IndicatorDefinition[] = [
  percentage({
    id: 'sibling-placed-together-pct',
    title: 'Siblings placed together',
    subject: 'stability',
    population: siblingPairsAt,
    denominator: 'not assessed_apart',
    numerator: 'placed_together',
    numeratorInWords: 'Of them, those placed together.',
    denominatorInWords:
      'Pairs of children of one sibling group who are both looked after on the last day of the period.',
    polarity: 'higher-is-better',
    definition: `Counts pairs, not children: three siblings are three pairs. ${IN_ONE_HOME}`,
    exclusions: `${SHORT_BREAKS} Pairs of which either child is assessed to live apart from the others.`,
    source: boardPapers('siblings'),
    switches,
    dimensions: [],
    lookBack: 'last-day',
    records: ['sibling-groups'],
    internalOnly,
  }),
  percentage({
    id: 'sibling-groups-all-together-pct',
    title: 'Sibling groups who are all placed together',
    subject: 'stability',
    population: siblingGroupsAt,
    numerator: 'all_together',
    numeratorInWords: 'Of them, those in which every two children are placed together.',
    denominatorInWords:
      'Groups with two or more children who are looked after on the last day of the period.',
    polarity: 'higher-is-better',
    definition: `Share of sibling groups whom care has not separated. ${IN_ONE_HOME}`,
    exclusions: `${SHORT_BREAKS} Children who are assessed to live apart from the others; the group is the rest of it.`,
    source: boardPapers('siblings'),
    switches,
    dimensions: [],
    lookBack: 'last-day',
    records: ['sibling-groups'],
    internalOnly,
  }),
]
