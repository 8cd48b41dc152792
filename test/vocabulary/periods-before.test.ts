import { describe, expect, test } from 'vitest'
import { parsePeriod, periodsBefore, yearsBefore } from '../../src/vocabulary/period.ts'

const before = (label: string, count: number) =>
  periodsBefore(parsePeriod(label)!, count).map((period) => period.label)

describe('the periods before', () => {
  test.each([
    ['2024-25', ['2023-24', '2022-23']],
    ['2024-25Q2', ['2024-25Q1', '2023-24Q4', '2023-24Q3', '2023-24Q2', '2023-24Q1', '2022-23Q4']],
    ['2025-02', ['2025-01', '2024-12', '2024-11']],
    ['2024-02-29', ['2023-02-28', '2022-02-28']],
    ['2000-01', ['1999-12']],
  ])('%s are of its kind, the latest first', (label, expected) => {
    expect(before(label, expected.length)).toEqual(expected)
  })

  test('follow upon each other without a gap, and are those that their labels name', () => {
    for (const label of ['2024-25', '2024-25Q3', '2025-03']) {
      let later = parsePeriod(label)!
      for (const period of periodsBefore(later, 9)) {
        expect(parsePeriod(period.label)).toEqual(period)
        const nextDay = new Date(`${period.lastDay}T00:00:00Z`)
        nextDay.setUTCDate(nextDay.getUTCDate() + 1)
        expect(nextDay.toISOString().slice(0, 10)).toBe(later.firstDay)
        later = period
      }
    }
  })

  test.each([
    ['2024-25', '2023-24'],
    ['2024-25Q4', '2023-24Q4'],
    ['2024-25Q1', '2023-24Q1'],
    ['2025-03', '2024-03'],
    ['2025-03-31', '2024-03-31'],
  ])('%s was %s a year before', (label, expected) => {
    expect(yearsBefore(parsePeriod(label)!, 1)).toEqual(parsePeriod(expected))
  })
})
