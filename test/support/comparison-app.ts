import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../src/app.ts'
import { newComparisons } from '../../src/comparison/comparisons.ts'
import { readConfig } from '../../src/config.ts'
import { newCatalogue } from '../../src/indicators/catalogue.ts'
import { newDataVersions } from '../../src/indicators/data-versions.ts'
import { newFigures } from '../../src/indicators/figures.ts'
import { cohortIndicators } from '../../src/modules/cohort/cohort-indicators.ts'
import { observationsRoutes } from '../../src/modules/observations/observations-routes.ts'
import { referenceRoutes } from '../../src/modules/reference/reference-routes.ts'
import { scorecardRoutes } from '../../src/modules/scorecard/scorecard-routes.ts'
import { stabilityIndicators } from '../../src/modules/stability/stability-indicators.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { callerWith, type FindCaller } from '../../src/platform/access/caller.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { followReference } from '../../src/returns/follow-reference.ts'
import { readCoverage } from '../../src/returns/return-store.ts'
import type { Target } from '../../src/targets/target-store.ts'
import { AUTHORITIES } from '../../src/vocabulary/authority.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import type { ReportingYear } from '../../src/vocabulary/period.ts'
import { clientOf, type TestClient } from './client.ts'
import { load, records } from './records.ts'

const ADMIN_KEY = 'the-admin-key-of-the-tests'

/** Kirklees, and the nearest of its neighbours by the set of 2025: Sheffield, Oldham and Derby first. */
export const KIRKLEES = 'E08000034'
export const SHEFFIELD = 'E08000019'
export const NEIGHBOURS = [
  SHEFFIELD,
  'E08000008',
  'E06000044',
  'E06000015',
  'E06000026',
  'E08000005',
  'E08000002',
  'E08000036',
  'E06000052',
  'E08000037',
]

export interface ComparisonApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  /** A client of a caller who may see the figures of these authorities only. */
  as(authorities: readonly string[]): TestClient
  /** What the board aims at, as the scorecard finds it. */
  setTargets(targets: readonly Target[]): void
  /** Loads published figures through the door. */
  publish(file: string): Promise<void>
  /** Statements that the database has been asked since this was last called. */
  statements(): string[]
}

/** The service with what compares figures, on a database of the test's own. */
export async function comparisonApp(database: Database): Promise<ComparisonApp> {
  const statements: string[] = []
  const watched: Database = {
    ...database,
    read: (authorities, work) =>
      database.read(authorities, (transaction) =>
        work({
          ...transaction,
          query: (name, text, values) => {
            statements.push(name)
            return transaction.query(name, text, values)
          },
        }),
      ),
  }
  const catalogue = newCatalogue(cohortIndicators, stabilityIndicators)
  const versions = newDataVersions(
    watched,
    AUTHORITIES.map(({ code }) => code),
  )
  const figures = newFigures(watched, catalogue, versions, readCoverage, () => '2025-06-01' as Day)
  const comparisons = newComparisons({ database: watched, figures, catalogue, versions })
  const admin = findAdmin(ADMIN_KEY)
  const callers: FindCaller = async (token) =>
    token.startsWith('reads-')
      ? callerWith('reader', ['observations:read'], token.slice('reads-'.length).split('-'))
      : admin(token)
  let targets: readonly Target[] = []
  const app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: ADMIN_KEY }),
    callers,
    ready: () => database.isReady(),
    modules: [
      observationsRoutes({ figures, catalogue, versions, comparisons }),
      scorecardRoutes({
        figures,
        catalogue,
        versions,
        comparisons,
        readTargets: async (_, authority, periods) =>
          authority === KIRKLEES ? targets.filter(({ period }) => periods.includes(period)) : [],
      }),
      referenceRoutes({
        database,
        uploadLimitBytes: 1024 * 1024,
        afterwards: followReference,
        onChange: () => {
          versions.forget()
          comparisons.forget()
        },
      }),
    ],
    logger: false,
  })
  const client = await clientOf(app, { key: ADMIN_KEY, document: 'own' })
  return {
    app,
    client,
    as: (authorities) => client.as(`reads-${authorities.join('-')}`),
    setTargets(set) {
      targets = set
    },
    async publish(file) {
      const answer = await client.inject({
        method: 'PUT',
        url: '/v1/reference/comparators',
        headers: { 'content-type': 'text/csv' },
        payload: file,
      })
      if (answer.statusCode !== 200) throw new Error(answer.body)
    },
    statements: () => statements.splice(0),
  }
}

