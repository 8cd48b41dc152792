import {
  count,
  type IndicatorDefinition,
  mean,
  percentage,
  rate,
  type Source,
} from '../../indicators/definition.ts'
import { leavers } from '../../indicators/populations/leavers.ts'
import { lookedAfterAt } from '../../indicators/populations/looked-after-at.ts'
import { lookedAfterDuring } from '../../indicators/populations/looked-after-during.ts'
import { lookedAfterTwelveMonths } from '../../indicators/populations/looked-after-twelve-months.ts'
import { starters } from '../../indicators/populations/starters.ts'

const SHORT_BREAKS = 'Short breaks (legal status V3 and V4).'

const cla = (part?: string): Source => ({
  title: 'Department for Education, Children looked after in England including adoptions',
  year: 2025,
  ...(part ? { part } : {}),
})
const lait = (part: string): Source => ({
  title: 'Department for Education, Local Authority Interactive Tool, data dictionary',
  year: 2026,
  part,
})
const rules = (part: string): Source => ({
  title: 'Department for Education, SSDA903 validation rules, as implemented in csc-validator-be-903',
  year: 2026,
  part,
})
const boards = (part: string): Source => ({ title: 'Corporate parenting board papers', year: 2024, part })

const stockDimensions = lookedAfterAt.dimensions.filter((dimension) => dimension !== 'placements-since-start')

/* ---- who is in care ---------------------------------------------------------------------------------------- */

