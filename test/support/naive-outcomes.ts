import { type Count, type NaiveIndicator, saying, share } from './naive-indicator.ts'
import { lookedAfterTwelveMonths } from './naive-populations.ts'

/** What OC2 says, of children looked after for twelve months on 31 March: indicators.md 4.6 and 4.10, E51 to E53. */

const ANNUAL = { years: 1, annual: true } as const

const outcomes: Count = saying(lookedAfterTwelveMonths, (care, { dimensions }, { lastDay }) => {
  const row = care.outcomes.find(({ year }) => lastDay.startsWith(String(year)))
  const age = Number(dimensions.age)
  const score = row?.sdqScore ?? null
  const isScored = age >= 5 && age <= 16 && score !== null
  const hasProblem = row?.substanceMisuse === '1'
  const isOffender = row?.convicted === '1'
  const mayOffend = age >= 10 && age <= 17
  return {
    assessed: row?.healthAssessment === '1',
    teeth: row?.teethCheck === '1',
    immunised: row?.immunisations === '1',
    developed: row?.healthCheck === '1',
    under5: age < 5,
    aged5To16: age >= 5 && age <= 16,
    hasScore: score !== null,
    isScored,
    score: score ?? 0,
    normal: isScored && score <= 13,
    borderline: isScored && score >= 14 && score <= 16,
    concern: isScored && score >= 17,
    hasProblem,
    treated: hasProblem && row.interventionReceived === '1',
    refused: hasProblem && row.interventionReceived !== '1' && row.interventionOffered === '1',
    isOffender,
    mayOffend,
    mayOffendInHome: mayOffend && dimensions['placement-code'] === 'k2',
  }
})

export const NAIVE_OUTCOMES: Readonly<Record<string, NaiveIndicator>> = {
  'annual-health-assessment-pct': share(outcomes, 'assessed', undefined, ANNUAL),
  'dental-check-pct': share(outcomes, 'teeth', undefined, ANNUAL),
  'immunisations-up-to-date-pct': share(outcomes, 'immunised', undefined, ANNUAL),
  'development-assessments-up-to-date-pct': share(outcomes, 'developed', 'under5', ANNUAL),
  'sdq-score-returned-pct': share(outcomes, 'hasScore', 'aged5To16', ANNUAL),
  'sdq-average-score': { count: outcomes, kind: 'mean', of: 'score', over: 'isScored', ...ANNUAL },
  'sdq-normal-pct': share(outcomes, 'normal', 'isScored', ANNUAL),
  'sdq-borderline-pct': share(outcomes, 'borderline', 'isScored', ANNUAL),
  'sdq-cause-for-concern-pct': share(outcomes, 'concern', 'isScored', ANNUAL),
  'substance-misuse-identified-pct': share(outcomes, 'hasProblem', undefined, ANNUAL),
  'substance-misuse-intervention-received-pct': share(outcomes, 'treated', 'hasProblem', ANNUAL),
  'substance-misuse-intervention-refused-pct': share(outcomes, 'refused', 'hasProblem', ANNUAL),
  'convicted-or-cautioned-pct': share(outcomes, 'isOffender', 'mayOffend', ANNUAL),
  'childrens-home-offending-pct': share(outcomes, 'isOffender', 'mayOffendInHome', ANNUAL),
}
