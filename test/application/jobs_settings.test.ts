import { expect } from 'chai'
import { minutes } from 'regauge'
import { checkJobsSettings } from '../../src/application/jobs/check_jobs_settings.ts'
import { environment } from '../../src/application/environment.ts'
import { jobsDefaults } from '../../src/application/jobs/jobs_settings.ts'

describe('the settings of jobs', () => {
  const check = (changes: object) => () => checkJobsSettings({ ...jobsDefaults(environment('test')), ...changes })
  const worker = { queues: ['urgent', 'mail*'], concurrency: 5 }

  it('are taken as they are meant', () => {
    const workers = [
      { ...worker, weights: { urgent: 3, 'mail*': 0.5 } },
      { queues: ['*'], concurrency: 1 },
    ]
    const queues = { api: { limit: { max: 100, duration: minutes(1) } } }
    expect(
      check({
        workers,
        queues,
        backPressure: { highWater: 10, lowWater: 5, timeout: 0 },
        retention: { failed: { count: 0, age: 60 }, completed: {} },
      }),
    ).not.to.throw()
    expect(check({ backend: { bullmq: {} } })).not.to.throw()
  })

  const refused: [string, object, string][] = [
    ['a weight of a queue that is not worked on', { workers: [{ ...worker, weights: { urgnet: 3 } }] }, 'jobs.workers[0].weights.urgnet'],
    ['a weight of nothing', { workers: [{ ...worker, weights: { urgent: 0 } }] }, 'jobs.workers[0].weights.urgent'],
    ['a worker of no queue', { workers: [worker, { queues: [], concurrency: 1 }] }, 'jobs.workers[1].queues'],
    [
      'the name of a queue where a list belongs',
      { workers: [{ ...worker, queues: 'urgent' }] },
      "jobs.workers[0].queues can't be 'urgent'",
    ],
    ['a mistyped part of a worker', { workers: [{ ...worker, threads: 3 }] }, 'jobs.workers[0].threads'],
    ['a worker of no job', { workers: [{ ...worker, concurrency: 0 }] }, 'jobs.workers[0].concurrency'],
    ['a mistyped part of a queue', { queues: { api: { limits: { max: 1, duration: 1 } } } }, 'Did you mean limit?'],
    ['a limit of a queue without a time', { queues: { api: { limit: { max: 1 } } } }, 'jobs.queues.api.limit.duration'],
    ['a limit of a queue in no time', { queues: { api: { limit: { max: 1, duration: 0 } } } }, 'jobs.queues.api.limit.duration'],
    ['a mistyped part of back-pressure', { backPressure: { highWatre: 10 } }, 'Did you mean highWater?'],
    ['a low water above the high one', { backPressure: { highWater: 10, lowWater: 20 } }, 'jobs.backPressure.lowWater'],
    ['a timeout below none', { backPressure: { highWater: 10, timeout: -5 } }, 'jobs.backPressure.timeout'],
    ['a retention of less than none', { retention: { failed: { count: -1 } } }, 'jobs.retention.failed.count'],
    ['a retention of no kind of job', { retention: { count: 100 } }, 'jobs.retention.count'],
    ['a mistyped durability', { durability: 'fsnyc' }, 'Did you mean fsync?'],
    ['a folder without a name', { directory: '' }, 'jobs.directory'],
    ['a backend that does not exist', { backend: { bulmq: {} } }, 'Did you mean bullmq?'],
    ['a durability of a backend that has its own', { backend: { bullmq: {} }, durability: 'interval' }, 'left alone'],
  ]
  for (const [what, changes, message] of refused) {
    it(`are refused: ${what}`, () => expect(check(changes)).to.throw(message))
  }
})
