import { expand } from './alternatives.ts'
import { hasOptionsLast, namesIn, type PathNode } from './nodes.ts'

const noNames: ReadonlySet<string> = new Set()

/** A path that was read, with what the routes that have it share, whatever else they ask. */
export class ParsedPath {
  /** The path as `regauge routes` prints it: `/articles/:slug(.:format)`. */
  readonly spec: string
  readonly nodes: readonly PathNode[]
  /** The names in the order of the path. */
  readonly names: readonly string[]
  /** Those without which no path can be written; a name that the path has twice is twice in it. */
  readonly requiredNames: readonly string[]
  readonly inPath: ReadonlySet<string>
  /** The names that may span several segments. */
  readonly globs: ReadonlySet<string>
  #alternatives: readonly (readonly PathNode[])[] | null | undefined
  #hasOptionsLast: boolean | undefined

  constructor(spec: string, nodes: readonly PathNode[]) {
    this.spec = spec
    this.nodes = nodes
    const found = namesIn(nodes)
    this.names = found.map((one) => one.name)
    this.requiredNames = this.names.filter((name) => !found.some((one) => one.optional && one.name === name))
    this.inPath = new Set(this.names)
    const globs = found.filter((one) => one.glob)
    this.globs = globs.length === 0 ? noNames : new Set(globs.map((one) => one.name))
  }

  /** Every choice of optional parts, those with more parts first, or null when there are too many. */
  get alternatives(): readonly (readonly PathNode[])[] | null {
    return this.#alternatives === undefined ? (this.#alternatives = expand(this.nodes)) : this.#alternatives
  }

  /** Whether optional parts come last, so that a path is read in one way. */
  get hasOptionsLast(): boolean {
    return (this.#hasOptionsLast ??= hasOptionsLast(this.nodes))
  }
}
