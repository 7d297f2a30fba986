/** Values of one class of `Current`, and below it those that hold for a piece of work only. */
export class CurrentScope {
  readonly #defaults: ReadonlyMap<string, unknown>
  readonly #outer: CurrentScope | undefined
  readonly #names: ReadonlySet<string>
  readonly #values = new Map<string, unknown>()

  /** @param names what is kept here and not in `outer` */
  constructor(defaults: ReadonlyMap<string, unknown>, outer?: CurrentScope, names: readonly string[] = []) {
    this.#defaults = defaults
    this.#outer = outer
    this.#names = new Set(names)
  }

  read(name: string): unknown {
    if (!this.#holds(name)) return this.#outer!.read(name)
    if (!this.#values.has(name) && this.#defaults.get(name) !== undefined) this.#values.set(name, fresh(this.#defaults.get(name)))
    return this.#values.get(name)
  }

  write(name: string, value: unknown): void {
    if (this.#holds(name)) this.#values.set(name, value)
    else this.#outer!.write(name, value)
  }

  /** A scope of its own for some names. */
  below(names: readonly string[]): CurrentScope {
    return new CurrentScope(this.#defaults, this, names)
  }

  clear(): void {
    this.#values.clear()
    this.#outer?.clear()
  }

  #holds(name: string): boolean {
    return this.#outer === undefined || this.#names.has(name)
  }
}

/** A default that nobody else writes into. */
function fresh(value: unknown): unknown {
  if (typeof value === 'function') return value()
  if (Array.isArray(value)) return [...value]
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? { ...value } : value
}
