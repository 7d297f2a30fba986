/** Ends a run at a checkpoint; no error of the job, so that no handler sees it. */
export class JobInterrupt extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'JobInterrupt' })
  }
}
