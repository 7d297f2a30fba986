import { CallbackAborted } from '../../errors/index.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { CallbackBody, Guard } from './declaration.ts'

/** A compiled callback. */
export interface CallbackEntry {
  readonly position: 'before' | 'around' | 'after'
  readonly body: CallbackBody
  readonly guard: Guard | undefined
  readonly isPrepended?: boolean
}

/** What a chain answers when a before callback called `abort()`. */
export const HALTED: unique symbol = Symbol('halted')

/** The callbacks of one event in Rails' order: before and around as declared, or first when prepended, each around enclosing what comes after it;
 * then, unless halted or the work answered false, the after callbacks as declared. An around that was prepended encloses the after callbacks that
 * were there before it. */
export class CallbackChain {
  /** What comes before and around the work, with the after callbacks that an around encloses. */
  readonly #enclosing: readonly CallbackEntry[]
  /** The after callbacks that nothing encloses. */
  readonly #outer: readonly CallbackEntry[]
  readonly #after: readonly CallbackEntry[]

  /** @param entries as declared */
  constructor(entries: readonly CallbackEntry[]) {
    const chain: CallbackEntry[] = []
    for (const entry of entries) {
      if (entry.position === 'after' || entry.isPrepended) chain.unshift(entry)
      else chain.push(entry)
    }
    const around = chain.findIndex(({ position }) => position === 'around')
    const isEnclosed = (entry: CallbackEntry): boolean => around >= 0 && chain.indexOf(entry) > around
    this.#after = entries.filter(({ position }) => position === 'after')
    this.#outer = this.#after.filter((entry) => !isEnclosed(entry))
    this.#enclosing = chain.filter((entry) => entry.position !== 'after' || isEnclosed(entry))
  }

  get isEmpty(): boolean {
    return this.#enclosing.length + this.#after.length === 0
  }

  get hasAfter(): boolean {
    return this.#after.length > 0
  }

  /** Runs `work` inside of the callbacks. */
  async run<T>(record: ModelRecord, work: () => T | Promise<T>): Promise<T | typeof HALTED> {
    const result = this.#enclosing.length === 0 ? await work() : await this.#enclose(record, work, 0)
    if (result === HALTED || result === false) return result
    for (const entry of this.#outer) await call(entry, record)
    return result
  }

  /** Runs the before callbacks alone; false when one aborted. */
  async before(record: ModelRecord): Promise<boolean> {
    return (await this.#enclose(record, () => true, 0)) !== HALTED
  }

  /** Runs the after callbacks alone. */
  async after(record: ModelRecord): Promise<void> {
    for (const entry of this.#after) await call(entry, record)
  }

  /** Runs the after callbacks that don't wait, for events that a constructor brings about. */
  afterNow(record: ModelRecord): void {
    for (const entry of this.#after) void call(entry, record)
  }

  async #enclose<T>(record: ModelRecord, work: () => T | Promise<T>, from: number): Promise<T | typeof HALTED> {
    for (let place = from; place < this.#enclosing.length; place++) {
      const entry = this.#enclosing[place]!
      if (entry.position === 'after') return this.#enclosedAfter(entry, record, work, place)
      if (entry.guard !== undefined && !(await entry.guard(record))) continue
      if (entry.position === 'around') return this.#around(entry, record, work, place)
      try {
        await invoke(entry.body, record)
      } catch (error) {
        if (error instanceof CallbackAborted) return HALTED
        throw error
      }
    }
    return work()
  }

  async #enclosedAfter<T>(
    entry: CallbackEntry,
    record: ModelRecord,
    work: () => T | Promise<T>,
    place: number,
  ): Promise<T | typeof HALTED> {
    const result = await this.#enclose(record, work, place + 1)
    if (result !== HALTED && result !== false) await call(entry, record)
    return result
  }

  async #around<T>(entry: CallbackEntry, record: ModelRecord, work: () => T | Promise<T>, place: number): Promise<T | typeof HALTED> {
    let result: T | typeof HALTED | undefined
    const proceed = async (): Promise<T | typeof HALTED> => {
      result = await this.#enclose(record, work, place + 1)
      return result
    }
    await invoke(entry.body, record, proceed)
    // Nothing, when the callback didn't go on: then, as in Rails, the after callbacks run all the same.
    return result as T | typeof HALTED
  }
}

function call(entry: CallbackEntry, record: ModelRecord): unknown {
  if (entry.guard === undefined) return invoke(entry.body, record)
  const passed = entry.guard(record)
  if (passed instanceof Promise) return passed.then((truth) => (truth ? invoke(entry.body, record) : undefined))
  return passed ? invoke(entry.body, record) : undefined
}

function invoke(body: CallbackBody, record: ModelRecord, proceed?: () => Promise<unknown>): unknown {
  if (typeof body === 'function') return body.call(record as never, record as never, proceed as never)
  return (Reflect.get(record, body) as (proceed?: () => Promise<unknown>) => unknown).call(record, proceed)
}
