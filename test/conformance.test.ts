import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Observation } from '../src/indicators/observation.ts'
import type { Database } from '../src/platform/database/database.ts'
import { kindNamed } from '../src/reference/kinds.ts'
import { loadReference } from '../src/reference/load-reference.ts'
import { followReference } from '../src/returns/follow-reference.ts'
import type { IncomingFile } from '../src/returns/load-return.ts'
import type { DimensionId } from '../src/vocabulary/dimension.ts'
import { parseYearLabel } from '../src/vocabulary/period.ts'
import { newDatabase, type TestDatabase } from './support/postgres.ts'
import { INDICATORS, loadFiles, observe } from './support/records.ts'

/** Histories as councils would return them, and the figures that another implementation gets from them. */
const DATA = fileURLToPath(new URL('../../shared/data/', import.meta.url))
const PACKS = `${DATA}conformance/`

interface Expected extends Observation {
  readonly domain: string
  readonly needs: string | null
}

async function expectedOf(pack: string): Promise<Expected[]> {
  const file = await open(`${PACKS}${pack}/expected.jsonl`)
  const expected: Expected[] = []
  for await (const line of file.readLines()) {
    const observation = JSON.parse(line) as Expected
    expected.push(observation)
  }
  return expected
}

async function* filesIn(folder: string): AsyncGenerator<IncomingFile> {
  for (const name of readdirSync(folder)) {
    const bytes = await readFile(`${folder}/${name}`)
    yield {
      name,
      bytes: (async function* () {
        yield bytes
      })(),
    }
  }
}

/** The published population, and of the 2.26 million postcodes those that the pack names. */
async function loadReferenceOf(database: Database, pack: string): Promise<void> {
  const named = new Set<string>()
  for (const year of readdirSync(`${PACKS}${pack}`).filter((name) => parseYearLabel(name))) {
    const [header, ...rows] = (await readFile(`${PACKS}${pack}/${year}/episodes.csv`, 'utf8')).split(/\r?\n/)
    const columns = ['HOME_POST', 'PL_POST'].map((column) => header!.split(',').indexOf(column))
    for (const row of rows) for (const column of columns) named.add(row.split(',')[column]!)
  }
  const published = createReadStream(`${DATA}postcodes/onspd-2025-11-england.csv.gz`).pipe(createGunzip())
  const lines = createInterface({ input: published })
  const kept: string[] = []
  for await (const line of lines) {
    if (kept.length === 0 || named.has(line.slice(0, line.indexOf(',')))) kept.push(line)
  }
  const load = (kind: string, bytes: AsyncIterable<Uint8Array>) =>
    loadReference(database, { kind: kindNamed(kind), set: null, dryRun: false, loadedBy: 'test' }, bytes, {
      afterwards: followReference,
    })
  await load('postcodes', Readable.from([Buffer.from(`${kept.join('\n')}\n`)]))
  await load(
    'population',
    createReadStream(`${DATA}benchmarks/published/ons_mid-year_population_estimates_2012_to_2024.csv.gz`),
  )
}

const nameOf = ({ indicator, period, breakdown }: Observation): string =>
  `${indicator} ${period} ${JSON.stringify(breakdown)}`

/** What differs, in words; null where nothing does. A category that is left out has nobody in it. */
function difference(expected: Expected, got: Observation | undefined): string | null {
  if (!got) return expected.value === 0 || expected.denominator === 0 ? null : 'is not given'
  const close =
    expected.value === got.value ||
    (expected.unit !== 'count' &&
      expected.value !== null &&
      got.value !== null &&
      Math.abs(expected.value - got.value) <= 1e-6)
  return close &&
    expected.numerator === got.numerator &&
    expected.denominator === got.denominator &&
    expected.status === got.status
    ? null
    : `expected ${expected.value} (${expected.numerator} of ${expected.denominator}), got ${got.value} (${got.numerator} of ${got.denominator}) ${got.status ?? ''}`
}

async function loadPack(database: Database, pack: string, authority: string): Promise<void> {
  for (const year of readdirSync(`${PACKS}${pack}`).filter((name) => parseYearLabel(name))) {
    await loadFiles(database, authority, parseYearLabel(year)!, filesIn(`${PACKS}${pack}/${year}`), {
      partially: true,
    })
  }
}

/** Every figure of the pack against what the database gives. */
async function differences(database: Database, expected: readonly Expected[]): Promise<string[]> {
  const periods = [...new Set(expected.map(({ period }) => period))]
  const dimensions = [...new Set(INDICATORS.flatMap((indicator) => indicator.dimensions))] as DimensionId[]
  const observed = await observe(database, expected[0]!.authority, INDICATORS, periods, dimensions)
  const got = new Map(observed.map((observation) => [nameOf(observation), observation]))
  return expected.flatMap((observation) => {
    const differs = difference(observation, got.get(nameOf(observation)))
    return differs ? [`${nameOf(observation)}: ${differs}`] : []
  })
}

// Either may come first: what is loaded last finds the other.
describe.each([
  { pack: 'small', first: 'returns' },
  { pack: 'small', first: 'postcodes and population' },
  { pack: 'large', first: 'returns' },
])('the conformance pack $pack, its $first loaded first', ({ pack, first }) => {
  let held: TestDatabase
  beforeAll(async () => {
    held = await newDatabase()
  })
  afterAll(() => held?.drop())

  test('agrees in every figure', { timeout: 180_000 }, async ({ skip }) => {
    if (!existsSync(`${PACKS}${pack}`)) {
      console.warn(`The conformance pack ${pack} is not compared: there is no folder ${PACKS}${pack}.`)
      return skip()
    }
    const expected = await expectedOf(pack)
    const known = new Set(INDICATORS.map(({ id }) => id))
    expect(expected.map(({ indicator }) => indicator).filter((id) => !known.has(id))).toEqual([])
    const steps = [
      () => loadPack(held.database, pack, expected[0]!.authority),
      () => loadReferenceOf(held.database, pack),
    ]
    for (const step of first === 'returns' ? steps : steps.reverse()) await step()
    expect(await differences(held.database, expected)).toEqual([])
    expect(expected.length).toBeGreaterThan(1_000)
  })
})
