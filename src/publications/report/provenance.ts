import type { PublicationContent } from '../content.ts'
import { dayText, momentText, SYMBOLS } from './figure-text.ts'
import { type Html, html } from './html.ts'
import { tableOf } from './table.ts'

/** What the symbols in the tables and charts stand for. */
export const symbolsSection = (): Html => html`<section aria-labelledby="symbols">
<h2 id="symbols">Symbols</h2>
<p>Where there is no number to print, one of these letters stands in its place. A chart has a gap there, with the letter at its foot.</p>
${tableOf(
  {
    caption: 'Symbols used in tables and charts',
    columns: ['Symbol', 'What it means'],
    rows: Object.entries(SYMBOLS).map(([symbol, { meaning }]) => ({ heading: symbol, cells: [meaning] })),
  },
  true,
)}
</section>
`

/** Where the figures come from, how they were made safe, and how anybody can check that they are as they were. */
export function provenanceSection(content: PublicationContent, sha256: string): Html {
  const { returns, software, disclosure } = content
  return html`<section aria-labelledby="source">
<h2 id="source">Where the figures come from</h2>
<p>Computed from the authority’s own records on its looked-after children and care leavers: its SSDA903 returns and what it keeps beside them. The figures were frozen on ${momentText(content.publishedAt)} and have not been changed since.</p>
<p>${disclosure.inWords}</p>
${
  returns.length === 0
    ? html`<p>No return was held.</p>`
    : tableOf(
        {
          caption: 'Returns that the figures were made from',
          columns: ['Reporting year', 'Days covered', 'Loaded', 'SHA-256 of its files'],
          rows: returns.map(({ year, coversFrom, coversTo, loadedAt, contentHash }) => ({
            heading: year,
            cells: [
              `${dayText(coversFrom)} to ${dayText(coversTo)}`,
              momentText(loadedAt),
              html`<code>${contentHash}</code>`,
            ],
          })),
        },
        true,
      )
}
<dl>
<dt>Publication</dt><dd><code>${content.id}</code></dd>
<dt>Version of the records</dt><dd><code>${content.dataVersion}</code></dd>
<dt>Software</dt><dd>${software.name} ${software.version}, edition <code>${software.edition}</code></dd>
<dt>Disclosure profile</dt><dd>${disclosure.profile}</dd>
<dt>SHA-256 of the content</dt><dd><code>${sha256}</code></dd>
</dl>
<p>To check that nothing was changed, get <code>/v1/authorities/${content.authority.code}/publications/${content.id}/content</code> from the service and take the SHA-256 of the bytes, for instance with <code>sha256sum</code>: it must be the one above.</p>
</section>
`
}
