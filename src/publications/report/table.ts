import { type Content, type Html, html } from './html.ts'

/** A table of a report: a caption, a heading for each column, and one for each row. */
export interface ReportTable {
  readonly caption: string
  /** Headings of the columns, that of the row headings first. */
  readonly columns: readonly string[]
  /** The heading of the row, then its cells. */
  readonly rows: readonly { readonly heading: Content; readonly cells: readonly Content[] }[]
}

/**
 * The table in a frame that scrolls on a narrow screen, and can then be reached with the keyboard. Cells hold numbers,
 * or words where `inWords` says so.
 */
export const tableOf = ({ caption, columns, rows }: ReportTable, inWords = false): Html =>
  html`<div class="scroll" role="group" tabindex="0" aria-label="${caption}"><table${inWords ? html` class="words"` : null}>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({ heading, cells }) =>
    html`<tr><th scope="row">${heading}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
)}</tbody>
</table></div>`
