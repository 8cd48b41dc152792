import { figure, type PublishedTable, percentage, table, target, total } from './declaration.ts'
import { LOOKED_AFTER } from './publications.ts'

const UNDER_FIVE = 'Development assessments: Children looked after ages 0 to 4 years'
const TEN_AND_OVER = 'Convictions: Children looked after Ages 10 to 17 years'
const HEALTH = 'Health assessments: Children looked after all ages'
const SUBSTANCE = 'Substance misuse: Children looked after all ages'
const SDQ = 'Ages 5 to 16 years with SDQ score'
const RECEIVED = [SDQ, 'SDQ score was received']
const IDENTIFIED = [SUBSTANCE, 'Identified as having a substance misuse problem']

// Seen in a file, every row of it: children looked after for twelve months at 31 March.
export const outcomes: readonly PublishedTable[] = [
  table(LOOKED_AFTER, 'la_conviction_health_outcome_cla', [
    ...percentage(
      'development-assessments-up-to-date-pct',
      [UNDER_FIVE, 'Development assessments up to date'],
      [UNDER_FIVE, 'Total ages 0 to 4 years'],
    ),
    ...percentage(
      'convicted-or-cautioned-pct',
      [TEN_AND_OVER, 'Convicted or subject to youth cautions, or youth conditional cautions during the year'],
      [TEN_AND_OVER, 'Total ages 10 to 17 years'],
    ),
    ...percentage(
      'annual-health-assessment-pct',
      [HEALTH, 'Had their annual health assessment'],
      [HEALTH, 'Total all ages'],
    ),
    ...percentage(
      'immunisations-up-to-date-pct',
      [HEALTH, 'Had their immunisations up to date'],
      [HEALTH, 'Total all ages'],
    ),
    ...percentage(
      'dental-check-pct',
      [HEALTH, 'Had their teeth checked by a dentist'],
      [HEALTH, 'Total all ages'],
    ),
    total('cla-12-months-count', [HEALTH, 'Total all ages']),
    ...percentage('substance-misuse-identified-pct', IDENTIFIED, [SUBSTANCE, 'Total all ages']),
    // These two are shares of those with a problem.
    ...percentage(
      'substance-misuse-intervention-received-pct',
      [SUBSTANCE, 'Received an intervention for their substance misuse problem'],
      IDENTIFIED,
    ),
    ...percentage(
      'substance-misuse-intervention-refused-pct',
      [SUBSTANCE, 'Offered intervention but refused it'],
      IDENTIFIED,
    ),
    ...percentage('sdq-score-returned-pct', RECEIVED, [SDQ, 'Total ages 5 to 16 years']),
    // And these of those with a score.
    ...percentage('sdq-normal-pct', [SDQ, 'SDQ score is normal'], RECEIVED),
    ...percentage('sdq-borderline-pct', [SDQ, 'SDQ score is borderline'], RECEIVED),
    ...percentage('sdq-cause-for-concern-pct', [SDQ, 'SDQ score is a cause for concern'], RECEIVED),
    figure('sdq-average-score', [SDQ, 'SDQ average score']),
    { categories: RECEIVED, is: { count: [target('sdq-average-score', 'denominator')] } },
  ]),
]
