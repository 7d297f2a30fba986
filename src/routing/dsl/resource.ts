import { pluralize, singularize } from '../../naming/index.ts'
import type { ResourceOptions } from '../types.ts'

/** Actions in the order in which Rails names them in its messages. */
const pluralActions = ['index', 'create', 'new', 'show', 'update', 'destroy', 'edit'] as const
const singularActions = ['show', 'create', 'update', 'destroy', 'new', 'edit'] as const

/** All the actions that a kind of resource can have. */
export function actionsOf(kind: 'resources' | 'resource'): readonly string[] {
  return kind === 'resources' ? pluralActions : singularActions
}

/** The names and paths that one `resources` or `resource` makes. */
export class Resource {
  readonly kind: 'resources' | 'resource'
  readonly path: string
  readonly controller: string
  readonly param: string
  readonly isShallow: boolean
  readonly actions: readonly string[]
  /** `articles` */
  readonly plural: string
  /** `article` */
  readonly memberName: string
  /** `articles`, or `news_index` where singular and plural are the same. */
  readonly collectionName: string

  constructor(kind: 'resources' | 'resource', entity: string, options: ResourceOptions, context: { apiOnly: boolean; shallow: boolean }) {
    const name = (options.as as string | undefined) ?? entity
    this.kind = kind
    this.path = options.path ?? entity
    this.param = options.param ?? 'id'
    this.isShallow = context.shallow
    this.plural = kind === 'resources' ? name : pluralize(name)
    this.memberName = kind === 'resources' ? singularize(name) : name
    this.collectionName = kind === 'resource' ? name : this.plural === this.memberName ? `${this.plural}_index` : this.plural
    this.controller = options.controller ?? (kind === 'resources' ? entity : pluralize(entity))
    this.actions = chosenActions(kind, options, context.apiOnly)
  }

  has(action: string): boolean {
    return this.actions.includes(action)
  }

  get isSingular(): boolean {
    return this.kind === 'resource'
  }

  get memberPath(): string {
    return this.isSingular ? this.path : `${this.path}/:${this.param}`
  }

  get nestedParam(): string {
    return `${this.memberName}_${this.param}`
  }

  get nestedPath(): string {
    return this.isSingular ? this.path : `${this.path}/:${this.nestedParam}`
  }
}

const withoutForms = (actions: readonly string[]) => actions.filter((action) => action !== 'new' && action !== 'edit')

const apiActions = { resources: withoutForms(pluralActions), resource: withoutForms(singularActions) }

function chosenActions(kind: 'resources' | 'resource', { only, except }: ResourceOptions, apiOnly: boolean): readonly string[] {
  const available = list<string>(only ?? (apiOnly ? apiActions[kind] : actionsOf(kind)))
  return except === undefined || except === null ? available : available.filter((action) => !list<string>(except).includes(action))
}

/** One or several values as a list. */
export function list<T>(value: T | readonly T[] | undefined | null): readonly T[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
