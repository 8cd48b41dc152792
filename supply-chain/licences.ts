import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Lists what the service is made of, with versions and licences, from the lock file: what `npm ci` installs and nothing
 * else. `node supply-chain/licences.ts` writes docs/dependencies.md; `--check` fails where it is not what the lock file
 * says, or where a licence is none of those that a council may take without asking its lawyers.
 */
const LOCK = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const LIST = fileURLToPath(new URL('../docs/dependencies.md', import.meta.url))

/** Permissive licences; MPL-2.0 binds changes to its own files only, and we change none. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
])

/** Packages that name their licence in an older form, which the lock file does not take over; read in their LICENSE files. */
const STATED_IN_FILES: Readonly<Record<string, string>> = {
  buildcheck: 'MIT',
  'cpu-features': 'MIT',
  ssh2: 'MIT',
}

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

interface Dependency {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly runs: boolean
}

export function dependenciesOf(lock: { readonly packages: Readonly<Record<string, Locked>> }): Dependency[] {
  const found = new Map<string, Dependency>()
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (path === '') continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const version = locked.version ?? '?'
    const key = `${name} ${version}`
    const runs = !(locked.dev || locked.devOptional) || found.get(key)?.runs === true
    found.set(key, { name, version, licence: locked.license ?? STATED_IN_FILES[name] ?? 'not stated', runs })
  }
  return [...found.values()].sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
}

/** Every licence of an expression must be allowed where all hold, one where the taker chooses. */
export const isAllowed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(/ AND /i)
    .every((part) => part.split(/ OR /i).some((one) => ALLOWED.has(one.trim())))

function listOf(dependencies: readonly Dependency[]): string {
  const table = (rows: readonly Dependency[]) =>
    ['| package | version | licence |', '|---|---|---|']
      .concat(rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`))
      .join('\n')
  const running = dependencies.filter(({ runs }) => runs)
  const others = dependencies.filter(({ runs }) => !runs)
  return `# What the service is made of

Written by \`npm run licences\` from package-lock.json, and held against it by the tests. \`npm run sbom\` writes the same
as a CycloneDX document. Packages for other platforms than yours are listed with those that \`npm ci\` installs.

## What runs (${running.length})

${table(running)}

## What builds and tests it (${others.length})

${table(others)}
`
}

export function checkLicences(): { readonly text: string; readonly faults: string[] } {
  const dependencies = dependenciesOf(JSON.parse(readFileSync(LOCK, 'utf8')))
  const faults = dependencies
    .filter(({ licence }) => !isAllowed(licence))
    .map(({ name, version, licence }) => `${name} ${version}: ${licence}`)
  return { text: listOf(dependencies), faults }
}

if (import.meta.main) {
  const { text, faults } = checkLicences()
  for (const fault of faults) process.stderr.write(`licence not allowed: ${fault}\n`)
  const isCheck = process.argv.includes('--check')
  if (!isCheck) writeFileSync(LIST, text)
  const isStale = isCheck && readFileSync(LIST, 'utf8') !== text
  if (isStale)
    process.stderr.write('docs/dependencies.md is not what package-lock.json says: npm run licences\n')
  process.exit(faults.length > 0 || isStale ? 1 : 0)
}
