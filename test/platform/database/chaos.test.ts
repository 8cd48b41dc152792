import { expect, test } from 'vitest'
import { runChaos } from '../../../chaos/run-chaos.ts'

/** The short form of `npm run chaos`. */
test('killed at random, the service and PostgreSQL lose nothing that was acknowledged, and recover alone', async () => {
  const said: string[] = []
  const report = await runChaos({
    serviceKills: 3,
    postgresKills: 1,
    seed: 6,
    calmMs: 1_000,
    say: (line) => said.push(line),
  })
  expect(report.faults, said.join('\n')).toEqual([])
  expect(report.loads).toBeGreaterThan(0)
  expect(report.targets).toBeGreaterThan(0)
}, 300_000)
