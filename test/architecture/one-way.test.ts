import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * Data goes one way, and so do imports: what stands lower knows nothing of what stands higher. A room may always
 * import from itself. A new folder under src must be given its place here before anything in it passes.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  vocabulary: [],
  statistics: ['vocabulary'],
  synthetic: ['vocabulary'],
  'platform/database': ['vocabulary'],
  // The database only for idempotency keys, which are kept in the transaction of the change.
  'platform/http': ['vocabulary', 'platform/database'],
  'platform/access': ['vocabulary', 'platform/http', 'platform/database'],
  'platform/watch': ['vocabulary', 'platform/http', 'platform/access', 'platform/database'],
  'platform/threads': [],
  // Work that outlives a request; it knows nothing of what the work is.
  'platform/jobs': ['platform/database'],
  // What happened, kept in the transaction in which it did.
  events: ['platform/database', 'vocabulary'],
  // Telling others of it.
  webhooks: ['events', 'platform/access', 'platform/database', 'platform/jobs', 'vocabulary'],
  // Its files are read by the reader that the returns have.
  reference: ['returns', 'vocabulary', 'platform/database'],
  returns: ['events', 'vocabulary', 'platform/database'],
  records: ['returns', 'vocabulary', 'platform/database'],
  // What people may ask for under the UK GDPR: it reads and changes what returns and records hold.
  rights: ['records', 'returns', 'platform/database', 'vocabulary'],
  // How records of homes and households are read on a day, for figures and forecasts alike.
  supply: [],
  indicators: ['supply', 'statistics', 'platform/threads', 'platform/database', 'vocabulary'],
  // What others publish, as figures of ours.
  comparison: ['indicators', 'reference', 'statistics', 'platform/database', 'vocabulary'],
  targets: ['indicators', 'platform/database', 'vocabulary'],
  // Reads the merged history and knows nothing of figures.
  forecast: ['events', 'supply', 'statistics', 'platform/threads', 'platform/database', 'vocabulary'],
  publications: [
    'events',
    'targets',
    'indicators',
    'returns',
    'statistics',
    'platform/database',
    'vocabulary',
  ],
  modules: [
    'events',
    'webhooks',
    'rights',
    'forecast',
    'publications',
    'targets',
    'comparison',
    'indicators',
    'records',
    'returns',
    'reference',
    'statistics',
    'platform/http',
    'platform/access',
    'platform/database',
    'vocabulary',
  ],
  demo: ['synthetic', 'returns', 'platform/database', 'vocabulary'],
  config: [],
  'daily-jobs': [
    'rights',
    'events',
    'returns',
    'platform/access',
    'platform/database',
    'platform/jobs',
    'vocabulary',
  ],
  service: [
    'daily-jobs',
    'app',
    'modules',
    'events',
    'webhooks',
    'rights',
    'platform/jobs',
    'forecast',
    'comparison',
    'targets',
    'indicators',
    'returns',
    'reference',
    'platform/http',
    'platform/access',
    'platform/watch',
    'platform/database',
    'vocabulary',
    'config',
  ],
  app: [
    'modules',
    'indicators',
    'returns',
    'reference',
    'statistics',
    'platform/http',
    'platform/access',
    'platform/watch',
    'platform/database',
    'vocabulary',
    'config',
  ],
}

/** Free to put everything together: the process and the command line. */
const DOORS = ['main', 'cli']

/** What only some may import from outside, and who. */
const RESERVED: readonly { readonly packages: RegExp; readonly where: RegExp }[] = [
  {
    packages: /^(?:fastify|fastify-plugin|@fastify\/.+)$/,
    where: /^(?:(?:app|service)\.ts|platform\/(?:http|access|watch)\/.+|modules\/[^/]+\/[^/]+-routes\.ts)$/,
  },
  {
    packages: /^(?:pg|pg-copy-streams|drizzle-orm)(?:\/.+)?$/,
    where: /^(?:platform\/database\/.+|returns\/.+|reference\/.+|records\/.+|indicators\/.+|.+-queries\.ts)$/,
  },
]

interface Import {
  readonly from: string
  readonly typeOnly: boolean
}

const SRC = fileURLToPath(new URL('../../src', import.meta.url))
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'))

/** `platform/http/csv.ts` stands in `platform/http`; `modules/cohort/…` in `modules`; `main.ts` in `main`. */
function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  if (!file.includes('/')) return first.replace(/\.ts$/, '')
  return first === 'platform' ? `platform/${second}` : first
}

