export { Continuation, type StepObserver, type ContinuationRun, type StepOptions, type StoredContinuation } from './continuation.ts'
export { JobInterrupt } from './interrupt.ts'
export { resumeLater } from './resuming.ts'
export { JobStep } from './step.ts'
