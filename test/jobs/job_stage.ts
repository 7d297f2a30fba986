import { EmbeddedBackend, JobRunner, type JobRunnerOptions, type RunnableJobClass, useJobBackend } from '../../src/jobs/index.ts'
import { collectingLogger } from './queue_directory.ts'

/** A queue in memory that `performLater` adds to, and a way to run what is in it. */
export class JobStage {
  backend!: EmbeddedBackend
  log: Parameters<typeof collectingLogger>[0] = []

  /** @param isBegun whether it is there at once */
  constructor(isBegun = true) {
    if (isBegun) this.begin()
  }

  /** Begins with an empty queue. */
  begin(): void {
    this.backend = new EmbeddedBackend({ durability: 'memory' })
    this.log = []
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

/** A stage that is empty before each test, and what its jobs noted of their runs. */
export function jobStage(): { readonly stage: JobStage; readonly ran: unknown[] } {
  const stage = new JobStage(false)
  const ran: unknown[] = []
  beforeEach(() => {
    ran.splice(0)
    stage.begin()
  })
  afterEach(() => stage.dispose())
  return { stage, ran }
}
