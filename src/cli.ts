import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ACCESS_USAGE, accessCommand } from './cli/access-command.ts'
import { AUDIT_USAGE, audit } from './cli/audit.ts'
import { backup } from './cli/backup.ts'
import { restore } from './cli/restore.ts'
import { type ToldSeries, toldSeries } from './comparison/told-series.ts'
import { ConfigError, readConfig } from './config.ts'
import type { headlineFigures } from './indicators/headline-figures.ts'
import { adminKey } from './platform/access/admin-key.ts'
import { appendEntry, commandEntry } from './platform/access/audit-trail.ts'
import { masterKeyOf, subjectOf } from './platform/access/master-key.ts'
import { openDatabase, type Transaction } from './platform/database/database.ts'
import { openStorage } from './platform/database/storage.ts'
import { kindNamed } from './reference/kinds.ts'
import { loadReference } from './reference/load-reference.ts'
import { tableOfFile } from './reference/published-tables.ts'
import type { ReferenceFinding } from './reference/reference-findings.ts'
import { REFERENCE_KINDS } from './reference/reference-kind.ts'
import { askedCoverage } from './returns/asked-coverage.ts'
import type { FindingCount } from './returns/finding.ts'
import { bringHistoriesUpToDate, followReference } from './returns/follow-reference.ts'
import { filesOfZip, newByteCounter, oneFile } from './returns/incoming-files.ts'
import { type IncomingFile, type LoadOutcome, loadReturn } from './returns/load-return.ts'
import { readCoverage } from './returns/return-store.ts'
import { EVERY_AUTHORITY, findAuthority, nearAuthorities } from './vocabulary/authority.ts'
import { todayInEngland } from './vocabulary/day.ts'
import { Refusal } from './vocabulary/refusal.ts'

const USAGE = `Usage: npm run COMMAND -- …      (or: node src/cli.ts COMMAND …)

  start                            the service
  load AUTHORITY YEAR FILE…        loads the CSV files (or a ZIP) of one return, such as
                                   npm run load -- E08000034 2024-25 header.csv episodes.csv
       --to YYYY-MM-DD             last day that the files know about (default: the year's end, or today)
       --partial                   loads the rows that can be understood, and lists what was left out
       --dry-run                   checks, says which headline figures would move, and keeps nothing
       --all                       prints every finding, not only the first of each kind
  reference KIND FILE              loads reference data, plain or gzipped, such as
                                   npm run reference -- postcodes ONSPD_NOV_2025_UK.csv.gz
                                   kinds: ${REFERENCE_KINDS.join(', ')}
       --set 2021|2025             of neighbours: the set that the file is (default: what its columns tell)
       --dry-run                   checks, says what would change, and keeps nothing
${ACCESS_USAGE}
  migrate                          brings the database up to date
  backup FILE                      writes everything that the database holds, as of one moment, to a new file
  restore FILE                     brings it back, into a database that holds no records
  key                              prints the admin key
${AUDIT_USAGE}
  openapi [--check]                writes openapi/openapi.json, or fails where it is not what the routes say

The database is that of DATABASE_URL, or the embedded one in DATA_DIR, whether the service runs or not.`

const OPENAPI_FILE = fileURLToPath(new URL('../openapi/openapi.json', import.meta.url))

/** What a command needs alone is imported by it: the whole service takes seconds, and to print a key none of it. */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args
  switch (command) {
    case 'serve': {
      const { serve } = await import('./main.ts')
      await serve(process.env)
      return -1
    }
    case 'load':
      return load(rest)
    case 'reference':
      return reference(rest)
    case 'migrate': {
      const storage = await openStorage(readConfig(process.env))
      await bringHistoriesUpToDate(storage.database, EVERY_AUTHORITY)
      await storage.close()
      print(`up to date: ${storage.place}`)
      return 0
    }
    case 'backup':
      return backup(rest)
    case 'restore':
      return restore(rest)
    case 'key': {
      const key = await adminKey(readConfig(process.env))
      print(key.key)
      return 0
    }
    case 'audit':
      return audit(rest, { print, complain })
    case 'access':
      return accessCommand(readConfig(process.env), rest, { print, complain })
    case 'openapi':
      return openapi(rest.includes('--check'))
    default:
      print(USAGE)
      return command === undefined || command === 'help' || command === '--help' ? 0 : 2
  }
}

/* ---- load ------------------------------------------------------------------------------------------------- */

