import type { StoredJob } from '../backend.ts'

/** A job with the children that it waits for, or may ask what came of them. */
export interface JobTree {
  readonly job: StoredJob
  readonly children: readonly JobTree[]
}

/** Puts children below their parents, where these are among the jobs, too: in their order.
 * @param jobs parents before their children */
export function jobTrees(jobs: readonly StoredJob[]): JobTree[] {
  const roots: JobTree[] = []
  const below = new Map<string, JobTree[]>()
  for (const job of jobs) {
    const children: JobTree[] = []
    below.set(job.id, children)
    const among = (job.parent === undefined ? undefined : below.get(job.parent)) ?? roots
    among.push({ job, children })
  }
  return roots
}

/** Whether a job has to do with others: it has children, or a parent. */
export function isRelated({ parent, onChildFailure }: StoredJob): boolean {
  return parent !== undefined || onChildFailure !== undefined
}
