import { parseArgs } from 'node:util'
import { measureComparing } from './comparing.ts'
import { addOtherCouncils, loadCouncil, measureComputing } from './computing.ts'
import { loadForecastCouncil, measureForecasting } from './forecasting.ts'
import { measureLoading } from './loading.ts'
import { type Measured, openBench, say } from './machine.ts'
import { measurePublishing } from './publishing.ts'
import { measureServing } from './serving.ts'
import { measureUnderLoad } from './under-load.ts'

/**
 * `npm run bench`: how fast it is, on this machine, beside what PostgreSQL and Fastify take for the same bytes.
 * `--only a,b` runs some of it; `--quick` takes small sizes, to see that it runs.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'a,b,c,d,e,f,g,h' },
    quick: { type: 'boolean', default: false },
  },
})
const which = new Set(values.only.split(',').map((letter) => letter.trim()))
const bench = await openBench(values.quick)
const lines: Measured[] = []
try {
  if (which.has('a')) lines.push(...(await measureLoading(bench)))
  if (['b', 'c', 'd', 'e', 'f', 'h'].some((letter) => which.has(letter))) {
    const council = await loadCouncil(bench)
    // Before the other councils come in: their loads would be in the way.
    if (which.has('d')) {
      const served = await measureServing(bench, council)
      lines.push(
        ...(which.has('b') || which.has('c') ? await measureComputing(bench, council, which) : []),
        ...served,
      )
    } else if (which.has('b') || which.has('c'))
      lines.push(...(await measureComputing(bench, council, which)))
    if (which.has('f')) lines.push(...(await measurePublishing(council)))
    if (which.has('e')) {
      if (!which.has('c')) await addOtherCouncils(bench, council)
      lines.push(...(await measureComparing(council)))
    }
    if (which.has('h')) lines.push(...(await measureUnderLoad(bench, council)))
    await council.drop()
  }
  if (which.has('g')) {
    const council = await loadForecastCouncil(bench)
    lines.push(await measureForecasting(council))
    await council.drop()
  }
} finally {
  await bench.end()
}

say('')
process.stdout.write(`${bench.machine}${values.quick ? ' · --quick: sizes are too small to mean anything' : ''}

| What | Measured | Against | Ratio | Aim | Met |
|---|---|---|---|---|---|
${lines.map(rowOf).join('\n')}
`)

function rowOf({ what, measured, baseline, ratio, aim, met }: Measured): string {
  return `| ${what} | ${measured} | ${baseline} | ${ratio.toPrecision(3)} | ${aim} | ${met ? 'yes' : 'no'} |`
}
