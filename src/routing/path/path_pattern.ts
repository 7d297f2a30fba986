import { expand } from './alternatives.ts'
import { GuardedExpression } from '../expression/guarded_expression.ts'
import type { Captures } from '../expression/run_program.ts'
import { escapePath, escapeSegment } from './escape.ts'
import { namesIn, type PathNode } from './nodes.ts'
import { countGroups, escapeText, guardRequirement, needsUnicode, type Requirement, requirementSource } from './requirement.ts'

/** A segment without a requirement: anything up to the next slash or dot. */
const anySegment = '([^/.?]+)'

const noNames: ReadonlySet<string> = new Set()

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
  #alternatives: readonly (readonly PathNode[])[] | null | undefined
  #offsets: readonly number[] = []
  #wholeValue: Readonly<Record<string, GuardedExpression>> | undefined

  constructor(spec: string, nodes: readonly PathNode[], requirements: Readonly<Record<string, Requirement>>, anchored: boolean) {
    this.spec = spec
    this.nodes = nodes
    this.requirements = requirements
    this.anchored = anchored
    const found = namesIn(nodes)
    this.names = found.map((one) => one.name)
    this.requiredNames = this.names.filter((name) => !found.some((one) => one.optional && one.name === name))
    const globs = found.filter((one) => one.glob)
    this.globs = globs.length === 0 ? noNames : new Set(globs.map((one) => one.name))
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
    return this.#alternatives === undefined ? (this.#alternatives = expand(this.nodes)) : this.#alternatives
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
