import { didYouMean } from '../naming/index.ts'
import { UnknownMiddleware } from './errors.ts'
import type { Middleware } from './ports.ts'

/** The middleware every request passes through, in order, each under a name. */
export class MiddlewareStack {
  readonly #entries: { name: string; handler: Middleware }[] = []

  /** Adds a middleware at the end.
   * @param name how to refer to it later; the function's own name by default
   * @example stack.use(cors())
   */
  use(handler: Middleware, name: string = nameOf(handler)): this {
    this.#entries.push({ name, handler })
    return this
  }

  /** Adds a middleware before another.
   * @throws UnknownMiddleware when there is no such other
   */
  insertBefore(other: string | Middleware, handler: Middleware, name: string = nameOf(handler)): this {
    this.#entries.splice(this.#indexOf(other), 0, { name, handler })
    return this
  }

  /** Adds a middleware after another.
   * @throws UnknownMiddleware when there is no such other
   */
  insertAfter(other: string | Middleware, handler: Middleware, name: string = nameOf(handler)): this {
    this.#entries.splice(this.#indexOf(other) + 1, 0, { name, handler })
    return this
  }

  /** Removes a middleware.
   * @throws UnknownMiddleware when it isn't there
   */
  delete(other: string | Middleware): this {
    this.#entries.splice(this.#indexOf(other), 1)
    return this
  }

  /** The names, first one first. */
  list(): string[] {
    return this.#entries.map((entry) => entry.name)
  }

  /** The functions, first one first. */
  handlers(): Middleware[] {
    return this.#entries.map((entry) => entry.handler)
  }

  #indexOf(other: string | Middleware): number {
    const index = this.#entries.findIndex((entry) => entry.name === other || entry.handler === other)
    if (index !== -1) return index
    const name = typeof other === 'string' ? other : nameOf(other)
    throw new UnknownMiddleware({ name, known: this.list(), suggestion: didYouMean(name, this.list()) })
  }
}

function nameOf(handler: Middleware): string {
  return handler.name || 'anonymous'
}
