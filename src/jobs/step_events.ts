import { channel } from '../notifications/index.ts'
import type { Continuation, JobStep, StepObserver } from './continuation/index.ts'
import { JobInterrupt } from './continuation/interrupt.ts'
import { currentJobBackend } from './current.ts'
import type { Job } from './job.ts'

const steps = channel('step.active_job')
const starts = channel('step_started.active_job')
const skips = channel('step_skipped.active_job')
const interrupts = channel('interrupt.active_job')
const resumes = channel('resume.active_job')

/** Tells of a job's steps as Rails does, by its events. */
export function stepEventsOf(job: Job): StepObserver {
  const more = () => ({ job, adapter: currentJobBackend() })
  return {
    step: (step, work) => (steps.isOn || starts.isOn ? observedStep(step, more(), work) : work()),
    skipped: (name) => skips.publish({ ...more(), step: name }),
    interrupted: (reason, continuation) => interrupts.publish({ reason, ...progressOf(continuation), ...more() }),
    resumed: (continuation) => resumes.publish({ ...progressOf(continuation), ...more() }),
  }
}

function observedStep(step: JobStep<never>, more: object, work: () => Promise<void>): Promise<void> {
  return steps.instrument({ step, interrupted: false, ...more }, async (payload) => {
    starts.publish({ step, ...more })
    try {
      await work()
    } catch (error) {
      if (error instanceof JobInterrupt) payload['interrupted'] = true
      throw error
    }
  })
}

function progressOf({ description, completed, current }: Continuation): Record<string, unknown> {
  return { description, completed_steps: completed, current_step: current ?? null }
}