async function load(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      partial: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
  })
  const [code, year, ...paths] = positionals
  if (!code || !year || paths.length === 0) {
    complain('load needs an authority, a reporting year and at least one file')
    print(USAGE)
    return 2
  }
  const authority = findAuthority(code)
  if (!authority) {
    const near = nearAuthorities(code)
    complain(
      `"${code}" is no authority with children's services in England${near.length > 0 ? `; did you mean ${near.join(', ')}?` : ''}`,
    )
    return 2
  }
  const config = readConfig(process.env)
  const covered = askedCoverage(year, values.to, todayInEngland())
  for (const path of paths) await stat(path)
  const master = masterKeyOf(config, (await adminKey(config)).key)
  const storage = await openStorage(config)
  const dryRun = values['dry-run']
  const progress = newProgress()
  const started = performance.now()
  try {
    const outcome = await loadReturn<Awaited<ReturnType<typeof headlineFigures>>>(
      storage.database,
      {
        authority,
        ...covered,
        partially: values.partial,
        dryRun,
        loadedBy: 'command line',
        subjectOf: (code, child) => subjectOf(master, code, child),
      },
      filesAt(paths, config.uploadLimitBytes),
      {
        onProgress: progress.show,
        beforeCommit: async (transaction, { result, record, children }) => {
          const rows = Object.values(record.summary.rowsKept).reduce((sum, kept) => sum + kept, 0)
          const command = {
            authority: authority.code,
            action: 'return.load',
            words: 'load',
            user: userInfo().username,
            rows: result === 'unchanged' ? 0 : rows,
            children,
          }
          await appendEntry(transaction, commandEntry(master, command))
        },
        measure: (transaction) => headlinesOf(transaction, authority.code),
      },
    )
    progress.end()
    report(outcome, performance.now() - started)
    return 0
  } catch (fault) {
    progress.end()
    if (!(fault instanceof Refusal)) throw fault
    complain(fault.message)
    reportRefusal(fault, values.all)
    return 1
  } finally {
    await storage.close()
  }
}

async function headlinesOf(transaction: Transaction, authority: string): ReturnType<typeof headlineFigures> {
  const [{ headlineFigures }, { catalogue }] = await Promise.all([
    import('./indicators/headline-figures.ts'),
    import('./service.ts'),
  ])
  return headlineFigures(transaction, catalogue, authority, readCoverage)
}

async function* filesAt(paths: readonly string[], bytes: number): AsyncGenerator<IncomingFile> {
  for (const path of paths) {
    if (path.toLowerCase().endsWith('.zip')) yield* filesOfZip(path, { bytes }, basename(path))
    else yield oneFile(basename(path), createReadStream(path))
  }
}

/** One line that is written over while rows are read, on a terminal; nothing elsewhere. */
function newProgress() {
  const terminal = process.stderr.isTTY
  return {
    show({ file, rows }: { file: string; rows: number }) {
      if (terminal) process.stderr.write(`\r\u001b[K${file}: ${rows.toLocaleString('en-GB')} rows`)
    },
    end() {
      if (terminal) process.stderr.write('\r\u001b[K')
    },
  }
}

function report(
  outcome: LoadOutcome<Awaited<ReturnType<typeof headlineFigures>>>,
  milliseconds: number,
): void {
  const { record, result } = outcome
  const { rowsRead, rowsLeftOut, errors, warnings, findings } = record.summary
  const left = Object.values(rowsLeftOut).reduce((sum, rows) => sum + rows, 0)
  const done = {
    loaded: 'loaded',
    unchanged: 'unchanged: the same files are loaded already',
    checked: 'checked, nothing kept',
  }[result]
  print(
    `${done} (${record.coversFrom} to ${record.coversTo}): ${rowsRead.toLocaleString('en-GB')} rows read, ${left} left out, ${errors} errors, ${warnings} warnings, ${(milliseconds / 1000).toFixed(1)} s`,
  )
  if (result !== 'unchanged') printCounts(findings)
  for (const after of outcome.after ?? []) {
    const before = outcome.before?.find(
      ({ indicator, period }) => indicator === after.indicator && period === after.period,
    )
    if (before?.value === after.value) continue
    print(`would move: ${after.indicator} ${after.period}: ${shown(before?.value)} -> ${shown(after.value)}`)
  }
}

function reportRefusal(refusal: Refusal, all: boolean): void {
  const { summary } = refusal.members as { summary?: { findings: readonly FindingCount[] } }
  if (!summary) {
    for (const fault of refusal.faults) print(`  ${fault.detail}`)
    return
  }
  printCounts(summary.findings)
  if (!all) return
  for (const fault of refusal.faults)
    print(`  ${fault.pointer.replace('/files/', '').replace('/rows/', ' row ')}: ${fault.detail}`)
}

function printCounts(findings: readonly FindingCount[]): void {
  for (const { severity, rule, table, message, count } of findings) {
    print(`  ${severity.padEnd(7)} ${table ?? ''} ${rule}: ${message} (${count.toLocaleString('en-GB')})`)
  }
}

const shown = (value: number | null | undefined): string =>
  value == null ? 'not available' : String(Math.round(value * 10) / 10)

/* ---- reference -------------------------------------------------------------------------------------------- */

