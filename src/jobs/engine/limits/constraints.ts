/** How many jobs of a key may run at the same time: Solid Queue's `limits_concurrency`. */
export interface ConcurrencyLimit {
  readonly key: string
  readonly to: number
  /** Milliseconds after which a job that runs no longer counts, so that one that hangs doesn't hold up the others for ever. */
  readonly duration: number
  /** What becomes of a job that is added while the limit is reached: it waits its turn (default), or isn't stored. */
  readonly conflict?: 'block' | 'discard' | undefined
}

/** How many jobs of a key may begin in a time, counted in a sliding window: never more in any stretch of that length. */
export interface RateLimit {
  readonly key: string
  readonly to: number
  /** Milliseconds. */
  readonly per: number
}

/** That only one job of a key is there at a time. */
export interface Uniqueness {
  readonly key: string
  /** Until it begins to run, or until it is done (or given up). */
  readonly until: 'executing' | 'executed'
  /** Milliseconds after which the key is free again in any case. */
  readonly for?: number | undefined
  /** What becomes of a second job: it isn't stored, it is refused with an error, or it takes the place of the first one. */
  readonly conflict: 'discard' | 'raise' | 'replace'
}

/** What keeps a job from being stored, or from running, because of others. */
export interface JobConstraints {
  readonly limit?: ConcurrencyLimit | undefined
  readonly unique?: Uniqueness | undefined
  /** All of them hold. */
  readonly rates?: readonly RateLimit[] | undefined
}

/** What becomes of a parent when a child is given up: it waits until that is retried and done, or is removed; it fails too; or it doesn't count it. */
export type ChildFailure = 'wait' | 'fail' | 'run'

/** The jobs that a new job waits for, which are stored together with it. */
export interface Children<J> {
  readonly jobs: readonly J[]
  readonly onFailure: ChildFailure
}

/** The constraints of a job that is to be stored. */
export interface NewConstraints<J> extends JobConstraints {
  readonly children?: Children<J> | undefined
}

/** The constraints of a stored job. */
export interface StoredConstraints extends JobConstraints {
  /** The job that waits for it. */
  readonly parent?: { readonly sequence: number; readonly id: string } | undefined
  /** Present when it has children. */
  readonly onChildFailure?: ChildFailure | undefined
}
