import { expect, test } from 'vitest'
import { RandomStream } from '../../src/forecast/random.ts'

const NUMBER = 200_000
function momentsOf(draw: () => number): { readonly mean: number; readonly variance: number } {
  let [sum, squares] = [0, 0]
  for (let drawn = 0; drawn < NUMBER; drawn++) {
    const number = draw()
    sum += number
    squares += number * number
  }
  const mean = sum / NUMBER
  return { mean, variance: squares / NUMBER - mean * mean }
}

const random = new RandomStream().start(20240331, 7)

test.each([
  ['uniform', () => random.next(), 1 / 2, 1 / 12],
  ['exponential', () => random.exponential(), 1, 1],
  ['normal', () => random.normal(), 0, 1],
  ['gamma of shape 0.4', () => random.gamma(0.4), 0.4, 0.4],
  ['gamma of shape 1', () => random.gamma(1), 1, 1],
  ['gamma of shape 60', () => random.gamma(60), 60, 60],
  ['about 1 with variance 0.25', () => random.around1(0.25), 1, 0.25],
  ['about 1 without variance', () => random.around1(0), 1, 0],
])('numbers are %s', (_, draw, mean, variance) => {
  const seen = momentsOf(draw)
  // Five standard errors of a mean, and as a bound for variances those of the exponential distribution.
  expect(Math.abs(seen.mean - mean)).toBeLessThanOrEqual(5 * Math.sqrt(variance / NUMBER))
  expect(Math.abs(seen.variance - variance)).toBeLessThanOrEqual(5 * variance * Math.sqrt(20 / NUMBER))
})

test.each([
  ['exponential', () => random.exponential(), Math.log(20)],
  ['normal', () => random.normal(), 1.6448536],
])('one %s number in twenty is beyond its 95 % quantile', (_, draw, quantile) => {
  let beyond = 0
  for (let drawn = 0; drawn < NUMBER; drawn++) if (draw() > quantile) beyond++
  expect(Math.abs(beyond / NUMBER - 0.05)).toBeLessThan(0.0025)
})

test('a stream depends on its key and number alone', () => {
  const draw = (key: number, number: number) => {
    const stream = new RandomStream().start(key, number)
    return [stream.next(), stream.next(), stream.exponential()]
  }
  expect(draw(1, 2)).toEqual(draw(1, 2))
  expect(draw(1, 2)).not.toEqual(draw(2, 1))
  expect(draw(1, 2)).not.toEqual(draw(1, 3))
})