const stock: IndicatorDefinition[] = [
  count({
    id: 'cla-count',
    title: 'Children looked after',
    subject: 'cohort',
    population: lookedAfterAt,
    countedInWords: 'Children with an episode that covers the last day of the period.',
    polarity: 'neutral',
    definition:
      'Children looked after by the authority on the last day of the period. Days are half-open: a child whose last episode ceases on the day is not counted (E01 to E03).',
    exclusions: SHORT_BREAKS,
    source: cla('National and local authority tables'),
    dimensions: stockDimensions,
    lookBack: 'last-day',
    headline: true,
  }),
  rate({
    id: 'cla-rate-per-10k',
    title: 'Children looked after per 10,000 children',
    subject: 'cohort',
    population: lookedAfterAt,
    numeratorInWords: 'Children looked after on the last day of the period.',
    denominatorInWords:
      'Children aged 0 to 17 in the authority, mid-year estimate of the calendar year before the period ends.',
    polarity: 'neutral',
    definition:
      'Children looked after on the last day of the period, for every 10,000 children in the authority.',
    exclusions: SHORT_BREAKS,
    source: lait('124'),
    dimensions: [],
    lookBack: 'last-day',
    reference: ['population'],
  }),
  count({
    id: 'cla-12-months-count',
    title: 'Children looked after continuously for at least twelve months',
    subject: 'cohort',
    population: lookedAfterTwelveMonths,
    countedInWords:
      'Children in one period of care from the first to the last day of the year that ends with the period.',
    polarity: 'neutral',
    definition:
      'Children looked after continuously for the twelve months that end on the last day of the period: the population of the OC2 items. A start on the first of those days counts, and so does a child who leaves on the last (E03 to E05).',
    exclusions: 'Children with a short break (V3, V4) at any time in the year.',
    source: rules('continuously looked after'),
    dimensions: lookedAfterTwelveMonths.dimensions,
    lookBack: 'year',
  }),
  mean({
    id: 'cla-length-of-time-in-care',
    title: 'Average time in care of children looked after',
    subject: 'cohort',
    population: lookedAfterAt,
    unit: 'days',
    measure: 'days_in_care',
    numeratorInWords:
      'Days from the start of the current period of care to the last day of the period, added up.',
    denominatorInWords: 'Children looked after on the last day of the period.',
    polarity: 'neutral',
    definition:
      'Mean number of days since the current period of care started. Where the first episode known is not a start, from the first day known.',
    exclusions: SHORT_BREAKS,
    source: boards('length of time in care'),
    dimensions: stockDimensions,
    lookBack: 'last-day',
  }),
  mean({
    id: 'cla-time-since-start-placements',
    title: 'Placements since becoming looked after',
    subject: 'cohort',
    population: lookedAfterAt,
    unit: 'placements',
    measure: 'placements_in_period_of_care',
    numeratorInWords: 'Placements in the current period of care, added up.',
    denominatorInWords: 'Children looked after on the last day of the period.',
    polarity: 'lower-is-better',
    definition:
      'Mean number of placements in the current period of care. Where the first episode known is not a start, those since the first day known.',
    exclusions: `${SHORT_BREAKS} Temporary stays (T0 to T4) are no placements.`,
    source: boards('placements since becoming looked after'),
    dimensions: lookedAfterAt.dimensions,
    lookBack: 'last-day',
  }),
  count({
    id: 'uasc-count',
    title: 'Unaccompanied asylum-seeking children looked after',
    subject: 'cohort',
    population: lookedAfterAt,
    counted: `uasc = 'yes'`,
    countedInWords:
      'Children looked after on the last day of the period who are unaccompanied asylum-seeking children on it.',
    polarity: 'neutral',
    definition:
      'Children looked after on the last day of the period who were returned as unaccompanied asylum-seeking children and whose status has not ceased on or before the day (E10).',
    exclusions: SHORT_BREAKS,
    source: lait('334'),
    dimensions: stockDimensions.filter((dimension) => dimension !== 'uasc'),
    lookBack: 'last-day',
    tables: ['UASC'],
    headline: true,
  }),
  percentage({
    id: 'uasc-pct',
    title: 'Unaccompanied asylum-seeking children, share of children looked after',
    subject: 'cohort',
    population: lookedAfterAt,
    numerator: `uasc = 'yes'`,
    numeratorInWords: 'Unaccompanied asylum-seeking children looked after on the last day of the period.',
    denominatorInWords: 'Children looked after on the last day of the period.',
    polarity: 'neutral',
    definition: 'Share of children looked after who are unaccompanied asylum-seeking children on the day.',
    exclusions: SHORT_BREAKS,
    source: lait('UASC as a percentage of children looked after'),
    dimensions: stockDimensions.filter((dimension) => dimension !== 'uasc'),
    lookBack: 'last-day',
    tables: ['UASC'],
  }),
  rate({
    id: 'uasc-nts-ratio',
    title: 'Unaccompanied asylum-seeking children, share of the child population',
    subject: 'cohort',
    population: lookedAfterAt,
    unit: 'percentage',
    counted: `uasc = 'yes'`,
    numeratorInWords: 'Unaccompanied asylum-seeking children looked after on the last day of the period.',
    denominatorInWords: 'Children aged 0 to 17 in the authority.',
    polarity: 'neutral',
    definition: 'For the National Transfer Scheme, whose threshold is 0.1 % of the child population (E09).',
    exclusions: SHORT_BREAKS,
    source: boards('National Transfer Scheme'),
    dimensions: [],
    lookBack: 'last-day',
    tables: ['UASC'],
    reference: ['population'],
    decimals: 3,
  }),
  percentage({
    id: 'uasc-16-17-independent-pct',
    title: 'Unaccompanied asylum-seeking children aged 16 and 17 in independent or supported accommodation',
    subject: 'cohort',
    population: lookedAfterAt,
    numerator: `placement_type = 'independent-or-supported'`,
    denominator: `uasc = 'yes' and age_in_years in (16, 17)`,
    numeratorInWords:
      'Of them, those placed in independent living, semi-independent living or supported accommodation (P2, H5, K3).',
    denominatorInWords:
      'Unaccompanied asylum-seeking children aged 16 or 17 looked after on the last day of the period.',
    polarity: 'neutral',
    definition:
      'Share of unaccompanied asylum-seeking children aged 16 and 17 who live in such accommodation. The codes changed on 28 October 2023 (K3).',
    exclusions: SHORT_BREAKS,
    source: boards('accommodation of unaccompanied asylum-seeking children'),
    dimensions: ['sex'],
    lookBack: 'last-day',
    tables: ['UASC'],
  }),
  percentage({
    id: 'cla-mothers-pct',
    title: 'Looked-after females aged 12 and over who are mothers',
    subject: 'cohort',
    population: lookedAfterAt,
    numerator: 'mother',
    denominator: `sex = 'female' and age_in_years >= 12`,
    numeratorInWords: 'Of them, those returned as mothers.',
    denominatorInWords: 'Females aged 12 and over looked after on the last day of the period.',
    polarity: 'neutral',
    definition: 'Share of looked-after females aged 12 and over who are mothers.',
    exclusions: SHORT_BREAKS,
    source: cla('footnote 6'),
    dimensions: [],
    lookBack: 'last-day',
  }),
  count({
    id: 'cla-waiting-adoption-count',
    title: 'Children looked after who wait to be placed for adoption',
    subject: 'cohort',
    population: lookedAfterAt,
    counted: 'waits_for_adoption',
    countedInWords:
      'Children looked after with a decision that they should be placed for adoption that stands, and not placed for adoption (A3 to A6).',
    polarity: 'neutral',
    definition:
      'Children looked after on the last day of the period whom the authority has decided should be placed for adoption, and who are not yet.',
    exclusions: SHORT_BREAKS,
    source: boards('children awaiting adoption'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'last-day',
    tables: ['PlacedAdoption'],
  }),
  count({
    id: 'cla-during-year',
    title: 'Children looked after at any time in the period',
    subject: 'cohort',
    population: lookedAfterDuring,
    counted: 'had_care',
    countedInWords: 'Children with at least one day in care in the period.',
    polarity: 'neutral',
    definition:
      'Children looked after on any day of the period. Who leaves on its first day was not looked after in it.',
    exclusions: SHORT_BREAKS,
    source: cla('missing children tables'),
    dimensions: lookedAfterDuring.dimensions,
    lookBack: 'period',
  }),
  count({
    id: 'cla-short-breaks-only',
    title: 'Children looked after only under a series of short breaks',
    subject: 'cohort',
    population: lookedAfterDuring,
    counted: 'not had_care',
    countedInWords: 'Children all of whose days in care in the period are short breaks (V3, V4).',
    polarity: 'neutral',
    definition:
      'Children who were looked after in the period under short breaks and in no other way (E02). They are in no other figure.',
    exclusions: 'Children with any other day in care in the period.',
    source: cla('short breaks'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
  }),
]

/* ---- who comes, and who goes -------------------------------------------------------------------------------- */

const FIRST_OCCASION =
  'Only the first occasion on which a child started to be looked after in the period is counted (E06).'
const LAST_OCCASION =
  'Only the last occasion on which a child ceased to be looked after in the period is counted (E05, E06).'

const flows: IndicatorDefinition[] = [
  count({
    id: 'cla-starters',
    title: 'Children who started to be looked after',
    subject: 'cohort',
    population: starters,
    countedInWords: 'Children with an episode that started in the period as a start of care (RNE S).',
    polarity: 'neutral',
    definition: `Children who started to be looked after in the period. ${FIRST_OCCASION} A child taken over from another authority is a starter here and a leaver there (E07).`,
    exclusions: SHORT_BREAKS,
    source: cla('footnote 2'),
    dimensions: starters.dimensions.filter((dimension) => dimension !== 'previous-permanence'),
    lookBack: 'period',
    headline: true,
  }),
  rate({
    id: 'cla-starters-rate-per-10k',
    title: 'Children who started to be looked after per 10,000 children',
    subject: 'cohort',
    population: starters,
    numeratorInWords: 'Children who started to be looked after in the period.',
    denominatorInWords: 'Children aged 0 to 17 in the authority.',
    polarity: 'neutral',
    definition: 'Starters for every 10,000 children in the authority.',
    exclusions: SHORT_BREAKS,
    source: lait('376'),
    dimensions: [],
    lookBack: 'period',
    reference: ['population'],
  }),
  percentage({
    id: 'starters-uasc-pct',
    title: 'Unaccompanied asylum-seeking children, share of starters',
    subject: 'cohort',
    population: starters,
    numerator: `uasc = 'yes'`,
    numeratorInWords: 'Of them, unaccompanied asylum-seeking children on the day on which they started.',
    denominatorInWords: 'Children who started to be looked after in the period.',
    polarity: 'neutral',
    definition: `Share of starters who are unaccompanied asylum-seeking children. ${FIRST_OCCASION}`,
    exclusions: SHORT_BREAKS,
    source: lait('UASC as a percentage of children who started to be looked after'),
    dimensions: ['age-band', 'sex'],
    lookBack: 'period',
    tables: ['UASC'],
  }),
  percentage({
    id: 'cla-previous-permanence-pct',
    title: 'Starters who had left care before for a permanent home',
    subject: 'cohort',
    population: starters,
    numerator: `previous_permanence in ('p1', 'p2', 'p3', 'p4')`,
    numeratorInWords:
      'Of them, those returned with a previous permanence option (adoption, special guardianship, residence or child arrangements order, unknown).',
    denominatorInWords: 'Children who started to be looked after in the period.',
    polarity: 'lower-is-better',
    definition: `Share of starters with a previous permanence option (P1 to P4). ${FIRST_OCCASION}`,
    exclusions: `${SHORT_BREAKS} Orders granted where the child was not looked after before are not returned.`,
    source: rules('630 to 635'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    tables: ['PrevPerm'],
  }),
  count({
    id: 'cla-leavers',
    title: 'Children who ceased to be looked after',
    subject: 'cohort',
    population: leavers,
    countedInWords: 'Children whose period of care ceased in the period (REC other than X1).',
    polarity: 'neutral',
    definition: `Children who ceased to be looked after in the period, also those who are looked after again at its end. ${LAST_OCCASION}`,
    exclusions: SHORT_BREAKS,
    source: cla('footnote 3'),
    dimensions: leavers.dimensions.filter((dimension) => dimension !== 'periods-of-care'),
    lookBack: 'period',
    headline: true,
  }),
  rate({
    id: 'cla-leavers-rate-per-10k',
    title: 'Children who ceased to be looked after per 10,000 children',
    subject: 'cohort',
    population: leavers,
    numeratorInWords: 'Children who ceased to be looked after in the period.',
    denominatorInWords: 'Children aged 0 to 17 in the authority.',
    polarity: 'neutral',
    definition: 'Leavers for every 10,000 children in the authority.',
    exclusions: SHORT_BREAKS,
    source: lait('392'),
    dimensions: [],
    lookBack: 'period',
    reference: ['population'],
  }),
  mean({
    id: 'cla-periods-of-care-per-child',
    title: 'Periods of care per child who ceased to be looked after',
    subject: 'cohort',
    population: leavers,
    unit: 'periods',
    measure: 'number_of_periods',
    numeratorInWords: 'Periods of care that they had started by the end of the period, added up.',
    denominatorInWords: 'Children who ceased to be looked after in the period.',
    polarity: 'neutral',
    definition:
      'Mean number of periods of care of children who ceased to be looked after, as far back as returns are held (E06).',
    exclusions: SHORT_BREAKS,
    source: cla('periods of care of children who ceased to be looked after'),
    dimensions: ['age-band', 'sex', 'ethnicity', 'periods-of-care'],
    lookBack: 'period',
  }),
  percentage({
    id: 'leaving-care-before-18-pct',
    title: 'Left care before the 18th birthday',
    subject: 'cohort',
    population: leavers,
    numerator: 'age_in_years < 18',
    denominator: 'age_in_years >= 16',
    numeratorInWords: 'Of them, those aged 16 or 17 on ceasing.',
    denominatorInWords: 'Children aged 16 and over who ceased to be looked after in the period.',
    polarity: 'lower-is-better',
    definition: `Share of leavers aged 16 and over who left before the age of 18. ${LAST_OCCASION}`,
    exclusions: SHORT_BREAKS,
    source: boards('leaving care before 18'),
    dimensions: ['sex', 'ethnicity'],
    lookBack: 'period',
  }),
]

/* ---- why they go -------------------------------------------------------------------------------------------- */

/** Share of leavers whose last episode ceased for one of these reasons. */
const ceased = (
  id: string,
  title: string,
  codes: string,
  polarity: IndicatorDefinition['polarity'] = 'neutral',
  remark = '',
): IndicatorDefinition =>
  percentage({
    id,
    title: `Leavers: ${title}`,
    subject: 'cohort',
    population: leavers,
    numerator: `ceasing_reason in (${codes
      .split(' ')
      .map((code) => `'${code.toLowerCase()}'`)
      .join(', ')})`,
    numeratorInWords: `Of them, those whose last episode in the period ceased with REC ${codes.replaceAll(' ', ', ')}.`,
    denominatorInWords: 'Children who ceased to be looked after in the period.',
    polarity,
    definition: `Share of children who ceased to be looked after: ${title.toLowerCase()}. ${LAST_OCCASION}${remark ? ` ${remark}` : ''}`,
    exclusions: SHORT_BREAKS,
    source: cla('reason for ceasing'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
  })

const reasonsForCeasing: IndicatorDefinition[] = [
  ceased('ceased-returned-home-planned-pct', 'Returned home, planned', 'E4A'),
  ceased('ceased-returned-home-unplanned-pct', 'Returned home, not planned', 'E4B'),
  ceased('ceased-adopted-pct', 'Adopted', 'E11 E12'),
  ceased(
    'ceased-sgo-pct',
    'Special guardianship order',
    'E43 E44 E45 E46 E47 E48',
    'neutral',
    'E43 and E44 stand in returns before 2018-19.',
  ),
  ceased('ceased-cao-pct', 'Residence or child arrangements order', 'E41'),
  ceased(
    'ceased-aged-18-with-carers-pct',
    'Aged 18 and remained with current carers',
    'E17',
    'neutral',
    'Any placement type, so this is not staying put.',
  ),
  ceased('ceased-other-la-pct', 'Care taken over by another authority', 'E3'),
  ceased('ceased-independent-pct', 'Moved to independent living', 'E5 E6'),
  ceased('ceased-independent-supported-pct', 'Moved to independent living with formal support', 'E5'),
  ceased('ceased-independent-unsupported-pct', 'Moved to independent living without formal support', 'E6'),
  ceased('ceased-custody-pct', 'Sentenced to custody', 'E9'),
  ceased('ceased-died-pct', 'Died while looked after', 'E2'),
  count({
    id: 'ceased-died-count',
    title: 'Leavers: Died while looked after, number',
    subject: 'cohort',
    population: leavers,
    counted: `ceasing_reason = 'e2'`,
    countedInWords: 'Children whose last episode in the period ceased with REC E2.',
    polarity: 'neutral',
    definition: `Children who died while looked after. ${LAST_OCCASION}`,
    exclusions: SHORT_BREAKS,
    source: cla('reason for ceasing'),
    dimensions: ['age-band'],
    lookBack: 'period',
  }),
]

/** Who is in care, who comes, who goes and why. */
export const cohortIndicators: readonly IndicatorDefinition[] = [...stock, ...flows, ...reasonsForCeasing]
