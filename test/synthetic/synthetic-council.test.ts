import { describe, expect, test } from 'vitest'
import {
  csvFiles,
  type SyntheticOptions,
  type SyntheticReturn,
  syntheticReturns,
} from '../../src/synthetic/synthetic-council.ts'
import { isUsedIn } from '../../src/vocabulary/code-sets.ts'
import { ageOn, type Day, parseDay } from '../../src/vocabulary/day.ts'
import { firstDayOfYear, lastDayOfYear } from '../../src/vocabulary/period.ts'
import { type Column, TABLES, type TableName, tableNamed } from '../../src/vocabulary/ssda903.ts'

type Row = Record<string, string>

/** Rows by column name, as the files say them: the checks know nothing of how they were made. */
function rowsOf(made: SyntheticReturn, name: TableName): Row[] {
  const columns = tableNamed(name).columns.map((column) => column.name)
  return (made.tables.get(name) ?? []).map((cells) => {
    if (cells.length !== columns.length) throw new Error(`${name} has a row of ${cells.length} cells`)
    return Object.fromEntries(columns.map((column, index) => [column, cells[index]!]))
  })
}

const day = (text: string | undefined): Day => parseDay(text ?? '')!
const byChild = (rows: readonly Row[]): Map<string, Row[]> => Map.groupBy(rows, (row) => row.CHILD!)
const episodesByChild = (made: SyntheticReturn): Map<string, Row[]> => {
  const children = byChild(rowsOf(made, 'Episodes'))
  for (const rows of children.values()) rows.sort((a, b) => (day(a.DECOM) < day(b.DECOM) ? -1 : 1))
  return children
}

/** What is wrong with a cell; null where nothing is. */
function cellFault(column: Column, cell: string, year: number): string | null {
  if (cell === '') return column.required ? 'missing' : null
  switch (column.kind) {
    case 'day':
      return /^\d\d\/\d\d\/\d{4}$/.test(cell) && parseDay(cell) ? null : 'no day'
    case 'partial-day':
      return /^(?:\d\d|ZZ)\/(?:\d\d|ZZ)\/(?:\d{4}|ZZZZ)$/.test(cell) ? null : 'no partial day'
    case 'code': {
      const code = column.codes[cell]
      return code && isUsedIn(code, year) ? null : `not a code of ${year}`
    }
    case 'whole-number':
      return Number(cell) >= column.least && Number(cell) <= column.most ? null : 'out of range'
    case 'text':
      return cell.length <= column.longest && (column.form?.test(cell) ?? true) ? null : 'not of its form'
    default:
      return cell.length <= 10 ? null : 'too long'
  }
}

function cellFaults(made: SyntheticReturn): string[] {
  const faults: string[] = []
  for (const { name, columns, since } of TABLES) {
    const rows = rowsOf(made, name)
    if (since !== undefined && made.year < since && rows.length > 0) faults.push(`${name} before ${since}`)
    for (const row of rows)
      for (const column of columns) {
        const fault = cellFault(column, row[column.name]!, made.year)
        if (fault) faults.push(`${name} ${row.CHILD} ${column.name}=${row[column.name]}: ${fault}`)
      }
  }
  return faults
}

function tableFaults(made: SyntheticReturn): string[] {
  const faults: string[] = []
  const header = new Map(rowsOf(made, 'Header').map((row) => [row.CHILD!, row]))
  for (const { name, once } of TABLES) {
    const rows = rowsOf(made, name)
    if (once && byChild(rows).size !== rows.length) faults.push(`${name} has a child twice`)
    for (const row of rows) {
      const own = header.get(row.CHILD!)
      if (!own) faults.push(`${name} ${row.CHILD} not in the header`)
      else if (row.DOB !== undefined && row.DOB !== own.DOB)
        faults.push(`${name} ${row.CHILD} born otherwise`)
      else if (name === 'UASC' && row.SEX !== own.SEX) faults.push(`UASC ${row.CHILD} of another sex`)
    }
  }
  for (const [child, rows] of episodesByChild(made))
    faults.push(
      ...episodeFaults(rows, day(header.get(child)?.DOB), made.year).map((fault) => `${child} ${fault}`),
    )
  return faults
}

