/** The states of a job, as small integers: one byte in the journal, one comparison in the hot path. */
export const JobState = {
  waiting: 0,
  delayed: 1,
  active: 2,
  completed: 3,
  failed: 4,
  paused: 5,
  waitingChildren: 6,
  removed: 7,
  /** Its turn came, but as many jobs of its key as may run do. */
  blocked: 8,
  /** No job, but something that the engine remembers. */
  note: 9,
} as const

/** One of the numbers in {@link JobState}. */
export type JobStateCode = (typeof JobState)[keyof typeof JobState]

/** The name of a state, as listings show it. A waiting job with a priority is reported as `prioritized`. */
export type JobStateName =
  | 'waiting'
  | 'prioritized'
  | 'delayed'
  | 'blocked'
  | 'active'
  | 'completed'
  | 'failed'
  | 'paused'
  | 'waiting-children'

const names: readonly JobStateName[] = ['waiting', 'delayed', 'active', 'completed', 'failed', 'paused', 'waiting-children']

/** Every name a state can be listed under. */
export const jobStateNames: readonly JobStateName[] = ['prioritized', ...names, 'blocked']

/** The name of a job's state.
 * @example stateName(JobState.waiting, 5) // 'prioritized'
 */
export function stateName(state: JobStateCode, priority: number): JobStateName {
  if (state === JobState.blocked) return 'blocked'
  return state === JobState.waiting && priority !== 0 ? 'prioritized' : (names[state] ?? 'waiting')
}
