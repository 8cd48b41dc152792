import { describe, expect, test } from 'vitest'
import type { PublicationContent } from '../../src/publications/content.ts'
import { boardReport } from '../../src/publications/report/report.ts'
import { STYLE } from '../../src/publications/report/style.ts'
import { definition, figure, frozenContent } from '../support/frozen-content.ts'
import { type Element, elementsIn, parseMarkup, textIn } from '../support/markup.ts'

const HASH = 'a'.repeat(64)

const YEARS = ['2020-21', '2021-22', '2022-23', '2023-24', '2024-25']

/** One percentage over five years, withheld in the third, not available in the first. */
const WITH_GAPS = frozenContent({
  historyPeriods: YEARS.slice(0, 4),
  breakdowns: ['sex'],
  indicators: [
    definition('cla-count'),
    definition('three-plus-placements-pct', {
      subject: 'stability',
      unit: 'percentage',
      polarity: 'lower-is-better',
      denominator: 'All children.',
      switches: [{ name: 'temporary-stays', value: 'bridged', meaning: 'A stay in hospital is no move.' }],
    }),
  ],
  dimensions: [
    {
      id: 'sex',
      label: 'Sex',
      definition: 'As returned.',
      categories: [
        { id: 'male', label: 'Male' },
        { id: 'female', label: 'Female' },
      ],
    },
  ],
  observations: [
    figure('cla-count', '2024-25', { value: 1234 }),
    figure('cla-count', '2024-25', { value: 600, share: 48.6, breakdown: { sex: 'male' } }),
    figure('cla-count', '2024-25', { status: 'c', breakdown: { sex: 'female' } }),
    figure('three-plus-placements-pct', '2024-25', {
      unit: 'percentage',
      value: 10.4,
      numerator: 26,
      denominator: 250,
    }),
  ],
  history: [
    figure('cla-count', '2023-24', { value: 1200 }),
    figure('three-plus-placements-pct', '2020-21', { unit: 'percentage', status: 'x' }),
    figure('three-plus-placements-pct', '2021-22', {
      unit: 'percentage',
      value: 12.4,
      numerator: 31,
      denominator: 250,
    }),
    figure('three-plus-placements-pct', '2022-23', { unit: 'percentage', status: 'c' }),
    figure('three-plus-placements-pct', '2023-24', {
      unit: 'percentage',
      value: 0.3,
      numerator: 1,
      denominator: 330,
    }),
  ],
  targets: [
    {
      indicator: 'three-plus-placements-pct',
      period: '2024-25',
      value: 9.5,
      amber: 11,
      commentary: 'Two homes.',
    },
  ],
})

const pageOf = (content: PublicationContent): Element => parseMarkup(boardReport(content, HASH))
const chartOf = (content: PublicationContent, indicator: string): Element =>
  elementsIn(pageOf(content), 'svg').find((svg) =>
    String(svg.attributes['aria-labelledby']).startsWith(`chart-${indicator}-title`),
  )!
const tableNamed = (page: Element, caption: string): string[][] => {
  const table = elementsIn(page, 'table').find((one) => textIn(elementsIn(one, 'caption')[0]!) === caption)
  if (!table) throw new Error(`no table "${caption}"`)
  return elementsIn(table, 'tr').map((row) => elementsIn(row, 'th', 'td').map(textIn))
}

