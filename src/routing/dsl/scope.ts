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

/** All that holds in a scope. Copied field by field, which is what most of a drawing's time would go to otherwise. */
class Values {
  path: Frame['path']
  shallowPath: Frame['shallowPath']
  as: Frame['as']
  shallowPrefix: Frame['shallowPrefix']
  module: Frame['module']
  controller: Frame['controller']
  action: Frame['action']
  to: Frame['to']
  via: Frame['via']
  format: Frame['format']
  shallow: Frame['shallow']
  pathNames: Frame['pathNames']
  constraints: Frame['constraints']
  defaults: Frame['defaults']
  predicates: Frame['predicates']
  options: Frame['options']
  actions: Frame['actions']
  resource: Frame['resource']

  constructor(outer: Frame, frame: Frame) {
    this.path = outer.path
    this.shallowPath = outer.shallowPath
    this.as = outer.as
    this.shallowPrefix = outer.shallowPrefix
    this.module = outer.module
    this.controller = outer.controller
    this.action = outer.action
    this.to = outer.to
    this.via = outer.via
    this.format = outer.format
    this.shallow = outer.shallow
    this.pathNames = outer.pathNames
    this.constraints = outer.constraints
    this.defaults = outer.defaults
    this.predicates = outer.predicates
    this.options = outer.options
    this.actions = outer.actions
    this.resource = outer.resource
    Object.assign(this, frame)
  }
}

/** The scopes around the line being drawn, innermost first. */
export class Scope {
  readonly frame: Readonly<Frame>
  readonly parent: Scope | undefined
  readonly level: ScopeLevel | undefined
  /** What holds here. A scope is read more often than it is opened, so what is further out is copied rather than looked up. */
  readonly #values: Values

  constructor(frame: Frame, parent?: Scope, level?: ScopeLevel) {
    this.frame = frame
    this.parent = parent
    this.level = level
    if (parent === undefined) this.#values = new Values({}, frame)
    else this.#values = parent.frame === frame ? parent.#values : new Values(parent.#values, frame)
  }

  /** The innermost value of a key. */
  get<K extends keyof Frame>(key: K): Frame[K] {
    return this.#values[key]
  }

  /** Changes the paths of actions from here on: in this scope, and in those around it that have not named paths of their own. */
  renamePaths(names: Readonly<Record<string, string>>): void {
    Object.assign(this.#values.pathNames!, names)
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

  /** A route's name, its parts in the order that the level gives them; empty for none. */
  nameOf(prefix: string | undefined, resource: Resource | undefined): string {
    return routeName(this.level, this.get('as'), prefix, resource)
  }
}

/** A route's name at a level, with the names of the scopes around it; empty for none. */
export function routeName(level: ScopeLevel | undefined, as: NamePart, prefix: string | undefined, resource: Resource | undefined): string {
  switch (level) {
    case 'nested':
      return joinNames(as, prefix)
    case 'collection':
      return joinNames(prefix, as, resource?.collectionName)
    case 'new':
      return joinNames(joinNames(prefix, 'new'), as, resource?.memberName)
    case 'member':
      return joinNames(prefix, as, resource?.memberName)
    case 'root':
      return joinNames(as, resource?.collectionName, prefix)
    default:
      return joinNames(as, resource?.memberName, prefix)
  }
}

type NamePart = string | null | undefined

function joinNames(first: NamePart, second: NamePart, third?: NamePart): string {
  return withName(withName(withName('', first), second), third)
}

function withName(name: string, part: NamePart): string {
  if (part === undefined || part === null || part.trim() === '') return name
  return name === '' ? part : `${name}_${part}`
}
