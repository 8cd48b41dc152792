import { count, type IndicatorDefinition, mean } from '../../indicators/definition.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { socialWorkersAt } from '../../indicators/populations/social-workers.ts'
import { boardPapers, SHORT_BREAKS, validationRules } from '../../indicators/sources.ts'

/** The people who work with the children. */
export const workforceIndicators: readonly IndicatorDefinition[] = [
  mean({
    id: 'cla-sw-caseload',
    title: 'Looked-after children per social worker',
    subject: 'workforce',
    population: socialWorkersAt,
    unit: 'children',
    measure: 'children_allocated',
    numeratorInWords:
      'Children looked after on the last day of the period, once for each social worker with an open episode.',
    denominatorInWords: 'Social workers with such a child.',
    polarity: 'lower-is-better',
    definition:
      'Mean number of looked-after children of the social workers who have any, by head, not by full-time equivalents, which the return does not know. Their other cases are not counted.',
    exclusions: SHORT_BREAKS,
    source: boardPapers('social worker caseloads'),
    dimensions: [],
    lookBack: 'last-day',
    tables: ['SWEpisodes'],
    headline: true,
  }),
  count({
    id: 'cla-without-sw-count',
    title: 'Looked-after children without a social worker',
    subject: 'workforce',
    population: lookedAfterAt,
    counted: 'not has_social_worker',
    countedInWords:
      'Children looked after on the last day of the period without an episode of a social worker that covers it.',
    polarity: 'lower-is-better',
    definition: 'Looked-after children to whom no social worker is allocated on the day: must be 0.',
    exclusions: SHORT_BREAKS,
    source: validationRules('SW01, SW17'),
    dimensions: ['age-band', 'sex', 'placement-type'],
    lookBack: 'last-day',
    tables: ['SWEpisodes'],
    headline: true,
  }),
]
