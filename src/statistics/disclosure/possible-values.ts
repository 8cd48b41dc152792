import { type AdditiveCounts, relationsOfCounts } from './additive-counts.ts'

/**
 * What somebody who sees the counts that are shown, and knows how they add up, must still think possible of those
 * that are withheld. Proven by example: other counts, whole and not negative, that agree with everything shown.
 */
export interface PossibleValues {
  /**
   * Looks for other values of a withheld count until enough are known to be possible, withholding more counts to that
   * end, of which no more may be lost than `allowance`. What was withheld on the way is added to the list it gives; null where
   * too few values were found.
   */
  widen(count: number, allowance: number, patiently?: boolean): readonly number[] | null
  /** How many values in a row are known to be possible. */
  widthOf(count: number): number
  /** Says that a count is not published at all, so that not even that it is no zero is known. */
  isGone(count: number): void
  /** What is known so far, to come back to. */
  known(): Known
  comeBackTo(known: Known): void
}

/** The lowest and the highest value of each count that an example was found for. */
interface Known {
  readonly lowest: Int32Array
  readonly highest: Int32Array
}

/** Steps of one try, after which it is given up, and tries of a search: another order often finds at once what one does not. */
const MOST_STEPS = 60
const TRIES = 4
/** So many times as many of both where much is at stake. */
const PATIENCE = 2

/** One more or one less of a count. */
interface Step {
  readonly count: number
  readonly by: number
  /** It would have to be withheld. */
  readonly isShown: boolean
}

interface Search {
  steps: number
  allowance: number
  /** How far the order of the steps is left to chance: not at all at first. */
  whim: number
  readonly mostSteps: number
  readonly tries: number
}

export interface Protection {
  /** So many values of a withheld count must be possible. */
  readonly width: number
  /** How much is lost where a count is withheld: 1 unless said. */
  readonly worth?: readonly number[] | undefined
  /** 1 where a count is never withheld. */
  readonly mustShow: Uint8Array
}

/**
 * The examples are found by moving children about: one more here means one less there, in every sum that the count
 * is part of, until all that is shown adds up again. Such a circuit may be gone round as often as no count on it falls
 * to nothing: that a count which is withheld is not zero is known, for a zero is shown.
 */
