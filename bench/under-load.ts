import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import { csvFiles, syntheticReturns } from '../src/synthetic/synthetic-council.ts'
import { SYNTHETIC_AUTHORITY } from '../src/vocabulary/authority.ts'
import { type Bench, type BenchDatabase, inMs, type Measured, say } from './machine.ts'
import { KEY, start } from './serving.ts'

const CONNECTIONS = 50
const AIM_MS = 150
/** Memory may rise by this much from after the first seconds to the end, and is called flat. */
const FLAT_BYTES = 100 * 1024 ** 2
const RETURNS = 8
/** A council whose returns load while figures of the other are read. */
const LOADING = 'E08000034'
const OURS = `/v1/authorities/${SYNTHETIC_AUTHORITY.code}`
const headers = { authorization: `Bearer ${KEY}` }

/**
 * (h) 50 connections that read all kinds of things for a minute while returns of another council load, one after the
 * other, each time with other content.
 */
export async function measureUnderLoad(bench: Bench, { url }: BenchDatabase): Promise<Measured[]> {
  const seconds = bench.quick ? 5 : 60
  const service = await start({ serve: 'service', databaseUrl: url })
  const stop = { now: false }
  try {
    const requests = await mixedReads(service.url)
    const returns = returnsToLoad()
    // The first questions fill what is kept; memory is compared from there.
    await autocannon({
      url: service.url,
      requests,
      connections: CONNECTIONS,
      duration: Math.max(2, seconds / 10),
    })
    const before = await memoryOf(service.process)
    const loads = loadReturns(service.url, returns, stop)
    const result = await autocannon({
      url: service.url,
      requests,
      connections: CONNECTIONS,
      duration: seconds,
    })
    stop.now = true
    const loaded = await loads
    const after = await memoryOf(service.process)
    const { p50, p97_5, p99, max } = result.latency
    const failed = result.errors + result.timeouts + result.non2xx - notModified(result)
    const p95 = percentile(result)
    say(
      `(h) ${Math.round(result.requests.average)} requests/s; p50 ${p50} ms, p95 ${p95} ms, p97.5 ${p97_5} ms, p99 ${p99} ms, longest ${max} ms; ${failed} failed; ${loaded} returns loaded; ${inMb(before)} to ${inMb(after)}`,
    )
    return [
      {
        what: `(h) ${CONNECTIONS} connections, ${seconds} s of mixed reads while ${loaded} returns load: p50 ${p50}, p95 ${p95}, p99 ${p99} ms; ${failed} failed; memory ${inMb(before)} to ${inMb(after)}`,
        measured: inMs(p95),
        baseline: inMs(AIM_MS),
        ratio: p95 / AIM_MS,
        aim: `p95 < ${AIM_MS} ms, none fails, memory rises by less than ${inMb(FLAT_BYTES)}`,
        met: p95 < AIM_MS && failed === 0 && loaded > 0 && after - before < FLAT_BYTES,
      },
    ]
  } finally {
    stop.now = true
    service.process.kill()
  }
}

async function mixedReads(url: string): Promise<autocannon.Request[]> {
  const figures = `${OURS}/observations?indicator=cla-count,three-plus-placements-pct,cla-starters&period=2023-24,2024-25&breakdown=age-band,sex`
  const behind = `${OURS}/indicators/cla-count/children?period=2024-25&limit=50`
  const [etag, child] = await Promise.all([
    fetch(url + figures, { headers }).then((answer) => answer.headers.get('etag')!),
    fetch(url + behind, { headers })
      .then((answer) => answer.json() as Promise<{ data: { child: string }[] }>)
      .then(({ data }) => data[0]!.child),
  ])
  const reads = [
    figures,
    `${OURS}/scorecard?period=2024-25`,
    `${OURS}/cohort?period=2024-25`,
    `${OURS}/stability?period=2024-25`,
    '/v1/indicators',
    `${OURS}/children/${child}`,
    behind,
  ].map((path) => ({ method: 'GET' as const, path, headers }))
  return [...reads, { method: 'GET', path: figures, headers: { ...headers, 'if-none-match': etag } }]
}

/** Returns that differ, made before anything is measured: to make one takes this process from its callers. */
function returnsToLoad(): FormData[] {
  return Array.from({ length: RETURNS }, (_, index) => {
    const council = { seed: index + 1, firstYear: 2025, lastYear: 2025, childrenInCare: 300 }
    const [made] = [...syntheticReturns(council)]
    const form = new FormData()
    for (const { name, text } of csvFiles(made!))
      form.append('files', new Blob([text], { type: 'text/csv' }), name)
    return form
  })
}

/** Loads returns in turn until told to stop; gives how many. */
async function loadReturns(
  url: string,
  returns: readonly FormData[],
  stop: { now: boolean },
): Promise<number> {
  let loaded = 0
  while (!stop.now) {
    const form = returns[loaded % returns.length]!
    const answer = await fetch(`${url}/v1/authorities/${LOADING}/returns?year=2024-25&accept=partial`, {
      method: 'POST',
      headers,
      body: form,
    })
    if (answer.status !== 201)
      throw new Error(`a return was not loaded: ${answer.status} ${await answer.text()}`)
    loaded++
  }
  return loaded
}

async function memoryOf(child: ChildProcess): Promise<number> {
  child.send('memory')
  const [bytes] = await once(child, 'message')
  return Number(bytes)
}

const notModified = (result: autocannon.Result): number =>
  (result.statusCodeStats as Record<string, { count: number }>)['304']?.count ?? 0

/** autocannon tells 90 and 97.5; of 95 it tells nothing, so the higher stands for it. */
const percentile = ({ latency }: autocannon.Result): number => latency.p97_5

const inMb = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`