const TEMPORARY = /^T[0-4]$/
const WITHOUT_URN = /^(?:P1|P3|R1|R2|R5|T\d|Z\d+)$/
const WITHOUT_PROVIDER = /^(?:T\d|Z\d+)$/

function episodeFaults(rows: readonly Row[], born: Day, year: number): string[] {
  const faults: string[] = []
  const claim = (holds: boolean, fault: string, row: Row): void => {
    if (!holds) faults.push(`${row.DECOM}: ${fault}`)
  }
  for (const [index, row] of rows.entries()) {
    const [from, until, next] = [day(row.DECOM), row.DEC === '' ? null : day(row.DEC), rows[index + 1]]
    claim(from >= born && from <= lastDayOfYear(year), 'starts before birth or after the year', row)
    claim(
      until === null || (from < until && until <= lastDayOfYear(year)),
      'ends before it starts or late',
      row,
    )
    claim(until === null || until >= firstDayOfYear(year), 'is not of the year', row)
    claim((row.DEC === '') === (row.REC === ''), 'DEC and REC not both', row)
    claim(until !== null || next === undefined, 'open, yet not the last', row)
    claim(ageOn(from, born) < 18 && (until === null || ageOn(until, born) <= 18), 'in care as an adult', row)
    claim((row.PLACE === 'P1') === (row.PLACE_PROVIDER === 'PR0'), 'PR0 and P1 not both', row)
    claim(WITHOUT_PROVIDER.test(row.PLACE!) === (row.PLACE_PROVIDER === ''), 'provider', row)
    claim(WITHOUT_URN.test(row.PLACE!) === (row.URN === ''), 'URN', row)
    claim(row.PL_POST !== row.HOME_POST || row.PLACE === 'P1', 'placed at home', row)
    claim(row.PLACE !== 'P1' || /^C[12]$/.test(row.LS!), 'with parents without a care order', row)
    claim(row.PLACE !== 'K3' || ageOn(from, born) >= 16, 'in supported accommodation under 16', row)
    const known = until ?? lastDayOfYear(year)
    claim(!/^(?:P2|H5)$/.test(row.PLACE!) || known <= '2023-10-28', 'unregistered after 28 October 2023', row)
    if (next === undefined) {
      claim(row.REC !== 'X1', 'X1 with nothing after it', row)
      continue
    }
    claim(until !== null && until <= day(next.DECOM), 'overlaps the next', row)
    claim((row.REC === 'X1') === (next.RNE !== 'S'), 'X1 and S disagree', row)
    const moves = /^[PBTU]$/.test(next.RNE!)
    const temporary = TEMPORARY.test(row.PLACE!) || TEMPORARY.test(next.PLACE!)
    claim(
      (row.REC === 'X1' && moves && !temporary) === (row.REASON_PLACE_CHANGE !== ''),
      'reason for move',
      row,
    )
    if (row.REC !== 'X1') continue
    claim(row.DEC === next.DECOM, 'a gap within a period of care', row)
    claim(row.CIN === next.CIN, 'another need within a period of care', row)
    claim(/^[LBU]$/.test(next.RNE!) === (row.LS !== next.LS), 'legal status and RNE disagree', row)
    const before = rows[index - 1]
    if (TEMPORARY.test(row.PLACE!) && before)
      claim(next.PLACE === before.PLACE && next.PL_POST === before.PL_POST, 'not back where it was', row)
  }
  return faults
}

/** Children in care on the last day of a year, short breaks aside. */
const inCareAtEnd = (made: SyntheticReturn): number =>
  rowsOf(made, 'Episodes').filter((row) => row.DEC === '' && !/^V[34]$/.test(row.LS!)).length

const OPTIONS: SyntheticOptions[] = [
  { seed: 1, firstYear: 2017, lastYear: 2027, childrenInCare: 150, idPrefix: 'A' },
  { seed: 2, firstYear: 2023, lastYear: 2025, childrenInCare: 500 },
  { seed: 3, firstYear: 2024, lastYear: 2026, childrenInCare: 300, idPrefix: 'Z' },
]

