import type { GuardedExpression } from '../expression/guarded_expression.ts'

/** How the values of a route are cut out of a path on the way to its leaf. */
export interface Way {
  /** The names of the runs cut out. */
  readonly names: readonly string[]
  /** The expressions of the values; null where anything will do, and for all when none has one. */
  readonly tests: readonly (GuardedExpression | null)[] | null
  /** Whether optional parts could be chosen in several ways, so that the whole expression must decide. */
  readonly isAmbiguous: boolean
}

/** What the numbers of a leaf hold. */
const field = { route: 0, methods: 1, way: 2, next: 3, count: 4 } as const

/** The leaves of all places while a tree is made, four numbers each and each with the next one of its place: a table has two for most of its routes, and
 * objects of them would be a third of what a boot allocates.
 */
export class LeafList {
  readonly ways: Way[] = []
  #numbers = new Int32Array(1024 * field.count)
  #free = 0

  /** Adds a leaf behind another of its place.
   * @param before the last leaf of the place; -1 for none
   */
  add(route: number, methods: number, way: number, before: number): number {
    const leaf = this.#free
    if (leaf === this.#numbers.length) this.#grow()
    const numbers = this.#numbers
    numbers[leaf + field.route] = route
    numbers[leaf + field.methods] = methods
    numbers[leaf + field.way] = way
    numbers[leaf + field.next] = -1
    if (before >= 0) numbers[before + field.next] = leaf
    this.#free += field.count
    return leaf
  }

  /** The number of a way. */
  addWay(way: Way): number {
    // Most leaves of a table have the same few ways: they differ in nothing that a search reads.
    for (let number = this.ways.length - 1; number >= 0 && number > this.ways.length - remembered; number--) {
      const known = this.ways[number]!
      if (known.names === way.names && known.tests === null && way.tests === null && known.isAmbiguous === way.isAmbiguous) return number
    }
    return this.ways.push({ names: way.names, tests: way.tests, isAmbiguous: way.isAmbiguous }) - 1
  }

  routeOf(leaf: number): number {
    return this.#numbers[leaf + field.route]!
  }

  methodsOf(leaf: number): number {
    return this.#numbers[leaf + field.methods]!
  }

  wayOf(leaf: number): number {
    return this.#numbers[leaf + field.way]!
  }

  /** The next leaf of its place; -1 behind the last one. */
  after(leaf: number): number {
    return this.#numbers[leaf + field.next]!
  }

  #grow(): void {
    const longer = new Int32Array(this.#numbers.length * 2)
    longer.set(this.#numbers)
    this.#numbers = longer
  }
}

/** How many of the latest ways are looked through for one that is the same. */
const remembered = 8
