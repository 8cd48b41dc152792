import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutAt } from '../../../src/forecast/backtest/cut-at.ts'
import { stockOn } from '../../../src/forecast/backtest/stock-on.ts'
import type { CareHistory } from '../../../src/forecast/care-history.ts'
import { addDays } from '../../../src/vocabulary/day.ts'
import { aHistory, anEpisode, day, histories } from '../../support/care-histories.ts'

test('what started later has not come; what ceased later still lasts', () => {
  const over = anEpisode({ startedOn: day('2021-01-01'), ceasedOn: day('2022-03-31') })
  const moved = anEpisode({
    child: 1,
    startedOn: day('2021-06-01'),
    ceasedOn: day('2022-04-01'),
    periodStartedOn: day('2020-02-02'),
    placementStartedOn: day('2021-05-05'),
    reasonCeased: 'X1',
    endsPeriod: false,
  })
  const left = anEpisode({ child: 2, startedOn: day('2022-03-31'), ceasedOn: day('2023-01-01') })
  const later = anEpisode({ child: 3, startedOn: day('2022-04-01') })
  expect(cutAt(aHistory([over, moved, left, later]), day('2022-03-31'))).toEqual({
    // An end on the day itself is known that day.
    episodes: [
      over,
      { ...moved, ceasedOn: null, reasonCeased: null, endsPeriod: false },
      { ...left, ceasedOn: null, reasonCeased: null, endsPeriod: false },
    ],
    knownFrom: '2018-04-01',
    knownTo: '2022-03-31',
  })
})

test('a day after all that is known adds nothing to it', () => {
  const history = aHistory([anEpisode({ startedOn: day('2021-01-01') })])
  expect(cutAt(history, day('2030-01-01'))).toEqual(history)
})

/** Another course of things after a day: ends moved, made or unmade, comers of that time replaced. */
function otherwiseAfter(history: CareHistory, origin: CareHistory['knownTo'], shift: number): CareHistory {
  const episodes = history.episodes
    .filter(({ startedOn }) => startedOn <= origin)
    .map((one, index) => {
      if (one.ceasedOn !== null && one.ceasedOn <= origin) return one
      const ceasedOn = (index + shift) % 3 === 0 ? null : addDays(origin, 1 + ((index * 37 + shift) % 300))
      return { ...one, ceasedOn, endsPeriod: ceasedOn !== null, reasonCeased: ceasedOn && 'E12' }
    })
  const comers = Array.from({ length: shift % 5 }, (_, index) =>
    anEpisode({ child: 1000 + index, startedOn: addDays(origin, 1 + index * 11) }),
  )
  return { ...history, episodes: [...episodes, ...comers], knownTo: addDays(origin, shift) }
}

const cuts = fc.record({ history: histories(), at: fc.integer({ min: 0, max: 1460 }) })

test('nothing that happens after the day changes what is known on it', () => {
  fc.assert(
    fc.property(cuts, fc.integer({ min: 0, max: 400 }), ({ history, at }, shift) => {
      const origin = addDays(history.knownFrom, at)
      expect(cutAt(otherwiseAfter(history, origin, shift), origin)).toEqual(cutAt(history, origin))
    }),
  )
})

test('up to the day it counts what the whole history does, and nobody leaves after it', () => {
  fc.assert(
    fc.property(cuts, ({ history, at }) => {
      const origin = addDays(history.knownFrom, at)
      const days = [0, at >> 2, at >> 1, at].map((ahead) => addDays(history.knownFrom, ahead))
      const known = cutAt(history, origin)
      expect(stockOn(known, days).series('all', 'all')).toEqual(stockOn(history, days).series('all', 'all'))
      const later = stockOn(known, [origin, addDays(origin, 5000)]).series('all', 'all')
      expect(later[1]).toBe(later[0])
    }),
  )
})
