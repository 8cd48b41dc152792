import { parseArgs } from 'node:util'
import { runChaos } from './run-chaos.ts'

/**
 * `npm run chaos`: kills the service 100 times and PostgreSQL 20 times while others write, and holds what is there
 * afterwards against what was acknowledged. `--service`, `--postgres` and `--seed` change how often, and how.
 */
const { values } = parseArgs({
  options: {
    service: { type: 'string', default: '100' },
    postgres: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
say(`seed ${values.seed}`)
const report = await runChaos({
  serviceKills: Number(values.service),
  postgresKills: Number(values.postgres),
  seed: Number(values.seed),
  calmMs: 2_000,
  say,
})
say(
  `${report.loads} returns and ${report.targets} targets were acknowledged, ${report.repeats} calls repeated; slowest recovery ${(report.slowestRecoveryMs / 1000).toFixed(1)} s`,
)
for (const fault of report.faults) say(`  ${fault}`)
say(
  report.faults.length === 0 ? 'nothing was lost, and nothing came twice' : `${report.faults.length} faults`,
)
process.exit(report.faults.length === 0 ? 0 : 1)
