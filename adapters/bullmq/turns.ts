import type { RateLimit } from '../../src/jobs/index.ts'

/** A turn that its job hasn't taken so many milliseconds after its time is the next one's: it was removed, or nobody works on its queue. */
export const graceMilliseconds = 5000
/** A job looks again after so many milliseconds at least. */
export const shortestWait = 10

/** What is kept of a key. Times are milliseconds since the epoch. */
export interface Turns {
  /** How long starts count: the longest time that was asked for. */
  span: number
  /** When jobs began, the oldest first. */
  starts: number[]
  /** Whose turn is next, and when they look again. */
  turns: [job: string, dueAt: number][]
}

/** Lets a job begin, if all its limits do. Else it gets a turn in those that are reached, behind all that wait: it has to look once more when that
 * comes, not again and again. Those before it may begin late, and then it looks another time. The script for Redis says the same.
 *
 * @param kept what is kept of the key of each limit; it is changed
 * @param now milliseconds since the epoch
 * @returns undefined, or when it looks again
 */
export function takeTurn(job: string, rates: readonly RateLimit[], kept: readonly Turns[], now: number): number | undefined {
  const openings = rates.map((rate, index) => openingFor(job, rate, kept[index]!, now)).filter((at) => at !== undefined)
  if (openings.length > 0) return Math.max(...openings, now + shortestWait)
  for (const one of kept) {
    one.starts.push(now)
    one.turns = one.turns.filter(([other]) => other !== job)
  }
  return undefined
}

function openingFor(job: string, { to, per }: RateLimit, kept: Turns, now: number): number | undefined {
  kept.span = Math.max(kept.span, per)
  kept.starts = kept.starts.filter((at) => at + kept.span > now)
  kept.turns = kept.turns.filter(([, dueAt]) => dueAt + graceMilliseconds > now)
  const counted = kept.starts.filter((at) => at + per > now)
  const known = kept.turns.findIndex(([other]) => other === job)
  const before = known < 0 ? kept.turns.length : known
  const free = to - counted.length
  if (before < free) return undefined
  // Places are free now, or when one of the starts doesn't count any more, and again each time later.
  const place = before % to
  const at = (place < free ? now : counted[place - free]! + per) + per * Math.floor(before / to)
  // The first may never come, and its turn is free then.
  const first = before > 0 ? kept.turns[0]![1] : Number.POSITIVE_INFINITY
  const dueAt = first <= now ? Math.min(at, first + graceMilliseconds) : at
  if (known < 0) kept.turns.push([job, dueAt])
  else kept.turns[known]![1] = dueAt
  return dueAt
}
