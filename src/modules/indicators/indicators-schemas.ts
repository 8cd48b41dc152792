import { type Static, Type } from 'typebox'
import type { IndicatorDefinition, LookBack } from '../../indicators/definition.ts'
import { definitionInWords } from '../../indicators/definition-in-words.ts'
import { polaritySchema } from '../../indicators/glance-schema.ts'
import { unitSchema } from '../../indicators/observation-schema.ts'
import { PERIOD_FORMS } from '../../indicators/period-query.ts'
import { crossedDimensions, publicDimensions } from '../../indicators/publication/profile.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { DIMENSIONS } from '../../vocabulary/dimension.ts'

export const SUBJECTS = [
  'cohort',
  'stability',
  'missing-episodes',
  'care-leavers',
  'sufficiency',
  'health',
  'education',
  'adoption',
  'reviews',
  'justice',
  'workforce',
] as const

export const SubjectName = Type.Enum([...SUBJECTS], {
  type: 'string',
  description: 'Subject of a board’s pack: `cohort` who is in care, `stability` how stable their lives are.',
})

const strict = { additionalProperties: false } as const

export const BreakdownOfIndicator = Type.Object(
  {
    dimension: Type.Enum([...DIMENSIONS.keys()], {
      type: 'string',
      description: 'Id of the dimension, as `breakdown` takes it.',
    }),
    label: Type.String({ description: 'Its name for people.' }),
    definition: Type.String({ description: 'What its categories go by.' }),
    everyCategoryGiven: Type.Boolean({
      description: 'Whether each category is given, also one with nobody in it; else only those that occur.',
    }),
    categories: Type.Array(
      Type.Object(
        {
          id: Type.String({
            description: 'Id of the category, as it stands in `breakdown` of an observation.',
          }),
          label: Type.String({ description: 'Its name for people.' }),
        },
        { ...strict, description: 'A category.' },
      ),
      { description: 'The categories, in the order in which they are given.' },
    ),
  },
  {
    ...strict,
    description: 'A dimension that the figure can be broken down by; two can be crossed with `*`.',
  },
)

export const Indicator = named(
  'Indicator',
  Type.Object(
    {
      id: Type.String({ description: 'Stable id, in kebab case.' }),
      title: Type.String({ description: 'What it is called.' }),
      subject: SubjectName,
      headline: Type.Boolean({ description: 'Whether it is among the figures that its subject opens with.' }),
      definition: Type.String({ description: 'What it counts, edge cases included.' }),
      numerator: Type.String({ description: 'What is counted or added up, in words.' }),
      denominator: Type.Union([Type.String(), Type.Null()], {
        description: 'What the numerator is divided by, in words; null for a count.',
      }),
      exclusions: Type.String({ description: 'What is left out.' }),
      unit: unitSchema,
      polarity: polaritySchema,
      decimals: Type.Integer({
        minimum: 0,
        maximum: 6,
        description: 'Decimals that it is published with; ask for them with `decimals`.',
      }),
      source: Type.Object(
        {
          title: Type.String({ description: 'Publisher and title.' }),
          year: Type.Integer({ description: 'Year of the edition.' }),
          part: Type.Union([Type.String(), Type.Null()], {
            description: 'Guide, table or rule within it; null for the whole.',
          }),
        },
        { ...strict, description: 'Where the definition comes from.' },
      ),
      switches: Type.Array(
        Type.Object(
          {
            name: Type.String({ description: 'Name of the decision.' }),
            value: Type.String({ description: 'How it is taken here.' }),
            meaning: Type.String({ description: 'What that means.' }),
          },
          { ...strict, description: 'A decision that the source leaves open.' },
        ),
        { description: 'Decisions that the source leaves open, and how they are taken.' },
      ),
      population: Type.Object(
        {
          id: Type.String({ description: 'Id of the population.' }),
          counts: Type.String({ description: 'What one of it is.' }),
          kind: Type.Enum(['stock', 'flow'], {
            type: 'string',
            description: '`stock`: taken at the period’s last day; `flow`: what happened in the period.',
          }),
        },
        { ...strict, description: 'What the figure counts over.' },
      ),
      breakdowns: Type.Array(BreakdownOfIndicator, {
        description: 'Dimensions that the figure can be broken down by.',
      }),
      published: Type.Object(
        {
          given: Type.Boolean({
            description:
              'Whether it is given with `audience=public` at all; of one that is not, the answer there is `x` with the reason.',
          }),
          breakdowns: Type.Array(Type.String(), {
            description: 'Ids of the dimensions that it is broken down by with `audience=public`.',
          }),
          crossed: Type.Array(Type.String(), {
            description: 'Ids of the dimensions of which two may be crossed with `audience=public`.',
          }),
        },
        { ...strict, description: 'What the public may ask for of it.' },
      ),
      periods: Type.Object(
        {
          forms: Type.Array(Type.String(), { description: 'What periods it can be asked for, in words.' }),
          lookBack: Type.String({
            description: 'Which days the returns must cover for a figure to be available, in words.',
          }),
          tables: Type.Array(Type.String(), {
            description: 'Tables of the SSDA903 return without which it is not available.',
          }),
          reference: Type.Array(Type.Enum(['postcodes', 'population'], { type: 'string' }), {
            description: 'Reference data without which it is not available (`PUT /v1/reference/{kind}`).',
          }),
          records: Type.Array(Type.String(), {
            description:
              'Kinds of record beside the return without which it is not available (`…/records/{kind}`).',
          }),
          annual: Type.Boolean({
            description: 'Whether it is collected as at 31 March only: no other day can be asked for.',
          }),
        },
        { ...strict, description: 'When it can be given.' },
      ),
    },
    { ...strict, description: 'A figure: what it means, how it is made and when it can be given.' },
  ),
)

export const IndicatorList = named(
  'IndicatorList',
  Type.Object(
    {
      data: Type.Array(refTo(Indicator), { description: 'Indicators, in the order of their subjects.' }),
      next: Type.Null({ description: 'Always null: the catalogue is one page.' }),
    },
    { ...strict, description: 'The catalogue of indicators.' },
  ),
)

const LOOK_BACK: Readonly<Record<LookBack, string>> = {
  'last-day': 'the last day of the period',
  period: 'every day of the period',
  year: 'the twelve months that end on the last day of the period',
  'two-years': 'the two years that end on the last day of the period',
  'three-years': 'the three years that end on the last day of the period',
}

/** A definition as callers see it. */
export function describeIndicator(indicator: IndicatorDefinition): Static<typeof Indicator> {
  const { population } = indicator
  const { switches, ...words } = definitionInWords(indicator)
  return {
    ...words,
    switches: switches.map((decision) => ({ ...decision })),
    population: { id: population.id, counts: population.counts, kind: population.kind },
    breakdowns: indicator.dimensions.map((id) => {
      const { label, definition, complete, categories } = DIMENSIONS.get(id)!
      return {
        dimension: id,
        label,
        definition,
        everyCategoryGiven: complete,
        categories: categories.map((category) => ({ id: category.id, label: category.label })),
      }
    }),
    published: {
      given: indicator.internalOnly !== true,
      breakdowns: [...publicDimensions(indicator)],
      crossed: crossedDimensions(indicator),
    },
    periods: {
      forms: [...PERIOD_FORMS],
      lookBack: LOOK_BACK[indicator.lookBack],
      tables: population.fromRecordsAlone ? [] : ['Header', 'Episodes', ...(indicator.tables ?? [])],
      reference: [...(indicator.reference ?? [])],
      records: [...(indicator.records ?? [])],
      annual: indicator.annual === true,
    },
  }
}
