import type { JobBackend, JobStateName, StoredJob } from '../../jobs/index.ts'

/** Which jobs are listed. */
export interface ListedJobs {
  /** Those of one queue only. */
  readonly queue?: string | undefined
  /** Those of one class only, by the name that they are stored with. */
  readonly class?: string | undefined
  /** How many of them are passed over. */
  readonly offset?: number | undefined
  readonly limit: number
}

/** So many jobs are asked for at a time. */
const pageSize = 500

/** The jobs of some states, one state after the other. Which class a job is of no backend looks for: they are read, page by page, until there are
 * enough. */
export async function listJobs(backend: JobBackend, states: readonly JobStateName[], wanted: ListedJobs): Promise<StoredJob[]> {
  const { queue, class: name, offset = 0, limit } = wanted
  if (limit === 0) return []
  const [state] = states
  if (states.length === 1 && name === undefined) return backend.list(state!, { offset, limit, queue })
  const found: StoredJob[] = []
  let passed = 0
  for await (const job of jobsOf(backend, states, queue)) {
    if (name !== undefined && job.name !== name) continue
    if (passed++ < offset) continue
    found.push(job)
    if (found.length === limit) break
  }
  return found
}

/** Reads jobs as they are asked for. Those that come or go meanwhile may be missed. */
export async function* jobsOf(backend: JobBackend, states: readonly JobStateName[], queue?: string): AsyncGenerator<StoredJob, void> {
  for (const state of states) {
    for (let offset = 0; ; offset += pageSize) {
      const page = await backend.list(state, { offset, limit: pageSize, queue })
      if (page.length === 0) break
      yield* page
    }
  }
}
