import type { JobBackend } from '../../jobs/index.ts'

/** The queue of a process that is not going to run jobs (a console, seeds): it is opened by the first job that is enqueued, so
 * that it isn't kept from others for nothing, and the jobs run when a server starts.
 *
 * @param open opens the queue; what it throws, each use throws
 */
export function openedOnUse(open: () => Promise<JobBackend>): JobBackend {
  let opening: Promise<JobBackend> | undefined
  const opened = () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined // the process that has it may end
      throw error
    }))
  return {
    add: async (entries) => (await opened()).add(entries),
    process: async (handler, options) => (await opened()).process(handler, options),
    counts: async () => (await opened()).counts(),
    countsByQueue: async () => (await opened()).countsByQueue?.() ?? {},
    metrics: async (options) => (await opened()).metrics?.(options) ?? {},
    list: async (state, page) => (await opened()).list(state, page),
    retry: async (ids) => (await opened()).retry(ids),
    remove: async (ids) => (await opened()).remove(ids),
    pause: async (queue) => (await opened()).pause?.(queue),
    resume: async (queue) => (await opened()).resume?.(queue),
    paused: async () => (await opened()).paused?.() ?? [],
    schedule: async (recurring, progress) => (await opened()).schedule?.(recurring, progress),
    schedules: async () => (await opened()).schedules?.() ?? [],
    find: async (id) => (await opened()).find?.(id),
    close: async () => (await opening?.catch(() => undefined))?.close(),
  }
}
