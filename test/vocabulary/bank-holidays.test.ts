import { describe, expect, test } from 'vitest'
import { bankHolidays } from '../../src/vocabulary/bank-holidays.ts'

/** England's, as gov.uk/bank-holidays lists them. */
const KNOWN: Readonly<Record<number, string>> = {
  2019: '01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26',
  2020: '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28',
  2021: '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28',
  2022: '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27',
  2023: '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26',
  2024: '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26',
  2025: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
  2026: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
}
const listed = (year: number): string[] => KNOWN[year]!.split(' ').map((day) => `${year}-${day}`)

describe('bank holidays of England', () => {
  test.each(Object.keys(KNOWN).map(Number))('%i: those that were proclaimed', (year) => {
    expect(bankHolidays(year, year)).toEqual(listed(year))
  })

  test('several years follow one another', () => {
    expect(bankHolidays(2022, 2024)).toEqual([2022, 2023, 2024].flatMap(listed))
  })

  test('of no years there are none', () => {
    expect(bankHolidays(2024, 2023)).toEqual([])
  })

  test('all fall on a weekday, and none twice', () => {
    const days = bankHolidays(2015, 2040)
    expect(days.filter((day) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()))).toEqual([])
    expect(new Set(days).size).toBe(days.length)
  })
})
