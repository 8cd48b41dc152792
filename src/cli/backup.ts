import { resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { writeBackup } from '../platform/database/backup.ts'
import { openForOperator } from '../platform/database/storage.ts'

/** `backup FILE`: beside a running service or without one; readers and writers do not notice. */
export async function backup(args: readonly string[]): Promise<number> {
  const [file, ...others] = args
  if (!file || others.length > 0) {
    process.stderr.write('backup needs one file to write, such as npm run backup -- care-2025-06-01.zip\n')
    return 2
  }
  const database = await openForOperator(readConfig(process.env))
  try {
    const { tables, takenAt } = await writeBackup(database.url, resolve(file))
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    process.stdout.write(
      `written: ${file}, ${rows.toLocaleString('en-GB')} rows of ${tables.length} tables of ${database.place}, as of ${takenAt}\n`,
    )
    return 0
  } finally {
    await database.close()
  }
}
