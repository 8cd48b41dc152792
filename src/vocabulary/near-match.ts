/** Edits (insert, delete, replace, swap neighbours) that turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let [beforeLast, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replace = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      let best = Math.min(replace, last[column]! + 1, current[column - 1]! + 1)
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) best = Math.min(best, beforeLast[column - 2]! + 1)
      current.push(best)
    }
    ;[beforeLast, last] = [last, current]
  }
  return last[b.length]!
}

/** The allowed words that a caller probably meant, nearest first; none where nothing is near. */
export function nearMatches(word: string, allowed: Iterable<string>, most = 3): string[] {
  const asked = word.slice(0, 100).toLowerCase()
  if (asked === '') return []
  return [...allowed]
    .map((candidate) => {
      const lower = candidate.toLowerCase()
      const contains = asked.length >= 3 && (lower.includes(asked) || asked.includes(lower))
      return { candidate, distance: contains ? 1 : editDistance(asked, lower) }
    })
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}
