/** An element of a page, as far as the tests look at it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Element | string)[]
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/**
 * Reads a page as XML is read: every element is closed in its turn, every attribute is quoted and stands once, every
 * `&` begins an entity. Throws where it is not well-formed, so that nothing that a browser would mend passes a test.
 */
export function parseMarkup(page: string): Element {
  const text = page.replace(/^<!DOCTYPE html>\s*/, '')
  const root = { name: '#page', attributes: {}, children: [] as (Element | string)[] }
  const open = [root]
  let at = 0
  while (at < text.length) {
    const next = text.indexOf('<', at)
    const end = next === -1 ? text.length : next
    if (end > at) open.at(-1)!.children.push(unescaped(text.slice(at, end)))
    if (next === -1) break
    const tag = /^<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>/.exec(
      text.slice(next),
    )
    if (!tag) throw new Error(`not a tag: ${text.slice(next, next + 80)}`)
    const [whole, closes, name, attributes, empty] = tag
    at = next + whole.length
    if (closes) {
      const closed = open.pop()!
      if (closed.name !== name) throw new Error(`</${name}> closes <${closed.name}>`)
      continue
    }
    const element = { name: name!, attributes: attributesIn(attributes!), children: [] }
    open.at(-1)!.children.push(element)
    if (!empty) open.push(element)
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)!.name}> is never closed`)
  return root
}

function attributesIn(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name, value] of text.matchAll(/([A-Za-z][\w:-]*)="([^"<]*)"/g)) {
    if (Object.hasOwn(attributes, name!)) throw new Error(`${name} stands twice`)
    attributes[name!] = unescaped(value!)
  }
  return attributes
}

const unescaped = (text: string): string =>
  text.replaceAll(/&([^;\s]*;?)/g, (whole, entity: string) => {
    const character = entity.endsWith(';') ? ENTITIES[entity.slice(0, -1)] : undefined
    if (character === undefined) throw new Error(`not an entity: ${whole}`)
    return character
  })

/** Every element of these names within another, in the order of the page. */
export function elementsIn(within: Element, ...names: readonly string[]): Element[] {
  return within.children.flatMap((child) =>
    typeof child === 'string'
      ? []
      : [
          ...(names.length === 0 || names.includes(child.name) ? [child] : []),
          ...elementsIn(child, ...names),
        ],
  )
}

/** What a reader reads of an element. */
export const textIn = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('')
