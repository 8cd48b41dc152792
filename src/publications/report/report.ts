import type { Audience } from '../../indicators/observation.ts'
import type { FrozenDefinition, PublicationContent } from '../content.ts'
import { changeText, figureCell, momentText, valueText } from './figure-text.ts'
import { type FrozenFigures, frozenFigures } from './frozen-figures.ts'
import { Html, html } from './html.ts'
import { indicatorSection, POLARITY_IN_WORDS, withDecimalsOf } from './indicator-section.ts'
import { provenanceSection, symbolsSection } from './provenance.ts'
import { STYLE } from './style.ts'
import { tableOf } from './table.ts'

const AUDIENCES: Readonly<Record<Audience, string>> = {
  internal:
    'Internal: for those who may see figures on single children. It must not be published or passed on outside the council.',
  public: 'For the public: figures from which a child could be known are withheld.',
}

/** Titles of the subjects, for headings. */
const SUBJECTS: Readonly<Record<string, string>> = {
  cohort: 'Who is looked after',
  stability: 'How stable their lives are',
  'missing-episodes': 'Who goes missing',
  'care-leavers': 'How care leavers fare',
  sufficiency: 'Where children live',
  health: 'Health',
  education: 'Education',
  adoption: 'Adoption and permanence',
  reviews: 'Reviews and visits',
  justice: 'Youth justice',
  workforce: 'The workforce',
}

/**
 * The board's report as one page of HTML. Made from the frozen content and its hash alone, so it is the same whenever it
 * is asked for; it loads nothing and runs nothing.
 */
export function boardReport(content: PublicationContent, sha256: string): string {
  const figures = frozenFigures(content)
  const subjects = Map.groupBy(content.indicators, ({ subject }) => subject)
  const contents: [id: string, title: string][] = [
    ['in-short', 'The figures in short'],
    ...[...subjects.keys()].map((subject): [string, string] => [subjectId(subject), subjectTitle(subject)]),
    ['symbols', 'Symbols'],
    ['source', 'Where the figures come from'],
  ]
  const page = html`<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${content.title}</title>
${new Html(`<style>${STYLE}</style>`)}
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<main id="report">
<h1>${content.title}</h1>
<p class="audience">${AUDIENCES[content.audience]}</p>
<dl>
<dt>Authority</dt><dd>${content.authority.name} (${content.authority.code})</dd>
<dt>${content.periods.length === 1 ? 'Period' : 'Periods'}</dt><dd>${content.periods.join(', ')}</dd>
<dt>Frozen</dt><dd>${momentText(content.publishedAt)}</dd>
</dl>
${content.note === null ? null : html`<p>${content.note}</p>`}
<nav class="contents" aria-label="Contents"><ul>
${contents.map(
  ([id, title]) => html`<li><a href="#${id}">${title}</a></li>
`,
)}</ul></nav>
${inShort(content, figures)}
${[...subjects].map(
  ([subject, indicators]) => html`<section aria-labelledby="${subjectId(subject)}">
<h2 id="${subjectId(subject)}">${subjectTitle(subject)}</h2>
${indicators.map((indicator) => indicatorSection(content, figures, indicator))}</section>
`,
)}
${symbolsSection()}
${provenanceSection(content, sha256)}
</main>
</body>
</html>
`
  return page.text
}

/** No indicator's id begins so. */
const subjectId = (subject: string): string => `subject-${subject}`
const subjectTitle = (subject: string): string => SUBJECTS[subject] ?? subject

/** Every figure on one line, with what it was a year before. */
function inShort(content: PublicationContent, figures: FrozenFigures): Html {
  const latest = content.periods.at(-1)!
  const before = figures.yearBefore(latest)
  const withTargets = content.targets.some(({ value }) => value !== null)
  const asked = content.periods.includes(before) ? content.periods : [before, ...content.periods]
  const targetOf = (definition: FrozenDefinition): string => {
    const value = figures.target(definition.id, latest)?.value ?? null
    return value === null ? 'none set' : valueText(value, withDecimalsOf(definition, value))
  }
  return html`<section aria-labelledby="in-short">
<h2 id="in-short">The figures in short</h2>
${tableOf({
  caption: `Figures of ${content.authority.name} for ${content.periods.join(', ')}, and what they were a year before`,
  columns: [
    'Figure',
    ...asked,
    `Change from ${before} to ${latest}`,
    'Which way is good',
    ...(withTargets ? [`Target for ${latest}`] : []),
  ],
  rows: content.indicators.map((definition) => ({
    heading: html`<a href="#${definition.id}">${definition.title}</a>`,
    cells: [
      ...asked.map((period) => figureCell(figures.total(definition.id, period), definition)),
      changeText(figures.total(definition.id, before), figures.total(definition.id, latest), definition),
      POLARITY_IN_WORDS[definition.polarity],
      ...(withTargets ? [targetOf(definition)] : []),
    ],
  })),
})}
</section>
`
}
