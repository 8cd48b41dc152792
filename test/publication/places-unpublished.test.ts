import { expect, test } from 'vitest'
import { PLACE_DIMENSIONS } from '../../src/indicators/populations/places.ts'
import {
  crossedDimensions,
  isPublished,
  publicDimensions,
  publishedBreakdowns,
} from '../../src/indicators/publication/profile.ts'
import { INDICATORS } from '../support/records.ts'

test('bands of distance and relations between authorities are for those who may see more than the public', () => {
  const given = INDICATORS.filter(({ dimensions }) =>
    PLACE_DIMENSIONS.every((dimension) => dimensions.includes(dimension)),
  )
  expect(given.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['cla-count', 'new-placements', 'placement-foster-pct', 'ifa-share-pct']),
  )
  for (const indicator of INDICATORS) {
    for (const dimension of PLACE_DIMENSIONS) {
      expect(publicDimensions(indicator)).not.toContain(dimension)
      expect(crossedDimensions(indicator)).not.toContain(dimension)
      expect(isPublished(indicator, [dimension])).toBe(false)
    }
  }
  const { single, crossed } = publishedBreakdowns(INDICATORS)
  expect([...single, ...crossed].flat().filter((one) => PLACE_DIMENSIONS.includes(one))).toEqual([])
})
