import { Job } from '../../src/jobs/index.ts'
import { Event, Subscriber } from '../../src/events/index.ts'
import type { TestJobs } from '../../src/testing/index.ts'

class Remind extends Job {
  perform(_userId: number, _options: { urgent?: boolean } = {}) {}
}

class Placed extends Event<{ id: number }> {}

class SendReceipt extends Subscriber {
  static {
    this.subscribeTo(Placed, { deferred: true })
  }

  call(_event: Placed) {}
}

export async function delivered(jobs: TestJobs): Promise<void> {
  await jobs.assertEnqueuedWith({ job: SendReceipt, queue: 'mailers' })
  await jobs.drain({ only: [SendReceipt, Remind] })
  // @ts-expect-error a delivery has no arguments of its own
  await jobs.assertEnqueuedWith({ job: SendReceipt, args: [1] })
}

export async function asserted(jobs: TestJobs): Promise<void> {
  await jobs.assertEnqueuedWith({ job: Remind, args: [1] })
  await jobs.assertEnqueuedWith({ job: Remind, args: [1, { urgent: true }] })
  await jobs.assertEnqueuedWith({ job: Remind, args: (userId, options) => userId > 1 && options?.urgent === true })
  // @ts-expect-error no user has such an id
  await jobs.assertEnqueuedWith({ job: Remind, args: ['1'] })
  // @ts-expect-error all arguments are said
  await jobs.assertEnqueuedWith({ job: Remind, args: [] })
  // @ts-expect-error a class of jobs is meant, and no job
  await jobs.performEnqueuedJobs({ only: new Remind(1) })
  await jobs.drain({ only: [Remind], except: Job })
}
