import type { Observation } from '../../src/indicators/observation.ts'
import type { FrozenDefinition, PublicationContent } from '../../src/publications/content.ts'
import { disclosureProfileFor } from '../../src/publications/disclosure-profile.ts'

/** An observation of a publication of the tests. */
export const figure = (indicator: string, period: string, given: Partial<Observation> = {}): Observation => ({
  indicator,
  authority: 'E10999999',
  period,
  breakdown: {},
  unit: 'count',
  value: null,
  numerator: null,
  denominator: null,
  status: null,
  interval: null,
  ...given,
})

/** A definition of a publication of the tests. */
export const definition = (id: string, given: Partial<FrozenDefinition> = {}): FrozenDefinition => ({
  id,
  title: `Title of ${id}`,
  subject: 'cohort',
  headline: true,
  definition: 'Children looked after on the last day.',
  numerator: 'Children.',
  denominator: null,
  exclusions: 'Short breaks.',
  unit: 'count',
  polarity: 'neutral',
  decimals: 0,
  source: { title: 'A guide', year: 2025, part: null },
  switches: [],
  calculation: 'as-ever',
  ...given,
})

/** What a publication freezes, made by hand: two years asked for, three before them. */
export const frozenContent = (given: Partial<PublicationContent> = {}): PublicationContent => ({
  format: 'corporate-parenting-publication-1',
  id: '0198f3a2-6c1e-7d4b-9a55-2f1f6f0c7e10',
  authority: { code: 'E10999999', dfeCode: '998', name: 'Exampleshire (synthetic)' },
  audience: 'public',
  title: 'Report',
  note: null,
  publishedAt: '2025-06-01T09:30:00.000Z',
  periods: ['2024-25'],
  historyPeriods: [],
  breakdowns: [],
  dataVersion: 'abc',
  software: { name: 'Corporate Parenting API', version: '0.1.0', edition: 'e1' },
  disclosure: disclosureProfileFor('public'),
  returns: [
    {
      id: '0198f3a2-6c1e-7d4b-9a55-2f1f6f0c7e11',
      year: '2024-25',
      coversFrom: '2024-04-01',
      coversTo: '2025-03-31',
      loadedAt: '2025-05-01T08:00:00.000Z',
      contentHash: 'f'.repeat(64),
    },
  ],
  recordsVersion: '',
  reference: [],
  indicators: [definition('cla-count')],
  dimensions: [],
  observations: [figure('cla-count', '2024-25', { value: 120 })],
  history: [],
  targets: [],
  ...given,
})
