import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rounded } from '../../src/indicators/rounded.ts'
import { transferSchemeHeadroom } from '../../src/modules/sufficiency/transfer-scheme.ts'
import { followReference } from '../../src/returns/follow-reference.ts'
import { newDatabase } from '../support/postgres.ts'
import { cutReturn, figure, load, records } from '../support/records.ts'
import { loadKind } from '../support/reference-app.ts'

describe('headroom to the line of the National Transfer Scheme', () => {
  test('E09: 52 of 60,000 children leave room for 8', () => {
    expect(transferSchemeHeadroom(60_000, 52)).toBe(8)
  })

  test.each([
    [60_000, 60, 0],
    [60_999, 60, 0],
    [61_000, 60, 1],
    [60_000, 61, -1],
    [999, 0, 0],
    [24_000, 24, 0],
  ])('of %i children and %i unaccompanied: %i', (population, uasc, headroom) => {
    expect(transferSchemeHeadroom(population, uasc)).toBe(headroom)
  })

  test('is not known where either is not', () => {
    expect(transferSchemeHeadroom(null, 52)).toBeNull()
    expect(transferSchemeHeadroom(60_000, null)).toBeNull()
  })

  test('is the most that may come without going over 0.1 %', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000), fc.nat(5_000), (population, uasc) => {
        const headroom = transferSchemeHeadroom(population, uasc)!
        expect((uasc + headroom) * 1000).toBeLessThanOrEqual(population)
        expect((uasc + headroom + 1) * 1000).toBeGreaterThan(population)
      }),
    )
  })
})

test('E09: 52 of 400 children looked after, and of 60,000 in the authority', async () => {
  const held = await newDatabase()
  try {
    const kept = records()
    for (let child = 0; child < 400; child++) {
      kept.child(`C${child}`, child < 52 ? { uascUntil: '' } : {})
      kept.episode(`C${child}`, '01/06/2024', 'S', 'C2', 'U6', 'PR1')
    }
    await load(held.database, 'E08000034', cutReturn(kept, 2025))
    await loadKind(
      held.database,
      'population',
      'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,age_group,population_estimate\n2024,Reporting year,Local authority,E92000001,England,E12000003,Yorkshire and The Humber,382,E08000034,Kirklees,Children aged 0 to 17 years,60000\n',
      { afterwards: followReference },
    )
    const share = await figure(held.database, 'E08000034', 'uasc-pct', '2024-25')
    expect(share).toMatchObject({ value: 13, numerator: 52, denominator: 400 })
    const ratio = await figure(held.database, 'E08000034', 'uasc-nts-ratio', '2024-25')
    expect(ratio).toMatchObject({ numerator: 52, denominator: 60_000 })
    expect(rounded(ratio, 3).value).toBe(0.087)
    expect(transferSchemeHeadroom(ratio.denominator, ratio.numerator)).toBe(8)
  } finally {
    await held.drop()
  }
})
