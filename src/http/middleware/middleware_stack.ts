import { didYouMean } from '../../naming/index.ts'
import { type BuiltInMiddleware, builtInMiddleware, builtInNamed } from './built_in_middleware.ts'
import { FixedMiddleware, UnknownMiddleware } from '../errors.ts'
import type { ErrorMiddleware, Middleware } from '../ports.ts'

/** A place in the stack: the name of a middleware (also the one Rails gives to what is built in), the function itself, or an index. */
export type MiddlewarePlace = string | AnyMiddleware | number

/** What a stack takes. */
type AnyMiddleware = Middleware | ErrorMiddleware

/** One line of the listing of a stack. */
export interface MiddlewareRow {
  readonly name: string
  /** What a built-in one does; undefined for those of the application. */
  readonly does?: string | undefined
}

interface Entry {
  readonly name: string
  readonly handler?: AnyMiddleware
  readonly builtIn?: BuiltInMiddleware
}

/** The middleware every request passes through, in order, each under a name.
 *
 * What is built in can be named too: before or after `static` something else runs, and `delete('etag')` does without it. The stages that
 * wrap a request (its id, its log line, its error answer) come first, and those that belong to its answer last, whatever is inserted.
 */
export class MiddlewareStack {
  readonly #entries: Entry[]

  /** @param builtIn the stages that the pipeline has of its own */
  constructor(builtIn: readonly BuiltInMiddleware[] = []) {
    this.#entries = builtIn.map((one) => ({ name: one.name, builtIn: one }))
  }

  /** A stack with the stages of every application. */
  static withBuiltIn(): MiddlewareStack {
    return new MiddlewareStack(builtInMiddleware)
  }

  /** Adds a middleware at the end. One with four parameters is handed the errors of those before it, as in Express.
   * @param name how to refer to it later; the function's own name by default
   * @example stack.use(cors())
   */
  use(handler: Middleware, name?: string): this
  use(handler: ErrorMiddleware, name?: string): this
  use(handler: AnyMiddleware, name: string = nameOf(handler)): this {
    return this.#insert(this.#lastIndex(), { name, handler })
  }

  /** Adds a middleware before all others of the application.
   * @example stack.unshift(helmet())
   */
  unshift(handler: Middleware, name: string = nameOf(handler)): this {
    return this.#insert(this.#firstIndex(), { name, handler })
  }

  /** Adds a middleware before another.
   * @throws UnknownMiddleware when there is no such other
   * @throws FixedMiddleware when the other is a stage that comes before all
   * @example stack.insertBefore('static', cors())
   */
  insertBefore(other: MiddlewarePlace, handler: Middleware, name: string = nameOf(handler)): this {
    const index = this.#indexOf(other)
    this.#refuse(this.#entries[index], 'first', 'nothing can come before it')
    return this.#insert(Math.min(index, this.#lastIndex()), { name, handler })
  }

  /** Adds a middleware after another.
   * @throws UnknownMiddleware when there is no such other
   * @throws FixedMiddleware when the other is a stage that comes after all
   */
  insertAfter(other: MiddlewarePlace, handler: Middleware, name: string = nameOf(handler)): this {
    const index = this.#indexOf(other)
    this.#refuse(this.#entries[index], 'last', 'nothing can come after it')
    return this.#insert(Math.max(index + 1, this.#firstIndex()), { name, handler })
  }

  /** Puts a middleware in the place of another.
   * @throws UnknownMiddleware, FixedMiddleware
   */
  swap(other: MiddlewarePlace, handler: Middleware, name: string = nameOf(handler)): this {
    const index = this.#indexOf(other)
    this.#refuseFixed(this.#entries[index]!, "it can't be replaced")
    this.#entries[index] = { name, handler }
    return this
  }

  /** Moves a middleware before another; the order of the two is that of Rails: first where, then which.
   * @throws UnknownMiddleware, FixedMiddleware
   * @example stack.moveBefore('static', 'cors')
   */
  moveBefore(other: MiddlewarePlace, moved: MiddlewarePlace): this {
    this.#refuse(this.#entries[this.#indexOf(other)], 'first', 'nothing can come before it')
    return this.#move(other, moved, 0)
  }

