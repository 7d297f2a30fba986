import { EmbeddedBackend, JobRunner, type JobRunnerOptions, type RunnableJobClass, useJobBackend } from '../../src/jobs/index.ts'
import { collectingLogger } from './queue_directory.ts'

/** A queue in memory that `performLater` adds to, and a way to run what is in it. */
export class JobStage {
  readonly backend = new EmbeddedBackend({ durability: 'memory' })
  readonly log: Parameters<typeof collectingLogger>[0] = []

  constructor() {
    useJobBackend(this.backend)
  }

  /** Runs jobs until none is waiting; delayed ones stay. */
  async runAll(classes: Iterable<RunnableJobClass>, options: Partial<JobRunnerOptions> = {}): Promise<void> {
    const runner = new JobRunner(this.backend, { classes, logger: collectingLogger(this.log), ...options })
    await runner.start()
    for (;;) {
      const { waiting, prioritized, active } = await this.backend.counts()
      if (waiting + prioritized + active === 0) break
      await new Promise(setImmediate)
    }
    await runner.stop()
  }

  dispose(): void {
    useJobBackend(undefined)
    void this.backend.close()
  }
}
