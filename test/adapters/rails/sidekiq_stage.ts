import { Redis } from 'ioredis'
import { SidekiqBackend, type SidekiqBackendOptions } from '../../../adapters/rails/index.ts'
import { Job, JobRunner, type RunnableJobClass, useJobBackend } from '../../../src/jobs/index.ts'
import { collectingLogger } from '../../jobs/queue_directory.ts'

const url = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'

/** What jobs noted of their runs. */
export const ran: unknown[] = []

export class HardJob extends Job {
  static {
    this.queueAs('hard')
  }
  perform(...args: unknown[]) {
    ran.push(args)
  }
}

/** Redis with the queues of Sidekiq, and a backend on them that the job classes use. */
export class SidekiqStage {
  readonly redis: Redis
  backend!: SidekiqBackend

  constructor(database: number) {
    this.redis = new Redis(url, { db: database, lazyConnect: true })
  }

  useBackend(options: SidekiqBackendOptions = {}): void {
    this.backend = new SidekiqBackend(this.redis, { poll: 5, ...options })
    useJobBackend(this.backend)
  }

  /** Runs jobs until `isDone`. */
  async runUntil(isDone: () => boolean | Promise<boolean>, classes: Iterable<RunnableJobClass> = [HardJob]): Promise<void> {
    const runner = new JobRunner(this.backend, { classes, logger: collectingLogger([]) })
    await runner.start()
    while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 5))
    await runner.stop()
  }
}

/** A stage that is empty before each test.
 * @param database one of its own for each file, as Sidekiq's keys have no prefix */
export function sidekiqStage(database: number): SidekiqStage {
  const stage = new SidekiqStage(database)
  beforeEach(async () => {
    await stage.redis.flushdb()
    ran.splice(0)
    stage.useBackend()
  })
  afterEach(async () => {
    useJobBackend(undefined)
    await stage.backend.close()
  })
  after(async () => {
    await stage.redis.flushdb()
    await stage.redis.quit()
  })
  return stage
}
