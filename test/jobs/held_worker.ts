import type { JobBackend, JobWorker, Outcome } from '../../src/jobs/index.ts'

/** A worker that has begun one job, which ends when `release` is called.
 * @param outcome what it ends as */
export async function heldWorker(
  backend: JobBackend,
  queues: readonly string[] = ['default'],
  outcome: Outcome = { kind: 'completed' },
): Promise<{ worker: JobWorker; release: () => void }> {
  let release = () => {}
  let start = () => {}
  const started = new Promise<void>((resolve) => (start = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  const worker = await backend.process(
    async () => {
      start()
      await released
      return outcome
    },
    { queues, concurrency: 1 },
  )
  await started
  return { worker, release }
}
