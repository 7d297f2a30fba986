import { GuardedExpression } from '../expression/guarded_expression.ts'
import type { Captures } from '../expression/run_program.ts'
import { escapePath, escapeSegment } from './escape.ts'
import type { PathNode } from './nodes.ts'
import type { ParsedPath } from './parsed_path.ts'
import { countGroups, escapeText, guardRequirement, needsUnicode, type Requirement, requirementSource } from './requirement.ts'

/** A segment without a requirement: anything up to the next slash or dot. */
const anySegment = '([^/.?]+)'

/** A parsed path: recognition reads a path with it, generation writes one. */
export class PathPattern {
  /** The path as `regauge routes` prints it: `/articles/:slug(.:format)`. */
  readonly spec: string
  readonly nodes: readonly PathNode[]
  readonly requirements: Readonly<Record<string, Requirement>>
  /** True when the whole path must match; false for what is mounted at a prefix. */
  readonly anchored: boolean
  /** The names in the order of the path. */
  readonly names: readonly string[]
  /** Those without which no path can be written; a name that the path has twice is twice in it. */
  readonly requiredNames: readonly string[]
  /** The names that may span several segments. */
  readonly globs: ReadonlySet<string>
  #regexp: RegExp | undefined
  #guarded: GuardedExpression | undefined
  #offsets: readonly number[] = []
  #wholeValue: Readonly<Record<string, GuardedExpression>> | undefined

  readonly #path: ParsedPath

  constructor(path: ParsedPath, requirements: Readonly<Record<string, Requirement>>, anchored: boolean) {
    this.#path = path
    this.spec = path.spec
    this.nodes = path.nodes
    this.requirements = requirements
    this.anchored = anchored
    this.names = path.names
    this.requiredNames = path.requiredNames
    this.globs = path.globs
  }

  /** Whether optional parts come last, so that a path is read in one way. */
  get hasOptionsLast(): boolean {
    return this.#path.hasOptionsLast
  }

  /** The whole pattern as one expression. The groups of {@link names} are found with {@link capture}. */
  get regexp(): RegExp {
    return (this.#regexp ??= this.#compile())
  }

  /** Matches the whole pattern, in time that a hostile path can't stretch. */
  exec(path: string): Captures | null {
    return (this.#guarded ??= new GuardedExpression(this.regexp)).exec(path)
  }

  /** Every choice of optional parts, those with more parts first, or null when there are too many. */
  get alternatives(): readonly (readonly PathNode[])[] | null {
    return this.#path.alternatives
  }

  /** What a match captured for the name at `position`. */
  capture(match: Captures, position: number): string | undefined {
    return match[this.#offsets[position]!]
  }

  /** The requirements as expressions for a whole value, which generation checks. */
  get wholeValue(): Readonly<Record<string, GuardedExpression>> {
    return (this.#wholeValue ??= Object.fromEntries(
      Object.entries(this.requirements).map(([name, requirement]) => [name, guardRequirement(requirement)]),
    ))
  }

  /** Writes the path with these values. Optional parts whose values are missing are left out. */
  format(values: ReadonlyMap<string, string>): string {
    return formatNodes(this.nodes, values) ?? ''
  }

  #compile(): RegExp {
    const offsets: number[] = []
    let groups = 0
    const source = (nodes: readonly PathNode[]): string =>
      nodes
        .map((node) => {
          if (node.kind === 'text') return escapeText(node.text)
          if (node.kind === 'group') return `(?:${source(node.nodes)})?`
          offsets.push(++groups)
          const requirement = Object.hasOwn(this.requirements, node.name) ? this.requirements[node.name] : undefined
          if (requirement === undefined) return node.kind === 'glob' ? '(.+)' : anySegment
          const inner = requirementSource(requirement)
          groups += countGroups(inner)
          return `(${inner})`
        })
        .join('')
    const whole = source(this.nodes)
    this.#offsets = offsets
    const flags = this.names.some((name) => Object.hasOwn(this.requirements, name) && needsUnicode(this.requirements[name]!)) ? 'u' : ''
    if (this.anchored) return new RegExp(`^${whole}$`, flags)
    return this.spec === '/' ? /^\// : new RegExp(`^${whole}(?:\\b|$|/)`, flags)
  }
}

/** The text of the pieces, or undefined when a value is missing. */
function formatNodes(nodes: readonly PathNode[], values: ReadonlyMap<string, string>): string | undefined {
  let text = ''
  for (const node of nodes) {
    if (node.kind === 'text') text += node.text
    else if (node.kind === 'group') text += formatNodes(node.nodes, values) ?? ''
    else {
      const value = values.get(node.name)
      if (value === undefined) return undefined
      text += node.kind === 'glob' || node.name === 'controller' ? escapePath(value) : escapeSegment(value)
    }
  }
  return text
}
