import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { superviseService } from './supervised-service.ts'
import { newWriter } from './writer.ts'

export interface ChaosPlan {
  readonly serviceKills: number
  readonly postgresKills: number
  readonly seed: number
  /** The longest that both live between two kills. */
  readonly calmMs: number
  readonly say: (line: string) => void
}

export interface ChaosReport {
  readonly loads: number
  readonly targets: number
  /** Calls that were sent again because no answer, or "not now", had come. */
  readonly repeats: number
  readonly slowestRecoveryMs: number
  /** What differs from that which was acknowledged; nothing, that is. */
  readonly faults: readonly string[]
}

const AUTHORITIES = ['E08000032', 'E08000033', 'E08000034', 'E08000035']

/** Writes without pause, kills at random, and compares what is there at the end with what was acknowledged. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosReport> {
  const random = newRandom(plan.seed)
  const folder = await mkdtemp(join(tmpdir(), 'corporate-parenting-chaos-'))
  // Where the service runs as root, PostgreSQL does not, and must be able to come here.
  await chmod(folder, 0o755)
  const service = await superviseService(folder)
  try {
    plan.say(`ready after ${seconds(await service.untilReady())}`)
    const writers = AUTHORITIES.map((authority) => newWriter(service, authority, random))
    let isOver = false
    const writing = Promise.all(writers.map((writer) => writer.run(() => isOver)))
    // Who fails while kills go on is told at the end.
    writing.catch(() => {})

    let slowestRecoveryMs = 0
    for (const victim of inDisorder(plan, random)) {
      await wait(random() * plan.calmMs)
      if (victim === 'service') await service.killService()
      else await service.killPostgres()
      const recovery = await service.untilReady()
      slowestRecoveryMs = Math.max(slowestRecoveryMs, recovery)
      plan.say(`killed the ${victim}: ready again after ${seconds(recovery)}`)
    }
    isOver = true
    await writing
    const faults = (await Promise.all(writers.map((writer) => writer.faults()))).flat()
    const sum = (of: 'loads' | 'targets' | 'repeats'): number =>
      writers.reduce((total, { written }) => total + written[of], 0)
    return {
      loads: sum('loads'),
      targets: sum('targets'),
      repeats: sum('repeats'),
      slowestRecoveryMs,
      faults,
    }
  } finally {
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function inDisorder(
  { serviceKills, postgresKills }: ChaosPlan,
  random: () => number,
): ('service' | 'PostgreSQL')[] {
  const kills = [
    ...Array<'service'>(serviceKills).fill('service'),
    ...Array<'PostgreSQL'>(postgresKills).fill('PostgreSQL'),
  ]
  return kills
    .map((victim) => ({ victim, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ victim }) => victim)
}

/** Mulberry32: the same seed gives the same plan, though not the same moments. */
function newRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