  /** Another name for `moveBefore`, as in Rails. */
  move(other: MiddlewarePlace, moved: MiddlewarePlace): this {
    return this.moveBefore(other, moved)
  }

  /** Moves a middleware after another.
   * @throws UnknownMiddleware, FixedMiddleware
   */
  moveAfter(other: MiddlewarePlace, moved: MiddlewarePlace): this {
    this.#refuse(this.#entries[this.#indexOf(other)], 'last', 'nothing can come after it')
    return this.#move(other, moved, 1)
  }

  /** Removes a middleware, also one that is built in.
   * @throws UnknownMiddleware when it isn't there
   * @throws FixedMiddleware for the stages that no request can do without
   */
  delete(other: MiddlewarePlace): this {
    const index = this.#indexOf(other)
    const { builtIn } = this.#entries[index]!
    if (builtIn?.canBeDeleted === false) throw new FixedMiddleware({ name: builtIn.name, reason: 'no request can do without it' })
    this.#entries.splice(index, 1)
    return this
  }

  /** Whether a middleware is there. */
  has(other: MiddlewarePlace): boolean {
    return this.#find(other) !== -1
  }

  /** The names, first one first. */
  list(): string[] {
    return this.#entries.map((entry) => entry.name)
  }

  /** The names, with what the built-in ones do. */
  rows(): MiddlewareRow[] {
    return this.#entries.map(({ name, builtIn }) => ({ name, ...(builtIn && { does: builtIn.does }) }))
  }

  /** The functions, first one first.
   * @param builtIn those of the built-in names that are functions here; names without one are left out
   */
  handlers(builtIn: Readonly<Record<string, Middleware>> = {}): Middleware[] {
    // Who runs them tells those that take errors by their four parameters.
    return this.#entries.flatMap(
      ({ name, handler }) => (handler as Middleware | undefined) ?? (Object.hasOwn(builtIn, name) ? builtIn[name]! : []),
    )
  }

  #insert(index: number, entry: Entry): this {
    this.#entries.splice(index, 0, entry)
    return this
  }

  #move(other: MiddlewarePlace, moved: MiddlewarePlace, offset: 0 | 1): this {
    const anchor = this.#entries[this.#indexOf(other)]!
    const entry = this.#entries[this.#indexOf(moved)]!
    this.#refuseFixed(entry, "it can't be moved")
    if (anchor === entry) return this
    this.#entries.splice(this.#entries.indexOf(entry), 1)
    const index = this.#entries.indexOf(anchor) + offset
    return this.#insert(Math.min(Math.max(index, this.#firstIndex()), this.#lastIndex()), entry)
  }

  // Where the part that may be arranged begins and ends.
  #firstIndex(): number {
    return this.#entries.findLastIndex(({ builtIn }) => builtIn?.fixed === 'first') + 1
  }

  #lastIndex(): number {
    const index = this.#entries.findIndex(({ builtIn }) => builtIn?.fixed === 'last')
    return index === -1 ? this.#entries.length : index
  }

  #refuse(entry: Entry | undefined, end: 'first' | 'last', reason: string): void {
    if (entry?.builtIn?.fixed === end) throw new FixedMiddleware({ name: entry.name, reason })
  }

  #refuseFixed({ name, builtIn }: Entry, reason: string): void {
    if (builtIn?.fixed !== undefined) throw new FixedMiddleware({ name, reason })
  }

  #indexOf(other: MiddlewarePlace): number {
    const index = this.#find(other)
    if (index !== -1) return index
    const name = typeof other === 'function' ? nameOf(other) : String(other)
    throw new UnknownMiddleware({ name, known: this.list(), suggestion: didYouMean(name, this.list()) })
  }

  #find(other: MiddlewarePlace): number {
    if (typeof other === 'number') return other in this.#entries ? other : -1
    const name = typeof other === 'string' ? (builtInNamed(other)?.name ?? other) : undefined
    return this.#entries.findIndex((entry) => entry.name === name || entry.handler === other)
  }
}

function nameOf(handler: AnyMiddleware): string {
  return handler.name || 'anonymous'
}
