import { type DeclaredRow, notOurs, type PublishedTable, table, target } from './declaration.ts'
import { LOOKED_AFTER, POPULATION } from './publications.ts'

/** A number and its rate per 10,000, beside the population that the rate was made with. */
const numberAndRate = (categories: DeclaredRow['categories'], count: string, rate: string): DeclaredRow => ({
  categories,
  is: {
    count: [target(count), target(rate, 'numerator')],
    rate: [target(rate)],
    population: [target(rate, 'denominator')],
  },
})

// Both were seen in a file, with these words.
export const lookedAfterNumbers: readonly PublishedTable[] = [
  table(LOOKED_AFTER, 'cla_number_and_rate_per_10k_children', [
    numberAndRate(['Children looked after on 31 March each year'], 'cla-count', 'cla-rate-per-10k'),
    numberAndRate(
      ['Children starting to be looked after each year'],
      'cla-starters',
      'cla-starters-rate-per-10k',
    ),
    numberAndRate(
      ['Children ceasing to be looked after each year'],
      'cla-leavers',
      'cla-leavers-rate-per-10k',
    ),
  ]),
  table(POPULATION, 'ons_mid-year_population_estimates', [
    notOurs(
      ['Children aged 0 to 17 years'],
      'a population is what rates are made with, not a figure to compare with: load it as reference data of the kind population',
    ),
  ]),
]