/* ---- councils of known figures --------------------------------------------------------------------------------- */

export interface KnownCouncil {
  /** Children in care since 2020, who stay. */
  readonly since2020: number
  /** Of them, by reporting year, those who have three placements in it. */
  readonly moving: Readonly<Record<ReportingYear, number>>
  /** Children who come into care in 2024-25, and stay. */
  readonly starting: number
}

/** Loads the returns of 2022-23 to 2024-25 of a council of which every figure is known. */
export async function loadKnown(database: Database, code: string, council: KnownCouncil): Promise<void> {
  const all = records()
  for (let number = 0; number < council.since2020; number++) {
    const [id, home] = [`${code.slice(-3)}C${number}`, 'H1']
    const moves = Object.entries(council.moving)
      .filter(([, movers]) => number < movers)
      .flatMap(([year]) => [`01/07/${Number(year) - 1}`, `01/10/${Number(year) - 1}`])
    const starts = ['01/05/2020', ...moves]
    for (const [index, start] of starts.entries()) {
      const end = starts[index + 1]
      const rne = index === 0 ? 'S' : 'P'
      all.episode(
        id,
        start,
        rne,
        'C2',
        'U6',
        'PR1',
        end ?? '',
        end ? 'X1' : '',
        end ? 'CARPL' : '',
        home,
        `P${index}`,
      )
    }
  }
  for (let number = 0; number < council.starting; number++)
    all.episode(`${code.slice(-3)}N${number}`, '01/05/2024', 'S', 'C2', 'U6', 'PR1', '', '', '', 'H1', 'P1')
  for (const year of [2023, 2024, 2025]) {
    const { status, findings } = (await load(database, code, all.return(year))) as unknown as {
      status?: string
      findings?: unknown
    }
    if (status === 'refused') throw new Error(JSON.stringify(findings))
  }
}

/* ---- files of published figures -------------------------------------------------------------------------------- */

const WHERE =
  'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,la_name,new_la_code'

const placeOf = (area: string): string =>
  area === 'E92000001'
    ? `National,${area},England,,,,,`
    : /^E1[23]/.test(area)
      ? `Regional,E92000001,England,${area},,,,`
      : `Local authority,E92000001,England,,,,,${area}`

/** Children with three or more placements, as the DfE publishes them: percent, and how many of how many. */
export const stabilityFile = (
  rows: readonly (readonly [
    area: string,
    year: number,
    percent: number | string,
    movers: number | string,
    of: number | string,
  ])[],
): string =>
  [
    `${WHERE},cla_group,placement_stability,children_count,children_percent`,
    ...rows.flatMap(([area, year, percent, movers, of]) => [
      `${year},Reporting year,${placeOf(area)},CLA on 31 March,With 3 or more placements during the year,${movers},${percent}`,
      `${year},Reporting year,${placeOf(area)},CLA on 31 March,Total children,${of},100`,
    ]),
    '',
  ].join('\n')

/** Children looked after on 31 March, as the DfE publishes them. */
export const numbersFile = (
  rows: readonly (readonly [area: string, year: number, children: number | string])[],
): string =>
  [
    `${WHERE},population_type,population_estimate,children_count,rate_per_10000`,
    ...rows.map(
      ([area, year, children]) =>
        `${year},Reporting year,${placeOf(area)},Children looked after on 31 March each year,x,${children},x`,
    ),
    '',
  ].join('\n')
