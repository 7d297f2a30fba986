import { RegaugeError } from './regauge_error.ts'
import type { ErrorDetails } from './table.ts'

/** What `abort()` throws. */
export class CallbackAborted extends RegaugeError<'REGAUGE_CALLBACK_ABORTED'> {
  static override code = 'REGAUGE_CALLBACK_ABORTED' as const
  constructor(details: ErrorDetails<'REGAUGE_CALLBACK_ABORTED'> | string = 'abort() was called outside of a callback.') {
    super(details)
  }
}

/** Halts a chain of callbacks from within a before callback, as Ruby's `throw :abort` does: the record isn't saved or destroyed, the job isn't
 * enqueued or performed.
 *
 * @throws CallbackAborted always; the chain catches it
 * @example this.beforeDestroy((order) => { if (order.isPaid()) abort() })
 */
export function abort(): never {
  throw new CallbackAborted()
}
