import { type ErrorReport, reporter } from '../../src/errors/reporter.ts'
import { Subscribers, useSubscribers } from '../../src/events/index.ts'
import { useLogger } from '../../src/logging/index.ts'
import { usePubSub } from '../../src/pubsub/index.ts'
import { JobStage } from '../jobs/job_stage.ts'
import { collectingLogger } from '../jobs/queue_directory.ts'

/** What happens around the events of a test; the lists are for reading, and empty again before each test. */
export interface EventStage {
  /** What its subscribers note. */
  readonly calls: unknown[]
  /** The lines that are logged. */
  readonly log: Parameters<typeof collectingLogger>[0]
  /** The errors that are reported. */
  readonly reports: [unknown, ErrorReport][]
  /** The queue in which deferred events wait. */
  readonly stage: JobStage
}

/** A stage on which nobody subscribes to anything before each test, nor after it. */
export function eventStage(): EventStage {
  const calls: unknown[] = []
  const log: EventStage['log'] = []
  const reports: EventStage['reports'] = []
  const collecting = { report: (error: unknown, report: ErrorReport) => void reports.push([error, report]) }
  const stage = new JobStage(false)
  beforeEach(() => {
    for (const list of [calls, log, reports]) list.splice(0)
    stage.begin()
    useSubscribers(new Subscribers())
    useLogger(collectingLogger(log))
    reporter.subscribe(collecting)
  })
  afterEach(() => {
    stage.dispose()
    useSubscribers(new Subscribers())
    useLogger(undefined)
    usePubSub(undefined)
    reporter.unsubscribe(collecting)
  })
  return { calls, log, reports, stage }
}
