import {
  count,
  type IndicatorDefinition,
  mean,
  type RatioDefinition,
  ratio,
} from '../../indicators/definition.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { socialWorkersAt } from '../../indicators/populations/social-workers.ts'
import { socialWorkersOnRecordAt, workforceCensusAt } from '../../indicators/populations/workforce.ts'
import { boardPapers, SHORT_BREAKS, socialWorkWorkforce, validationRules } from '../../indicators/sources.ts'

const allocation: IndicatorDefinition[] = [
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

/* ---- from records -------------------------------------------------------------------------------------------- */

const LATEST = [
  {
    name: 'howOldItMayBe',
    value: 'P1Y',
    meaning:
      'What was last recorded in the twelve months up to the last day of the period stands for that day; what is older says nothing of it.',
  },
]
const CENSUS =
  'From the latest of the records `workforce-census` in the twelve months up to the last day of the period, as the census of 30 September counts. Not applicable where that record leaves one of the two numbers blank.'

interface CensusRatio {
  readonly id: string
  readonly title: string
  readonly unit?: RatioDefinition['unit']
  readonly measure: string
  readonly divisor: string
  readonly numeratorInWords: string
  readonly denominatorInWords: string
  readonly definition: string
  readonly part: string
}

const census = (it: CensusRatio): IndicatorDefinition =>
  ratio({
    id: it.id,
    title: it.title,
    subject: 'workforce',
    population: workforceCensusAt,
    unit: it.unit ?? 'percentage',
    measure: it.measure,
    divisor: it.divisor,
    counted: `${it.measure} is not null and ${it.divisor} > 0`,
    numeratorInWords: it.numeratorInWords,
    denominatorInWords: it.denominatorInWords,
    polarity: 'lower-is-better',
    definition: `${it.definition} ${CENSUS}`,
    exclusions: 'A census in which the number divided by is 0.',
    source: socialWorkWorkforce(it.part),
    switches: LATEST,
    dimensions: [],
    lookBack: 'year',
    records: ['workforce-census'],
  })

const recorded: IndicatorDefinition[] = [
  ratio({
    id: 'sw-average-caseload',
    title: 'Average caseload of social workers',
    subject: 'workforce',
    population: socialWorkersOnRecordAt,
    unit: 'cases',
    measure: 'cases_held',
    divisor: 'full_time_equivalent',
    counted: 'cases_held >= 1 and full_time_equivalent > 0',
    numeratorInWords: 'Cases held by social workers, those from agencies included.',
    denominatorInWords:
      'Full-time equivalents of the social workers who hold a case or more, those from agencies included.',
    polarity: 'lower-is-better',
    definition:
      'Cases to one full-time social worker who holds any: of all children’s cases, not of looked-after children only (E60). Each worker as last described in the records `social-workers`.',
    exclusions: 'Workers without a case, and without a share of full time (FTE 0).',
    source: socialWorkWorkforce('caseload; Local Authority Interactive Tool 287'),
    switches: LATEST,
    dimensions: [],
    lookBack: 'year',
    records: ['social-workers'],
  }),
  census({
    id: 'sw-average-caseload-census',
    title: 'Average caseload of social workers, by the census',
    unit: 'cases',
    measure: 'cases_held',
    divisor: 'holding_cases',
    numeratorInWords: 'Cases held by social workers, those from agencies included.',
    denominatorInWords: 'Full-time equivalents of the social workers who hold a case or more.',
    definition:
      'Cases to one full-time social worker who holds any, as the authority’s own census has added them up; sw-average-caseload adds up the records of each worker.',
    part: 'caseload',
  }),
  census({
    id: 'sw-turnover-rate-pct',
    title: 'Turnover of social workers',
    measure: 'leavers',
    divisor: 'in_post',
    numeratorInWords: 'Full-time equivalents of the social workers who left in the year up to the census.',
    denominatorInWords: 'Full-time equivalents of the social workers in post.',
    definition: 'Leavers of the year set against those in post.',
    part: 'turnover',
  }),
  census({
    id: 'sw-agency-rate-pct',
    title: 'Agency social workers',
    measure: 'agency',
    divisor: '(agency + in_post)',
    numeratorInWords: 'Full-time equivalents of agency social workers.',
    denominatorInWords: 'Full-time equivalents of agency social workers and of those in post.',
    definition: 'Agency workers as a share of all social workers.',
    part: 'agency workers',
  }),
  census({
    id: 'sw-vacancy-rate-pct',
    title: 'Vacant posts of social workers',
    measure: 'vacancies',
    divisor: '(vacancies + in_post)',
    numeratorInWords: 'Full-time equivalents of vacant posts.',
    denominatorInWords: 'Full-time equivalents of vacant posts and of social workers in post.',
    definition: 'Vacant posts as a share of all posts.',
    part: 'vacancies',
  }),
  census({
    id: 'sw-sickness-absence-rate-pct',
    title: 'Sickness absence of social workers',
    measure: 'days_lost',
    divisor: '(in_post * working_days)',
    numeratorInWords: 'Working days lost to sickness in the year up to the census.',
    denominatorInWords:
      'Full-time equivalents of the social workers in post, times 253 working days (254 where the census lies in a leap year).',
    definition: 'Working days lost as a share of those that could be worked.',
    part: 'sickness absence',
  }),
  census({
    id: 'pa-caseload',
    title: 'Care leavers per personal adviser',
    unit: 'cases',
    measure: 'care_leavers_allocated',
    divisor: 'personal_advisers',
    numeratorInWords: 'Care leavers allocated to personal advisers.',
    denominatorInWords: 'Full-time equivalents of personal advisers.',
    definition: 'Care leavers to one full-time personal adviser; no national figure compares.',
    part: 'not in the census of the DfE; asked by boards',
  }),
]

/** The people who work with the children: who is allocated, as returned; caseloads and the workforce, from records. */
export const workforceIndicators: readonly IndicatorDefinition[] = [...allocation, ...recorded]
