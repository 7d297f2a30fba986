import { Job } from 'regauge'

export abstract class ApplicationJob extends Job {
  // Automatically retry jobs that encountered a deadlock
  // static { this.retryOn(Deadlocked) }
  // Most jobs are safe to ignore if the underlying records are no longer available
  // static { this.discardOn(DeserializationError) }
}
