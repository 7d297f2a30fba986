/** What a record has loaded or was given, by association. Most have one: of a hundred records that `includes` read, each knows its owner,
 * so the first needs no map.
 */
export class LoadedAssociations {
  #name: string | undefined
  #value: unknown
  #others: Map<string, unknown> | undefined

  get(name: string): unknown {
    return name === this.#name ? this.#value : this.#others?.get(name)
  }

  has(name: string): boolean {
    return name === this.#name || this.#others?.has(name) === true
  }

  set(name: string, value: unknown): void {
    if (name === this.#name || (this.#name === undefined && this.#others === undefined)) {
      this.#name = name
      this.#value = value
      return
    }
    this.#others ??= new Map()
    this.#others.set(name, value)
  }

  delete(name: string): void {
    if (name === this.#name) this.#name = this.#value = undefined
    else this.#others?.delete(name)
  }

  /** The names, in the order in which they came. */
  keys(): string[] {
    const others = this.#others === undefined ? [] : [...this.#others.keys()]
    return this.#name === undefined ? others : [this.#name, ...others]
  }

  get size(): number {
    return (this.#name === undefined ? 0 : 1) + (this.#others?.size ?? 0)
  }
}
