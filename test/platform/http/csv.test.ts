import { text as readText } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine, csvStream } from '../../../src/platform/http/csv.ts'

test.each([
  [['a', 'b'], 'a,b'],
  [['a,b', 'say "yes"', 'two\r\nlines'], '"a,b","say ""yes""","two\r\nlines"'],
  [[null, undefined, '', 0, false], ',,,0,false'],
  [[-1.5, 11.5, Number.NaN, Number.POSITIVE_INFINITY], '-1.5,11.5,,'],
  [['-1.5', '+1', '=1+1', '@SUM(A1)'], "'-1.5,'+1,'=1+1,'@SUM(A1)"],
  [['\tx', '\r=1', '＝1', '＋1', '－1', '＠x'], "'\tx,\"'\r=1\",'＝1,'＋1,'－1,'＠x"],
  [['under-1', 'a=b'], 'under-1,a=b'],
])('%j is written as %s', (cells, line) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`)
})

/** Reads one line of RFC 4180 the way a spreadsheet does. */
function readLine(line: string): string[] {
  const cells = [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)]
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}

test('every text comes back, and none of them begins as a formula', () => {
  const cell = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('=1', '+1', '-1', '@x', '\t', '\r', '"', ',', '\n', "'"),
  )
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const read = readLine(csvLine(cells))
      expect(read.map((one, index) => (one === cells[index] ? one : one.slice(1)))).toEqual(cells)
      for (const one of read) expect(one).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
    }),
  )
})

test('a stream has the header, then every row, from an iterable or an asynchronous one', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => [`row ${index}`, index])
  async function* later() {
    yield* rows
  }
  const expected = csvLine(['name', 'number']) + rows.map(csvLine).join('')
  expect(await readText(csvStream(['name', 'number'], rows))).toBe(expected)
  expect(await readText(csvStream(['name', 'number'], later()))).toBe(expected)
  expect(await readText(csvStream(['name'], []))).toBe('name\r\n')
})
