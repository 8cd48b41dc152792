import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { adminKey } from '../platform/access/admin-key.ts'
import { masterKeyOf, subjectOf } from '../platform/access/master-key.ts'
import { openStorage } from '../platform/database/storage.ts'
import { eraseExpired } from '../rights/retention.ts'
import { EVERY_AUTHORITY } from '../vocabulary/authority.ts'
import { todayInEngland } from '../vocabulary/day.ts'

/**
 * `npm run retention -- [--dry-run]`: erases the children whose time to be kept is over, by RETENTION_AGE. Prints counts
 * by authority and never who it was.
 */
async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { 'dry-run': { type: 'boolean', default: false } },
  })
  const config = readConfig(process.env)
  if (config.retentionAge === null) {
    process.stdout.write(
      'nothing to do: RETENTION_AGE is not set. The law keeps looked-after children’s records to the 75th birthday.\n',
    )
    return 0
  }
  const dryRun = values['dry-run']
  const master = masterKeyOf(config, (await adminKey(config)).key)
  const storage = await openStorage(config)
  try {
    const expired = await eraseExpired(storage.database, {
      authorities: EVERY_AUTHORITY,
      age: config.retentionAge,
      today: todayInEngland(),
      subjectOf: (authority, child) => subjectOf(master, authority, child),
      dryRun,
      by: 'command line',
    })
    for (const { authority, children } of expired)
      process.stdout.write(`${authority}: ${children} ${dryRun ? 'would be erased' : 'erased'}\n`)
    const all = expired.reduce((sum, { children }) => sum + children, 0)
    process.stdout.write(
      `${all} ${all === 1 ? 'child' : 'children'} past the ${config.retentionAge}th birthday${dryRun ? '; nothing was changed' : ''}\n`,
    )
    return 0
  } finally {
    await storage.close()
  }
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2))
