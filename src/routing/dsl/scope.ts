import type { Constraint, Predicate } from '../types.ts'
import type { Resource } from './resource.ts'

/** Where in a resource the routes being drawn belong. */
export type ScopeLevel = 'resources' | 'resource' | 'member' | 'collection' | 'new' | 'nested' | 'root'

/** What one `scope` adds. A key that is absent is looked up further out. */
export interface Frame {
  path?: string
  shallowPath?: string | undefined
  as?: string | null | undefined
  shallowPrefix?: string | null | undefined
  module?: string | null
  controller?: string | RegExp | null
  action?: string | null
  to?: unknown
  via?: unknown
  format?: boolean | string | RegExp | null
  shallow?: boolean
  pathNames?: Readonly<Record<string, string>>
  constraints?: Readonly<Record<string, Constraint>>
  defaults?: Readonly<Record<string, unknown>>
  predicates?: readonly Predicate[]
  /** Options that no rule takes. */
  options?: Readonly<Record<string, unknown>>
  actions?: { readonly only?: readonly string[] | undefined; readonly except?: readonly string[] | undefined }
  resource?: Resource
}

/** The scopes around the line being drawn, innermost first. */
export class Scope {
  readonly frame: Readonly<Frame>
  readonly parent: Scope | undefined
  readonly level: ScopeLevel | undefined
  /** What holds here. A scope is read more often than it is opened, so what is further out is copied rather than looked up. */
  readonly #values: Frame

  constructor(frame: Frame, parent?: Scope, level?: ScopeLevel) {
    this.frame = frame
    this.parent = parent
    this.level = level
    this.#values = parent === undefined ? { ...frame } : parent.frame === frame ? parent.#values : { ...parent.#values, ...frame }
  }

  /** The innermost value of a key. */
  get<K extends keyof Frame>(key: K): Frame[K] {
    return this.#values[key]
  }

  /** Changes the paths of actions from here on. */
  renamePaths(names: Readonly<Record<string, string>>): void {
    this.#values.pathNames = { ...this.#values.pathNames, ...names }
  }

  /** Whether nothing was opened yet. */
  get isOutermost(): boolean {
    return this.parent === undefined
  }

  /** Whether we are directly inside of `resources` or `resource`. */
  get isResource(): boolean {
    return this.level === 'resources' || this.level === 'resource'
  }

  /** Whether paths are those of a resource's own actions. */
  get isResourceMethod(): boolean {
    return this.level === 'member' || this.level === 'collection' || this.level === 'new'
  }

  /** How many shallow resources are around. */
  get shallowDepth(): number {
    const here = this.frame.resource?.isShallow ? 1 : 0
    return here + (this.parent?.shallowDepth ?? 0)
  }

  /** The parts of a route's name, in the order that the level gives them. */
  nameParts(prefix: string | undefined, resource: Resource | undefined): (string | null | undefined)[] {
    const as = this.get('as')
    switch (this.level) {
      case 'nested':
        return [as, prefix]
      case 'collection':
        return [prefix, as, resource?.collectionName]
      case 'new':
        return [prefix, 'new', as, resource?.memberName]
      case 'member':
        return [prefix, as, resource?.memberName]
      case 'root':
        return [as, resource?.collectionName, prefix]
      default:
        return [as, resource?.memberName, prefix]
    }
  }
}
