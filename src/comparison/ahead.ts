import { setTimeout as wait } from 'node:timers/promises'
import type { Catalogue } from '../indicators/catalogue.ts'
import type { DataVersions } from '../indicators/data-versions.ts'
import { NO_DATA } from '../vocabulary/data-version.ts'
import { COMPARATORS } from './comparison.ts'
import type { BesideAsk, Comparisons } from './comparisons.ts'
import { periodsBehind } from './trend.ts'

/**
 * Measures the headline figures of authorities before anybody asks for them, so that a board's scorecard and the
 * neighbours that it is compared with are put together from what is kept.
 */
export interface Ahead {
  /** Says that records may have changed: what is not measured yet of their state is, when things are quiet. */
  changed(): void
  /** Resolves when there is nothing left to measure. */
  settled(): Promise<void>
  stop(): void
}

export interface AheadParts {
  readonly comparisons: Comparisons
  readonly catalogue: Catalogue
  readonly versions: DataVersions
  readonly authorities: readonly string[]
  /** Periods before the latest that a scorecard shows. */
  readonly periodsBefore: number
}

/** Loads often come one after the other: only when none has come for so long, it is worth to begin. */
const QUIET_MS = 1_000
/** Between two authorities, for those who wait for an answer. */
const BREATH_MS = 10

export function newAhead(parts: AheadParts): Ahead {
  const { comparisons, catalogue, versions, authorities, periodsBefore } = parts
  const headlines = catalogue.indicators.filter(({ headline }) => headline)
  const measured = new Map<string, string>()
  let timer: NodeJS.Timeout | null = null
  let running = Promise.resolve()
  let isStopped = false

  // The neighbours' own records are measured when it is their turn.
  const ask: BesideAsk = {
    comparators: COMPARATORS,
    trend: periodsBefore,
    audience: 'internal',
    mayRead: () => false,
  }

  async function measure(authority: string): Promise<void> {
    await comparisons.read([authority], ask, async ({ reading, besides }) => {
      const latest = reading.latestPeriodOf(authority)
      const measured = await reading.compute({
        indicators: headlines,
        authorities: [authority],
        periods: [latest, ...periodsBehind(latest, periodsBefore)],
        breakdowns: [],
      })
      // And so the published figures that they are compared with are read.
      await besides(
        measured.filter(({ period }) => period === latest.label),
        measured,
      )
    })
  }

  async function measureAll(): Promise<void> {
    for (const [authority, version] of await versions.of(authorities)) {
      if (isStopped) return
      if (version === NO_DATA || measured.get(authority) === version) continue
      await measure(authority)
      measured.set(authority, version)
      await wait(BREATH_MS, undefined, { ref: false })
    }
  }

  const begin = (): void => {
    timer = null
    // What can't be measured now is measured when it is asked for, and who asks is told what is wrong.
    running = running.then(measureAll).catch(() => undefined)
  }

  return {
    changed() {
      if (isStopped) return
      if (timer) clearTimeout(timer)
      timer = setTimeout(begin, QUIET_MS)
      timer.unref()
    },
    async settled() {
      if (timer) {
        clearTimeout(timer)
        begin()
      }
      await running
    },
    stop() {
      isStopped = true
      if (timer) clearTimeout(timer)
    },
  }
}