/** The series of a file of published figures: what each is to us, or why it is nothing to us. */
function printSeries(series: readonly ToldSeries[]): void {
  const mapped = series.filter(({ isMapped }) => isMapped)
  print(`\n${inWords(mapped.length)} of ${inWords(series.length)} series are figures of ours:`)
  for (const { series: name, category, rows, figures, reason } of mapped) {
    const ours = figures.map(({ indicator, member, breakdown }) =>
      [indicator, ...Object.entries(breakdown).map(([dimension, one]) => `${dimension} ${one}`), member].join(
        ', ',
      ),
    )
    print(
      `  ${inOneLine(name, category)} (${inWords(rows)} rows): ${ours.join('; ')}${reason ? `; ${reason}` : ''}`,
    )
  }
  if (mapped.length === series.length) return
  print(`${inWords(series.length - mapped.length)} are not:`)
  for (const { isMapped, series: name, category, rows, reason } of series)
    if (!isMapped) print(`  ${inOneLine(name, category)} (${inWords(rows)} rows): ${reason}`)
}

const inOneLine = (name: string, category: Readonly<Record<string, string>>): string =>
  [name, ...Object.values(category)].join(' / ')

async function reference(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { set: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  })
  const [word, path, ...others] = positionals
  if (!word || !path || others.length > 0 || (values.set && !['2021', '2025'].includes(values.set))) {
    complain('reference needs a kind and one file; --set takes 2021 or 2025')
    print(USAGE)
    return 2
  }
  const kind = kindNamed(word)
  const config = readConfig(process.env)
  await stat(path)
  const storage = await openStorage(config)
  const progress = newProgress()
  const started = performance.now()
  try {
    const counted = newByteCounter({ bytes: config.uploadLimitBytes })
    const { result, state, rowsRead, rowsPassedOver, rowsChanged, series } = await loadReference(
      storage.database,
      {
        kind,
        set: values.set === undefined ? null : Number(values.set),
        table: kind.name === 'comparators' ? tableOfFile(path) : null,
        dryRun: values['dry-run'],
        loadedBy: 'command line',
      },
      counted(createReadStream(path, { highWaterMark: 1024 * 1024 })),
      {
        onProgress: ({ rows }) => progress.show({ file: basename(path), rows }),
        afterwards: followReference,
      },
    )
    progress.end()
    const done = {
      loaded: 'loaded',
      unchanged: 'unchanged: the same is loaded already',
      checked: 'checked, nothing kept',
    }[result]
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    print(
      `${done} (${state.kind}, version ${state.version}): ${[
        `${inWords(rowsRead)} rows read`,
        `${inWords(rowsPassedOver)} passed over`,
        `${inWords(rowsChanged)} changed`,
        `${inWords(state.rows)} held`,
      ].join(', ')}, ${seconds} s`,
    )
    if (kind.name === 'comparators') printSeries(toldSeries(series))
    return 0
  } catch (fault) {
    progress.end()
    if (!(fault instanceof Refusal)) throw fault
    complain(fault.message)
    const { findings, findingCount } = fault.members as {
      findings?: readonly ReferenceFinding[]
      findingCount?: number
    }
    if (!findings) for (const { detail } of fault.faults) print(`  ${detail}`)
    for (const { row, column, message, allowed } of findings ?? [])
      print(
        `  ${row === null ? '' : `row ${row} `}${column ?? ''}: ${message}${allowed.length > 0 ? ` (allowed: ${allowed.join('; ')})` : ''}`,
      )
    if (findings && findingCount! > findings.length)
      print(`  and ${inWords(findingCount! - findings.length)} more`)
    return 1
  } finally {
    await storage.close()
  }
}

const inWords = (count: number): string => count.toLocaleString('en-GB')

/* ---- openapi ---------------------------------------------------------------------------------------------- */

/** The document says what the routes say; making it needs no database, since none is asked. */
async function openapi(check: boolean): Promise<number> {
  const database = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })
  const [{ buildService }, { documentOf }] = await Promise.all([
    import('./service.ts'),
    import('./platform/http/openapi.ts'),
  ])
  const app = await buildService({
    config: readConfig({}),
    database,
    callers: async () => null,
    logger: false,
  })
  const text = `${JSON.stringify(await documentOf(app), null, 2)}\n`
  await app.close()
  await database.close()
  if (!check) {
    writeFileSync(OPENAPI_FILE, text)
    return 0
  }
  if (readFileSync(OPENAPI_FILE, 'utf8') === text) return 0
  complain(
    'openapi/openapi.json is not what the routes say: run `npm run openapi` and read the diff, it is what callers will see',
  )
  return 1
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

main(process.argv.slice(2)).then(
  (code) => {
    if (code >= 0) process.exit(code)
  },
  (fault: unknown) => {
    // A message of PostgreSQL's or Drizzle's can hold a child's values: of those only the code is said.
    if (fault instanceof Refusal) {
      complain(fault.message)
      for (const { detail } of fault.faults) complain(`  ${detail}`)
    } else if (
      fault instanceof ConfigError ||
      (fault as NodeJS.ErrnoException).syscall ||
      fault instanceof TypeError
    )
      complain((fault as Error).message)
    else complain(`failed: ${(fault as { code?: string }).code ?? (fault as Error).message}`)
    process.exit(1)
  },
)
