import type { RateLimit } from '../../src/jobs/index.ts'

/** A turn that its job hasn't taken so many milliseconds after its time is the next one's: it was removed, or nobody works on its queue. */
export const graceMilliseconds = 5000
/** A job looks again after so many milliseconds at least. */
export const shortestWait = 10

/** What is kept of a key: which jobs began when, and whose turn is when, oldest first. Times are milliseconds since the epoch. */
export interface Turns {
  /** How long starts count: the longest time that was asked for. */
  span: number
  starts: number[]
  turns: [job: string, at: number][]
}

/** Lets a job begin, if all its limits do. Else it gets a turn in those that are reached, behind all that wait: it has to look once more, when that
 * comes, not again and again. The script for Redis says the same.
 *
 * @param kept what is kept of the key of each limit; it is changed
 * @param now milliseconds since the epoch
 * @returns undefined, or when it may begin
 */
export function takeTurn(job: string, rates: readonly RateLimit[], kept: readonly Turns[], now: number): number | undefined {
  let opensAt: number | undefined
  for (const [index, rate] of rates.entries()) {
    const at = openingFor(job, rate, kept[index]!, now)
    if (at !== undefined) opensAt = Math.max(opensAt ?? 0, at)
  }
  if (opensAt !== undefined) return Math.max(opensAt, now + shortestWait)
  for (const one of kept) {
    one.starts.push(now)
    one.turns = one.turns.filter(([other]) => other !== job)
  }
  return undefined
}

function openingFor(job: string, { to, per }: RateLimit, kept: Turns, now: number): number | undefined {
  kept.span = Math.max(kept.span, per)
  kept.starts = kept.starts.filter((at) => at + kept.span > now)
  kept.turns = kept.turns.filter(([, at]) => at + graceMilliseconds > now)
  const counted = kept.starts.filter((at) => at + per > now)
  const known = kept.turns.findIndex(([other]) => other === job)
  const before = (known < 0 ? kept.turns : kept.turns.slice(0, known)).map(([, at]) => at)
  const tooMany = counted.length + before.length - to
  if (tooMany < 0) return undefined
  const at = [...counted, ...before][tooMany]! + per
  if (known < 0) kept.turns.push([job, Math.max(at, now, ...kept.turns.slice(-1).map(([, last]) => last))])
  return at
}
