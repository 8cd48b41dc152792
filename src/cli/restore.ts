import { resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { restoreBackup } from '../platform/database/restore.ts'
import { openForOperator } from '../platform/database/storage.ts'

/** `restore FILE`: into a database that holds no records, all or nothing. */
export async function restore(args: readonly string[]): Promise<number> {
  const [file, ...others] = args
  if (!file || others.length > 0) {
    process.stderr.write(
      'restore needs one file that backup wrote, such as npm run restore -- care-2025-06-01.zip\n',
    )
    return 2
  }
  const database = await openForOperator(readConfig(process.env))
  try {
    const { tables, takenAt } = await restoreBackup(database.url, resolve(file))
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    process.stdout.write(
      `restored: ${rows.toLocaleString('en-GB')} rows of ${tables.length} tables into ${database.place}, as of ${takenAt}\n`,
    )
    return 0
  } finally {
    await database.close()
  }
}
