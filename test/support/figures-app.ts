import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../src/app.ts'
import { newComparisons } from '../../src/comparison/comparisons.ts'
import { readConfig } from '../../src/config.ts'
import { newCatalogue } from '../../src/indicators/catalogue.ts'
import { type DataVersions, newDataVersions } from '../../src/indicators/data-versions.ts'
import { newFigures } from '../../src/indicators/figures.ts'
import { glanceRoutes } from '../../src/modules/at-a-glance/at-a-glance-routes.ts'
import { cohortGlance } from '../../src/modules/cohort/cohort-glance.ts'
import { cohortIndicators } from '../../src/modules/cohort/cohort-indicators.ts'
import { countedChildrenRoutes } from '../../src/modules/indicators/counted-children-routes.ts'
import { indicatorsRoutes } from '../../src/modules/indicators/indicators-routes.ts'
import { observationsRoutes } from '../../src/modules/observations/observations-routes.ts'
import { stabilityGlance } from '../../src/modules/stability/stability-glance.ts'
import { stabilityIndicators } from '../../src/modules/stability/stability-indicators.ts'
import { findAdmin } from '../../src/platform/access/admin-key.ts'
import { newAuditTrail } from '../../src/platform/access/audit-trail.ts'
import { callerWith, type FindCaller } from '../../src/platform/access/caller.ts'
import { newMasterKey } from '../../src/platform/access/master-key.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { type IncomingFile, loadReturn } from '../../src/returns/load-return.ts'
import { readCoverage } from '../../src/returns/return-store.ts'
import { newStandings } from '../../src/rights/standing.ts'
import { csvFiles, type SyntheticOptions, syntheticReturns } from '../../src/synthetic/synthetic-council.ts'
import { AUTHORITIES, findAuthority } from '../../src/vocabulary/authority.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { firstDayOfYear, lastDayOfYear, type ReportingYear } from '../../src/vocabulary/period.ts'
import { clientOf, type TestClient } from './client.ts'

const ADMIN_KEY = 'the-admin-key-of-the-tests'
/** The token of a caller who may read the figures of one authority, and nothing else. */
export const READER_KEY = 'the-key-of-a-reader-of-the-tests'
/** The authority that the reader may see. */
export const READERS_AUTHORITY = 'E10999999'

const READER = callerWith('reader', ['observations:read'], [READERS_AUTHORITY])

/** The token of a caller who may see of every authority what is safe to publish. */
export const PUBLIC_KEY = 'the-key-of-the-public-of-the-tests'

const PUBLIC = callerWith('public', ['observations:read:public'], '*')

export const catalogue = newCatalogue(cohortIndicators, stabilityIndicators)

export interface FiguresApp {
  readonly app: FastifyInstance
  readonly client: TestClient
  readonly versions: DataVersions
  /** Statements that the database has been asked since this was last called. */
  statements(): string[]
}

/** The service with everything that gives figures, on a database of the test's own. */
export async function figuresApp(database: Database): Promise<FiguresApp> {
  const statements: string[] = []
  const watched = watching(database, statements)
  const versions = newDataVersions(
    watched,
    AUTHORITIES.map(({ code }) => code),
  )
  const figures = newFigures(watched, catalogue, versions, readCoverage, () => '2025-06-01' as Day)
  const admin = findAdmin(ADMIN_KEY)
  const callers: FindCaller = async (token) =>
    token === READER_KEY ? READER : token === PUBLIC_KEY ? PUBLIC : admin(token)
  const app = await buildApp({
    config: readConfig({ ADMIN_API_KEY: ADMIN_KEY }),
    callers,
    audit: newAuditTrail({ database, master: newMasterKey(ADMIN_KEY) }),
    ready: () => database.isReady(),
    modules: [
      indicatorsRoutes({ catalogue }),
      observationsRoutes({
        figures,
        catalogue,
        versions,
        comparisons: newComparisons({ database: watched, figures, catalogue, versions }),
      }),
      glanceRoutes({ figures, catalogue, versions, pages: [cohortGlance, stabilityGlance] }),
      countedChildrenRoutes({ figures, catalogue, standingOf: newStandings(database) }),
    ],
    logger: false,
  })
  return {
    app,
    client: await clientOf(app, { key: ADMIN_KEY }),
    versions,
    statements: () => statements.splice(0),
  }
}

function watching(database: Database, statements: string[]): Database {
  return {
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
}

export const SMALL_COUNCIL: SyntheticOptions = {
  seed: 903,
  firstYear: 2023,
  lastYear: 2025,
  childrenInCare: 120,
}

/** Loads the returns of a synthetic council for an authority. */
export async function loadCouncil(
  database: Database,
  code: string = READERS_AUTHORITY,
  options: SyntheticOptions = SMALL_COUNCIL,
  coversTo: (year: ReportingYear) => Day = lastDayOfYear,
): Promise<void> {
  for (const made of syntheticReturns(options)) {
    const { year } = made
    const request = {
      authority: findAuthority(code)!,
      year,
      coversFrom: firstDayOfYear(year),
      coversTo: coversTo(year),
      partially: true,
      dryRun: false,
      loadedBy: 'tests',
    }
    await loadReturn(database, request, filesOf(csvFiles(made)))
  }
}

async function* filesOf(files: readonly { name: string; text: string }[]): AsyncGenerator<IncomingFile> {
  for (const { name, text } of files) {
    yield { name, bytes: bytesOf(text) }
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
