import { currentExecution } from './execution.ts'

/** What each running application uses for something (its queue, its pub/sub), so that several can run in one process.
 *
 * Code inside an application's request or job gets what that application uses; code outside of any gets what was set last.
 * @example
 * const backends = new PerApplication<JobBackend>()
 * backends.use(backend, application)
 * backends.current // in a request of `application`: backend
 */
export class PerApplication<T extends object> {
  readonly #byApplication = new WeakMap<object, T>()
  #latest: T | undefined

  /** Sets what an application uses, and code outside of any; undefined when nothing is used there any more.
   *
   * @param application none for a process without applications, such as a test
   * @returns what code outside of any application used before
   */
  use(value: T | undefined, application?: object): T | undefined {
    const before = this.#latest
    if (application !== undefined && value !== undefined) this.#byApplication.set(application, value)
    this.#latest = value
    return before
  }

  /** Forgets what an application used: it has stopped. What another one has set since stays. */
  release(application: object): void {
    const value = this.#byApplication.get(application)
    this.#byApplication.delete(application)
    if (this.#latest === value) this.#latest = undefined
  }

  /** What an application uses. */
  of(application: object): T | undefined {
    return this.#byApplication.get(application)
  }

  /** What is used where we are. */
  get current(): T | undefined {
    const application = currentExecution()?.application
    return (application === undefined ? undefined : this.#byApplication.get(application)) ?? this.#latest
  }
}
