import { type AdditiveCounts, relationsOfCounts } from './additive-counts.ts'
import { newPossibleValues } from './possible-values.ts'

/** What is withheld for its own sake, and how much somebody must be left in doubt about it. */
export interface DisclosureRule {
  /** Counts from one to this many are withheld. */
  readonly threshold: number
  /** So many values of a withheld count must remain possible. */
  readonly width: number
}

/** What is decided already, and what should rather be shown. */
export interface Wishes {
  /** How much is lost where a count is withheld: 1 unless said. */
  readonly worth?: readonly number[]
  /** Withheld in any case. */
  readonly withheld?: Uint8Array
  /** Shown in any case. */
  readonly shown?: Uint8Array
  /** What is better not published at all, since this count can't be protected otherwise: the table that it is in. */
  readonly leaveOut?: (count: number) => readonly number[]
}

export interface WithheldCounts {
  /** 1 where the count is withheld, for its own sake or for another's. */
  readonly withheld: Uint8Array
  /** 1 where it is withheld for its own sake. */
  readonly primary: Uint8Array
  /** 1 where the count is not published at all. */
  readonly gone: Uint8Array
}

/** How much a search may withhold more: as little as possible is tried first. */
const ALLOWANCES = [0, 1, 2, 3, 4, 6, 9, 14, 25, 50]
/** From this worth on a count is withheld last of all. */
const DEAR = 6
/** And where what can't be protected is left out instead. */
const FEW_ALLOWANCES = [0, 1, 2, 4, 8, 13]

/**
 * Which counts must be withheld so that nobody can work a small one out, by subtraction either.
 *
 * For its own sake: a count from one to the threshold; and the smallest part of a sum of which so few are left over,
 * for subtraction would tell them. For another's sake: what it takes until so many values of every withheld count
 * remain possible that nothing is learned of it; the fewest and smallest that were found. A zero is always shown.
 */
export function withholdCounts(
  counts: AdditiveCounts,
  { threshold, width }: DisclosureRule,
  wishes: Wishes = {},
): WithheldCounts {
  const { values, relations, unpublished } = counts
  const isSmall = (value: number): boolean => value >= 1 && value <= threshold
  const worthOf = (count: number): number => wishes.worth?.[count] ?? 1
  const isUnpublished = (count: number): boolean => unpublished?.[count] === 1
  const mustShow = wishes.shown?.slice() ?? new Uint8Array(values.length)
  const withheld = Uint8Array.from(values, (value, count) =>
    Number(
      isUnpublished(count) || (mustShow[count] === 0 && (isSmall(value) || wishes.withheld?.[count] === 1)),
    ),
  )
  const primary = Uint8Array.from(values, (value, count) =>
    Number(!isUnpublished(count) && mustShow[count] === 0 && isSmall(value)),
  )

  const gone = new Uint8Array(values.length)

  // What is left over of a sum is told by all the rest of it.
  for (const { whole, parts, rest } of relations) {
    if (!isSmall(rest ?? 0) || withheld[whole] || parts.some((part) => withheld[part])) continue
    const [smallest] = parts
      .filter((part) => values[part]! > 0)
      .sort((one, other) => values[one]! - values[other]!)
    const chosen = smallest ?? whole
    withheld[chosen] = 1
    primary[chosen] = 1
  }

  const possible = newPossibleValues(counts, withheld, { width, worth: wishes.worth, mustShow })
  const relationsOf = relationsOfCounts(counts)

  function widenForLeast(
    count: number,
    allowances: readonly number[],
    patiently = false,
  ): readonly number[] | null {
    for (const allowance of allowances) {
      const added = possible.widen(count, allowance, patiently)
      if (added !== null) return added
    }
    return null
  }

  /** The first way that is found is seldom the best: what is worth most is shown again wherever there is one without it. */
  function withoutSpare(
    count: number,
    added: readonly number[],
    before: ReturnType<typeof possible.known>,
  ): number[] {
    let needed = [...added].sort((a, b) => worthOf(b) - worthOf(a) || values[b]! - values[a]!)
    for (const other of [...needed]) {
      const found = possible.known()
      withheld[other] = 0
      possible.comeBackTo(before)
      if (possible.widen(count, 0) !== null) needed = needed.filter((one) => one !== other)
      else {
        withheld[other] = 1
        possible.comeBackTo(found)
      }
    }
    return needed
  }

  /** The last resort: all that stands in a sum with it, then all that stands in one with that, until it is enough. */
  function withholdAround(count: number): number[] {
    const added: number[] = []
    const reached = new Set([count])
    for (let ring = [count]; ring.length > 0; ) {
      const next = new Set<number>()
      for (const index of ring.flatMap((one) => relationsOf[one]!)) {
        const { whole, parts } = relations[index]!
        for (const other of [whole, ...parts]) if (!reached.has(other)) next.add(other)
      }
      ring = [...next]
      for (const other of ring) {
        reached.add(other)
        if (withheld[other] || values[other] === 0) continue
        withheld[other] = 1
        added.push(other)
      }
      if (possible.widen(count, 0, true) === null) continue
      // What no example needed to be otherwise may be shown after all.
      const spare = added.filter((other) => possible.widthOf(other) === 1)
      for (const other of spare) withheld[other] = 0
      return added.filter((other) => withheld[other])
    }
    // With nothing left to add it up from, one more child who is like another is always possible.
    return added
  }

  /** What should be shown gives way where nothing else does: no wish goes before what protects a child. */
  function withholdWhateverItTakes(count: number): readonly number[] {
    const wished = mustShow.slice()
    let added: readonly number[] | null = null
    // What is worth little first, and only then what is worth most.
    for (const most of [DEAR, Number.POSITIVE_INFINITY]) {
      for (const other of mustShow.keys()) if (worthOf(other) < most) mustShow[other] = 0
      added = widenForLeast(count, ALLOWANCES, most !== DEAR)
      if (added !== null) break
    }
    added ??= withholdAround(count)
    for (const [other, is] of wished.entries()) if (!withheld[other]) mustShow[other] = is
    return added
  }

  const waiting = inOrder(counts, withheld, relationsOf).filter((count) => !isUnpublished(count))
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (gone[next] || possible.widthOf(next) >= width) continue
    const before = possible.known()
    let added = widenForLeast(next, wishes.leaveOut ? FEW_ALLOWANCES : ALLOWANCES)
    if (added !== null && added.length > 1) added = withoutSpare(next, added, before)
    const leftOut = added === null ? (wishes.leaveOut?.(next) ?? []).filter((count) => !gone[count]) : []
    for (const count of leftOut) {
      gone[count] = 1
      withheld[count] = 1
      possible.isGone(count)
    }
    if (leftOut.length > 0) waiting.unshift(next)
    // What is withheld for another's sake needs protection too.
    else waiting.push(...(added ?? withholdWhateverItTakes(next)))
  }
  return { withheld, primary, gone }
}

/** Those in the most sums last: what protects a margin often protects the cells below it. */
function inOrder(
  counts: AdditiveCounts,
  withheld: Uint8Array,
  relationsOf: readonly (readonly number[])[],
): number[] {
  const places = [...withheld.keys()].filter((count) => withheld[count])
  return places.sort(
    (a, b) => relationsOf[a]!.length - relationsOf[b]!.length || counts.values[a]! - counts.values[b]!,
  )
}
