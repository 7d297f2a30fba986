import { expand } from './alternatives.ts'
import { hasOptionsLast, type PathNode } from './nodes.ts'

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
  /** The names that may span several segments. */
  readonly globs: ReadonlySet<string>
  #alternatives: readonly (readonly PathNode[])[] | null | undefined
  #hasOptionsLast: boolean | undefined

  constructor(spec: string, nodes: readonly PathNode[]) {
    const found: Names = { all: [], optional: noNames, globs: noNames }
    collectNames(nodes, found, false)
    this.spec = spec
    this.nodes = nodes
    this.names = found.all
    this.requiredNames = requiredOf(found)
    this.globs = found.globs
  }

  /** Whether the path has a segment or glob of this name. */
  has(name: string): boolean {
    return this.names.includes(name)
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

interface Names {
  readonly all: string[]
  optional: ReadonlySet<string>
  globs: ReadonlySet<string>
}

function collectNames(nodes: readonly PathNode[], found: Names, isOptional: boolean): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!
    if (node.kind === 'group') collectNames(node.nodes, found, true)
    else if (node.kind !== 'text') {
      found.all.push(node.name)
      if (isOptional) found.optional = withName(found.optional, node.name)
      if (node.kind === 'glob') found.globs = withName(found.globs, node.name)
    }
  }
}

/** Nearly every path has no other optional name than the format, so they share one set. */
function withName(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  if (names === noNames && name === 'format') return formatOnly
  return new Set([...names, name])
}

const formatOnly: ReadonlySet<string> = new Set(['format'])

function requiredOf({ all, optional }: Names): readonly string[] {
  for (let i = 0; i < all.length; i++) if (optional.has(all[i]!)) return all.filter((name) => !optional.has(name))
  return all
}
