/** Values of one class of `Current`, and below it those that hold for a piece of work only. */
export class CurrentScope {
  readonly #of: object
  readonly #defaults: ReadonlyMap<string, unknown>
  readonly #outer: CurrentScope | undefined
  readonly #names: Set<string>
  readonly #values = new Map<string, unknown>()
  #keepsAll = false

  /**
   * @param of whose values they are: what functions that make defaults are called on
   * @param names what is kept here and not in `outer`
   */
  constructor(of: object, defaults: ReadonlyMap<string, unknown>, outer?: CurrentScope, names: readonly string[] = []) {
    this.#of = of
    this.#defaults = defaults
    this.#outer = outer
    this.#names = new Set(names)
  }

  read(name: string): unknown {
    if (!this.#holds(name)) return this.#outer!.read(name)
    if (!this.#values.has(name) && this.#defaults.get(name) !== undefined) this.#values.set(name, fresh(this.#of, this.#defaults.get(name)))
    return this.#values.get(name)
  }

  write(name: string, value: unknown): void {
    if (this.#keepsAll) this.#names.add(name)
    if (this.#holds(name)) this.#values.set(name, value)
    else this.#outer!.write(name, value)
  }

  /** A scope of its own for some names. */
  below(names: readonly string[]): CurrentScope {
    return new CurrentScope(this.#of, this.#defaults, this, names)
  }

  /** Keeps here all that `work` writes. */
  keepAll(work: () => void): void {
    this.#keepsAll = true
    try {
      work()
    } finally {
      this.#keepsAll = false
    }
  }

  /** Forgets all values but those that are set again when the piece of work is over.
   * @param kept what a scope below keeps
   */
  clear(kept: ReadonlySet<string> = new Set()): void {
    for (const name of [...this.#values.keys()]) if (!kept.has(name)) this.#values.delete(name)
    this.#outer?.clear(new Set([...kept, ...this.#names]))
  }

  #holds(name: string): boolean {
    return this.#outer === undefined || this.#names.has(name)
  }
}

/** A default that nobody else writes into. */
function fresh(of: object, value: unknown): unknown {
  if (typeof value === 'function') return value.call(of)
  if (Array.isArray(value)) return [...value]
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? { ...value } : value
}
