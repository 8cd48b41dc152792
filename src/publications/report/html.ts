/** A piece of HTML: text that needs no escaping any more. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template: pieces go in as they are, everything else as text; nothing for null. */
export type Content = Html | string | number | null | undefined | readonly Content[]

/**
 * HTML from a template. Whatever is put into it is escaped, for text and for quoted attributes alike, unless a template
 * made it: so no title, note or name can become markup, wherever it is written.
 */
export const html = (pieces: TemplateStringsArray, ...values: readonly Content[]): Html =>
  new Html(pieces.reduce((text, piece, index) => text + textOf(values[index - 1]) + piece))

function textOf(content: Content): string {
  if (content === null || content === undefined) return ''
  if (content instanceof Html) return content.text
  if (typeof content === 'object') return content.map(textOf).join('')
  return escaped(String(content))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
