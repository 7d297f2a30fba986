import { InvalidStep } from '../errors.ts'
import { JobInterrupt } from './interrupt.ts'
import { JobStep } from './step.ts'

/** How far a job is, as Active Job writes it. */
export interface StoredContinuation {
  readonly completed: readonly string[]
  /** The step that was interrupted, and its cursor. */
  readonly current?: readonly [name: string, cursor: unknown]
}

/** What a continuation needs of the run it is part of. */
export interface ContinuationRun {
  readonly job: string
  /** Whether the process is about to stop. */
  isStopping(): boolean
  /** Keeps how far the job is, so that not even the death of the process loses it. */
  save(isUrgent: boolean): void
  readonly observer: StepObserver
}

/** Who is told of the steps. */
export interface StepObserver {
  /** Runs the work of a step. */
  step(step: JobStep<never>, work: () => Promise<void>): Promise<void>
  /** A step is done already. */
  skipped(name: string): void
  interrupted(reason: string, continuation: Continuation): void
  /** The job goes on where an earlier run of it was. */
  resumed(continuation: Continuation): void
}

/** How a step is run. */
export interface StepOptions<Cursor = unknown> {
  /** The cursor that it begins with. */
  readonly start?: Cursor | undefined
  /** Runs in a run of the job of its own, so that nothing before it is done again. */
  readonly isolated?: boolean | undefined
}

const optionNames: readonly string[] = ['start', 'isolated']

/** The steps of a job, and which of them are done: Active Job's `Continuation`. */
export class Continuation {
  readonly #run: ContinuationRun
  readonly #completed: string[]
  readonly #encountered: string[] = []
  #current: JobStep | undefined
  #isRunningStep = false
  #isAdvanced = false
  #isIsolating = false

  constructor(stored: StoredContinuation | undefined, run: ContinuationRun) {
    this.#run = run
    this.#completed = [...(stored?.completed ?? [])]
    if (stored?.current !== undefined) this.#current = new JobStep(stored.current[0], stored.current[1], true, this)
  }

  /** The class of the job. */
  get job(): string {
    return this.#run.job
  }

  /** Whether an earlier run did some of it. */
  get isStarted(): boolean {
    return this.#completed.length > 0 || this.#current !== undefined
  }

  /** Whether this run got any further. */
  get isAdvanced(): boolean {
    return this.#isAdvanced
  }

  /** The names of the steps that are done. */
  get completed(): readonly string[] {
    return [...this.#completed]
  }

  /** The step that runs, or that was interrupted. */
  get current(): JobStep | undefined {
    return this.#current
  }

  /** Where the job is, in words. */
  get description(): string {
    const last = this.#completed.at(-1)
    return this.#current?.description ?? (last === undefined ? 'not started' : `after '${last}'`)
  }

  /** What is stored. */
  get state(): StoredContinuation {
    const current = this.#current
    return { completed: [...this.#completed], ...(current !== undefined && { current: [current.name, current.cursor] }) }
  }

  /** Runs a step, unless it is done. @throws InvalidStep (REGAUGE_INVALID_STEP) when the steps aren't the same as in earlier runs */
  async step<Cursor>(name: string, work: (step: JobStep<Cursor>) => unknown, options: StepOptions<Cursor>): Promise<void> {
    if (this.#isAdvanced) this.checkpoint()
    this.#validate(name, work, options)
    this.#encountered.push(name)
    if (this.#completed.includes(name)) {
      this.#run.observer.skipped(name)
      return
    }
    this.#isIsolating ||= options.isolated === true
    if (this.#isIsolating && this.#isAdvanced) this.#interrupt('isolating')
    await this.#runStep(name, work, options)
  }

  /** Ends the run here if the process is to stop. */
  checkpoint(): void {
    if (this.#run.isStopping()) this.#interrupt('stopping')
  }

  /** Notes that the cursor was moved. */
  moved(): void {
    this.#isAdvanced = true
    this.#run.save(false)
  }

  async #runStep<Cursor>(name: string, work: (step: JobStep<Cursor>) => unknown, { start }: StepOptions<Cursor>): Promise<void> {
    this.#isRunningStep = true
    try {
      this.#current ??= new JobStep<unknown>(name, start ?? null, false, this)
      const step = this.#current as JobStep<never>
      await this.#run.observer.step(step, async () => {
        await work(step as JobStep<Cursor>)
      })
      this.#completed.push(name)
      this.#current = undefined
      this.#isAdvanced = true
      this.#run.save(true)
    } finally {
      this.#isRunningStep = false
    }
  }

  #validate(name: string, work: unknown, options: object): void {
    const invalid = (reason: string) => new InvalidStep({ job: this.#run.job, step: String(name), reason })
    if (typeof name !== 'string' || name === '') throw invalid('has no name: the name comes first.')
    if (typeof work !== 'function') throw invalid('has no work: pass a function, or write a method of this name.')
    const unknown = Object.keys(options).find((option) => !optionNames.includes(option))
    if (unknown !== undefined) throw invalid(`has no option '${unknown}': the options are ${optionNames.join(' and ')}.`)
    if (this.#isRunningStep) throw invalid(`is nested inside step '${this.#current?.name}'.`)
    if (this.#encountered.includes(name)) throw invalid('has already been encountered.')
    const expected = this.#completed[this.#encountered.length]
    if (expected !== undefined && expected !== name) throw invalid(`found, expected to see '${expected}'.`)
    if (expected === undefined && this.#current !== undefined && this.#current.name !== name) {
      throw invalid(`found, expected to resume from '${this.#current.name}'.`)
    }
  }

  #interrupt(reason: 'stopping' | 'isolating'): never {
    this.#run.observer.interrupted(reason, this)
    throw new JobInterrupt(`Interrupted ${this.description} (${reason})`)
  }
}
