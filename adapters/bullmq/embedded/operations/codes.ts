import { ErrorCode, UnrecoverableError } from 'bullmq'

/** What an error is about. */
export interface Subject {
  readonly command: string
  readonly jobId?: string | undefined
  readonly parentKey?: string | undefined
  readonly state?: string | undefined
}

/** The error of a refused operation, with the messages and codes that BullMQ's other backends give: applications match on them. */
export function refusal(code: number, { command, jobId, parentKey, state }: Subject): Error {
  const error = code === ErrorCode.JobHasFailedChildren ? new UnrecoverableError(text()) : new Error(text())
  return Object.assign(error, { code })

  function text(): string {
    switch (code) {
      case ErrorCode.JobNotExist:
        return `Missing key for job ${jobId}. ${command}`
      case ErrorCode.JobLockNotExist:
        return `Missing lock for job ${jobId}. ${command}`
      case ErrorCode.JobNotInState:
        return `Job ${jobId} is not in the ${state} state. ${command}`
      case ErrorCode.JobPendingChildren:
        return `Job ${jobId} has pending dependencies. ${command}`
      case ErrorCode.ParentJobNotExist:
        return `Missing key for parent job ${parentKey}. ${command}`
      case ErrorCode.JobLockMismatch:
        return `Lock mismatch for job ${jobId}. Cmd ${command} from ${state}`
      case ErrorCode.ParentJobCannotBeReplaced:
        return `The parent job ${parentKey} cannot be replaced. ${command}`
      case ErrorCode.JobBelongsToJobScheduler:
        return `Job ${jobId} belongs to a job scheduler and cannot be removed directly. ${command}`
      case ErrorCode.JobHasFailedChildren:
        return `Cannot complete job ${jobId} because it has at least one failed child. ${command}`
      case ErrorCode.SchedulerJobIdCollision:
        return `Cannot create job scheduler iteration - job ID already exists. ${command}`
      case ErrorCode.SchedulerJobSlotsBusy:
        return `Cannot create job scheduler iteration - current and next time slots already have jobs. ${command}`
      default:
        return `Unknown code ${code} error for ${jobId}. ${command}`
    }
  }
}
