import { type PublishedTable, table, target } from './declaration.ts'
import { OUTCOMES, WORKFORCE } from './publications.ts'

/** A percentage in three columns of a wide table. */
const inColumns = (indicator: string, value: string, numerator: string, denominator: string) => ({
  [value]: [target(indicator)],
  [numerator]: [target(indicator, 'numerator')],
  [denominator]: [target(indicator, 'denominator')],
})

const ALL_YEAR = 'CLA 12 months at 31 March'

const OTHER_DAY =
  'the census is of 30 September in the year that is named, which lies in the reporting year after: ours would be a year apart'

// Their columns were seen in files; the children looked after for twelve months in the words of work that reads them.
export const wideTables: readonly PublishedTable[] = [
  table(OUTCOMES, 'absence_la', [
    {
      categories: [['six half terms', 'Six half terms'], ALL_YEAR, 'Total'],
      is: {},
      columns: {
        ...inColumns('absence-overall-pct', 'pt_overall', 't_sess_overall', 't_sess_possible'),
        pt_sess_unauthorised: [target('absence-unauthorised-pct')],
        t_sess_unauthorised: [target('absence-unauthorised-pct', 'numerator')],
        t_sess_possible: [
          target('absence-overall-pct', 'denominator'),
          target('absence-unauthorised-pct', 'denominator'),
        ],
        pt_pupils_pa_10_exact: [target('persistent-absence-pct')],
        t_pupils_pa_10_exact: [target('persistent-absence-pct', 'numerator')],
        pt_pupils_pa_50_exact: [target('severe-absence-pct')],
        t_pupils_pa_50_exact: [target('severe-absence-pct', 'numerator')],
        t_pupils: [
          target('persistent-absence-pct', 'denominator'),
          target('severe-absence-pct', 'denominator'),
        ],
      },
    },
  ]),
  table(OUTCOMES, 'ks2_la', [
    {
      categories: [ALL_YEAR, ['Revised', 'Final']],
      is: {},
      columns: inColumns(
        'ks2-rwm-expected-pct',
        'pt_rwm_met_expected_standard',
        't_rwm_met_expected_standard',
        't_rwm_eligible_pupils',
      ),
    },
  ]),
  table(WORKFORCE, 'csww_indicators', [
    {
      categories: [],
      is: {},
      columns: Object.fromEntries(
        ['turnover_rate_fte', 'agency_rate_fte', 'vacancy_rate_fte', 'caseload_fte', 'absence_rate_fte'].map(
          (column) => [column, OTHER_DAY],
        ),
      ),
    },
  ]),
]