describe('the page', () => {
  const page = pageOf(WITH_GAPS)

  test('is in British English, with one heading of the first level and none left out below it', () => {
    expect(elementsIn(page, 'html')[0]!.attributes.lang).toBe('en-GB')
    const levels = elementsIn(page, 'h1', 'h2', 'h3', 'h4', 'h5', 'h6').map(({ name }) => Number(name[1]))
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels[0]).toBe(1)
    for (const [index, level] of levels.entries())
      if (index > 0) expect(level).toBeLessThanOrEqual(levels[index - 1]! + 1)
  })

  test('has captions on its tables, and a heading for each column and row', () => {
    const tables = elementsIn(page, 'table')
    expect(tables.length).toBeGreaterThan(4)
    for (const table of tables) {
      const [first] = table.children.filter((child) => typeof child !== 'string')
      expect(first!.name).toBe('caption')
      expect(textIn(first!)).not.toBe('')
      const [head, ...rows] = elementsIn(table, 'tr')
      expect(elementsIn(head!, 'td')).toEqual([])
      for (const cell of elementsIn(head!, 'th')) expect(cell.attributes.scope).toBe('col')
      for (const row of rows) {
        expect(elementsIn(row, 'th').map(({ attributes }) => attributes.scope)).toEqual(['row'])
        expect(elementsIn(row, 'th', 'td')).toHaveLength(elementsIn(head!, 'th').length)
      }
    }
  })

  test('has a chart for every figure, named and told in words, and a table of the same numbers', () => {
    const charts = elementsIn(page, 'svg')
    expect(charts).toHaveLength(WITH_GAPS.indicators.length)
    for (const chart of charts) {
      expect(chart.attributes.role).toBe('img')
      const [title, description] = elementsIn(chart, 'title', 'desc')
      expect(chart.attributes['aria-labelledby']).toBe(
        `${title!.attributes.id} ${description!.attributes.id}`,
      )
      expect([textIn(title!), textIn(description!)]).not.toContain('')
    }
    expect(tableNamed(page, 'Title of three-plus-placements-pct (percent), by period')).toEqual([
      ['Period', 'Figure', 'Divided', 'Divided by'],
      ['2020-21', 'x', 'x', 'x'],
      ['2021-22', '12%', '31', '250'],
      ['2022-23', 'c', 'c', 'c'],
      ['2023-24', 'k', '1', '330'],
      ['2024-25', '10%', '26', '250'],
    ])
  })

  test('needs nothing but itself: no script, no address that is not on the page', () => {
    const all = elementsIn(page)
    expect(
      all.filter(({ name }) => /^(?:script|iframe|object|embed|link|img|base|form)$/i.test(name)),
    ).toEqual([])
    const ids = all.flatMap(({ attributes }) => attributes.id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    for (const { attributes } of all) {
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).not.toMatch(/^on|^style$|^src/i)
        if (name === 'href') expect(ids).toContain(value.slice(1))
        else if (name !== 'xmlns') expect(value).not.toMatch(/https?:|url\(/i)
      }
      for (const id of (attributes['aria-labelledby'] ?? '').split(' ').filter(Boolean))
        expect(ids).toContain(id)
    }
    expect(STYLE).not.toMatch(/url\(|@import|https?:/i)
  })

  test('explains every symbol, the source, the version and the hash', () => {
    expect(
      tableNamed(page, 'Symbols used in tables and charts')
        .slice(1)
        .map(([symbol]) => symbol),
    ).toEqual(['c', 'k', 'x', 'z', 'u'])
    const text = textIn(page)
    for (const said of [
      HASH,
      'abc',
      'f'.repeat(64),
      'Numbers of children from 1 to 5 are withheld',
      '/content',
    ])
      expect(text).toContain(said)
    expect(text).toContain('Decision taken: temporary-stays')
  })

  test('shows a breakdown with shares, targets as they were set, and how far a figure moved', () => {
    expect(tableNamed(page, 'Title of cla-count, by sex')).toEqual([
      ['Sex', '2024-25'],
      ['Male', '600 (49%)'],
      ['Female', 'c'],
    ])
    expect(textIn(page)).toContain('Target for 2024-25: 9.5%; amber as far as 11%.')
    expect(textIn(page)).toContain('Commentary, 2024-25: Two homes.')
    const inShort = tableNamed(
      page,
      'Figures of Exampleshire (synthetic) for 2024-25, and what they were a year before',
    )
    expect(inShort.slice(1)).toEqual([
      ['Title of cla-count', '1,200', '1,234', 'up 34', 'Neither', 'none set'],
      ['Title of three-plus-placements-pct', 'k', '10%', 'not known', 'Lower is better', '9.5%'],
    ])
  })

  test.each([
    [10.6, 11.4, '11%', '11%', 'up 0.8 percentage points'],
    [11.42, 11.38, '11%', '11%', 'no change'],
    [60, 57.5, '60%', '58%', 'down 2.5 percentage points'],
  ])(
    'says that %s to %s is a move, though rounded they may look the same',
    (was, is, before, now, change) => {
      const share = definition('cla-count', { unit: 'percentage' })
      const content = frozenContent({
        historyPeriods: ['2023-24'],
        indicators: [share],
        observations: [figure('cla-count', '2024-25', { unit: 'percentage', value: is })],
        history: [figure('cla-count', '2023-24', { unit: 'percentage', value: was })],
      })
      const [, row] = tableNamed(
        pageOf(content),
        'Figures of Exampleshire (synthetic) for 2024-25, and what they were a year before',
      )
      expect(row!.slice(1, 4)).toEqual([before, now, change])
    },
  )

  test('is the same whenever it is made, also from what the database gives back', () => {
    const again = JSON.parse(JSON.stringify(WITH_GAPS)) as PublicationContent
    expect(boardReport(again, HASH)).toBe(boardReport(WITH_GAPS, HASH))
  })

  test('says first whom it is for', () => {
    const said = (audience: 'internal' | 'public') =>
      textIn(elementsIn(pageOf({ ...WITH_GAPS, audience }), 'p')[0]!)
    expect(said('internal')).toMatch(/^Internal/)
    expect(said('public')).toMatch(/^For the public/)
  })

  test('is readable in black on white: every colour has a contrast of 4.5 to 1 with the ground, or draws a grid', () => {
    const luminance = (colour: string): number => {
      const [red, green, blue] = [1, 3, 5]
        .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
    }
    const colours = new Set(boardReport(WITH_GAPS, HASH).match(/#[\da-f]{6}\b/g))
    expect(colours).toContain('#1d4f91')
    for (const colour of colours)
      if (colour !== '#b1b4b6') expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThan(4.5)
  })
})

describe('the chart', () => {
  const points = (svg: Element) => elementsIn(svg, 'circle').map(({ attributes }) => Number(attributes.cx))
  const labels = (svg: Element) => elementsIn(svg, 'text').map(textIn)

  test('has a gap and the symbol where there is no number', () => {
    const chart = chartOf(WITH_GAPS, 'three-plus-placements-pct')
    // 2021-22 and 2024-25 are drawn; between them one is withheld and one rounds to zero.
    expect(points(chart)).toHaveLength(2)
    expect(elementsIn(chart, 'polyline')).toEqual([])
    expect(labels(chart)).toEqual(expect.arrayContaining(['x', 'c', 'k', '12%', '10%', ...YEARS]))
    expect(textIn(elementsIn(chart, 'desc')[0]!)).toBe(
      'A line from left to right. 2020-21: x (not available); 2021-22: 12%; 2022-23: c (withheld); 2023-24: k (rounds to zero); 2024-25: 10%.',
    )
  })

  test('draws a line along neighbouring years only', () => {
    const content = frozenContent({
      historyPeriods: YEARS.slice(0, 4),
      history: [100, 110, null, 130].map((value, index) =>
        figure('cla-count', YEARS[index]!, value === null ? { status: 'c' } : { value }),
      ),
    })
    const lines = elementsIn(chartOf(content, 'cla-count'), 'polyline')
    expect(lines.map(({ attributes }) => attributes.points!.split(' ').length)).toEqual([2, 2])
  })

  test.each([null, 3, 5_000])('tells nothing of a value that is withheld (%s)', (left) => {
    // What the engine withholds is null; should a number be left in beside the symbol, nothing may show it either.
    const content = (value: number | null) =>
      frozenContent({
        historyPeriods: ['2023-24'],
        history: [figure('cla-count', '2023-24', { status: 'c', value })],
      })
    expect(boardReport(content(left), HASH)).toBe(boardReport(content(null), HASH))
  })

  test('begins at zero and ends above the largest number, a percentage at 100 at most', () => {
    const ticks = (value: number, unit: 'count' | 'percentage' = 'count') =>
      labels(
        chartOf(
          frozenContent({
            indicators: [definition('cla-count', { unit })],
            observations: [figure('cla-count', '2024-25', { unit, value })],
          }),
          'cla-count',
        ),
      ).slice(0, 5)
    expect(ticks(1234)).toEqual(['0', '400', '800', '1,200', '1,600'])
    expect(ticks(7)).toEqual(['0', '2', '4', '6', '8'])
    expect(ticks(99, 'percentage')).toEqual(['0', '25', '50', '75', '100'])
    expect(ticks(0)).toEqual(['0', '1', '2', '3', '4'])
  })

  test('reaches as far down as up where a score is below zero', () => {
    const progress = definition('cla-count', { unit: 'score', decimals: 2 })
    const content = frozenContent({
      historyPeriods: ['2023-24'],
      indicators: [progress],
      observations: [figure('cla-count', '2024-25', { unit: 'score', value: -0.75 })],
      history: [figure('cla-count', '2023-24', { unit: 'score', value: 0.25 })],
    })
    const chart = chartOf(content, 'cla-count')
    expect(labels(chart).slice(0, 5)).toEqual(['−0.8', '−0.4', '0.0', '0.4', '0.8'])
    const heights = elementsIn(chart, 'circle').map(({ attributes }) => Number(attributes.cy))
    const zero = elementsIn(chart, 'line').find(({ attributes }) => attributes.stroke === '#0b0c0c')!
    expect(heights[0]).toBeLessThan(Number(zero.attributes.y1))
    expect(heights[1]).toBeGreaterThan(Number(zero.attributes.y1))
    expect(Math.max(...heights)).toBeLessThan(200)
  })

  test('stands also where nothing is known at all', () => {
    const content = frozenContent({ observations: [figure('cla-count', '2024-25', { status: 'x' })] })
    const chart = chartOf(content, 'cla-count')
    expect(points(chart)).toEqual([])
    expect(labels(chart)).toContain('x')
  })
})
