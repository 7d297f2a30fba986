import { expand } from './alternatives.ts'
import { noNames, withName } from './name_list.ts'
import { hasOptionsLast, type PathNode } from './nodes.ts'
import type { PathPattern } from './path_pattern.ts'

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
  /** The pattern of the routes that ask nothing of its names, once there is one. */
  bare: PathPattern | undefined = undefined
  #alternatives: readonly (readonly PathNode[])[] | null | undefined
  #hasOptionsLast: boolean | undefined

  constructor(spec: string, nodes: readonly PathNode[]) {
    const found: Names = { all: noNames, optional: none, globs: none }
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
  all: readonly string[]
  optional: ReadonlySet<string>
  globs: ReadonlySet<string>
}

function collectNames(nodes: readonly PathNode[], found: Names, isOptional: boolean): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!
    if (node.kind === 'group') collectNames(node.nodes, found, true)
    else if (node.kind !== 'text') {
      found.all = withName(found.all, node.name)
      if (isOptional) found.optional = including(found.optional, node.name)
      if (node.kind === 'glob') found.globs = including(found.globs, node.name)
    }
  }
}

/** Nearly every path has no other optional name than the format, so they share one set. */
function including(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  if (names === none && name === 'format') return formatOnly
  return new Set([...names, name])
}

const none: ReadonlySet<string> = new Set()

const formatOnly: ReadonlySet<string> = new Set(['format'])

function requiredOf({ all, optional }: Names): readonly string[] {
  let required = noNames
  for (let i = 0; i < all.length; i++) if (!optional.has(all[i]!)) required = withName(required, all[i]!)
  return required
}