const STATEMENT = /^[ \t]*(?:import|export)\b(?<clause>[^;'"`]*?)\bfrom\s*['"](?<from>[^'"]+)['"]/gm
const BARE_OR_DYNAMIC = /\bimport\s*\(?\s*['"](?<from>[^'"]+)['"]/g

function importsOf(source: string): Import[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^[ \t]*\/\/.*$/gm, '')
  return [
    ...[...code.matchAll(STATEMENT)].map(({ groups }) => ({
      from: groups!.from!,
      typeOnly: /^\s*type\b/.test(groups!.clause!),
    })),
    ...[...code.matchAll(BARE_OR_DYNAMIC)].map(({ groups }) => ({ from: groups!.from!, typeOnly: false })),
  ]
}

function faultsOf(file: string, source: string): string[] {
  const room = roomOf(file)
  const isDoor = DOORS.includes(room)
  const allowed = MAY_IMPORT[room]
  if (!isDoor && allowed === undefined)
    return [`src/${file}: "${room}" has no place in MAY_IMPORT (${relativeHere()}); give it one`]
  const faults: string[] = []

  for (const { from, typeOnly } of importsOf(source)) {
    if (!from.startsWith('.')) {
      const reserved = RESERVED.find(({ packages }) => packages.test(from))
      if (!isDoor && reserved && !reserved.where.test(file)) faults.push(`src/${file} may not import ${from}`)
      continue
    }
    const target = relative(SRC, resolve(SRC, dirname(file), from))
      .split(sep)
      .join('/')
    if (target.startsWith('..')) {
      if (target !== '../package.json') faults.push(`src/${file} imports ${from}, which is outside src`)
      continue
    }
    const targetRoom = roomOf(target)
    const sideways = room === 'modules' && targetRoom === 'modules' && moduleOf(file) !== moduleOf(target)
    // The shape of the configuration, not the reading of it.
    const configType = room === 'platform/access' && targetRoom === 'config' && typeOnly
    if (sideways) faults.push(`src/${file} imports ${target}: a module never imports a module`)
    else if (!isDoor && targetRoom !== room && !configType && !allowed!.includes(targetRoom))
      faults.push(
        `src/${file} imports ${target}: ${room} may import ${allowed!.join(', ') || 'nothing of ours'}`,
      )
  }

  if (/\bprocess\s*\.\s*env\b/.test(source) && !['main', 'cli', 'config'].includes(room))
    faults.push(`src/${file} reads process.env: the configuration is read once, at the door`)
  return faults
}

const moduleOf = (file: string): string => file.split('/')[1]!
const relativeHere = (): string => join('test', 'architecture', 'one-way.test.ts')

test('imports under src go one way', () => {
  expect(files.length).toBeGreaterThan(10)
  expect(files.flatMap((file) => faultsOf(file, readFileSync(join(SRC, file), 'utf8')))).toEqual([])
})

test.each([
  ['vocabulary/day.ts', `import { x } from '../statistics/rounding.ts'`, 'nothing of ours'],
  [
    'modules/cohort/cohort-routes.ts',
    `import { x } from '../stability/stability-schemas.ts'`,
    'never imports a module',
  ],
  [
    'modules/cohort/cohort-schemas.ts',
    `import type { FastifyRequest } from 'fastify'`,
    'may not import fastify',
  ],
  ['modules/cohort/cohort-routes.ts', `import { sql } from 'drizzle-orm'`, 'may not import drizzle-orm'],
  ['platform/http/csv.ts', `import {\n  a,\n  b,\n} from '../access/access.ts'`, 'platform/http may import'],
  ['platform/http/csv.ts', `export * from '../../config.ts'`, 'platform/http may import'],
  ['platform/access/access.ts', `import { readConfig } from '../../config.ts'`, 'platform/access may import'],
  ['indicators/compute.ts', `const later = await import('../returns/load.ts')`, 'indicators may import'],
  ['indicators/compute.ts', `const host = process.env.HOST`, 'reads process.env'],
  ['utils/strings.ts', ``, 'has no place'],
  ['platform/queue/queue.ts', ``, 'has no place'],
])('refuses in %s: %s', (file, source, fault) => {
  expect(faultsOf(file, source).join()).toContain(fault)
})

test.each([
  ['platform/access/admin-key.ts', `import type { Config } from '../../config.ts'`],
  [
    'modules/cohort/cohort-routes.ts',
    `import { x } from './cohort-queries.ts'\nimport Fastify from 'fastify'`,
  ],
  ['modules/cohort/cohort-queries.ts', `import { sql } from 'drizzle-orm'`],
  ['main.ts', `import { buildApp } from './app.ts'\nreadConfig(process.env)`],
  ['vocabulary/day.ts', `// import { x } from '../statistics/rounding.ts'`],
])('lets through in %s: %s', (file, source) => {
  expect(faultsOf(file, source)).toEqual([])
})