export function newPossibleValues(
  counts: AdditiveCounts,
  withheld: Uint8Array,
  { width, worth, mustShow }: Protection,
): PossibleValues {
  const { values, relations, unpublished } = counts
  const relationsOf = relationsOfCounts(counts)
  const worthOf = (count: number): number => worth?.[count] ?? 1
  const rests = Int32Array.from(relations, ({ rest }) => rest ?? 0)
  const now = Int32Array.from(values)
  const restNow = rests.slice()
  const leastRest = rests.map((rest) => Math.min(1, rest))
  const least = Int32Array.from(values, (value, count) => (unpublished?.[count] ? 0 : Math.min(1, value)))
  const lowest = Int32Array.from(values)
  const highest = Int32Array.from(values)

  // The same at every time, so that the same counts are withheld of the same records.
  let seed = 20_170_331
  const chance = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return seed / 0x7fffffff
  }

  /** Change of each count that the circuit in the making has so far, and what is then amiss in each sum. */
  const change = new Int8Array(values.length)
  const amiss = new Int32Array(relations.length)
  const changed: number[] = []
  const disturbed: number[] = []

  /** What one more or one less puts amiss in a sum: the other way where it is the whole. */
  const amissBy = (index: number, count: number, by: number): number =>
    relations[index]!.whole === count ? -by : by

  function step(count: number, by: number): void {
    change[count] = by
    changed.push(count)
    for (const index of relationsOf[count]!) {
      amiss[index]! += amissBy(index, count, by)
      disturbed.push(index)
    }
  }
  function undoTo(changedBefore: number, disturbedBefore: number): void {
    while (changed.length > changedBefore) {
      const count = changed.pop()!
      const by = change[count]!
      change[count] = 0
      for (const index of relationsOf[count]!) amiss[index]! -= amissBy(index, count, by)
    }
    disturbed.length = disturbedBefore
  }

  /** How much is amiss in a sum that nothing unpublished makes up for. */
  const open = (index: number, by: number): number =>
    relations[index]!.rest !== null && restNow[index]! - by >= leastRest[index]! ? 0 : Math.abs(by)

  /** By how much less is amiss after a step. */
  function gain(count: number, by: number): number {
    let less = 0
    for (const index of relationsOf[count]!) {
      const before = amiss[index]!
      less += open(index, before) - open(index, before + amissBy(index, count, by))
    }
    return less
  }

  /** What could put a sum right that is amiss; as soon as there are as many as `fewest`, it is no matter which. */
  function remedies(index: number, allowance: number, fewest: number): Step[] {
    const { whole, parts } = relations[index]!
    const over = Math.sign(amiss[index]!)
    const steps: Step[] = []
    const consider = (count: number, by: number): void => {
      if (change[count] !== 0 || now[count]! + by < least[count]!) return
      const isShown = withheld[count] === 0
      if (isShown && (worthOf(count) > allowance || values[count] === 0 || mustShow[count])) return
      steps.push({ count, by, isShown })
    }
    consider(whole, over)
    for (const part of parts) {
      if (steps.length >= fewest) return steps
      consider(part, -over)
    }
    return steps
  }

  /** Puts right the sum that leaves the least choice first, and then what that put out. */
  function close(search: Search): boolean {
    let fewest: Step[] | null = null
    for (const index of disturbed) {
      if (open(index, amiss[index]!) === 0) continue
      const steps = remedies(index, search.allowance, fewest?.length ?? Number.POSITIVE_INFINITY)
      if (fewest === null || steps.length < fewest.length) fewest = steps
      if (fewest.length === 0) return false
    }
    if (fewest === null) return true
    if (++search.steps > search.mostSteps) return false
    // What is withheld already before what is not; what puts most right; the biggest that is withheld, for it gives
    // way furthest, but the smallest that is shown, for it is missed least.
    const byPromise = fewest.map((step) => {
      const size = Math.min(values[step.count]!, 1_000_000)
      const promise = gain(step.count, step.by) + search.whim * chance()
      return {
        ...step,
        rank:
          (step.isShown ? -1000 * worthOf(step.count) : 0) + promise + (step.isShown ? -size : size) * 1e-7,
      }
    })
    byPromise.sort((a, b) => b.rank - a.rank)
    for (const { count, by, isShown } of byPromise) {
      const before: [number, number] = [changed.length, disturbed.length]
      const cost = isShown ? worthOf(count) : 0
      step(count, by)
      search.allowance -= cost
      if (close(search)) return true
      search.allowance += cost
      undoTo(...before)
      if (search.steps > search.mostSteps) return false
    }
    return false
  }

  /** Goes round the circuit as often as it can be gone round, up to `most` times. */
  function goRound(most: number): number {
    let times = most
    for (const count of changed) {
      if (change[count] === -1) times = Math.min(times, now[count]! - least[count]!)
    }
    for (const index of disturbed) {
      const by = amiss[index]!
      if (by > 0) times = Math.min(times, Math.floor((restNow[index]! - leastRest[index]!) / by))
    }
    for (const count of changed) {
      now[count]! += change[count]! * times
      lowest[count] = Math.min(lowest[count]!, now[count]!)
      highest[count] = Math.max(highest[count]!, now[count]!)
    }
    for (const index of new Set(disturbed)) restNow[index]! -= amiss[index]! * times
    return times
  }

  /** Moves one count as far as it goes, up to `most`; gives how far it came. */
  function walk(count: number, direction: 1 | -1, most: number, search: Search, added: number[]): number {
    let far = 0
    while (far < most) {
      if (now[count]! + direction < least[count]!) break
      const { allowance } = search
      let isClosed = false
      for (let tried = 0; tried < search.tries && !isClosed; tried++) {
        undoTo(0, 0)
        step(count, direction)
        Object.assign(search, { steps: 0, allowance, whim: tried === 0 ? 0 : 1.5 })
        isClosed = close(search)
        // All there is was looked at.
        if (search.steps < search.mostSteps) break
      }
      if (!isClosed) break
      far += goRound(most - far)
      for (const other of changed) {
        if (withheld[other]) continue
        withheld[other] = 1
        added.push(other)
      }
    }
    return far
  }

  /** Back to the counts as they are. */
  function start(): void {
    now.set(values)
    restNow.set(rests)
  }

  const known = (): Known => ({ lowest: lowest.slice(), highest: highest.slice() })
  function comeBackTo(before: Known): void {
    lowest.set(before.lowest)
    highest.set(before.highest)
  }

  return {
    isGone(count) {
      least[count] = 0
    },
    known,
    comeBackTo,
    widthOf: (count) => highest[count]! - lowest[count]! + 1,
    widen(count, allowance, patiently = false) {
      const added: number[] = []
      const before = allowance === 0 ? null : known()
      const patience = patiently ? PATIENCE : 1
      const limits = { mostSteps: MOST_STEPS * patience, tries: TRIES * patience }
      const search: Search = { steps: 0, allowance, whim: 0, ...limits }
      const needed = width - 1
      start()
      const up = walk(count, 1, needed, search, added)
      start()
      walk(count, -1, needed - up, search, added)
      if (highest[count]! - lowest[count]! >= needed) return added
      // What did not come far enough is taken back, and with it the examples that it gave.
      for (const other of added) withheld[other] = 0
      if (before !== null) comeBackTo(before)
      return null
    },
  }
}
