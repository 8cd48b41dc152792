import { describe, expect, test } from 'vitest'
import { type Adjustments, adjust } from '../../src/forecast/markov/adjust.ts'
import { predict } from '../../src/forecast/markov/predict.ts'
import {
  type MarkovState,
  stateIndex,
  type Whereabouts,
  zeroByState,
} from '../../src/forecast/markov/states.ts'
import { modelWith } from '../support/markov-model.ts'

const at = (placement: Whereabouts): MarkovState => ({ age: '10-to-15', placement })
const index = (placement: Whereabouts): number => stateIndex('10-to-15', placement)
const TARGETS = ['fostering', 'residential', 'supported', 'not-in-care'] as const

/** Rates out of foster homes, the one within them first, and one of another state that stays as it is. */
function ratesAfter(out: readonly [number, number, number, number], rates: Adjustments['rates'] & object) {
  const model = modelWith([
    ...TARGETS.map((to, target) => ({ from: index('fostering'), to: index(to), daily: out[target]! })),
    { from: index('other'), to: index('not-in-care'), daily: 0.25 },
  ])
  const adjusted = adjust(model, { rates })
  expect(adjusted.rates.at(-1)!.daily).toBe(0.25)
  return { ...adjusted, out: adjusted.rates.slice(0, 4).map(({ daily }) => daily) }
}

const change = (to: Whereabouts, by: { multiplyBy?: number; add?: number }) => ({
  from: at('fostering'),
  to: at(to),
  ...by,
})

describe('a rate', () => {
  test('is multiplied', () => {
    expect(ratesAfter([0, 0.1, 0.2, 0.3], [change('residential', { multiplyBy: 1.5 })]).out[1]).toBeCloseTo(
      0.15,
      12,
    )
  })

  test('is added to where it is not multiplied', () => {
    expect(
      ratesAfter([0, 0.1, 0.2, 0.3], [change('residential', { multiplyBy: 1, add: 0.05 })]).out[1],
    ).toBeCloseTo(0.15, 12)
  })

  test('is multiplied only, where both are given', () => {
    expect(
      ratesAfter([0, 0.1, 0.2, 0.3], [change('residential', { multiplyBy: 0.5, add: 0.4 })]).out[1],
    ).toBeCloseTo(0.05, 12)
  })

  test('does not fall below 0', () => {
    expect(ratesAfter([0, 0.1, 0.2, 0.3], [change('residential', { add: -0.4 })]).out).toEqual([
      0, 0, 0.2, 0.3,
    ])
  })

  test('that nobody was seen to make changes nothing, and is told', () => {
    const unknown = { from: at('supported'), to: at('fostering'), add: 0.1 }
    const { out, unknownMoves, scaledDown } = ratesAfter([0, 0.1, 0.2, 0.3], [unknown])
    expect(out).toEqual([0, 0.1, 0.2, 0.3])
    expect(unknownMoves).toEqual([unknown])
    expect(scaledDown).toEqual([])
  })
})

describe('where more than everybody would move out', () => {
  test('what was supposed is kept, and the others share what is left', () => {
    const { out, scaledDown } = ratesAfter([0, 0.1, 0.2, 0.2], [change('residential', { add: 0.7 })])
    expect(out[1]).toBeCloseTo(0.8, 12)
    expect(out[2]).toBeCloseTo(0.1, 12)
    expect(out[3]).toBeCloseTo(0.1, 12)
    expect(scaledDown).toEqual([at('fostering')])
  })

  test('what was supposed is scaled down where it is more than everybody by itself', () => {
    const { out } = ratesAfter(
      [0, 0.1, 0.2, 0.2],
      [change('residential', { add: 1.4 }), change('supported', { add: 0.3 })],
    )
    expect(out).toEqual([0, 1.5 / 2, 0.5 / 2, 0])
  })

  test('moves within the state count as well', () => {
    const { out, scaledDown } = ratesAfter([0.4, 0.1, 0.2, 0.2], [change('residential', { add: 0.4 })])
    expect(scaledDown).toEqual([at('fostering')])
    expect(out[0]).toBeCloseTo(0.25, 12)
    expect(out[1]).toBeCloseTo(0.5, 12)
  })

  test('a state of which nothing is supposed is scaled down too, once any rate is', () => {
    const { out, scaledDown } = ratesAfter(
      [0, 0.8, 0.8, 0],
      [{ from: at('other'), to: at('not-in-care'), add: 0 }],
    )
    expect(out).toEqual([0, 0.5, 0.5, 0])
    expect(scaledDown).toEqual([at('fostering')])
  })

  test('but without any adjustment rates stay as they were measured', () => {
    expect(ratesAfter([0, 0.8, 0.8, 0], [])).toMatchObject({ out: [0, 0.8, 0.8, 0], scaledDown: [] })
  })
})

describe('entrants', () => {
  const entrants = zeroByState()
  for (const placement of ['fostering', 'residential', 'other'] as const) entrants[index(placement)] = 0.4
  const model = modelWith(
    (['fostering', 'residential', 'supported', 'other'] as const).map((placement) => ({
      from: index(placement),
      to: index('not-in-care'),
      daily: 0.01,
    })),
    entrants,
  )

  test('are adjusted alike and never scaled down', () => {
    const adjusted = adjust(model, {
      entrants: [
        { to: at('fostering'), multiplyBy: 10 },
        { to: at('residential'), add: -1 },
        { to: at('supported'), add: 2 },
      ],
    })
    expect(TARGETS.map((to) => adjusted.entrants[index(to)])).toEqual([4, 0, 2, 0])
    expect(adjusted.entrants[index('other')]).toBe(0.4)
    expect(adjusted).toMatchObject({ scaledDown: [], unknownEntries: [] })
    expect(entrants[index('fostering')]).toBe(0.4)
  })

  test('into a state in which nobody ever was change nothing, and are told', () => {
    const unknown = { to: { age: 'under-1', placement: 'supported' }, add: 1 } as const
    const adjusted = adjust(model, { entrants: [unknown] })
    expect(adjusted.entrants).toEqual(entrants)
    expect(adjusted.unknownEntries).toEqual([unknown])
  })
})

test('a forecast moves children by what is supposed and says what it scaled down', () => {
  const stock = zeroByState()
  stock[index('fostering')] = 40
  const model = modelWith([
    { from: index('fostering'), to: index('residential'), daily: 0.25 },
    { from: index('fostering'), to: index('not-in-care'), daily: 0.5 },
  ])
  const { mean, supposed } = predict(model, stock, 1, [1], {
    rates: [change('residential', { multiplyBy: 3 })],
  })
  expect(TARGETS.map((to) => mean[0]![index(to)])).toEqual([0, 30, 0, 10])
  expect(supposed.scaledDown).toEqual([at('fostering')])
})