describe.each(OPTIONS)('a council of seed $seed, $firstYear to $lastYear', (options) => {
  const returns = syntheticReturns(options)

  test('has a return for each year', () => {
    const years = Array.from(
      { length: options.lastYear - options.firstYear + 1 },
      (_, n) => options.firstYear + n,
    )
    expect(returns.map((made) => made.year)).toEqual(years)
  })

  test('fills every required cell, and every cell with what its year knows', () => {
    expect(returns.flatMap(cellFaults)).toEqual([])
  })

  test('has no contradiction between tables or episodes', () => {
    expect(returns.flatMap(tableFaults)).toEqual([])
  })

  test('says of an episode in one year what it said the year before', () => {
    const open = new Map<string, Row>()
    for (const made of returns) {
      const rows = rowsOf(made, 'Episodes')
      const found = new Map(rows.map((row) => [`${row.CHILD} ${row.DECOM}`, row]))
      for (const [key, before] of open) {
        const { RNE, LS, CIN, PLACE_PROVIDER, HOME_POST, PL_POST, URN } = before
        expect(found.get(key), key).toMatchObject({ RNE, LS, CIN, PLACE_PROVIDER, HOME_POST, PL_POST, URN })
      }
      open.clear()
      for (const [key, row] of found) if (row.DEC === '') open.set(key, row)
    }
  })

  test('keeps about as many children in care as wanted', () => {
    for (const made of returns) {
      expect(inCareAtEnd(made)).toBeGreaterThan(options.childrenInCare * 0.85)
      expect(inCareAtEnd(made)).toBeLessThan(options.childrenInCare * 1.15)
    }
  })

  test('returns health for exactly the children in care for twelve months', () => {
    for (const made of returns) {
      const [first, last] = [firstDayOfYear(made.year), lastDayOfYear(made.year)]
      const expected = [...episodesByChild(made)].filter(([, rows]) => {
        const ends = (row: Row): boolean => row.REC !== '' && row.REC !== 'X1' && day(row.DEC) < last
        const starts = (row: Row): boolean => row.RNE === 'S' && day(row.DECOM) > first
        return !rows.some((row) => ends(row) || starts(row) || /^V[34]$/.test(row.LS!))
      })
      expect(new Set(rowsOf(made, 'OC2').map((row) => row.CHILD))).toEqual(
        new Set(expected.map(([child]) => child)),
      )
    }
  })

  test('returns care leavers with a 17th to 21st birthday in the year on which they are not in care', () => {
    for (const made of returns) {
      const [first, last] = [firstDayOfYear(made.year), lastDayOfYear(made.year)]
      const episodes = episodesByChild(made)
      for (const { CHILD, DOB } of rowsOf(made, 'OC3')) {
        const age = ageOn(last, day(DOB))
        expect(age).toBeGreaterThanOrEqual(17)
        expect(age).toBeLessThanOrEqual(21)
        expect(ageOn(first, day(DOB)) < age || DOB!.startsWith('01/04')).toBe(true)
        expect((episodes.get(CHILD!) ?? []).filter((row) => row.DEC === '')).toEqual([])
      }
    }
  })

  test('places for adoption only what was decided, and adopts only what was placed', () => {
    for (const made of returns) {
      const decided = new Set(rowsOf(made, 'PlacedAdoption').map((row) => row.CHILD))
      const adopted = rowsOf(made, 'Episodes').filter((row) => /^E1[12]$/.test(row.REC!))
      for (const row of rowsOf(made, 'Episodes'))
        if (row.PLACE!.startsWith('A')) expect(decided).toContain(row.CHILD)
      expect(adopted.every((row) => row.PLACE!.startsWith('A'))).toBe(true)
      expect(rowsOf(made, 'AD1').map((row) => row.CHILD)).toEqual(adopted.map((row) => row.CHILD))
    }
  })
})

