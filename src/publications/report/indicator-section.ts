import type { Observation } from '../../indicators/observation.ts'
import type { FrozenDefinition, FrozenDimension, FrozenTarget, PublicationContent } from '../content.ts'
import { figureCell, numberText, symbolCell, symbolOf, unitText, valueText } from './figure-text.ts'
import type { FrozenFigures } from './frozen-figures.ts'
import { type Content, type Html, html } from './html.ts'
import { tableOf } from './table.ts'
import { trendChart } from './trend-chart.ts'

export const POLARITY_IN_WORDS: Readonly<Record<FrozenDefinition['polarity'], string>> = {
  'higher-is-better': 'Higher is better',
  'lower-is-better': 'Lower is better',
  neutral: 'Neither',
}

/** One figure of the report: what it means, its chart, the same numbers as a table, and who is behind them. */
export function indicatorSection(
  content: PublicationContent,
  figures: FrozenFigures,
  definition: FrozenDefinition,
): Html {
  const points = figures.allPeriods.map((period) => ({
    period,
    observation: figures.total(definition.id, period),
  }))
  return html`<section aria-labelledby="${definition.id}">
<h3 id="${definition.id}">${definition.title}</h3>
<p>${definition.definition}</p>
${content.periods.map((period) => saidOf(figures.target(definition.id, period), period, definition))}
<figure>${trendChart(definition, points)}</figure>
${totalsTable(definition, points)}
${content.dimensions
  .filter(({ id }) => hasFigures(content, figures, definition, id))
  .map((dimension) => breakdownTable(content, figures, definition, dimension))}
<h4>How it is made</h4>
<dl>
<dt>${definition.denominator === null ? 'What is counted' : 'What is divided'}</dt><dd>${definition.numerator}</dd>
${definition.denominator === null ? null : html`<dt>What it is divided by</dt><dd>${definition.denominator}</dd>`}
<dt>What is left out</dt><dd>${definition.exclusions}</dd>
<dt>Which way is good</dt><dd>${POLARITY_IN_WORDS[definition.polarity]}</dd>
${definition.switches.map(({ name, value, meaning }) => html`<dt>Decision taken: ${name}</dt><dd>${value}: ${meaning}</dd>`)}
<dt>Where the definition comes from</dt><dd>${sourceText(definition)}</dd>
</dl>
</section>
`
}

function saidOf(target: FrozenTarget | undefined, period: string, definition: FrozenDefinition): Content {
  if (!target) return null
  const { value, amber, commentary } = target
  return [
    value === null
      ? null
      : html`<p>Target for ${period}: ${valueText(value, withDecimalsOf(definition, value))}${
          amber === null
            ? null
            : html`; amber as far as ${valueText(amber, withDecimalsOf(definition, amber))}`
        }.</p>`,
    commentary === null
      ? null
      : html`<div class="commentary"><p><strong>Commentary, ${period}:</strong> ${commentary}</p></div>`,
  ]
}

/** A target is printed as it was set: rounded like the figure, 12.5 % would be another target. */
export const withDecimalsOf = (
  { unit, decimals }: FrozenDefinition,
  value: number,
): Pick<FrozenDefinition, 'unit' | 'decimals'> => ({
  unit,
  decimals: Math.min(6, Math.max(decimals, String(value).split('.')[1]?.length ?? 0)),
})

function totalsTable(
  definition: FrozenDefinition,
  points: readonly { readonly period: string; readonly observation: Observation | undefined }[],
): Html {
  const divided = definition.denominator !== null
  return tableOf({
    caption: `${definition.title}${inUnit(definition)}, by period`,
    columns: ['Period', 'Figure', ...(divided ? ['Divided', 'Divided by'] : [])],
    rows: points.map(({ period, observation }) => ({
      heading: period,
      cells: [
        figureCell(observation, definition),
        ...(divided
          ? [
              partCell(observation, observation?.numerator, definition),
              partCell(observation, observation?.denominator, definition),
            ]
          : []),
      ],
    })),
  })
}

const inUnit = (definition: FrozenDefinition): string => {
  const unit = unitText(definition)
  return unit === '' ? '' : ` (${unit})`
}

/** Numerator or denominator: the number, or the symbol of the figure where it is not told. */
function partCell(
  observation: Observation | undefined,
  part: number | null | undefined,
  definition: FrozenDefinition,
): Content {
  if (!observation) return html`<span class="quiet">not given</span>`
  if (typeof part === 'number') return numberText(part, Number.isInteger(part) ? 0 : 1)
  return symbolCell(symbolOf(observation, definition) ?? 'x')
}

/** Whether an indicator is given by a dimension: for the public one may be left out as a whole. */
const hasFigures = (
  { periods }: PublicationContent,
  figures: FrozenFigures,
  { id }: FrozenDefinition,
  dimension: string,
): boolean => {
  const categories = figures.by(id, dimension)
  return periods.some((period) => [...categories.values()].some((byPeriod) => byPeriod.has(period)))
}

function breakdownTable(
  content: PublicationContent,
  figures: FrozenFigures,
  definition: FrozenDefinition,
  dimension: FrozenDimension,
): Html {
  const byCategory = figures.by(definition.id, dimension.id)
  const known = new Map(dimension.categories.map(({ id, label }) => [id, label]))
  const ids = [...known.keys(), ...[...byCategory.keys()].filter((id) => !known.has(id))]
  return html`<h4>By ${dimension.label.toLowerCase()}</h4>
<p class="quiet">${dimension.definition}</p>
${tableOf({
  caption: `${definition.title}${inUnit(definition)}, by ${dimension.label.toLowerCase()}`,
  columns: [dimension.label, ...content.periods],
  rows: ids
    .filter((id) => byCategory.has(id))
    .map((id) => ({
      heading: known.get(id) ?? id,
      cells: content.periods.map((period) => withShare(byCategory.get(id)?.get(period), definition)),
    })),
})}`
}

/** A count with its share of the total behind it. */
function withShare(observation: Observation | undefined, definition: FrozenDefinition): Html {
  const cell = figureCell(observation, definition)
  return typeof observation?.share === 'number' && observation.value !== null
    ? html`${cell} <span class="quiet">(${numberText(observation.share)}%)</span>`
    : cell
}

const sourceText = ({ source }: FrozenDefinition): string =>
  `${source.title}, ${source.year}${source.part === null ? '' : `: ${source.part}`}.`
