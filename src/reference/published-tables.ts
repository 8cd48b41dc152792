import type { Transaction } from '../platform/database/database.ts'

/** The member of a stored category that says of which table it is, where its words alone would not. */
export const PUBLISHED_TABLE = 'published_table'

/**
 * Tables that say the same words of other children: `Age group, 10 to 15 years` is of those looked after on 31 March in
 * one and of those who started in another, under the same columns. What tells them apart stands elsewhere in the file,
 * so it is written to each row when the file is loaded; else the second would overwrite the first.
 */
const TELLING: readonly (readonly [table: string, words: readonly string[]])[] = [
  ['la_children_who_ceased_during_year', ['reason episode ceased', 'reason ceased', 'age on ceasing']],
  [
    'la_cla_who_started_to_be_looked_after',
    ['taken into care', 'all children taken into care', 'age on starting'],
  ],
  [
    'la_cla_on_31_march_by_characteristics',
    [
      'motherhood status',
      'placement',
      'place providers',
      'locality of placement',
      'distance between home and placement',
      'distance between home and placement and locality of placement',
      'age on 31 march',
    ],
  ],
  ['la_cla_swcount', ['3 or more social workers during the year']],
]

/** The tables that a caller can name for a file whose words don't tell. */
export const TOLD_TABLES: readonly string[] = TELLING.map(([table]) => table)

/** Names of columns that any table could have; one with a name of its own can't be taken for another. */
const ANY_TABLES_COLUMN =
  /^(?:cla_)?(?:group|characteristic|breakdown|category|measure|topic|variable)(?:_(?:group|type|\d+))?$/

/** The table that a file's name is of: `la_cla_who_started_to_be_looked_after_2024.csv.gz`. */
export function tableOfFile(name: string): string | null {
  const plain = name
    .toLowerCase()
    .replace(/^.*[\\/]/, '')
    .replace(/\..*$/, '')
  return TOLD_TABLES.find((table) => plain.startsWith(table)) ?? null
}

/** Writes to the rows of `incoming` which table they are of, where their words and columns don't tell it. */
export async function tellTable(transaction: Transaction, named: string | null): Promise<void> {
  const rows = await transaction.query<{ name: string; words: string[] }>(
    'reference.comparators.words',
    `select category.name, array_agg(distinct lower(trim(category.word))) as words
       from (select distinct incoming.category from incoming
              where incoming.layout = 'explore-education-statistics') as told
      cross join lateral jsonb_each_text(told.category) as category (name, word)
      group by category.name`,
  )
  if (rows.length === 0 || !rows.every(({ name }) => ANY_TABLES_COLUMN.test(name))) return
  const words = new Set(rows.flatMap((row) => row.words))
  const table = named ?? tableTold(words)
  if (table === null) return
  await transaction.query(
    'reference.comparators.table',
    'update incoming set category = incoming.category || jsonb_build_object($1::text, $2::text)',
    [PUBLISHED_TABLE, table],
  )
}

function tableTold(words: ReadonlySet<string>): string | null {
  const told = TELLING.find(([, telling]) => telling.some((word) => words.has(word)))
  if (told) return told[0]
  // Without any of these words, its totals tell: only of those on 31 March are they called so beside the ages.
  const ofCharacteristics = words.has('age group') || words.has('gender') || words.has('sex')
  return ofCharacteristics && words.has('total children') ? 'la_cla_on_31_march_by_characteristics' : null
}
