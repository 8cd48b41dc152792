import type { Database, Transaction } from '../platform/database/database.ts'

/** What comparisons are made from at a moment: which published figures, and who is whose neighbour. */
export interface ComparisonBasis {
  /** Names all of it: part of the validator of every answer with comparisons. */
  readonly text: string
  /** Version of the published figures; null where none were loaded. */
  readonly comparators: string | null
  /** Year of the set of statistical neighbours: the latest there is. */
  readonly setYear: number | null
  /** The ten neighbours of an authority, the nearest first; none of one that the set does not have. */
  neighboursOf(authority: string): readonly string[]
}

/** Knows what comparisons are made from, asked of the database at most so often: requests that come together share one question. */
export interface ComparisonBases {
  now(): Promise<ComparisonBasis>
  /** As a transaction sees it. */
  seenBy(transaction: Transaction): Promise<ComparisonBasis>
  /** To be called after reference data changed in this process. */
  forget(): void
}

const TRUSTED_FOR_MS = 50
const SETS = /^neighbours-(\d{4})$/

export function newComparisonBases(database: Database): ComparisonBases {
  let asked: { readonly at: number; readonly basis: Promise<ComparisonBasis> } | null = null
  let latest: ComparisonBasis | null = null

  async function seenBy(transaction: Transaction): Promise<ComparisonBasis> {
    const states = await transaction.query<{ kind: string; version: string; rows: number }>(
      'comparison.versions',
      `select s.kind, s.version, s.rows
         from care.reference_state s
        where s.kind = 'comparators' or s.kind like 'neighbours-%'
        order by s.kind`,
    )
    const held = states.filter(({ rows }) => rows > 0)
    const text = held.map(({ kind, version }) => `${kind} ${version}`).join(', ')
    if (latest?.text === text) return latest
    const years = held.flatMap(({ kind }) => SETS.exec(kind)?.[1] ?? []).map(Number)
    const setYear = years.length === 0 ? null : Math.max(...years)
    const neighbours = setYear === null ? new Map() : await readNeighbours(transaction, setYear)
    const basis: ComparisonBasis = {
      text,
      comparators: held.find(({ kind }) => kind === 'comparators')?.version ?? null,
      setYear,
      neighboursOf: (authority) => neighbours.get(authority) ?? [],
    }
    latest = basis
    return basis
  }

  return {
    seenBy,
    async now() {
      const at = performance.now()
      if (!asked || at - asked.at > TRUSTED_FOR_MS) {
        const question = { at, basis: database.read([], seenBy) }
        asked = question
        question.basis.catch(() => {
          if (asked === question) asked = null
        })
      }
      return asked.basis
    },
    forget() {
      asked = null
    },
  }
}

async function readNeighbours(
  transaction: Transaction,
  setYear: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await transaction.query<{ authority: string; neighbours: string[] }>(
    'comparison.neighbours',
    `select n.authority, array_agg(n.neighbour order by n.rank) as neighbours
       from care.statistical_neighbour n
      where n.set_year = $1
      group by n.authority`,
    [setYear],
  )
  return new Map(rows.map(({ authority, neighbours }) => [authority, neighbours]))
}