describe('the generator', () => {
  const small: SyntheticOptions = { seed: 7, firstYear: 2025, lastYear: 2025, childrenInCare: 80 }
  const bytes = (options: SyntheticOptions): string =>
    syntheticReturns(options)
      .flatMap(csvFiles)
      .map((file) => file.text)
      .join('')

  test('gives the same bytes for the same options, and others for another seed', () => {
    expect(bytes(small)).toBe(bytes(small))
    expect(bytes(small)).not.toBe(bytes({ ...small, seed: 8 }))
  })

  test('shows the shape of a council: third placements, unaccompanied children, foster care', () => {
    const [made] = syntheticReturns({ ...small, childrenInCare: 4_000 })
    const open = rowsOf(made!, 'Episodes').filter((row) => row.DEC === '' && !/^V[34]$/.test(row.LS!))
    const share = (holds: (row: Row) => boolean): number => open.filter(holds).length / open.length
    const uasc = new Set(rowsOf(made!, 'UASC').flatMap((row) => (row.DUC === '' ? [row.CHILD] : [])))
    expect(share((row) => row.PLACE!.startsWith('U'))).toBeCloseTo(0.68, 1)
    expect(share((row) => row.PLACE === 'K2')).toBeCloseTo(0.11, 1)
    expect(share((row) => uasc.has(row.CHILD))).toBeCloseTo(0.08, 1)
    expect(share((row) => row.CIN === 'N1')).toBeCloseTo(0.67, 1)
  })

  test('writes files as councils do: a header row, CRLF, every table of the year', () => {
    const files = csvFiles(syntheticReturns(small)[0]!)
    expect(files.map((file) => file.name)).toContain('sw_episodes.csv')
    expect(files.map((file) => file.name)).not.toContain('dolo.csv')
    expect(files.find((file) => file.name === 'episodes.csv')!.text).toMatch(
      /^CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\r\n/,
    )
    for (const { text } of files) expect(text.endsWith('\r\n') && !text.includes('"')).toBe(true)
  })

  test('refuses years that run backwards', () => {
    expect(() => syntheticReturns({ ...small, lastYear: 2024 })).toThrow(RangeError)
  })
})

describe('the worked examples', () => {
  const options: SyntheticOptions = {
    seed: 5,
    firstYear: 2022,
    lastYear: 2024,
    childrenInCare: 60,
    idPrefix: 'X',
  }
  const returns = syntheticReturns({ ...options, withWorkedExamples: true })
  const isExample = (row: Row): boolean => /^XE\d\d[BC]?$/.test(row.CHILD!)

  test('stand beside the same council, shifted to its last year', () => {
    const without = syntheticReturns(options)
    for (const [index, made] of returns.entries())
      for (const { name } of TABLES)
        expect(rowsOf(made, name).filter((row) => !isExample(row))).toEqual(rowsOf(without[index]!, name))
    const e12 = rowsOf(returns.at(-1)!, 'Episodes').filter((row) => row.CHILD === 'XE12')
    expect(e12.map((row) => [row.DECOM, row.RNE, row.PLACE, row.DEC])).toEqual([
      ['01/06/2022', 'S', 'U6', '01/05/2023'],
      ['01/05/2023', 'P', 'U6', '01/09/2023'],
      ['01/09/2023', 'P', 'K2', ''],
    ])
  })

  test('hold the field-valid cells; only E14 and E24 break a rule, as they are meant to', () => {
    expect(returns.flatMap(cellFaults)).toEqual([])
    const broken = returns.flatMap(tableFaults).map((fault) => fault.split(' ')[0])
    expect([...new Set(broken)].sort()).toEqual(['XE14', 'XE24'])
  })

  test('return an episode that ceases on 1 April as open in the old year and as ceased in the new', () => {
    const ceased = returns.map((made) =>
      rowsOf(made, 'Episodes')
        .filter((row) => row.CHILD === 'XE23' && row.RNE === 'S')
        .map((row) => row.DEC),
    )
    expect(ceased).toEqual([[], [''], ['01/04/2023']])
  })
})
