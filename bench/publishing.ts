import { newDataVersions } from '../src/indicators/data-versions.ts'
import { newFigures } from '../src/indicators/figures.ts'
import { publishedBreakdowns } from '../src/indicators/publication/profile.ts'
import { readCoverage } from '../src/returns/return-store.ts'
import { catalogue } from '../src/service.ts'
import { AUTHORITIES, SYNTHETIC_AUTHORITY } from '../src/vocabulary/authority.ts'
import { yearPeriod } from '../src/vocabulary/period.ts'
import { type BenchDatabase, best, bestAndMedian, type Measured, median, say, timesOf } from './machine.ts'

const AIM_MS = 2_000
const RUNS = 7
const YEAR = yearPeriod(2025)

/**
 * (f) All that is published of one council for one year: every indicator, breakdown and crossed table, made safe as a
 * whole, by a service that has not been asked before; against every single breakdown of them as they are. And asked again.
 */
export async function measurePublishing({ database }: BenchDatabase): Promise<Measured[]> {
  const { single, crossed } = publishedBreakdowns(catalogue.indicators)
  const newService = () =>
    newFigures(
      database,
      catalogue,
      newDataVersions(
        database,
        AUTHORITIES.map(({ code }) => code),
      ),
      readCoverage,
    )
  const ask = async (figures: ReturnType<typeof newService>, audience: 'internal' | 'public') => {
    const authorities = [SYNTHETIC_AUTHORITY.code]
    const observations = await figures.read(authorities, (reading) =>
      reading.compute({
        indicators: catalogue.indicators,
        authorities,
        periods: [YEAR],
        breakdowns: audience === 'public' ? [...single, ...crossed] : single,
        audience,
      }),
    )
    return observations.length
  }
  const published = await timesOf(RUNS, () => ask(newService(), 'public'))
  const asTheyAre = await timesOf(RUNS, () => ask(newService(), 'internal'))
  const service = newService()
  const size = await ask(service, 'public')
  const again = await timesOf(RUNS, () => ask(service, 'public'))
  say(`(f) ${size} public observations: ${bestAndMedian(published)}, again ${bestAndMedian(again)}`)
  const line = (what: string, times: readonly number[], aim: number): Measured => ({
    what,
    measured: bestAndMedian(times),
    baseline: bestAndMedian(asTheyAre),
    ratio: best(times) / best(asTheyAre),
    aim: `median < ${aim} ms`,
    met: median(times) < aim,
  })
  return [
    line(
      `(f) All public tables of a council and a year (${size} observations), not asked before, against every single breakdown of them as they are`,
      published,
      AIM_MS,
    ),
    line('(f) The same asked again', again, 100),
  ]
}
