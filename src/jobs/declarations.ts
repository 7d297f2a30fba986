import type { ConcurrencyLimit, Uniqueness } from './engine/index.ts'
import type { Job } from './job.ts'

/** An error class, or its name where the class can't be imported. */
export type ErrorClass = (abstract new (...args: never[]) => Error) | string

/** The moments of a job's life that callbacks can be put around. */
export type CallbackEvent = 'enqueue' | 'perform'

/** One declared callback. `run` gets what comes next when it is an around callback. */
export interface Callback {
  readonly event: CallbackEvent
  readonly kind: 'before' | 'around' | 'after'
  readonly run: (job: Job, next: () => Promise<void>) => unknown
}

/** What a class does with errors of some classes. `handle` answers nothing: an error is handled unless it throws. */
export interface Rescue {
  readonly errors: readonly ErrorClass[]
  readonly handle: (job: Job, error: Error) => unknown
  /** Whether such an error would let the job run again. */
  readonly hasAttemptsLeft?: (job: Job) => boolean
}

/** What one job class declares, beside what it inherits. */
export interface Declarations {
  readonly callbacks: Callback[]
  readonly rescues: Rescue[]
  readonly afterDiscard: ((job: Job, error: Error) => unknown)[]
  limit?: ((job: Job) => ConcurrencyLimit) | undefined
  unique?: ((job: Job, serialized: readonly unknown[]) => Uniqueness) | undefined
  /** Seconds that a job may run. */
  timeout?: number | undefined
}

const declared = new WeakMap<object, Declarations>()
let compiled = new WeakMap<object, Declarations>()

/** The declarations of the class itself, to add to. */
export function ownDeclarations(jobClass: object): Declarations {
  compiled = new WeakMap()
  let own = declared.get(jobClass)
  if (own === undefined) declared.set(jobClass, (own = { callbacks: [], rescues: [], afterDiscard: [] }))
  return own
}

/** The declarations of a class and its ancestors, ancestors' first. Put together once. */
export function declarationsOf(jobClass: object): Declarations {
  const known = compiled.get(jobClass)
  if (known !== undefined) return known
  const all: Declarations = { callbacks: [], rescues: [], afterDiscard: [] }
  const parent: object | null = Object.getPrototypeOf(jobClass)
  for (const source of [parent === null ? undefined : declarationsOf(parent), declared.get(jobClass)]) {
    if (source === undefined) continue
    all.callbacks.push(...source.callbacks)
    all.rescues.push(...source.rescues)
    all.afterDiscard.push(...source.afterDiscard)
    all.limit = source.limit ?? all.limit
    all.unique = source.unique ?? all.unique
    all.timeout = source.timeout ?? all.timeout
  }
  compiled.set(jobClass, all)
  return all
}
