import type { Day } from '../../vocabulary/day.ts'
import type { ReturnedEpisode, ReturnedRows } from './returned-rows.ts'

/** A returned episode of a child whose date of birth is known. */
export interface JoinedEpisode extends ReturnedEpisode {
  readonly born: Day
  readonly uasc: boolean
}

/**
 * Gives each episode its child's date of birth, from the latest year's header; of two of the same year the first
 * counts. Without one no age is known, so the child's episodes are left out.
 */
export function joinChildren({ episodes, children, uasc }: ReturnedRows): JoinedEpisode[] {
  const latest = new Map<string, { readonly year: number; readonly born: Day | null }>()
  for (const { child, year, born } of children) {
    const known = latest.get(child)
    if (known === undefined || year > known.year) latest.set(child, { year, born })
  }
  const unaccompanied = new Set(uasc)
  return episodes.flatMap((episode) => {
    const born = latest.get(episode.child)?.born ?? null
    return born === null ? [] : [{ ...episode, born, uasc: unaccompanied.has(episode.child) }]
  })
}

/**
 * One line of episodes for each child out of several years' returns, which repeat and contradict each other: by child
 * and start, no two on the same day, none reaching over the start of the next, none open but the last.
 */
export function cleanEpisodes(joined: readonly JoinedEpisode[]): JoinedEpisode[] {
  const sorted = [...joined].sort(byChildStartAndEnd)
  // Of rows with one start the last in order: an end beats none, and the latest end beats an earlier one.
  const starts = sorted.filter(
    (row, index) => sorted[index + 1]?.child !== row.child || sorted[index + 1]?.decom !== row.decom,
  )
  // Of rows with one end the first, which is the longest; of two open ones too.
  const ends = new Set<string>()
  const once = starts.filter(({ child, dec }) => {
    const key = `${dec ?? 'open'} ${child}`
    return !ends.has(key) && ends.add(key)
  })
  return once.map((row, index) => {
    const next = once[index + 1]
    if (next === undefined || next.child !== row.child) return row
    return row.dec === null || row.dec > next.decom ? { ...row, dec: next.decom } : row
  })
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Open ends come first. Sorting is stable: what is equal keeps the order in which it was returned. */
const byChildStartAndEnd = (a: JoinedEpisode, b: JoinedEpisode): number =>
  order(a.child, b.child) || order(a.decom, b.decom) || order(a.dec ?? '', b.dec ?? '')

/** Reasons for a new episode without a new placement: a new legal status, a new kind of placement with the carer, both. */
const SAME_PLACEMENT = new Set(['L', 'T', 'U'])

/**
 * Merges episodes that only continue a placement into the one before them, which then ends as the last of them does.
 * The first of a child stays, and so does one that begins after a gap.
 */
export function mergeContinued(cleaned: readonly JoinedEpisode[]): JoinedEpisode[] {
  const kept: JoinedEpisode[] = []
  for (const [index, row] of cleaned.entries()) {
    const before = cleaned[index - 1]
    if (before?.child === row.child && before.dec === row.decom && SAME_PLACEMENT.has(row.rne)) {
      const { dec, rec, reasonPlaceChange } = row
      kept.push({ ...kept.pop()!, dec, rec, reasonPlaceChange })
    } else kept.push(row)
  }
  return kept
}
