import { ourWord } from './words.ts'

/** The candidate that a mistyped name most likely meant, or undefined when none is near.
 *
 * A Rails spelling finds ours: `before_action` finds `beforeAction`, `save!` finds `saveOrThrow`.
 * Near is at most one wrong, missing, extra or swapped letter in four.
 * @example didYouMean('shwo', ['index', 'show']) // 'show'
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const ours = ourWord(name)
  const plain = letters(name)
  let best: string | undefined
  let bestDistance = Math.ceil(Math.min(name.length, 60) / 4) + 1
  for (const candidate of candidates) {
    if (candidate === name) continue
    if (candidate === ours) return candidate
    const distance = plain === letters(candidate) ? 0 : editDistance(plain, letters(candidate), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function letters(name: string): string {
  return name
    .slice(0, 60)
    .replace(/[_\-\s!?]/g, '')
    .toLowerCase()
}

/** Edits (insert, delete, replace, swap neighbours) from `a` to `b`, or `limit` when it takes as many. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforePrevious[j - 2]! + 1)
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return Math.min(previous[b.length]!, limit)
}
