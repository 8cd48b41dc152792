import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { together } from '../../../src/platform/database/together.ts'

test('no one is answered from before they asked, and those who wait share one question', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat({ max: 12 }), key: fc.constantFrom('a', 'b') }), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 6 }),
      async (calls, takes) => {
        let clock = 0
        const running: Record<string, number> = { a: 0, b: 0 }
        const asked = together(async (key: string) => {
          const at = clock
          running[key]!++
          // One question of a kind at a time.
          expect(running[key]).toBe(1)
          const end = clock + takes
          while (clock < end) await tick()
          running[key]!--
          return at
        })
        const tick = () => new Promise<void>((done) => setImmediate(done))
        const answers = calls.map(async ({ at, key }) => {
          while (clock < at) await tick()
          const called = clock
          expect(await asked(key)).toBeGreaterThanOrEqual(called)
        })
        let over = false
        const all = Promise.all(answers).finally(() => {
          over = true
        })
        for (; !over; clock++) await tick()
        await all
      },
    ),
    { numRuns: 60 },
  )
})

test('fifty who come at once take two questions: one that is under way, and the next', async () => {
  let questions = 0
  const asked = together(async (_key: string) => {
    questions++
    await wait(5)
    return questions
  })
  const answers = await Promise.all(Array.from({ length: 50 }, () => asked('a')))
  expect(answers).toEqual([1, ...Array.from({ length: 49 }, () => 2)])
})

test('a question that fails fails for those who share it, and for nobody after', async () => {
  let fails = true
  const asked = together(async (_key: string) => {
    await wait(2)
    if (fails) throw new Error('away')
    return 'here'
  })
  const both = await Promise.allSettled([asked('a'), asked('a'), asked('a')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  fails = false
  expect(await asked('a')).toBe('here')
})
