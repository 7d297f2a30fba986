import type { ConcurrencyLimit, RateLimit, Uniqueness } from '../engine/index.ts'
import type { Job } from '../job.ts'

/** An error class, or its name where the class can't be imported. */
export type ErrorClass = (abstract new (...args: never[]) => Error) | string

/** The moments of a job's life that callbacks can be put around. */
export type CallbackEvent = 'enqueue' | 'perform'

/** One declared callback. `run` gets what comes next when it is an around callback. */
export interface Callback {
  readonly event: CallbackEvent
  readonly kind: 'before' | 'around' | 'after'
  readonly run: (job: Job, next: () => Promise<unknown>) => unknown
  /** The method it is, when it was given by name. */
  readonly name: string | undefined
  /** The names of methods that it asks. */
  readonly methods: readonly string[]
  /** Whether it comes before those that were declared earlier. */
  readonly isPrepended: boolean
}

/** What a class does with errors of some classes. `handle` answers nothing: an error is handled unless it throws. */
export interface Rescue {
  readonly errors: readonly ErrorClass[]
  readonly handle: (job: Job, error: Error) => unknown
  /** The method it is, when it was given by name. */
  readonly method?: string
  /** Whether such an error would let the job run again. */
  readonly hasAttemptsLeft?: (job: Job) => boolean
}

/** What one job class declares, beside what it inherits. */
export interface Declarations {
  /** In the order of declaration; those of a class with all it inherits, in the order they run in. */
  readonly callbacks: Callback[]
  readonly rescues: Rescue[]
  readonly afterDiscard: ((job: Job, error: Error) => unknown)[]
  limit?: ((job: Job) => ConcurrencyLimit) | undefined
  unique?: ((job: Job, serialized: readonly unknown[]) => Uniqueness) | undefined
  /** By group, undefined for that of the class alone. */
  rates?: ReadonlyMap<string | undefined, (job: Job) => RateLimit> | undefined
  /** Seconds that a job may run. */
  timeout?: number | undefined
}

/** What a class declares and inherits. */
export interface AllDeclarations extends Declarations {
  readonly jobClass: object
  /** The name of the class: to ask a function for it is a call into the runtime. */
  readonly name: string
}

const declared = new WeakMap<object, Declarations>()
let compiled = new WeakMap<object, AllDeclarations>()
/** Those of the class that was asked for last. */
let last: AllDeclarations | undefined

/** The declarations of the class itself, to add to. */
export function ownDeclarations(jobClass: object): Declarations {
  compiled = new WeakMap()
  last = undefined
  let own = declared.get(jobClass)
  if (own === undefined) declared.set(jobClass, (own = { callbacks: [], rescues: [], afterDiscard: [] }))
  return own
}

/** A method that is declared again moves to where it is declared now, as in ActiveSupport: it doesn't run twice. */
function placeCallback(callbacks: Callback[], callback: Callback): void {
  const { event, kind, name } = callback
  const known = name === undefined ? -1 : callbacks.findIndex((one) => one.event === event && one.kind === kind && one.name === name)
  if (known >= 0) callbacks.splice(known, 1)
  if (callback.isPrepended) callbacks.unshift(callback)
  else callbacks.push(callback)
}

/** The declarations of a class and its ancestors, ancestors' first. Put together once. */
export function declarationsOf(jobClass: object): AllDeclarations {
  if (last?.jobClass === jobClass) return last
  return (last = compiled.get(jobClass) ?? compile(jobClass))
}

function compile(jobClass: object): AllDeclarations {
  const parent: object | null = Object.getPrototypeOf(jobClass)
  const inherited = parent === null ? undefined : declarationsOf(parent)
  const own = declared.get(jobClass)
  const name = typeof jobClass === 'function' ? jobClass.name : ''
  const all: AllDeclarations = { jobClass, name, callbacks: [...(inherited?.callbacks ?? [])], rescues: [], afterDiscard: [] }
  for (const callback of own?.callbacks ?? []) placeCallback(all.callbacks, callback)
  for (const source of [inherited, own]) {
    if (source === undefined) continue
    all.rescues.push(...source.rescues)
    all.afterDiscard.push(...source.afterDiscard)
    all.limit = source.limit ?? all.limit
    all.unique = source.unique ?? all.unique
    if (source.rates !== undefined) all.rates = new Map([...(all.rates ?? []), ...source.rates])
    all.timeout = source.timeout ?? all.timeout
  }
  compiled.set(jobClass, all)
  return all
}
